// SPDX-License-Identifier: Apache-2.0
// The rows of the sheet that a machine can measure, each 0 to 4 as the sheet says.
import { base, runAxe, htmlFaults } from '../browser/lib.mjs';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const looks = [['light', '', [1280, 320]], ['dark', 'dark..zh', [1280]], ['large', '.large.zh', [1280, 320]]]; // the colours of 320 are those of 1280
const size = (width) => ({ width, height: width === 320 ? 640 : 900 });

// What axe is not sure of is shown again where nothing lies over it: in a wide window, with nothing that is moved sideways or sticks, and without the shapes of
// a map that has no words in it: axe takes them for as large as they would be if the picture did not cut them off.
async function lookedAt(seat, unsure) {
  const { page } = seat, before = page.viewportSize();
  await page.setViewportSize({ width: 2400, height: 900 });
  const seen = await seat.run(`(async () => {
      const flat = new CSSStyleSheet(), asked = ${JSON.stringify(unsure.map((v) => ({ id: v.id, targets: v.nodes.map((n) => n.target) })))};
      flat.replaceSync('.scroll, .util *, nav.main * { overflow: visible !important } .scroll * { position: static !important } svg.map:not(:has(text)) path { display: none }');
      document.adoptedStyleSheets = [flat];
      const r = await axe.run({ include: asked.flatMap((v) => v.targets) }, { runOnly: asked.map((v) => v.id), resultTypes: ['violations', 'incomplete'] });
      document.adoptedStyleSheets = [];
      const among = (list, id) => new Set(list.filter((x) => x.id === id).flatMap((x) => x.nodes.map((n) => JSON.stringify(n.target))));
      return asked.map((v) => {
        const bad = among(r.violations, v.id), open = among(r.incomplete, v.id);
        return v.targets.map((t) => (bad.has(JSON.stringify(t)) ? 'fault' : open.has(JSON.stringify(t)) ? 'unsure' : 'good'));
      });
    })()`);
  await page.setViewportSize(before);
  return seen;
}

// Row 1 in one look and width: axe, nothing wider than the window, and a picture.
async function seenAt(seat, name, shot, found) {
  const all = await runAxe(seat.page, true, seat.client), unsure = all.filter((v) => v.unsure);
  for (const v of all.filter((x) => !x.unsure)) found.faults.push(`${name}: ${v.id}: ${v.nodes[0].html.slice(0, 80)}`);
  const seen = unsure.length ? await lookedAt(seat, unsure) : [];
  unsure.forEach((v, k) => v.nodes.forEach((n, i) => {
    if (seen[k][i] === 'unsure') found.unsure.add(`${v.id}: ${n.html.slice(0, 60)}`);
    if (seen[k][i] === 'fault') found.faults.push(`${name}: ${v.id}: ${n.html.slice(0, 80)}`);
  }));
  const over = await seat.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  if (over > 0) found.faults.push(`${name}: ${over} px wider than the window`);
  await seat.page.screenshot({ path: shot, fullPage: true });
}

// Row 1: in each look and width. A width is another size of the same window: nothing of ours asks for it when a page is loaded.
// `first` is done with the page as it is first seen, light and 1280 pixels wide; `last` when axe has seen that.
export async function accessible(seat, path, shots, { clock = (of, f) => f(), first, last } = {}) {
  const found = { faults: [], unsure: new Set() };
  for (const [look, prefs, widths] of looks) {
    await seat.dress(prefs);
    await seat.page.setViewportSize(size(1280));
    if (look === 'light' && first) await first();
    else await clock('load', () => seat.page.goto(base + path));
    for (const width of widths) {
      await seat.page.setViewportSize(size(width));
      await clock(`${look} ${width}`, () => seenAt(seat, `${look} ${width}`, `${shots}-${look}-${width}.png`, found));
      if (look === 'light' && width === 320 && last) { await seat.page.setViewportSize(size(1280)); await last(); }
    }
  }
  const faults = found.faults, unsure = [...found.unsure];
  return { mark: faults.length === 0 ? (unsure.length ? 3 : 4) : faults.length <= 2 ? 2 : 1, faults, unsure };
}

// Row 2: html-validate, and the validator of the W3C
export async function valid(text, path, validator) {
  const [faults, other] = await Promise.all([htmlFaults(text, path), validator.check(text)]);
  return { mark: faults.length ? 1 : other.length ? 3 : 4, faults: faults.concat(other.slice(0, 3)) };
}

