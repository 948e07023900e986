// SPDX-License-Identifier: Apache-2.0
// From the page of checkpoints to a receipt checked in a browser that has no network.
import { Person, check, axe, base, out, runAxe, inspect } from './lib.mjs';
import { writeFileSync } from 'node:fs';

async function text(p, path) {
  const r = await p.page.request.get(base + path);
  check(r.status() === 200 && r.headers()['content-disposition']?.startsWith('attachment'), `${path} is a file: ${r.status()}`);
  return r.text();
}

async function answer(page, keys, file) {
  await page.fill('#keys', keys);
  await page.fill('#text', file);
  await page.click('button');
  await page.waitForFunction(() => document.querySelector('#out').textContent);
  const said = await page.locator('#out').innerText();
  await page.evaluate(() => { document.querySelector('#out').textContent = ''; });
  return said;
}

export async function proof(browser) {
  const anyone = await Person.of(browser, null, true);
  await anyone.go('/s/checkpoints', 'checkpoints');
  await axe(anyone.context, '/s/checkpoints', 'checkpoints');
  await axe(anyone.context, '/s/checkpoints', 'checkpoints', { width: 320, height: 640 });
  const keys = await text(anyone, '/s/keys');
  const head = await text(anyone, await anyone.page.locator('main tbody th a').first().getAttribute('href'));
  const size = head.split('\n')[1];
  const same = await text(anyone, `/s/checkpoint/${size}/from/${size}`);
  const html = await (await anyone.page.request.get(base + (await anyone.page.locator('main a[download="yichuang-verify.html"]').getAttribute('href')))).text();
  writeFileSync(`${out}/verify.html`, html);
  for (const path of ['/s/checkpoint/1', '/s/checkpoint/x', `/s/checkpoint/${size}/from/1`])
    check((await anyone.page.request.get(base + path)).status() === 404, `${path} is not there`);
  check((await anyone.page.request.get(`${base}/proof/1/1`, { maxRedirects: 0 })).status() !== 200, 'a receipt is not for everybody');
  await anyone.close();

  const owner = await Person.of(browser, 'owner', true);
  await owner.go('/my');
  const projects = await owner.page.locator('main a[href^="/my/"]').evaluateAll((l) => [...new Set(l.map((a) => a.getAttribute('href')).filter((h) => /^\/my\/\d+$/.test(h)))]);
  let receipts = [];
  for (const path of projects) {
    const r = await owner.page.goto(`${base}${path}/stage/1/receipt`);
    if (r.status() === 200) receipts = await owner.page.locator('main a[href^="/proof/"]').evaluateAll((l) => l.map((a) => a.getAttribute('href')));
    if (receipts.length) break;
  }
  check(receipts.length > 0, 'the page of the receipt offers files that prove themselves');
  await inspect(owner.page, 'receipt-with-proofs');
  const files = [];
  for (const path of receipts) files.push(await text(owner, path));
  check((await owner.page.request.get(base + receipts[0].replace(/what=.*/, 'what=nothing'))).status() === 422, 'an unknown kind is refused');
  const other = await Person.of(browser, 'owner2', true);
  check((await other.page.request.get(base + receipts[0])).status() === 404, 'another enterprise sees nothing of it');
  await other.close();
  await owner.close();

  const context = await browser.newContext({ locale: 'zh-CN', offline: true });
  const page = await context.newPage();
  await page.goto(`file://${out}/verify.html`);
  const violations = await runAxe(page);
  check(violations.length === 0, `verify.html: axe: ${violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`).join('; ')}`);
  for (const file of [head, same, ...files]) {
    const said = await answer(page, keys, file);
    check(said.startsWith('通过'), `verified offline: ${said.slice(0, 200)}`);
    const wrong = await answer(page, keys, file.replace(/time 20/, 'time 21'));
    check(wrong.startsWith('不通过'), `changed, and refused: ${wrong.slice(0, 200)}`);
  }
  const forged = await answer(page, keys, files[0].replace('"actor":"owner', '"actor":"ownex'));
  check(forged.startsWith('不通过：办理记录不在'), `a forged event is refused: ${forged.slice(0, 200)}`);
  await page.screenshot({ path: `${out}/shots/verify.png`, fullPage: true });
  await context.close();
}
