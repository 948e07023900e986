// SPDX-License-Identifier: Apache-2.0
// Measures every page and keeps what it finds (kept.mjs); table.mjs makes the sheet of it.
//   BASE, OUT;  --only PATTERN …  these pages, anew
import { open, base, totals } from '../browser/lib.mjs';
import { wayTable } from '../browser/ways.mjs';
import { accounts, crawl, patterns, session } from './crawl.mjs';
import { Kept } from './kept.mjs';
import * as measure from './measure.mjs';
import { make } from './requests.mjs';
import { shared } from './seat.mjs';
import { drawn } from './table.mjs';
import { openValidator } from './vnu.mjs';
import { loadavg } from 'node:os';

const out = process.env.OUT, kept = new Kept(`${out}/kept.jsonl`);
const only = process.argv.includes('--only') ? process.argv.slice(process.argv.indexOf('--only') + 1) : null;
const SEATS = 2; // one for each processor
const lists = /^\/(w|my|w\/projects|w\/super|w\/super\/lamps|w\/certs|w\/orders|msg)$/;
const QUIET = 2.5, CALM_S = 180; // one browser and one server are a load of about 1.5 by themselves
const quiet = () => loadavg()[0] < QUIET;
const seconds = (from) => `${((performance.now() - from) / 1000).toFixed(0)} s`;

// A stopwatch for the steps of one page: ms[step]
function stopwatch(ms) {
  return async (step, f) => {
    const from = performance.now();
    try { return await f(); } finally { ms[step] = Math.round((ms[step] || 0) + performance.now() - from); }
  };
}

// Everything of a page but its speed. One load without the cache tells the weight, the text that was sent and the shell; what needs no other load is done with it.
async function look(seat, { account, pattern, path }, validator) {
  const r = { account, pattern, path, ms: {} }, clock = stopwatch(r.ms), shots = `${out}/shots/${account}${pattern.replace(/[/{}]/g, '-')}`;
  let said, html;
  const first = async () => {
    const { text, ...w } = await clock('weight', () => measure.weight(seat, path, pattern.includes('/map') ? 180 : 30));
    r.weight = w;
    html = clock('html', () => measure.valid(text, path, validator)).catch((e) => e);
    r.shell = await clock('shell', () => measure.shell(seat.page, path, ['anyone', 'owner', 'agent'].includes(account)));
    said = await seat.page.evaluate(measure.words);
  };
  const last = async () => { r.keyboard = await clock('keyboard', () => measure.keyboard(seat)); };
  r.axe = await measure.accessible(seat, path, shots, { clock, first, last });
  await seat.dress('');
  r.plain = await clock('plain', () => measure.plain(seat, path, said));
  r.html = await html;
  if (r.html instanceof Error) throw r.html;
  if (drawn.has(pattern)) r.shell.faults.push(...r.shell.notes.filter((n) => n.includes('primary buttons')));
  return r;
}

async function speed(seat, { pattern, path }) {
  const before = quiet(), r = await measure.speed(seat, path, lists.test(pattern), peer);
  if (!r.faults.length || r.moved > 0 || (before && quiet())) return r;
  return { ...r, mark: null, faults: [`not judged at a load of ${loadavg()[0].toFixed(1)}: ${r.faults.join(', ')}`] };
}

// Which pages there are: asked once, by every account.
async function plan(loginOf) {
  const known = kept.get('plan');
  if (known) return known;
  const list = await patterns(), broken = [], pages = [], met = new Set();
  for (const account of accounts) {
    const login = await loginOf(account || 'anyone'), from = performance.now(), found = await crawl(login, list, broken);
    console.log(`${login.account}: ${found.size} pages, ${seconds(from)}`);
    for (const [pattern, { path }] of found) {
      if (met.has(pattern) && pattern !== login.home) continue; // the same page as somebody else's; homes differ by role
      met.add(pattern);
      pages.push({ account: login.account, pattern, path });
    }
  }
  return kept.put('plan', { pages, broken, unreached: list.filter((p) => !met.has(p)) });
}