// Where Tab leads is written down by the page itself as the next Tab arrives, so that the keys need not wait for an answer each.
const listen = `(() => {
  const can = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter((e) => {
    if (e.disabled || e.type === 'hidden' || e.tabIndex < 0 || !e.checkVisibility()) return false;
    if (e.type !== 'radio') return true; // one stop for a group: the checked one, or the first or last
    const group = [...document.querySelectorAll('input[type=radio][name="' + CSS.escape(e.name) + '"]')].filter((r) => r.form === e.form);
    return e.checked || (!group.some((r) => r.checked) && group[0] === e);
  });
  can.forEach((e, i) => { e.dataset.grade = i; });
  window.gradeAt = () => {
    const e = document.activeElement;
    if (!e || !e.dataset.grade) return null;
    const s = getComputedStyle(e), box = e.getBoundingClientRect();
    const seen = (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none';
    return { n: Number(e.dataset.grade), seen, inside: box.width > 0 && box.height > 0, tag: e.outerHTML.slice(0, 80) };
  };
  window.gradeStops = [];
  addEventListener('keydown', (e) => { if (e.key === 'Tab') window.gradeStops.push(window.gradeAt()); }, true);
  return can.length;
})()`;
const KEYS_MAX = 400, KEYS_AT_ONCE = 25;

async function tabs(seat, count) {
  const tab = { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 };
  for (let i = 0; i < count; i += KEYS_AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(KEYS_AT_ONCE, count - i) }, () => Promise.all([
      seat.client.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...tab }), seat.client.send('Input.dispatchKeyEvent', { type: 'keyUp', ...tab })])));
  return seat.run('window.gradeStops.slice(1).concat([window.gradeAt()])');
}

// Row 3: each thing that can be used is reached by Tab, in the order of the text, and one sees where one is.
export async function keyboard(seat) {
  const faults = [], all = await seat.run(listen);
  let last = -1, reached = 0;
  for (const at of await tabs(seat, Math.min(all + 2, KEYS_MAX))) {
    if (!at) break;
    if (at.n === 0 && reached === all) break; // round to the beginning
    if (at.n < last) { faults.push(`Tab goes back to ${at.tag}`); break; }
    if (!at.seen || !at.inside) faults.push(`the focus is not seen on ${at.tag}`);
    last = at.n;
    reached++;
  }
  if (reached < Math.min(all, KEYS_MAX)) faults.push(`${reached} of ${all} can be reached by Tab`);
  const more = await seat.page.evaluate(() => {
    const lists = [...document.querySelectorAll('main table')].filter((t) => t.querySelectorAll('tbody th a.open').length > 1);
    return document.querySelector('a.skip')?.dataset.grade === '0' && lists.every((t) => t.matches('[data-keys]') || document.querySelector('table[data-keys]'));
  });
  return { mark: faults.length ? 1 : more ? 4 : 3, faults: faults.slice(0, 3) };
}

// Row 4: the same text and the same controls without scripts. `a` is what words() said of the page with scripts some seconds ago; pages have the time of
// day in them, so where the two differ they are asked again, one after the other.
export const words = () => {
  const t = document.querySelector('main').cloneNode(true);
  t.querySelectorAll('[hidden], [data-read], [data-print], script, [data-script]').forEach((e) => e.remove());
  return { text: t.innerText.replace(/\s+/g, ' ').trim(), forms: t.querySelectorAll('form, a[href], input, button, select, textarea').length };
};
export async function plain(seat, path, a) {
  const bare = async () => { await seat.plain.goto(base + path); return seat.plain.evaluate(words); };
  const same = () => a.text === b.text && a.forms === b.forms;
  let b = await bare();
  if (!same()) {
    await seat.page.goto(base + path);
    a = await seat.page.evaluate(words);
    b = await bare();
  }
  const dead = await seat.plain.evaluate(() => [...document.querySelectorAll('a[href="#"], a[href^="javascript:"], button[type=button]:not([hidden])')].filter((e) => e.checkVisibility()).map((e) => e.outerHTML.slice(0, 80)));
  const faults = dead.map((d) => `needs scripts: ${d}`);
  if (!same()) faults.push(`without scripts the page differs (${a.text.length} and ${b.text.length} characters, ${a.forms} and ${b.forms} controls)`);
  return { mark: faults.length ? 2 : 4, faults };
}

