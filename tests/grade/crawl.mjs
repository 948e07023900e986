// SPDX-License-Identifier: Apache-2.0
// Which pages there are, and who sees them: the rows of the interface (each page is one) and, as each role, the links
// from its home on. A page counts once for each row and kind of account; of /w/t/{id}/{n}/{item} the first that is met.
import { base, password } from '../browser/lib.mjs';

// One account for each role (demonstration accounts; anybody comes first).
export const accounts = [null, 'owner', 'agent', 'wang', 'zhao', 'ap-natural-resources', 'hd-housing-construction', 'wu', 'leader', 'ap-xingcheng', 'lead-housing-construction', 'drawer',
  'surveyor', 'ap-water-company', 'ap-development-reform', 'editor', 'reviewer1', 'sys', 'sec', 'audit'];
const LINKS_MAX = 2000; // of one account
const EACH_MAX = 8; // addresses of one row that are opened: enough to meet its links, and a list of a thousand cases ends
const AT_ONCE = 4; // asked together; their answers are taken in their order, so that two runs go the same way

export async function session(browser, account) {
  const login = { account: account || 'anyone', home: '/', state: undefined };
  if (!account) return login;
  const context = await browser.newContext({ locale: 'zh-CN' }), page = await context.newPage();
  await page.goto(`${base}/login`);
  await page.fill('#account', account);
  await page.fill('#password', password);
  await Promise.all([page.waitForURL((u) => !u.pathname.startsWith('/login')), page.locator('main button[type=submit]').first().click()]);
  login.home = new URL(page.url()).pathname;
  login.state = await context.storageState();
  login.cookie = login.state.cookies.map((c) => `${c.name}=${c.value}`).join('; ');
  await context.close();
  return login;
}

export async function patterns() {
  const { paths } = await (await fetch(`${base}/api/v1/openapi.json`)).json();
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

async function ask(login, at) {
  const reply = await fetch(base + at.path, { headers: login.cookie ? { cookie: login.cookie } : {} });
  const html = (reply.headers.get('content-type') || '').startsWith('text/html') && reply.ok;
  const text = html ? await reply.text() : (await reply.arrayBuffer(), '');
  return { ...at, status: reply.status, html, text, to: new URL(reply.url) };
}

// The next addresses of the queue that are worth asking
function next(queue, login, list, found, asked) {
  const batch = [];
  while (queue.length && batch.length < AT_ONCE && asked.size < LINKS_MAX) {
    const at = queue.shift(), path = at.to.split('#')[0];
    if (!path || asked.has(path) || (path.startsWith('/en/') && login.account !== 'anyone')) continue;
    const pattern = patternOf(list, path.split('?')[0]);
    if (pattern && found.get(pattern)?.count >= EACH_MAX) continue;
    asked.add(path);
    batch.push({ path, pattern, from: at.from });
  }
  return batch;
}

// Every page an account reaches: pattern → its first address. Links that do not answer go to `broken`.
export async function crawl(login, list, broken) {
  const found = new Map(), asked = new Set(), dead = new Set(), queue = [{ to: login.home }, { to: '/' }];
  for (let batch; (batch = next(queue, login, list, found, asked)).length;)
    for (const reply of await Promise.all(batch.map((at) => ask(login, at)))) {
      if (reply.status >= 400) { // one of a kind is told
        const kind = `${reply.from} ${reply.pattern || reply.path}`;
        if (!dead.has(kind)) broken.push(`${login.account}: ${reply.path}: ${reply.status}, linked on ${reply.from}`);
        dead.add(kind);
      }
      if (!reply.html) continue;
      const name = patternOf(list, reply.to.pathname) || reply.to.pathname;
      const entry = found.get(name) || { path: reply.to.pathname + reply.to.search, count: 0 };
      entry.count++;
      found.set(name, entry);
      for (const h of hrefs(reply.text)) if (h.startsWith('/') && !h.startsWith('//')) queue.push({ to: h, from: name });
    }
  return found;
}