async function walkedInto(loginOf) {
  const known = kept.get('plan'), more = kept.get('more');
  if (more) return more;
  const found = await crawl(await loginOf('owner'), await patterns(), known.broken);
  const pages = known.unreached.filter((p) => found.has(p)).map((pattern) => ({ account: 'owner', pattern, path: found.get(pattern).path }));
  kept.put('plan', { ...known, pages: [...known.pages, ...pages], unreached: known.unreached.filter((p) => !found.has(p)) });
  return kept.put('more', pages);
}

// Row 6 by itself, when the machine is quiet: after two browsers at once its load has to go down first.
async function calmly(browser, todo, loginOf) {
  for (const from = performance.now(); todo.length && !quiet() && performance.now() - from < CALM_S * 1000;) await new Promise((r) => setTimeout(r, 2000));
  return shared(browser, 1, todo, loginOf, async (seat, p) => { kept.put(`speed ${p.account} ${p.pattern}`, await speed(seat, p)); });
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1)); // at once: what is known is kept
const browser = await open(), peer = await measure.openPeer(), logins = new Map();
const loginOf = (account) => { // one login each; two seats may ask for it at once
  if (!logins.has(account)) logins.set(account, session(browser, account === 'anyone' ? null : account));
  return logins.get(account);
};
if (!kept.get('made')) kept.put('made', await make(browser, loginOf).then(() => true));
const { pages } = await plan(loginOf);
const asked = pages.filter((p) => !only || only.some((o) => p.pattern.startsWith(o))), id = (p) => `${p.account} ${p.pattern}`;
const todo = asked.filter((p) => only || !kept.get(`page ${id(p)}`));
if (todo.length < asked.length) console.log(`${asked.length - todo.length} of ${asked.length} pages are known from before`);
let from = performance.now(), done = 0;
const validator = todo.length || !only ? await openValidator() : null;
const stopped = await shared(browser, SEATS, todo, loginOf, async (seat, p) => {
  kept.put(`page ${id(p)}`, await look(seat, p, validator));
  if (++done % 20 === 0) console.log(`${done} of ${todo.length} pages, ${seconds(from)}`);
});
console.log(`${done} pages: ${seconds(from)}`);
from = performance.now();
const slow = asked.filter((p) => kept.get(`page ${id(p)}`) && (only || !(kept.get(`speed ${id(p)}`)?.mark > 0)));
stopped.push(...await calmly(browser, slow, loginOf));
// What is over is measured once more when all the others were: something beside a page makes it slower, nothing makes it faster than it is. What is over both times is over.
const twice = stopped.length ? [] : slow.filter((p) => kept.get(`speed ${id(p)}`).faults.length);
for (const p of twice) console.log(`once more: ${id(p)}: ${kept.get(`speed ${id(p)}`).faults.join(', ')}`);
stopped.push(...await calmly(browser, twice, loginOf));
console.log(`speed of ${slow.length} pages: ${seconds(from)}`);
// Row 7 by walking: each role's top task from its home. After the pages, because it acts.
from = performance.now();
if (!only && !kept.get('walked') && !stopped.length) {
  await wayTable(browser);
  kept.put('walked', totals());
  console.log(`ways: ${seconds(from)}`);
}
// What only an act leads to: the form that an agent has sent is checked by whom he works for.
if (!only && !stopped.length) {
  const more = await walkedInto(loginOf);
  stopped.push(...await shared(browser, 1, more.filter((p) => !kept.get(`speed ${id(p)}`)), loginOf, async (seat, p) => {
    kept.put(`page ${id(p)}`, await look(seat, p, validator));
    kept.put(`speed ${id(p)}`, await speed(seat, p));
  }));
  pages.push(...more);
}
if (!only && !stopped.length && pages.every((p) => kept.get(`speed ${id(p)}`)?.mark > 0)) kept.put('whole', true);
validator?.close();
peer.close();
await browser.close();
for (const s of stopped) console.log(`STOPPED ${s}`); // not kept: asked again by the next run
console.log(`load ${loadavg().map((l) => l.toFixed(1)).join(' ')}; ${base}`);
process.exit(stopped.length ? 1 : 0);
