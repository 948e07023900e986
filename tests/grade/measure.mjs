// SPDX-License-Identifier: Apache-2.0
// The rows of the sheet that a machine can measure, each 0 to 4 as the sheet says.
import { base, runAxe, htmlFaults } from '../browser/lib.mjs';

export const looks = [['light', ''], ['dark', 'dark..zh'], ['large', '.large.zh']];
export const widths = [1280, 320];

async function dress(context, prefs) {
  await context.clearCookies({ name: 'prefs' });
  if (prefs) await context.addCookies([{ name: 'prefs', value: prefs, url: base }]);
}

// What axe is not sure of it is shown again where nothing lies over it: in a wide window, with nothing that is moved sideways or sticks.
async function lookedAt(page, v) {
  const size = page.viewportSize(), client = await page.context().newCDPSession(page);
  await page.setViewportSize({ width: 2400, height: 900 });
  const { result } = await client.send('Runtime.evaluate', {
    awaitPromise: true,
    expression: `(async () => {
      const flat = new CSSStyleSheet(), targets = ${JSON.stringify(v.nodes.map((n) => n.target))};
      flat.replaceSync('.scroll, .util *, nav.main * { overflow: visible !important } .scroll * { position: static !important }');
      document.adoptedStyleSheets = [flat];
      const r = await axe.run({ include: targets }, { runOnly: ['${v.id}'] });
      document.adoptedStyleSheets = [];
      const among = (list) => new Set(list.flatMap((x) => x.nodes.map((n) => JSON.stringify(n.target))));
      const bad = among(r.violations), unsure = among(r.incomplete);
      return JSON.stringify(targets.map((t) => (bad.has(JSON.stringify(t)) ? 'fault' : unsure.has(JSON.stringify(t)) ? 'unsure' : 'good')));
    })()`,
  });
  await client.detach();
  await page.setViewportSize(size);
  return JSON.parse(result.value);
}

// Row 1: axe in each look and width, and nothing wider than the window.
export async function accessible(context, page, path, shots) {
  const faults = [], unsure = new Set();
  for (const [look, prefs] of looks)
    for (const width of widths) {
      if (look === 'dark' && width === 320) continue; // the colours are those of 1280
      await dress(context, prefs);
      await page.setViewportSize({ width, height: width === 320 ? 640 : 900 });
      await page.goto(base + path);
      for (const v of await runAxe(page, true))
        if (v.unsure) {
          const seen = await lookedAt(page, v);
          v.nodes.forEach((n, i) => {
            if (seen[i] === 'unsure') unsure.add(`${v.id}: ${n.html.slice(0, 60)}`);
            if (seen[i] === 'fault') faults.push(`${look} ${width}: ${v.id}: ${n.html.slice(0, 80)}`);
          });
        } else faults.push(`${look} ${width}: ${v.id}: ${v.nodes[0].html.slice(0, 80)}`);
      const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      if (over > 0) faults.push(`${look} ${width}: ${over} px wider than the window`);
      await page.screenshot({ path: `${shots}-${look}-${width}.png`, fullPage: true });
    }
  await dress(context, '');
  await page.setViewportSize({ width: 1280, height: 900 });
  return { mark: faults.length === 0 ? (unsure.size ? 3 : 4) : faults.length <= 2 ? 2 : 1, faults, unsure: [...unsure] };
}

// Row 2: html-validate, and the validator of the W3C
export async function valid(context, path, validator) {
  const text = await (await context.request.get(base + path)).text();
  const faults = await htmlFaults(text, path), other = await validator.check(text);
  return { mark: faults.length ? 1 : other.length ? 3 : 4, faults: faults.concat(other.slice(0, 3)) };
}

// Row 3: each thing that can be used is reached by Tab, in the order of the text, and one sees where one is.
export async function keyboard(page, path) {
  await page.goto(base + path);
  const faults = [];
  const all = await page.evaluate(() => {
    const can = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter((e) => {
      if (e.disabled || e.type === 'hidden' || e.tabIndex < 0 || !e.checkVisibility()) return false;
      if (e.type !== 'radio') return true; // one stop for a group: the checked one, or the first or last
      const group = [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(e.name)}"]`)].filter((r) => r.form === e.form);
      return e.checked || (!group.some((r) => r.checked) && group[0] === e);
    });
    can.forEach((e, i) => { e.dataset.grade = i; });
    return can.length;
  });
  let last = -1, reached = 0;
  for (let i = 0; i < all + 2 && i < 400; i++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const e = document.activeElement, s = getComputedStyle(e), box = e.getBoundingClientRect();
      if (!e.dataset.grade) return null;
      const seen = (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none';
      return { n: Number(e.dataset.grade), seen, inside: box.width > 0 && box.height > 0, tag: e.outerHTML.slice(0, 80) };
    });
    if (!at) break;
    if (at.n < last) { faults.push(`Tab goes back to ${at.tag}`); break; }
    if (!at.seen || !at.inside) faults.push(`the focus is not seen on ${at.tag}`);
    last = at.n;
    reached++;
  }
  if (reached < Math.min(all, 400)) faults.push(`${reached} of ${all} can be reached by Tab`);
  const more = await page.evaluate(() => {
    const lists = [...document.querySelectorAll('main table')].filter((t) => t.querySelectorAll('tbody th a.open').length > 1);
    return document.querySelector('a.skip')?.dataset.grade === '0' && lists.every((t) => t.matches('[data-keys]') || document.querySelector('table[data-keys]'));
  });
  return { mark: faults.length ? 1 : more ? 4 : 3, faults: faults.slice(0, 3) };
}

