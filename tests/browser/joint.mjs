// SPDX-License-Identifier: Apache-2.0
// Joint review of drawings: the pages of the owner, the agency and the departments.
import { check, Person, look } from './lib.mjs';

export async function joint(browser) {
  const head = await Person.of(browser, 'hd-housing-construction', true);
  const owner = await Person.of(browser, 'owner4', true);
  await owner.go('/my', 'joint-my');
  const no = (await head.api('/w/draw?status=change')).reviews.find((r) => r.owner.includes('新材料')).project;
  await look(owner, `/my/${no}/review`, 'joint-my-review');
  check(await owner.page.getByText('联合审图').count() > 0, 'the owner sees the joint review');
  await owner.close();
  const drawer = await Person.of(browser, 'drawer', true);
  await look(drawer, '/my/draw', 'joint-tasks');
  await drawer.page.locator('a.open').first().click();
  await look(drawer, new URL(drawer.page.url()).pathname, 'joint-task');
  await drawer.close();
  await look(head, '/w/draw', 'joint-reviews');
  await look(head, '/w/draw?status=reported', 'joint-reported');
  await head.page.locator('a.open').first().click();
  await look(head, new URL(head.page.url()).pathname, 'joint-review');
  await head.press('签字并出具', 'joint-review-wrong');
  await look(head, '/w/promise', 'joint-promises');
  const stopped = (await head.api('/w/promise')).promises.find((p) => p.halted);
  await look(head, `/w/promise/${stopped.no}`, 'joint-promise');
  await look(head, '/w/agencies', 'joint-agencies');
  await look(head, '/w/agencies/new', 'joint-agency-new');
  await look(head, '/w/agencies/2', 'joint-agency');
  await head.close();
  const owner6 = await Person.of(browser, 'owner6', true);
  const mine = (await owner6.api('/my')).projects.find((p) => p.running && p.stage <= 3).no;
  await look(owner6, `/my/${mine}/promise`, 'joint-my-promise');
  await owner6.close();
  const wu = await Person.of(browser, 'wu', true);
  await look(wu, '/w/credit', 'joint-credits');
  const record = (await wu.api('/w/credit')).credits[0];
  if (check(!!record, 'a credit record is there')) await look(wu, `/w/credit/${record.no}`, 'joint-credit');
  await wu.close();
  const nobody = await Person.of(browser, '', true);
  await look(nobody, '/credit', 'joint-credit-public');
  await nobody.close();
}
