// SPDX-License-Identifier: Apache-2.0
// One look at each role's pages: axe at two widths, dark and large type; double click, lost update, language.
import { readFileSync } from 'node:fs';
import { Person, check, look, inspectNarrow, base, inspect } from './lib.mjs';

export async function pages(browser) {
  const publicPages = ['/', '/s/time', '/s/list', '/s/item/fire-design-filing', '/s/flow/renovation', '/s/advisor', '/s/advisor?ask=1&invest=social&build=industry&land=grant', '/s/clocks?start=2019-09-27', '/s/stage/1', '/s/form/1', '/screen/guide/1', '/s/stage/3', '/clause/D60-4.13-p7', '/s/leaders?unit=audit', '/s/samples/1', '/s/l/kindergarten', '/track', '/login', '/signup',
    '/a11y', '/privacy', '/contact', '/sitemap', '/error-report', '/ratings'];
  const anyone = await Person.of(browser, null, true);
  for (const path of publicPages) {
    const name = path === '/' ? 'home' : path.slice(1).replace(/[/?=&]/g, '-');
    await look(anyone, path, name);
  }
  await anyone.close();
  const staff = [['wu', ['/w/super', '/w/super/nodes', '/w/whatif', '/w/whatif?run=1&d-industry-3=20&item=planning-permit&order=after&after=scheme-review&unit=county', '/w/super/signs', '/w/super/lamps', '/w/super/orders', '/w/orders/5', '/w/super/samples/1', '/w/bulletins/1', '/w/outside', '/w/super/report', '/w/lib/1', '/w/days/1/1', '/w/projects']], ['wang', ['/w', '/w/projects', '/archive/1']], ['zhao', ['/w', '/w/report', '/w/report/acts?kind=accepted&period=month', '/w/exempt/1', '/w/ratings']],
    ['ap-natural-resources', ['/w', '/w?view=done', '/w?lamp=red']], ['owner', ['/my', '/my/new', '/msg', '/msg/contact', '/prefs/password']], ['sys', ['/adm/users', '/adm/outbox', '/adm/access/new']], ['sec', ['/adm/access', '/adm/access/4']],
    ['leader', ['/w/super']], ['hd-longgang', ['/w/l/kindergarten', '/w/l/kindergarten/6', '/w/l/reclamation/new']]];
  for (const [account, paths] of staff) {
    const p = await Person.of(browser, account, true);
    for (const path of paths) {
      const name = `${account}-${path.slice(1).replace(/[/?=&]/g, '-')}`;
      await look(p, path, name);
    }
    await p.close();
  }
}

// What is left out of a style sheet when it is built in means nothing: the browser reads the same rules out of both.
async function sheetsSayTheSame(browser) {
  const p = await Person.of(browser, null, true), plain = (s) => s.replace(/\s+/g, ' ').replace(/\s*,\s*/g, ',').replace(/:\s/g, ':');
  for (const [name, path] of [['s', '/map'], ['map', '/map'], ['stat', '/s/flow/industry'], ['paper', '/open/doc/D64']]) {
    const link = (await (await p.page.request.get(base + path)).text()).match(new RegExp(`/a/${name}\\.[0-9a-f]+\\.css`))?.[0];
    const served = await (await p.page.request.get(base + link)).text(), source = readFileSync(`src/web/static/${name}.css`, 'utf8');
    const [a, b] = await p.page.evaluate((texts) => texts.map((text) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text); return [...sheet.cssRules].map((r) => r.cssText); }), [served, source]);
    check(served.length < source.length && a.length > 20 && plain(a.join('\n')) === plain(b.join('\n')), `${name}.css says what its source says`);
  }
  await p.close();
}

export async function looks(browser) {
  await sheetsSayTheSame(browser);
  for (const [name, value] of [['theme', 'dark'], ['size', 'large']]) {
    const p = await Person.of(browser, 'owner', true);
    await p.prefer(name, value);
    check((await p.page.locator('html').getAttribute(`data-${name}`)) === value, `the page is ${value}`);
    for (const path of ['/', '/my', '/my/new', '/s/stage/1']) await look(p, path, `${value}${path.replaceAll('/', '-')}`);
    await p.close();
  }
}

