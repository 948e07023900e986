// SPDX-License-Identifier: Apache-2.0
// A notice arrives: one person fills it in and looks ahead, another confirms; what moved is shown to everyone concerned.
import { Person, check, look, runAxe, base } from './lib.mjs';

const notice = '示例通知〔2026〕7号';

export async function calendar(browser) {
  const sys = await Person.of(browser, 'sys', true);
  await look(sys, '/adm/calendar', 'calendar-list-empty');
  await look(sys, '/adm/calendar/new', 'calendar-new');

  // Every mistake is told at once, beside its field, and nothing typed is lost.
  await sys.page.fill('#changes-1', '2026-13-01');
  await sys.page.fill('#name-1', '错的日期');
  await sys.page.fill('#changes-2', '2026-11-28');
  await sys.page.selectOption('#kind-2', 'normal');
  await sys.press('预览', 'calendar-new-wrong');
  await sys.sees('不是日期');
  await sys.sees('不用再改');
  await sys.sees('写明依据的通知');
  check((await sys.page.inputValue('#changes-1')) === '2026-13-01', 'a wrong date stays in its field');
  check((await sys.page.inputValue('#kind-2')) === 'normal', 'a chosen kind stays chosen');
  await sys.press('再加几行');
  check((await sys.page.locator('input[name="date[]"]').count()) === 8, 'more lines beside those typed');
  check((await sys.page.inputValue('#name-1')) === '错的日期', 'more lines keep what was typed');

  // A table in the form of holidays.csv; a line that is so already is left out.
  await sys.go('/adm/calendar/new');
  await sys.page.setInputFiles('#csv', { name: '通知.csv', mimeType: 'text/csv', buffer: Buffer.from('date,kind\n2026-11-30,holiday\n') });
  await sys.press('预览');
  await sys.sees('表头应为');
  await sys.page.fill('#notice', notice);
  await sys.page.fill('#reason', '全市停水检修，放假三天');
  await sys.page.setInputFiles('#csv', { name: '通知.csv', mimeType: 'text/csv', buffer: Buffer.from(
    'date,kind,name\n2026-11-26,holiday,检修\n2026-11-27,holiday,检修\n2026-11-30,holiday,检修\n2026-10-01,holiday,国庆节\n2026-11-23,holiday,检修\n') });
  await sys.press('预览', 'calendar-preview');
  await sys.sees('还没有写入任何东西');
  await sys.sees('1 天与现行日历一样');
  await sys.sees('已过去');
  const rows = await sys.page.locator('tbody tr').count();
  check(rows > 5, `the look ahead names running clocks: ${rows}`);
  check((await runAxe(sys.page)).length === 0, 'the look ahead passes axe');
  check((await sys.api('/adm/calendar')).proposals.length === 0, 'looking ahead writes nothing');
  await sys.press('返回修改');
  check((await sys.page.inputValue('#changes-4')) === '2026-11-30' || (await sys.page.inputValue('#changes-3')) === '2026-11-27', 'back to the form with all lines');
  await sys.page.fill('#changes-1', '');
  await sys.page.fill('#name-1', '');
  await sys.press('预览');
  await sys.press('提出变更', 'calendar-waiting-own');
  await sys.sees('双人办理');
  check((await sys.page.locator('button[value=confirm]').count()) === 0, 'nobody confirms what they proposed');
  const path = new URL(sys.page.url()).pathname;
  await look(sys, path, 'calendar-waiting-own');
  const preview = (await sys.api(path)).preview;
  check(preview.moved_total > 0 && preview.moved.every((m) => m.was !== m.now), 'the second look counts what moves');
  // Even when the form is forged.
  const csrf = await sys.page.locator('main input[name=csrf]').first().inputValue();
  const forged = await sys.page.request.post(base + path, { form: { csrf, act: 'confirm' }, headers: { origin: base }, maxRedirects: 0 });
  check(forged.status() === 422, `the proposer's confirmation is refused: ${forged.status()}`);
  await sys.close();

  // The second person, without scripts.
  const wu = await Person.of(browser, 'wu', false);
  const before = await wu.api('/w/super/nodes');
  await wu.go('/adm/calendar', 'calendar-list');
  await wu.sees('等待确认');
  await wu.go(path, 'calendar-waiting');
  await wu.press('驳回变更', 'calendar-waiting-error');
  await wu.press('确认变更', 'calendar-confirmed');
  await wu.sees('已确认');
  const after = await wu.api(path);
  check(after.moved_total === preview.moved_total, `what moved is what was foreseen: ${after.moved_total} of ${preview.moved_total}`);
  const one = after.moved.find((m) => m.kind === 'item');
  check(one && one.now > one.was, 'a closure moves a due day to later');
  const items = (await wu.api('/w/super/nodes')).items;
  const row = items.find((i) => i.project === one.project && i.code === one.item);
  check(!row || row.due === one.now, `the list shows the new due day: ${row && row.due} ${one.now}`);
  check(before.total === items.length || before.total > 0, 'the list is still there');
  await wu.go('/w/super');
  await wu.sees('因放假通知');
  await wu.go(`/w/p/${one.project}`, 'calendar-project');
  await wu.sees('日历第 1 版');
  await wu.sees('改为');
  await wu.close();

  const sec = await Person.of(browser, 'sec', true);
  for (const [where, name] of [['/adm/calendar', 'calendar-list-full'], [path, 'calendar-one-confirmed'], ['/w/moved', 'calendar-moved-all']])
    await look(sec, where, name);
  await sec.close();

  const unit = await Person.of(browser, `ap-${one.unit}`, true);
  await unit.go('/w');
  await unit.sees('因放假通知');
  await look(unit, '/w/moved', 'calendar-moved-unit');
  const mine = await unit.api('/w/moved');
  check(mine.moved.length > 0 && mine.moved.every((m) => m.unit === one.unit), 'a unit sees its own moved days only');
  check((await unit.page.request.get(`${base}/adm/calendar`, { maxRedirects: 0 })).status() === 403, 'a department does not change the calendar');
  await unit.close();

  const owner = await Person.of(browser, 'owner', true);
  const own = await owner.api('/my/moved');
  await look(owner, '/my/moved', 'calendar-moved-mine');
  if (own.moved.length) {
    await owner.go(`/my/${own.moved[0].project}`, 'calendar-my-project');
    await owner.sees('改为');
  }
  await owner.close();

  const anyone = await Person.of(browser, null, true);
  for (const year of ['2026', '2027', '2020']) await look(anyone, `/s/calendar?year=${year}`, `calendar-year-${year}`);
  await anyone.go('/s/calendar?year=2026');
  await anyone.sees(notice);
  await anyone.go('/s/calendar?year=2027');
  await anyone.sees('暂定');
  check((await anyone.page.request.get(`${base}/s/calendar?year=1900`)).status() === 422, 'a year outside the calendar is refused');
  await anyone.close();
}
