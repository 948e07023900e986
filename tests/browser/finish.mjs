// SPDX-License-Identifier: Apache-2.0
// Joint acceptance on the spot: a telephone without scripts, its camera, and the photograph that is seen afterwards.
import { Person, check, look } from './lib.mjs';

const phone = { width: 360, height: 720 };
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

export async function finish(browser) {
  const person = await Person.of(browser, 'ap-housing-construction', false);
  await person.page.setViewportSize(phone);
  await person.go('/w/a', 'finish-list');
  const rows = (await person.api('/w/a')).acceptances, one = rows.find((r) => r.status === 'scheduled' && r.day <= '2026-11-25');
  check(!!one, `the demonstration has a visit today or before: ${rows.map((r) => r.status)}`);
  const part = (await person.api(`/w/a/${one.no}`)).parts.find((p) => p.can_visit), path = `/w/a/${one.no}/visit/${part.code}`;
  await person.go(`/w/a/${one.no}`, 'finish-one');
  await person.go(path);
  await person.press('记下来', 'finish-note-wrong');
  await person.sees('有内容需要修改');
  await person.page.check('#note-kind');
  await person.page.fill('#note-text', '疏散门开启方向反了');
  await person.page.setInputFiles('#note-file', { name: '门.png', mimeType: 'image/png', buffer: png });
  await person.press('记下来', 'finish-noted');
  await person.sees('疏散门开启方向反了');
  const width = await person.page.locator('.shots img').first().evaluate((i) => (i.complete ? i.naturalWidth : -1));
  check(width > 0, `the photograph is shown: ${width}`);
  await person.close();
  const seen = await Person.of(browser, 'ap-housing-construction', true); // axe needs scripts
  await look(seen, path, 'finish-visit');
  await look(seen, `/w/a/${one.no}`, 'finish-one-seen');
  await seen.close();
}