// Row 5: everything a first visit fetches, as it goes over the line: the page is loaded with the browser's cache off and stays open for what follows.
// Requests to elsewhere fail the page.
export async function weight(seat, path, bound) {
  await seat.client.send('Network.enable');
  await seat.client.send('Network.setCacheDisabled', { cacheDisabled: true });
  seat.elsewhere.length = 0;
  const reply = await seat.page.goto(base + path, { waitUntil: 'load' });
  await seat.client.send('Network.setCacheDisabled', { cacheDisabled: false });
  await seat.client.send('Network.disable');
  const bytes = await seat.page.evaluate(() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .reduce((n, e) => n + e.encodedBodySize, 0));
  const csp = reply.headers()['content-security-policy'] || '', text = await reply.text();
  const faults = seat.elsewhere.map((u) => `asks ${u}`);
  if (!csp || /unsafe-(inline|eval)/.test(csp)) faults.push(`content security policy: ${csp || 'none'}`);
  const kb = bytes / 1024;
  if (kb > bound) faults.push(`${kb.toFixed(1)} KB, ${bound} allowed`);
  return { text, mark: faults.length ? (kb <= 2 * bound && faults.length === 1 && kb > bound ? 2 : 1) : kb <= 12 ? 4 : 3, kb, faults };
}

const percentile = (list, p) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * p))];

// What this browser on this machine needs for a page with one line and one rule: the peer of the first paint.
export async function openPeer() {
  const server = createServer((request, reply) => {
    const style = request.url === '/s.css';
    reply.setHeader('content-type', style ? 'text/css' : 'text/html; charset=utf-8');
    reply.end(style ? 'body{font:18px sans-serif}' : '<!doctype html><html lang="zh-CN"><title>空</title><link rel="stylesheet" href="/s.css"><p>葫芦岛市工程建设项目审批');
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => { server.closeAllConnections(); server.close(); } };
}

// From the start of the navigation to the first paint, and by how much what was painted moves afterwards.
async function painted(page, url) {
  await page.goto(url, { waitUntil: 'load' });
  return page.evaluate(() => new Promise((done) => {
    let shift = 0;
    new PerformanceObserver((l) => { for (const e of l.getEntries()) if (!e.hadRecentInput) shift += e.value; }).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => done({ paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0, shift }), 120);
  }));
}

// A first paint of at most 100 ms; where an empty page alone takes more than half of that, of at most twice the empty page: a machine that is
// slower with nothing is slower with everything.
const PAINT = 100, TIMES = 2, FEW = 5, ALL = 12;
export const paintBound = (peer) => Math.max(PAINT, peer * TIMES);

// Milliseconds to the first byte, 40 times over one connection, by a process of its own: this one also drives the browser, and what
// it does beside asking took as long as the answer. The first four warm both sides up.
const ASKED = 44, WARM = 4, ROUNDS = 3;
async function firstBytes(url, cookie) {
  const urls = Array.from({ length: ASKED }, () => ['-o', '/dev/null', url]).flat();
  const { stdout } = await run('curl', ['-sS', '--globoff', '--compressed', '-H', `cookie: ${cookie}`, '-w', '%{time_starttransfer}\n', ...urls]);
  return stdout.trim().split('\n').slice(WARM).map((s) => Number(s) * 1000);
}

// Until the processors have been idle for 400 ms, nine tenths of the time, or 8 s have gone by: a browser that has just opened a seat works on for seconds, and of
// 40 answers of 3 ms three took 45 to 88.
const spent = () => readFileSync('/proc/stat', 'utf8').split('\n', 1)[0].trim().split(/\s+/).slice(1).map(Number);
async function calm(page) {
  await page.goto('about:blank');
  for (let i = 0; i < 20; i++) {
    const a = spent();
    await page.waitForTimeout(400);
    const d = spent().map((n, k) => n - a[k]), all = d.slice(0, 8).reduce((x, y) => x + y, 0);
    if (d[3] + d[4] > 0.9 * all) return;
  }
}

