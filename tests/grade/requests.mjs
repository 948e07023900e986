// SPDX-License-Identifier: Apache-2.0
// What the demonstration has no record of, and pages are about: made through the forms, as people would, before anything is measured.
import { base } from '../browser/lib.mjs';

async function as(browser, login, work) {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'zh-CN', storageState: login.state });
  const page = await context.newPage();
  try { return await work(page); } finally { await context.close(); }
}
const go = (page, path) => page.goto(base + path);
const press = (page, name) => page.locator('main').getByRole('button', { name, exact: true }).click();
const arrived = (page, path) => { if (!new URL(page.url()).pathname.match(path)) throw new Error(`still at ${page.url()}`); };

async function calendar(page) {
  await go(page, '/adm/calendar/new');
  await page.fill('[name=notice]', '示例通知〔2026〕9号');
  await page.fill('[name=reason]', '设备检修，窗口停办一天（示例）');
  await page.locator('[name="date[]"]').first().fill('2026-12-24');
  await page.locator('[name="name[]"]').first().fill('检修');
  await press(page, '预览会变动的到期日');
  await press(page, '提出变更');
  arrived(page, /^\/adm\/calendar\/\d+$/);
}

async function policy(page) { // tests/grade/run.sh has put a second version there
  await go(page, '/adm/policy');
  await page.locator('main a[href*="version=2026.12"]').click();
  await page.fill('[name=effective]', '2026-12-25');
  await page.fill('[name=reason]', '示例：换一版说明');
  await press(page, '提出发布');
  arrived(page, /^\/adm\/policy\/\d+$/);
}

async function erasure(page) {
  await go(page, '/adm/personal/new');
  await page.fill('[name=number]', 'HLD-000001-P');
  await page.check('[name=ground][value=unlawful]');
  await page.fill('[name=reason]', '号码登记错了人（示例）');
  await press(page, '提出清除');
  arrived(page, /^\/adm\/personal\/[^/]+\/\d+$/);
}

// The first item under way that its owner can take back
async function withdrawal(page) {
  const hrefs = (selector) => page.locator(selector).evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  await go(page, '/my');
  for (const project of (await hrefs('main a')).filter((h) => /^\/my\/\d+$/.test(h))) {
    await go(page, project);
    const [back] = await hrefs('main a[href*="/withdraw?stage="][href*="item="]');
    if (!back) continue;
    await go(page, back);
    await page.fill('[name=reason]', '图纸要改，改好再报（示例）');
    await page.locator('main form button[type=submit]').last().click();
    await go(page, project);
    if (!(await hrefs('main a[href*="/reapply?"]')).length) throw new Error(`${project}: nothing to apply for anew`);
    return;
  }
  throw new Error('no item can be taken back');
}

export async function make(browser, loginOf) {
  for (const [account, work] of [['sec', erasure], ['owner', withdrawal]])
    await as(browser, await loginOf(account), work).catch((e) => { throw new Error(`${work.name}: ${String(e).split('\n')[0]}`); });
}
