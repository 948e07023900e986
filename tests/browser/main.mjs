// SPDX-License-Identifier: Apache-2.0
import { open, totals, check } from './lib.mjs';
import { walk } from './walk.mjs';
import { calendar } from './calendar.mjs';
import { publish } from './publish.mjs';
import { proof } from './proof.mjs';
import { personal } from './personal.mjs';
import { early } from './early.mjs';
import { map } from './map.mjs';
import { joint } from './joint.mjs';
import { finish } from './finish.mjs';
import { search } from './search.mjs';
import { random } from './random.mjs';
import { stats } from './stats.mjs';
import { pages, looks, doors, whatif, doubleClick, expired, english } from './roles.mjs';

const journeys = {
  'walk-script': (b) => walk(b, true), 'walk-plain': (b) => walk(b, false), pages, looks, doors, whatif, doubleClick, expired, english, calendar, publish, proof, personal, early, map, joint, finish, random, stats, search,
};
const wanted = process.argv.slice(2);
for (const name of wanted) check(name in journeys, `there is no journey ${name}`);
const browser = await open();
for (const [name, run] of Object.entries(journeys)) {
  if (wanted.length && !wanted.includes(name)) continue;
  const from = Date.now();
  try {
    await run(browser);
  } catch (e) {
    check(false, `${name}: ${String(e.message).split('\n').slice(0, 3).join(' ')} ${String(e.stack).match(/(walk|roles|calendar|publish|search|map|lib)\.mjs:\d+/g)?.join(' ')}`);
  }
  console.log(`${name}: ${Math.round((Date.now() - from) / 1000)} s`);
}
await browser.close();
const { passed, failed } = totals();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