// Row 4: the same text and the same controls without scripts.
export async function plain(context, plainContext, page, path) {
  const words = () => {
    const t = document.querySelector('main').cloneNode(true);
    t.querySelectorAll('[hidden], [data-read], [data-print], script, [data-script]').forEach((e) => e.remove());
    return { text: t.innerText.replace(/\s+/g, ' ').trim(), forms: t.querySelectorAll('form, a[href], input, button, select, textarea').length };
  };
  await plainContext.clearCookies();
  await plainContext.addCookies(await context.cookies());
  const other = await plainContext.newPage();
  await page.goto(base + path);
  await other.goto(base + path);
  const a = await page.evaluate(words), b = await other.evaluate(words);
  const dead = await other.evaluate(() => [...document.querySelectorAll('a[href="#"], a[href^="javascript:"], button[type=button]:not([hidden])')].filter((e) => e.checkVisibility()).map((e) => e.outerHTML.slice(0, 80)));
  await other.close();
  const faults = dead.map((d) => `needs scripts: ${d}`);
  if (a.text !== b.text || a.forms !== b.forms) faults.push(`without scripts the page differs (${a.text.length} and ${b.text.length} characters, ${a.forms} and ${b.forms} controls)`);
  return { mark: faults.length ? 2 : 4, faults };
}

// Row 5: everything a first visit fetches, as it goes over the line. Requests to elsewhere fail the page.
export async function weight(browser, context, path, bound) {
  const fresh = await browser.newContext({ locale: 'zh-CN', storageState: await context.storageState() });
  const page = await fresh.newPage(), elsewhere = [];
  page.on('request', (r) => { if (!r.url().startsWith(base) && !r.url().startsWith('data:')) elsewhere.push(r.url()); });
  const reply = await page.goto(base + path, { waitUntil: 'load' });
  const bytes = await page.evaluate(() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .reduce((n, e) => n + e.encodedBodySize, 0));
  const csp = reply.headers()['content-security-policy'] || '';
  await fresh.close();
  const faults = elsewhere.map((u) => `asks ${u}`);
  if (!csp || /unsafe-(inline|eval)/.test(csp)) faults.push(`content security policy: ${csp || 'none'}`);
  const kb = bytes / 1024;
  if (kb > bound) faults.push(`${kb.toFixed(1)} KB, ${bound} allowed`);
  return { mark: faults.length ? (kb <= 2 * bound && faults.length === 1 && kb > bound ? 2 : 1) : kb <= 12 ? 4 : 3, kb, faults };
}

const percentile = (list, p) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * p))];

// Row 6: to the first byte (p95 of 40), to the first paint (median of 5), what moves afterwards, and the answer to a key.
export async function speed(context, page, path, list) {
  const first = [];
  const cookie = (await context.cookies()).map((c) => `${c.name}=${c.value}`).join('; ');
  for (let i = 0; i < 44; i++) {
    const from = performance.now();
    const reply = await fetch(base + path, { headers: { cookie, 'accept-encoding': 'gzip' } });
    const ms = performance.now() - from;
    await reply.arrayBuffer();
    if (i >= 4) first.push(ms); // the first four warm both sides up
  }
  const paints = [];
  let moved = 0, answer = 0;
  for (let i = 0; i < 5; i++) {
    await page.goto(base + path, { waitUntil: 'load' });
    const seen = await page.evaluate(() => new Promise((done) => {
      let shift = 0;
      new PerformanceObserver((l) => { for (const e of l.getEntries()) if (!e.hadRecentInput) shift += e.value; }).observe({ type: 'layout-shift', buffered: true });
      setTimeout(() => done({ paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0, shift }), 120);
    }));
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
  const ttfb = percentile(first, 0.95), paint = percentile(paints, 0.5), faults = [];
  if (ttfb > (list ? 25 : 15)) faults.push(`first byte p95 ${ttfb.toFixed(1)} ms`);
  if (paint > 100) faults.push(`first paint ${paint.toFixed(0)} ms`);
  if (answer > 100) faults.push(`answer to a key ${answer.toFixed(0)} ms`);
  if (moved > 0) faults.push(`layout moves by ${moved.toFixed(3)}`);
  return { mark: faults.length ? (paint <= 200 && moved === 0 ? 2 : 1) : paint <= 70 && ttfb <= 5 ? 4 : 3, ttfb, paint, answer, moved, faults };
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
  await page.goto(base + path);
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
