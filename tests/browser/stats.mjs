// SPDX-License-Identifier: Apache-2.0
// Statistics in a browser: every page can be used, also on a telephone; the leader's sheet is one A4; the wall refreshes itself.
import { Person, check, look, base, out } from './lib.mjs';
import { writeFileSync } from 'node:fs';

export async function stats(browser) {
  const wu = await Person.of(browser, 'wu', true);
  for (const q of ['', '/long', '/late', '/heat', '/cases?what=begun-late&first=2026-01-01&last=2026-11-25&q=late'])
    await look(wu, `/w/stats${q}`, `stats${q.replace(/\?.*/, '').replace('/', '-')}`);
  await look(wu, '/w/stats/wall', 'stats-wall');
  await wu.go('/w/stats/late');
  const cell = wu.page.locator('table tbody td a').first(), figure = await cell.evaluate((a) => a.firstChild.data);
  await cell.click();
  await wu.sees(`（${figure}）`, 'the list is as long as the figure');
  await wu.page.locator('main a:has-text("返回谁超期")').click();
  await wu.sees('有超期的部门');
  await wu.close();
  const leader = await Person.of(browser, 'leader', true);
  await look(leader, '/w/stats/sheet', 'stats-sheet');
  await leader.page.emulateMedia({ media: 'print' });
  const sheet = await leader.page.pdf({ preferCSSPageSize: true, printBackground: true });
  writeFileSync(`${out}/stats-sheet.pdf`, sheet);
  const text = sheet.toString('latin1'), pages = text.match(/\/Type\s*\/Page\b/g).length, box = /\/MediaBox\s*\[([^\]]*)\]/.exec(text)[1].trim().split(/\s+/).map(Number);
  check(pages === 1, `the leader's sheet is one page, not ${pages}`);
  check(Math.abs(box[2] - 595) < 2 && Math.abs(box[3] - 842) < 2, `it is an A4: ${box}`);
  await leader.page.emulateMedia({ media: 'screen' });
  await leader.close();
  const anyone = await Person.of(browser, null, true);
  await look(anyone, '/s/stats', 'stats-public');
  check((await anyone.page.request.get(`${base}/w/stats`, { maxRedirects: 0 })).status() !== 200, 'the figures of staff are not for everybody');
  await anyone.close();
}
