// SPDX-License-Identifier: Apache-2.0
// Searching with the keyboard: "/", typing, arrows, Enter, Escape; the same without a script; what the first page weighs.
import { Person, check, base, look, inspectNarrow } from './lib.mjs';

async function keyboard(p) {
  const field = p.page.locator('#q'), tips = p.page.locator('#q-tips li');
  await p.go('/');
  await p.page.keyboard.press('/');
  check(await field.evaluate((e) => e === document.activeElement), '"/" goes to the search field');
  await p.page.keyboard.type('sgxk');
  await tips.first().waitFor();
  check((await tips.first().innerText()).includes('施工许可'), 'suggestions follow what is typed');
  check((await field.getAttribute('aria-expanded')) === 'true', 'the list says that it is open');
  await p.page.keyboard.press('ArrowDown');
  check((await tips.first().getAttribute('aria-selected')) === 'true' &&
        (await field.getAttribute('aria-activedescendant')) === 'q-tips-0', 'an arrow chooses the first');
  await p.page.keyboard.press('ArrowUp');
  check((await tips.last().getAttribute('aria-selected')) === 'true', 'upwards from the first leads to the last');
  await p.page.keyboard.press('Escape');
  check(!(await tips.first().isVisible()), 'Escape closes the list');
  await field.fill('施工许可');
  await p.page.locator('#q-tips li:has-text("施工许可")').first().waitFor();
  await p.page.keyboard.press('ArrowDown');
  await Promise.all([p.page.waitForURL(/\/s\?q=/), p.page.keyboard.press('Enter')]);
  await p.sees('在线申请');
}

async function weight(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  let bytes = 0;
  const others = [];
  const client = await context.newCDPSession(page);
  await client.send('Network.enable');
  client.on('Network.loadingFinished', (e) => { bytes += e.encodedDataLength; });
  page.on('request', (r) => { if (!r.url().startsWith(base)) others.push(r.url()); });
  await page.goto(base, { waitUntil: 'networkidle' });
  check(bytes > 3000 && bytes <= 30 * 1024, `the first page weighs ${bytes} bytes`);
  check(others.length === 0, `nothing is asked of others: ${others}`);
  await context.close();
}

// A page and a style sheet come the same in each packing, and smaller.
async function packings() {
  const home = await (await fetch(base)).text(), css = home.match(/\/a\/s\.[0-9a-f]+\.css/)[0];
  for (const path of ['/', css]) {
    const ask = (coding) => fetch(base.replace(/\/$/, '') + path, { headers: { 'accept-encoding': coding } });
    const plain = await ask('identity'), text = await plain.text(), sizes = [text.length];
    check(!plain.headers.get('content-encoding'), `${path} comes as it is`);
    for (const coding of ['gzip', 'br']) {
      const reply = await ask(coding);
      sizes.unshift(Number(reply.headers.get('content-length')));
      check(reply.headers.get('content-encoding') === coding, `${path} comes as ${coding}`);
      check(await reply.text() === text, `${path} is the same as ${coding}`);
    }
    check(sizes[0] < sizes[1] && sizes[1] < sizes[2], `${path}: ${sizes}`);
  }
}

export async function search(browser) {
  const p = await Person.of(browser, null, true);
  await keyboard(p);
  await look(p, '/s?q=sgxkz', 'search-results');
  await inspectNarrow(p.page, 'search-results');
  await look(p, '/s?q=%E9%AD%91%E9%AD%85%E6%96%BD%E5%B7%A5', 'search-none');
  await p.page.emulateMedia({ media: 'print' });
  check(!(await p.page.locator('.search').isVisible()), 'the field is not printed');
  await p.close();
  const plain = await Person.of(browser, null, false);
  await plain.go('/');
  await plain.page.fill('#q', '开工证');
  await plain.press('搜索');
  await plain.sees('也按');
  await plain.close();
  const staff = await Person.of(browser, 'wang', true);
  await staff.go('/w');
  await staff.page.keyboard.press('/');
  check(await staff.page.locator('#find').evaluate((e) => e === document.activeElement), 'staff have the field in the bar of every page');
  await staff.page.keyboard.type('项目');
  await Promise.all([staff.page.waitForURL(/\/s\?q=/), staff.page.keyboard.press('Enter')]);
  await look(staff, '/s?q=%E9%A1%B9%E7%9B%AE', 'search-staff');
  await staff.close();
  await weight(browser);
  await packings();
}
