// SPDX-License-Identifier: Apache-2.0
// What the journeys share: a browser, a person, checks of each page that is seen.
import { chromium } from 'playwright-core';
import { HtmlValidate } from 'html-validate';
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';

export const base = process.env.BASE;
export const out = process.env.OUT;
export const password = 'Yichuang-2026';
mkdirSync(`${out}/shots`, { recursive: true });

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const html = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: { 'no-trailing-whitespace': 'off', 'long-title': 'off', 'tel-non-breaking': 'off',
           'no-inline-style': 'error', 'void-style': 'off', 'attribute-boolean-style': 'off', 'attribute-empty-style': 'off',
           'form-dup-name': ['error', { allowArrayBrackets: true, shared: ['radio', 'submit', 'button', 'checkbox'] }] },
});

let passed = 0, failed = 0;
export function check(ok, what) {
  if (ok) passed++;
  else { failed++; console.log(`FAILED ${what}`); }
  return ok;
}
export function totals() { return { passed, failed }; }

export async function open() {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
           '--disable-component-update', '--disable-sync', '--force-color-profile=srgb'],
  });
}

const narrow = { width: 320, height: 640 }, wide = { width: 1280, height: 900 };
const seen = new Set();
// Pictures cost a fifth of the time: SHOTS=1 takes them.
async function picture(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: `${out}/shots/${name}.png`, fullPage: true });
}

async function accessible(page, name) {
  if (!page.hasScripts) return; // axe needs them
  const violations = await runAxe(page);
  check(violations.length === 0, `${name}: axe: ${violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`).join('; ')}`);
}

export async function htmlFaults(text, name) {
  const report = await html.validateString(text, name);
  return report.results.flatMap((r) => r.messages).filter((m) => m.severity === 2).map((m) => `${m.line}:${m.column} ${m.ruleId} ${m.message}`);
}

// Rules of a class that stand in a sheet of its own, for pages that ask for it: a page with the class and without the sheet would be drawn without them.
const classesOf = (name) => new Set(readFileSync(`src/web/static/${name}.css`, 'utf8').replace(/\/\*[^]*?\*\//g, '').match(/\.[a-z][\w-]*/g).map((c) => c.slice(1)));
const everywhere = classesOf('s'), special = ['map', 'stat', 'paper'].map((name) => [name, classesOf(name)]);
export function unstyled(text) {
  const used = new Set([...text.matchAll(/ class="([^"]*)"/g)].flatMap((m) => m[1].split(/\s+/)));
  return [...used].filter((c) => {
    const sheets = special.filter(([, list]) => list.has(c)).map(([name]) => name);
    return sheets.length && !everywhere.has(c) && !sheets.some((name) => text.includes(`/a/${name}.`));
  });
}

// A page is checked once per name: its HTML as sent, and how it can be used.
export async function inspect(page, name) {
  if (seen.has(name)) return;
  seen.add(name);
  const text = await (await page.request.get(page.url())).text().catch(() => '');
  const shown = page.isSentByGet ? text : await page.content();
  const faults = await htmlFaults(shown, `${name}.html`);
  writeFileSync(`${out}/${name}.html`, shown);
  check(faults.length === 0, `${name}: html-validate: ${faults.slice(0, 4).join('; ')}`);
  const bare = unstyled(shown);
  check(bare.length === 0, `${name}: classes without their sheet: ${bare.join(', ')}`);
  await accessible(page, name);
  await picture(page, name);
}

// The page that is open, in a window as narrow as a telephone (WCAG 1.4.10: 320 px, no sideways scrolling).
export async function inspectNarrow(page, name) {
  await page.setViewportSize(narrow);
  await accessible(page, `${name} (320px)`);
  const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  check(over <= 0, `${name} (320px): ${over} px wider than the window`);
  await picture(page, `${name}-320`);
  await page.setViewportSize(wide);
}

export async function look(person, path, name) {
  await person.go(path, name);
  await inspectNarrow(person.page, name);
}

// axe is put in past the page's own policy, once for each page that is loaded.
export async function putAxe(client) {
  const { result } = await client.send('Runtime.evaluate', { expression: '!!window.axe' });
  if (!result.value) await client.send('Runtime.evaluate', { expression: `${axeSource};0` });
}

// What axe finds wrong; with `unsure` also what it cannot decide by itself, each marked as such.
export async function runAxe(page, unsure = false, client = null) {
  const own = client || (await page.context().newCDPSession(page));
  await putAxe(own);
  const { result } = await own.send('Runtime.evaluate', {
    expression: `axe.run(document, { resultTypes: ['violations', 'incomplete'], runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice'] }).then(r => JSON.stringify(${unsure} ? r.violations.concat(r.incomplete.map(i => ({ ...i, unsure: true }))) : r.violations))`,
    awaitPromise: true,
  });
  if (!client) await own.detach();
  return JSON.parse(result.value);
}