export async function doors(browser) {
  // Each role begins where its work is.
  for (const [account, home] of [['wu', '/w/super'], ['leader', '/w/stats/sheet'], ['wang', '/w'], ['zhao', '/w'], ['owner', '/my'], ['sys', '/adm/users']]) {
    const p = await Person.of(browser, account, false);
    check(new URL(p.page.url()).pathname === home, `${account} begins at ${p.page.url()}`);
    await p.close();
  }
  // A department sees its own items only; nobody reaches another role's page.
  const li = await Person.of(browser, 'ap-natural-resources', false);
  const mine = await li.api('/w');
  check(mine.items.length > 0 && mine.items.every((i) => i.unit_name === mine.unit_name), 'only own items');
  check(mine.items.every((i) => i.lamp && i.lamp.code), 'exactly one lamp each');
  const left = mine.items.map((i) => i.left);
  check(left.every((v, i) => i === 0 || left[i - 1] <= v), `sorted by days left: ${left.slice(0, 12)}`);
  for (const path of ['/w/super', '/my', '/adm/users'])
    check((await li.page.request.get(base + path, { maxRedirects: 0 })).status() === 403, `${path} is closed to a department`);
  await li.close();
  // Without a session a page of staff leads to the login page.
  const anyone = await Person.of(browser, null, false);
  await anyone.page.goto(base + '/w');
  check(anyone.page.url().includes('/login'), 'nobody is led to the login page');
  await anyone.page.goto(base + '/nothing-here');
  await anyone.sees('没有');
  await anyone.close();
}

// A draft made by filling in the form, with and without scripts: nothing typed is lost, numbers have their whole.
export async function whatif(browser) {
  for (const scripts of [false, true]) {
    const wu = await Person.of(browser, 'wu', scripts);
    await wu.go('/w/super');
    await wu.page.locator('main a:has-text("政策模拟")').click();
    check((await wu.page.inputValue('#d-industry-1')) === '7', 'the limits in force stand in the form');
    await wu.press('开始模拟', 'whatif-nothing');
    await wu.sees('请至少改一个数');
    await wu.page.fill('#d-industry-3', '二十');
    await wu.page.fill('#d-industry-4', '９');
    await wu.page.selectOption('#order', 'after');
    await wu.press('开始模拟', 'whatif-errors');
    if (scripts) await inspectNarrow(wu.page, 'whatif-errors');
    check((await wu.page.locator('#errsum li').count()) === 2, 'both faults are listed');
    check((await wu.page.inputValue('#d-industry-3')) === '二十', 'what was typed stays');
    check((await wu.page.inputValue('#order')) === 'after', 'what was chosen stays');
    await wu.page.fill('#d-industry-3', '12');
    await wu.page.selectOption('#item', 'planning-permit');
    await wu.page.selectOption('#after', 'land-preview');
    await wu.press('开始模拟');
    await wu.sees('同一阶段的事项');
    await wu.page.selectOption('#after', 'scheme-review');
    await wu.page.selectOption('#unit', 'housing-construction');
    await wu.press('开始模拟', 'whatif-result');
    await wu.sees('草案改动 4 处');
    check((await wu.page.inputValue('#d-industry-3')) === '12', 'the draft stays in the form beside its result');
    const all = (await wu.api('/w/projects')).total;
    await wu.sees(`共 ${all} 个项目`);
    check((await wu.page.locator('svg.bars rect.is').count()) === (await wu.page.locator('table:has(caption:has-text("各类别、各阶段")) tbody tr').count()), 'a pair of bars for each row of the table');
    const url = new URL(wu.page.url());
    const { result } = await wu.api(url.pathname + url.search);
    const cell = result.cells.find((c) => c.category === 'industry' && c.stage === 3);
    check(cell.limit_now === 24 && cell.limit_draft === 12 && cell.late_draft > cell.late_now, `shorter is later: ${cell.late_now} → ${cell.late_draft}`);
    const sum = (key) => result.cells.reduce((n, c) => n + c[key], 0);
    check(sum('late_draft') === result.all.late_draft && sum('counted_now') === result.all.counted_now, 'the rows add up to the total');
    const moved = result.units.find((u) => u.unit === 'housing-construction'), from = result.units.find((u) => u.unit === 'natural-resources');
    check(moved.items_draft - moved.items_now === from.items_now - from.items_draft && moved.items_draft > moved.items_now, 'the unit takes the load along');
    await wu.close();
  }
  const sys = await Person.of(browser, 'sys', false);
  check(sys.page.url().endsWith('/adm/users'), `an administrator still begins with the accounts: ${sys.page.url()}`);
  await sys.go('/w/whatif');
  await sys.close();
  const li = await Person.of(browser, 'ap-natural-resources', false);
  check((await li.page.request.get(`${base}/w/whatif`, { maxRedirects: 0 })).status() === 403, 'what if is closed to a department');
  await li.close();
}

