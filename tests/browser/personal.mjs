// SPDX-License-Identifier: Apache-2.0
// Personal data: looked at with a purpose, asked to be erased, erased by a second person; seen by whose it is and by the auditor.
import { Person, check, look, base } from './lib.mjs';


// A project of owner's that is not over yet, with something in the vault.
async function project(owner) {
  for (const record of (await owner.api('/my/personal')).records)
    if (record.record.startsWith('project/') && record.why_not && record.values.some((v) => v.live)) return record.record.slice(8);
  throw new Error('no running project with personal data');
}

export async function personal(browser) {
  const owner = await Person.of(browser, 'owner', true);
  await look(owner, '/my/personal', 'personal-mine');
  await owner.sees('以后才能清除');
  const no = await project(owner);

  // Without scripts: every mistake in its place, nothing typed is lost, the value once.
  const wang = await Person.of(browser, 'wang', false);
  const path = `/w/personal/${no}`;
  await wang.go(path, 'personal-look');
  const values = (await wang.api(path)).values.filter((v) => v.live);
  const phone = values.find((v) => v.label.includes('电话'));
  check(/^1?\d{2,3}\*{4}\d{4}$|^0\d\d\*{4}\d{4}$/.test(phone.text), `masked: ${phone.text}`);
  await wang.page.fill('#note', '通知补正材料');
  await wang.press('看这一项', 'personal-look-wrong');
  await wang.sees('选择要看哪一项');
  check((await wang.page.inputValue('#note')) === '通知补正材料', 'what was typed stays');
  await wang.page.check(`input[value="${phone.ref}"]`);
  await wang.page.check('input[name=purpose][value=contact]');
  await wang.press('看这一项', 'personal-shown');
  await wang.sees('只显示这一次');
  const shown = await wang.page.locator('main [role=status] strong').innerText();
  check(shown.startsWith(phone.text.slice(0, 3)) && shown.endsWith(phone.text.slice(-4)) && !shown.includes('*'), 'the value is shown');
  check(!wang.page.url().includes(shown) && !(await wang.page.title()).includes(shown), 'not in the address, not in the title');
  await wang.sees('谁看过（1）');
  await wang.go(path);
  await wang.hidden(shown);
  await wang.go(`/w/p/${no}`);
  await wang.sees('看完整的个人信息');
  await wang.close();

  await owner.go('/my/personal');
  await owner.page.locator('summary', { hasText: '谁看过（1 次）' }).click();
  await owner.sees('通知补正材料');
  await owner.go(`/my/${no}/withdraw`);
  await owner.page.fill('#reason', '不再建设');
  await owner.press('确认撤回');
  await owner.go('/my/personal', 'personal-mine-over');
  await owner.press('请求清除', 'personal-ask-wrong');
  await owner.sees('有内容需要修改');
  await owner.page.check(`input[name=record][value="project/${no}"]`);
  await owner.page.check('input[name=ground][value=kept]');
  await owner.page.fill('#reason', '用不着了');
  await owner.press('请求清除', 'personal-ask-early');
  await owner.sees('以后可以清除');
  check((await owner.page.inputValue('#reason')) === '用不着了', 'the reason stays');
  await owner.page.check('input[name=ground][value=consent]');
  await owner.press('请求清除', 'personal-asked');
  await owner.sees('等待确认');
  await owner.close();

  const sec = await Person.of(browser, 'sec', true);
  check(new URL(sec.page.url()).pathname === '/adm/access', `the security administrator begins at ${sec.page.url()}`);
  await look(sec, '/adm/personal', 'personal-desk');
  await sec.go('/adm/personal/new', 'personal-new');
  await sec.page.fill('#number', 'HLD-999999-9');
  await sec.press('提出清除', 'personal-new-wrong');
  const where = `/adm/personal/project-${no}/1`;
  await look(sec, where, 'personal-request');
  await sec.hidden(shown);
  await sec.press('驳回请求', 'personal-request-error');
  await sec.press('确认清除', 'personal-erased');
  await sec.sees('已清除');
  const again = await sec.page.request.post(base + where, { form: { act: 'confirm', csrf: 'x' }, headers: { origin: base }, maxRedirects: 0 });
  check(again.status() >= 400, `nothing more to confirm: ${again.status()}`);
  await sec.close();

  const clerk = await Person.of(browser, 'wang', true);
  await clerk.go(path, 'personal-gone');
  await clerk.sees('〔已清除 2026-11-25〕');
  check((await clerk.page.locator('input[name=ref]').count()) === 0, 'there is nothing more to look at');
  await clerk.close();

  const audit = await Person.of(browser, 'audit', true);
  check(new URL(audit.page.url()).pathname === '/audit', `the auditor begins at ${audit.page.url()}`);
  await look(audit, '/audit', 'audit-trail');
  await audit.sees('日志位置');
  await audit.go('/audit/personal', 'personal-audit');
  await audit.sees('通知补正材料');
  await audit.hidden(shown);
  await audit.page.fill('#actor', 'zhao');
  await audit.press('筛选', 'personal-audit-narrow');
  await audit.sees('查看个人信息（0）');
  await audit.go('/s/checkpoints');
  await audit.close();
}
