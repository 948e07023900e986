// SPDX-License-Identifier: Apache-2.0
// The pictures of docs/user/, made from the demonstration: each line of pictures.txt is a page as somebody sees it. What
// a page says is remembered beside its picture (img/sums.txt): with CHECK=1 no picture is made, and one whose page says
// something else by now is told to be out of date.
import { open, check, totals, Person } from '../browser/lib.mjs';
import { readFileSync, writeFileSync, readdirSync } from 'node:fs';
import { createHash } from 'node:crypto';

const dir = 'docs/user', checking = !!process.env.CHECK;
const lines = readFileSync(`${dir}/pictures.txt`, 'utf8').split('\n').filter((l) => l && !l.startsWith('#')).map((l) => l.split(/\s+/));
const sums = new Map(readFileSync(`${dir}/img/sums.txt`, { encoding: 'utf8', flag: 'a+' }).split('\n').filter(Boolean).map((l) => l.split(' ').reverse()));

const first = (list, what) => { if (!list?.length) throw new Error(`the demonstration has nobody who ${what}`); return list[0]; };
const spot = (c) => `${c.project}/${c.stage}`;
const holes = {
  number: async () => 'HLD-000061-1',
  open: async (p) => String(first((await p.api('/my')).projects.filter((x) => x.stage_status === '可申报'), 'may apply').no),
  correction: async (p) => String(first((await p.api('/my')).projects.filter((x) => x.turn_word === '补正'), 'has something to correct').no),
  arrived: async (p) => spot(first((await p.api('/w')).arrived, 'waits for acceptance')),
  slip: async (p) => spot(first((await p.api('/w')).to_slip, 'waits for a slip')),
  dispatch: async (p) => spot(first((await p.api('/w')).slips, 'waits for dispatch')),
  item: async (p) => { const i = first((await p.api('/w')).items.filter((x) => x.status_label === '办理中'), 'has taken an item'); return `${spot(i)}/${i.code}`; },
  visit: async (p) => String(first((await p.api('/w/a')).acceptances, 'accepts').no),
};
async function filled(person, path) {
  for (const [hole] of path.matchAll(/{(\w+)}/g)) {
    const name = hole.slice(1, -1);
    path = path.replace(hole, name === 'open_stage' ? '1' : await holes[name](person));
  }
  return path;
}

const browser = await open();
const people = new Map(), fresh = [];
for (const [name, account, path] of lines) {
  if (!people.has(account)) people.set(account, await Person.of(browser, account === '-' ? null : account, true));
  const p = people.get(account);
  try {
    await p.go(await filled(p, path));
    await p.page.setViewportSize({ width: 900, height: 640 });
    const words = (await p.page.locator('main').innerText()).replace(/\s+/g, ' ').replace(/\d{2}:\d{2}/g, ''); // a page says when it was made
    const sum = createHash('sha256').update(words).digest('hex').slice(0, 24);
    fresh.push(`${sum} ${name}`);
    if (checking) check(sums.get(name) === sum, `docs/user/img/${name}.png shows another page than there is now: make guide`);
    else await p.page.screenshot({ path: `${dir}/img/${name}.png` });
  } catch (e) { check(false, `${name}: ${e.message.split('\n')[0]}`); }
}
await browser.close();
if (!checking) writeFileSync(`${dir}/img/sums.txt`, fresh.join('\n') + '\n');

// Each picture that a guide shows is in the list, and each of the list is shown.
const shown = new Set(readdirSync(dir).filter((f) => f.endsWith('.md')).flatMap((f) => [...readFileSync(`${dir}/${f}`, 'utf8').matchAll(/\(img\/([\w-]+)\.png\)/g)].map((m) => m[1])));
for (const [name] of lines) check(shown.delete(name), `${name} is in no guide`);
check(shown.size === 0, `no picture is made of ${[...shown]}`);
const { passed, failed } = totals();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