export async function doubleClick(browser) {
  const clerk = await Person.of(browser, 'wang', false);
  const list = (await clerk.api('/w')).arrived;
  if (!check(list.length > 0, 'the demonstration has an application that waits')) return;
  let at = null; // one that the check against the one blueprint does not hold up
  for (const one of list) at ??= (await clerk.api(`/w/c/${one.project}/${one.stage}`)).can_take ? one : null;
  if (!check(at, 'one that waits can be accepted')) return;
  const { project, stage } = at;
  await clerk.go(`/w/c/${project}/${stage}`);
  const form = await clerk.page.locator('form:has(button[value=accept])').evaluate((f) =>
    Object.fromEntries([...f.querySelectorAll('input')].map((i) => [i.name, i.value])));
  form.act = 'accept';
  const send = () => clerk.page.request.post(`${base}/w/c/${project}/${stage}`, { form, headers: { origin: base }, maxRedirects: 0 });
  const before = (await clerk.api(`/w/c/${project}/${stage}`)).timeline.length;
  const other = await Person.of(browser, 'sun', true);
  const arrived = other.page.locator(`section:has(#g1) a[href="/w/c/${project}/${stage}"]`);
  check((await arrived.count()) === 1, 'the other clerk sees the application that waits');
  const answers = await Promise.all([send(), send(), send()]);
  check(answers.every((a) => a.status() === 303), `three clicks, one answer: ${answers.map((a) => a.status())}`);
  const after = (await clerk.api(`/w/c/${project}/${stage}`)).timeline.length;
  check(after === before + 1, `one event of three clicks: ${after - before}`);
  await arrived.waitFor({ state: 'detached', timeout: 15000 }).catch(() => {});
  check((await arrived.count()) === 0, 'what one clerk has accepted leaves the list that the other has open');
  await other.close();
  // Without the token nothing happens.
  const forged = await clerk.page.request.post(`${base}/w/c/${project}/${stage}`, { form: { act: 'slip' }, headers: { origin: 'http://evil.example' }, maxRedirects: 0 });
  check(forged.status() === 403, `a forged form is refused: ${forged.status()}`);
  await clerk.close();
}

export async function expired(browser) {
  // A session that ended while a form was being filled: the text comes back after the login.
  const owner = await Person.of(browser, 'owner', false);
  await owner.go('/my/new');
  await owner.page.fill('#name', '会话过期也不能丢的名称');
  await owner.context.clearCookies();
  await owner.press('登记', 'resume');
  await owner.page.fill('#account', 'owner');
  await owner.page.fill('#password', 'Yichuang-2026');
  await owner.press('登录');
  for (let i = 0; i < 2 && !(await owner.page.locator('#name').count()); i++) await owner.page.locator('main button').first().click();
  check((await owner.page.inputValue('#name')) === '会话过期也不能丢的名称', 'what was typed survives an expired session');
  await owner.close();
}

