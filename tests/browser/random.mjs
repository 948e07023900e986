// SPDX-License-Identifier: Apache-2.0
// Spot checks by lot: the draw is recomputed in the browser, on the site and from a disk without a network, and is what the engine drew;
// what was altered is found. Pages of everybody, of a party, of an inspector.
import { Person, check, look, base, out } from './lib.mjs';
import { writeFileSync } from 'node:fs';

// What the recomputing page says, and the objects with their inspectors.
async function said(page) {
  await page.waitForFunction(() => document.querySelector('#out h2'));
  return { head: await page.locator('#out h2').innerText(), text: await page.locator('#out').innerText(),
    rows: await page.locator('#out tbody tr').evaluateAll((trs) => trs.map((tr) => [tr.cells[0].innerText.split(' ')[0], tr.cells[1].innerText, ...tr.cells[2].innerText.match(/LN-[A-Z0-9-]+/g)].join(' '))) };
}

async function again(page, text, kept) {
  await page.evaluate(() => document.querySelector('#out').replaceChildren());
  await page.fill('#text', text);
  await page.fill('#kept', kept ?? '');
  await page.click('#form button');
  return said(page);
}

async function everybody(browser) {
  const p = await Person.of(browser, null, true);
  await look(p, '/s/random', 'random-public');
  await look(p, '/s/random/1', 'random-plan');
  await look(p, '/s/random/draw/1', 'random-draw');
  const engine = (await p.api('/s/random/draw/1')).drawn.map((d) => [d.object, d.class, ...d.inspectors.match(/LN-[A-Z0-9-]+/g)].join(' '));
  const file = await (await p.page.request.get(`${base}/s/random/draw/1/file`)).text();
  const link = await p.page.locator('main a:has-text("在浏览器里重算")').getAttribute('href');
  const policy = (await p.page.request.get(base + link)).headers()['content-security-policy'];
  check(policy.includes("script-src 'sha256-") && !policy.includes('unsafe'), `no script but its own: ${policy}`);
  await p.page.goto(base + link);
  const here = await said(p.page);
  check(here.head.startsWith('抽取可信') && engine.length > 0 && here.rows.join('\n') === engine.join('\n'), `the site's page draws what the engine drew: ${here.text.slice(0, 200)}`);
  await p.page.setViewportSize({ width: 320, height: 640 });
  check(await p.page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth'), 'the page fits a telephone');
  if (process.env.SHOTS) await p.page.screenshot({ path: `${out}/shots/random-recompute-320.png`, fullPage: true });
  writeFileSync(`${out}/draw.html`, await (await p.page.request.get(base + link.split('?')[0])).text());
  const ended = await (await p.page.request.get(`${base}/s/random/draw/2/file`)).text(), next = await (await p.page.request.get(`${base}/s/random/draw/4/file`)).text();
  await p.close();
  return { engine, file, ended, next };
}

async function offline(browser, { engine, file, ended, next }) {
  const context = await browser.newContext({ offline: true, viewport: { width: 1280, height: 900 } }), page = await context.newPage();
  await page.goto(`file://${out}/draw.html`);
  const good = await again(page, file, /\nlist ([0-9a-f]{64})/.exec(file)[1]);
  check(good.head.startsWith('抽取可信') && good.rows.join('\n') === engine.join('\n'), `without a network: ${good.text.slice(0, 200)}`);
  if (process.env.SHOTS) await page.screenshot({ path: `${out}/shots/random-recompute.png`, fullPage: true });
  const other = file.replace(/\nobject (\S+) (\S+) B /, '\nobject $1 $2 A '), first = /\ndrawn (.*)\n/.exec(file)[1];
  for (const [what, text, kept] of [['an altered list', other], ['a list that is not the one that was noted', file, '0'.repeat(64)],
    ['another result', file.replace(`\ndrawn ${first}\n`, '\n')], ['another public number', file.replace('\nvalue 3021.55 ', '\nvalue 3021.56 ')],
    ['another secret', file.replace(/sample-secret-D1-wu/, 'sample-secret-D1-wx')], ['a result without all secrets', file.replace(/\nreveal audit [^\n]*/, '')],
    ['an attempt that does not name the one before', next.replace(/\nbefore 1 [^\n]*/, '')]]) {
    const r = await again(page, text, kept);
    check(r.head.startsWith('不可信'), `${what} is found: ${r.text.slice(0, 120)}`);
  }
  const withheld = await again(page, ended), retried = await again(page, next);
  check(withheld.head.startsWith('这次抽取中止了') && withheld.text.includes('没有揭示的是：审计管理员丙'), `who withheld is named: ${withheld.text.slice(0, 200)}`);
  check(retried.text.includes('重抽：第 1 次抽取中止'), `a draw that is tried again says so: ${retried.text.slice(0, 200)}`);
  await context.close();
}

async function staff(browser) {
  const wu = await Person.of(browser, 'wu', true);
  await look(wu, '/w/random', 'random-work');
  await look(wu, '/w/random/new', 'random-new');
  await look(wu, '/w/random/plan/5', 'random-plan-work');
  await look(wu, '/w/random/draw/1', 'random-draw-work');
  await look(wu, '/w/random/pool', 'random-pool');
  await wu.close();
  const head = await Person.of(browser, 'hd-housing-construction', true);
  await look(head, '/w/random/draw/5', 'random-commit');
  await head.sees('本页代拟的暗语');
  const secret = await head.page.locator('#h-secret + p code').innerText();
  await head.press('交出承诺', 'random-committed');
  await head.hidden(secret);
  await head.close();
}

export async function random(browser) {
  const files = await everybody(browser);
  await offline(browser, files);
  await staff(browser);
}
