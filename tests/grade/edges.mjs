// SPDX-License-Identifier: Apache-2.0
// The pages drawn in the design with the longest name and rare characters in them (tests/edges makes the store): nothing is wider than the window,
// axe finds nothing, and pictures are left to look at. OUT, BASE, EDGES.
import { open, check, totals } from '../browser/lib.mjs';
import { session } from './crawl.mjs';
import { Kept } from './kept.mjs';
import * as measure from './measure.mjs';
import { shared } from './seat.mjs';
import { readFileSync } from 'node:fs';

const browser = await open(), logins = new Map();
const loginOf = (account) => {
  if (!logins.has(account)) logins.set(account, session(browser, account === 'anyone' ? null : account));
  return logins.get(account);
};
const jobs = JSON.parse(readFileSync(process.env.EDGES, 'utf8')).map(([account, path]) => ({ account: account || 'anyone', path }));
const stopped = await shared(browser, 2, jobs.sort((a, b) => a.account.localeCompare(b.account)), loginOf, async (seat, { account, path }) => {
  const { faults } = await measure.accessible(seat, path, `${process.env.OUT}/shots/edge-${account}${path.replace(/[/?=]/g, '-')}`);
  check(faults.length === 0, `${path} with the longest name: ${faults.join('; ')}`);
});
await browser.close();
for (const s of stopped) check(false, s);
new Kept(`${process.env.OUT}/kept.jsonl`).put('edges', totals());
process.exit(totals().failed ? 1 : 0);