// What is Chinese on an English page: texts outside elements that say so, attributes that are read out, and our own
// words (labels, states, headings) that hide behind such an element because they have no English.
const chinese = () => {
  const han = /\p{Script=Han}/u, bad = [];
  const spoken = ['alt', 'title', 'placeholder', 'aria-label', 'content'];
  const walk = (e) => {
    if (e.lang === 'zh-CN') return;
    for (const a of spoken) if (han.test(e.getAttribute(a) || '')) bad.push(`${e.localName}[${a}]: ${e.getAttribute(a)}`);
    for (const n of e.childNodes) {
      if (n.nodeType === 1) walk(n);
      if (n.nodeType === 3 && han.test(n.data)) bad.push(`${e.localName}: ${n.data.trim()}`);
    }
  };
  walk(document.documentElement);
  const own = 'main h2, main h3, main label, main legend, main button, main th[scope=col], main caption, main .tag, main .lamp, main .err, main .errsum li, main dt, nav, footer';
  for (const e of document.querySelectorAll(own))
    for (const z of e.querySelectorAll('[lang="zh-CN"]')) if (!z.closest('button')) bad.push(`${e.localName} not translated: ${z.textContent}`);
  for (const li of document.querySelectorAll('.events li')) {
    const words = [...li.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join('');
    if (!/[a-z]/i.test(words)) bad.push(`event not translated: ${li.textContent}`);
  }
  return bad;
};

async function inEnglish(p, path) {
  check((await p.page.locator('html').getAttribute('lang')) === 'en', `${path} says it is English`);
  const bad = await p.page.evaluate(chinese);
  check(bad.length === 0, `${path} in English has Chinese: ${bad.slice(0, 5).join('; ')}`);
}

export async function english(browser) {
  const wu = await Person.of(browser, 'wu', false);
  // One project for each state of a stage that the demonstration has.
  const projects = (await wu.api('/w/projects')).projects;
  const parcels = [...new Map(projects.map((x) => [`${x.stage} ${x.stage_status}`, `/track/${x.number}`])).values()];
  check(parcels.length >= 8, `projects in many states: ${parcels.length}`);
  await wu.close();
  const p = await Person.of(browser, null, true);
  await p.prefer('lang', 'en');
  const pages = ['/', '/s/time', '/s/list', '/s/item/land-preview', '/s/flow/industry', '/s/form/3', '/s/advisor?ask=1&invest=social&build=industry&land=grant', '/s/advisor?ask=1&invest=gov&build=industry', '/s/clocks?start=2019-09-27', '/s/stage/1', '/s/stage/2', '/s/stage/3', '/s/stage/4', '/clause/D60-4.13-p7', '/track', '/track?no=none',
    '/login', '/signup', '/prefs', '/a11y', '/privacy', '/contact', '/sitemap', '/error-report', '/nothing-here', '/clause/none',
    '/track/none', '/s/stage/9', ...parcels];
  let looked = 0;
  for (const path of pages) {
    const name = `en-${path === '/' ? 'home' : path.slice(1).replace(/[/?=]/g, '-')}`;
    const reply = await p.page.goto(base + path);
    await inspect(p.page, name);
    await inEnglish(p, path);
    if (reply.status() >= 400 && !(await p.page.locator('main [class]:not(.back)').count()))
      check((await p.page.locator('main [lang="zh-CN"]').count()) === 0, `${path}: the refusal is English`);
    if (path.startsWith('/track/HLD') && ++looked > 3) continue; // the same page again
    await inspectNarrow(p.page, name);
  }
  for (const [path, label, name] of [['/login', 'Log in', 'en-login-errors'], ['/signup', 'Create account', 'en-signup-errors']]) {
    await p.page.goto(base + path);
    await p.press(label, name);
    check((await p.page.locator('#errsum').count()) === 1, `${path}: what is missing is listed`);
    await inEnglish(p, `${path} with errors`);
  }
  await p.go('/');
  await p.sees('working days');
  await p.go('/s/stage/1');
  check((await p.page.locator('main [lang="zh-CN"]').count()) > 5, 'names of documents say that they are Chinese');
  await p.close();
}