// Row 6: to the first byte (p95 of 40, of 120 when 40 are over: two answers beside something else of the machine are not the page), to the first paint (median of 5 in turn with the peer, of 12 when 5 are over the bound), what moves afterwards, and the answer to a key.
export async function speed({ page, login: { cookie = '' } }, path, list, peer) {
  const byte = list ? 25 : 15;
  let first = [];
  for (let i = 0; i < ROUNDS && (!first.length || percentile(first, 0.95) > byte); i++) {
    await calm(page);
    first = first.concat(await firstBytes(base + path, cookie));
  }
  const paints = [], peers = [];
  let moved = 0, answer = 0;
  const over = () => percentile(paints, 0.5) > paintBound(percentile(peers, 0.5));
  for (let i = 0; i < FEW || (i < ALL && over()); i++) {
    peers.push((await painted(page, peer.url)).paint);
    const seen = await painted(page, base + path);
    paints.push(seen.paint);
    moved = Math.max(moved, seen.shift);
  }
  const field = page.locator('main input[type=text]:visible, main input[type=search]:visible, main textarea:visible').first();
  if (await field.count()) {
    await field.scrollIntoViewIfNeeded();
    await page.evaluate(() => {
      window.gradeSlow = 0;
      new PerformanceObserver((l) => { for (const e of l.getEntries()) window.gradeSlow = Math.max(window.gradeSlow, e.duration); }).observe({ type: 'event', durationThreshold: 16, buffered: false });
    });
    await field.focus();
    await page.keyboard.type('一窗', { delay: 60 });
    await page.waitForTimeout(200);
    answer = await page.evaluate(() => window.gradeSlow);
  }
  const ttfb = percentile(first, 0.95), paint = percentile(paints, 0.5), empty = percentile(peers, 0.5), bound = paintBound(empty), faults = [];
  if (ttfb > byte) faults.push(`first byte p95 ${ttfb.toFixed(1)} ms`);
  if (paint > bound) faults.push(`first paint ${paint.toFixed(0)} ms, ${bound.toFixed(0)} allowed beside an empty page of ${empty.toFixed(0)}`);
  if (answer > 100) faults.push(`answer to a key ${answer.toFixed(0)} ms`);
  if (moved > 0) faults.push(`layout moves by ${moved.toFixed(3)}`);
  return { mark: faults.length ? (paint <= 200 && moved === 0 ? 2 : 1) : paint <= 70 && ttfb <= 5 ? 4 : 3, ttfb, paint, empty, answer, moved, faults };
}

// What needs no mark: the shell of every page, and words that an applicant must not meet.
// Pages that stand alone: saved to a disk, or on a wall without a reader.
const alone = /^\/(a\/.*\.html|w\/stats\/wall)$/;
const marks = {
  zh: ['主办', '承办', '网站标识码', 'ICP备案', '公安备案', '联系', '网站地图', '找错', 'IPv6'],
  en: ['Organiser', 'Operator', 'Site code', 'ICP filing', 'Public security filing', 'Contact', 'Site map', 'Report an error', 'IPv6'],
};
const jargon = /派转|并联|前置/;
export async function shell(page, path, open) {
  const seen = await page.evaluate(() => ({
    foot: document.querySelector('footer')?.innerText || '',
    meta: [...document.querySelectorAll('meta[name]')].filter((m) => m.content).map((m) => m.name),
    h1: [...document.querySelectorAll('h1')].map((h) => h.getBoundingClientRect().top),
    main: document.querySelector('main').innerText,
    primary: [...document.querySelectorAll('main button, main a.btn')].filter((e) => e.checkVisibility() && !e.matches('.btn--2, .link, .btn--x, summary') &&
      e.getBoundingClientRect().top < 600).length,
  }));
  const faults = [];
  const whole = !alone.test(path.split('?')[0]);
  if (whole) for (const mark of marks[path.startsWith('/en/') ? 'en' : 'zh'])
    if (!seen.foot.includes(mark)) faults.push(`footer without ${mark}`);
  if (whole) for (const name of ['SiteName', 'SiteDomain', 'SiteIDCode', 'ColumnName', 'ColumnType', 'viewport'])
    if (!seen.meta.includes(name)) faults.push(`no meta ${name}`);
  if (seen.h1.length !== 1) faults.push(`${seen.h1.length} h1`);
  else if (seen.h1[0] > 600) faults.push(`h1 at ${Math.round(seen.h1[0])} px`);
  const notes = [];
  if (seen.primary > 1) notes.push(`${seen.primary} primary buttons in the first 600 px`);
  if (open && jargon.test(seen.main)) notes.push(`word of the office: ${seen.main.match(jargon)[0]}`);
  return { faults, notes };
}
