// SPDX-License-Identifier: Apache-2.0
// The pages drawn in the design with the longest name and rare characters in them (tests/edges makes the store): nothing is wider than the window,
// axe finds nothing, and pictures are left to look at. OUT, BASE, EDGES.
import { open, check, totals } from '../browser/lib.mjs';
import { session } from './crawl.mjs';
import * as measure from './measure.mjs';
import { readFileSync } from 'node:fs';

const browser = await open(), contexts = new Map();
for (const [account, path] of JSON.parse(readFileSync(process.env.EDGES, 'utf8'))) {
  if (!contexts.has(account)) contexts.set(account, await session(browser, account));
  const context = contexts.get(account), page = await context.newPage();
  const name = `${process.env.OUT}/shots/edge-${account || 'anyone'}${path.replace(/[/?=]/g, '-')}`;
  const { faults } = await measure.accessible(context, page, path, name);
  check(faults.length === 0, `${path} with the longest name: ${faults.join('; ')}`);
  await page.close();
}
await browser.close();
const { passed, failed } = totals();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
