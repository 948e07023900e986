// SPDX-License-Identifier: Apache-2.0
// Which pages there are, and who sees them: the rows of the interface (each page is one) and, as each role, the links
// from its home on. A page counts once for each row and kind of account; of /w/t/{id}/{n}/{item} the first that is met.
import { base, password } from '../browser/lib.mjs';

// One account for each role (demonstration accounts; anybody comes first).
export const accounts = [null, 'owner', 'agent', 'wang', 'zhao', 'ap-natural-resources', 'hd-housing-construction', 'wu', 'leader', 'ap-xingcheng', 'lead-housing-construction', 'drawer',
  'sys', 'sec', 'audit'];
const LINKS_MAX = 600; // of one account

export async function session(browser, account) {
  const context = await browser.newContext({ locale: 'zh-CN' });
  if (account) {
    const page = await context.newPage();
    await page.goto(`${base}/login`);
    await page.fill('#account', account);
    await page.fill('#password', password);
    await Promise.all([page.waitForURL((u) => !u.pathname.startsWith('/login')), page.locator('main button[type=submit]').first().click()]);
    context.home = new URL(page.url()).pathname;
    await page.close();
  } else context.home = '/';
  context.account = account || 'anyone';
  return context;
}

export async function patterns(request) {
  const { paths } = await (await request.get(`${base}/api/v1/openapi.json`)).json();
  return Object.entries(paths).filter(([, v]) => v.get).map(([p]) => p.replace('/api/v1', ''))
    .sort((a, b) => (a.match(/{/g) || []).length - (b.match(/{/g) || []).length);
}

export function patternOf(list, path) {
  const parts = path.split('/');
  if (parts[1] === 'en') return patternOf(list, path.slice(3) || '/'); // the same page in English
  return list.find((p) => {
    const want = p.split('/');
    return want.length === parts.length && want.every((w, i) => w.startsWith('{') || w === parts[i]);
  });
}

const hrefs = (html) => [...html.matchAll(/<(?:a|link|script|img)[^>]*?\s(?:href|src)="([^"]+)"/g)].map((m) => m[1].replaceAll('&amp;', '&'));

// Every page an account reaches: pattern → its first address. Links that do not answer go to `broken`.
export async function crawl(context, list, broken) {
  const found = new Map(), asked = new Set(), dead = new Set(), queue = [{ to: context.home }, { to: '/' }];
  for (let at; (at = queue.shift()) !== undefined && asked.size < LINKS_MAX;) {
    const path = at.to.split('#')[0];
    if (!path || asked.has(path) || (path.startsWith('/en/') && context.account !== 'anyone')) continue;
    const pattern = patternOf(list, path.split('?')[0]);
    // Of one row three addresses are opened: enough to meet its links, and a list of a thousand cases ends.
    const seen = found.get(pattern);
    if (pattern && seen && seen.count >= 3) continue;
    asked.add(path);
    const reply = await context.request.get(base + path, { maxRedirects: 5 });
    const type = reply.headers()['content-type'] || '';
    if (reply.status() >= 400) { // one of a kind is told
      const kind = `${at.from} ${pattern || path}`;
      if (!dead.has(kind)) broken.push(`${context.account}: ${path}: ${reply.status()}, linked on ${at.from}`);
      dead.add(kind);
      continue;
    }
    if (!type.startsWith('text/html')) continue;
    const html = await reply.text();
    const landed = new URL(reply.url()).pathname, name = patternOf(list, landed) || landed;
    const entry = found.get(name) || { path: new URL(reply.url()).pathname + new URL(reply.url()).search, count: 0 };
    entry.count++;
    found.set(name, entry);
    for (const h of hrefs(html)) if (h.startsWith('/') && !h.startsWith('//')) queue.push({ to: h, from: name });
  }
  return found;
}