export class Person {
  static async of(browser, account, javaScriptEnabled) {
    const p = new Person();
    p.account = account;
    p.context = await browser.newContext({ javaScriptEnabled, locale: 'zh-CN', reducedMotion: 'reduce', viewport: wide });
    p.page = await p.context.newPage();
    // A connection that lay idle for half a minute is closed by the server, perhaps as the next question leaves: asked once more.
    const get = p.context.request.get.bind(p.context.request);
    p.context.request.get = (url, o) => get(url, { maxRetries: 2, ...o });
    p.page.setDefaultTimeout(10000);
    p.page.hasScripts = javaScriptEnabled;
    p.faults = [];
    p.page.on('console', (m) => { if (m.type() === 'error' && !m.text().startsWith('Failed to load resource')) p.faults.push(m.text()); });
    p.page.on('pageerror', (e) => p.faults.push(String(e)));
    if (account) await p.login();
    return p;
  }
  async login() {
    await this.go('/login');
    await this.page.fill('#account', this.account);
    await this.page.fill('#password', password);
    await this.press('登录');
  }
  async prefer(name, value) {
    await this.go('/prefs');
    await this.page.check(`input[name="${name}"][value="${value}"]`);
    await this.press('保存');
  }
  async go(path, name) {
    const r = await this.page.goto(base + path);
    check(r.status() < 400, `${this.account}: GET ${path}: ${r.status()}`);
    if (name) await inspect(this.page, name);
  }
  async press(label, name) {
    await Promise.all([this.page.waitForLoadState('load'),
                       this.page.locator(`main button:has-text("${label}"), main a.btn:has-text("${label}")`).first().click()]);
    await this.page.waitForLoadState('load');
    if (name) await inspect(this.page, name);
  }
  async api(path) { return (await this.page.request.get(`${base}/api/v1${path}`)).json(); }
  async sees(text, what) {
    const body = await this.page.locator('body').innerText();
    check(body.includes(text), `${this.account}: ${what || `“${text}”`} on ${this.page.url()}: ${body.replace(/\s+/g, ' ').slice(60, 400)}`);
  }
  async hidden(text) {
    const body = await this.page.locator('body').innerText();
    check(!body.includes(text), `${this.account}: “${text}” must not be on ${this.page.url()}`);
  }
  async close() {
    check(this.faults.length === 0, `${this.account}: console: ${this.faults.slice(0, 3).join('; ')}`);
    await this.context.close();
  }
}

const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
const samples = [[/行业代码/, 'E47'], [/电话|手机/, '0429-3112345'], [/日期|时间/, '2027-03-15'], [/代码/, '91211400MA100000XX']];

// Fills whatever a generated form asks for: text by its label or type, radio by the last choice, a file.
export async function fillForm(page, values = {}, content = pdf) {
  for (const field of await page.locator('main form .field').all()) {
    const text = field.locator('input[type=text], textarea, select').first();
    const radios = field.locator('input[type=radio]');
    const file = field.locator('input[type=file]');
    const heading = field.locator('label, legend').first();
    if (!(await heading.count())) continue;
    const label = ((await heading.textContent()) || '').trim();
    if (await file.count()) {
      if (!label.includes('选填')) await file.setInputFiles({ name: '图纸.pdf', mimeType: 'application/pdf', buffer: content });
    } else if (await radios.count()) {
      if (!(await radios.last().isVisible())) continue; // the answer above does not bring it
      if (!(await field.locator('input[type=radio]:checked').count())) await radios.last().check();
    } else if (await text.count()) {
      const id = await text.getAttribute('id');
      if (values[id] !== undefined) { await put(text, values[id]); continue; }
      if (label.includes('选填') || (await text.inputValue())) continue;
      const mode = await text.getAttribute('inputmode');
      const sample = samples.find(([re]) => re.test(label));
      await put(text, mode === 'numeric' || mode === 'decimal' ? '1200' : mode === 'tel' ? '0429-3112345' : sample ? sample[1] : '示例内容');
    }
  }
}
async function put(input, value) {
  if ((await input.evaluate((e) => e.tagName)) === 'SELECT') {
    const options = await input.locator('option').evaluateAll((o) => o.map((x) => x.value).filter(Boolean));
    await input.selectOption(options.includes(value) ? value : options[0]);
  } else await input.fill(value);
}
