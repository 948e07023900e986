// SPDX-License-Identifier: Apache-2.0
// The sheet out of what is kept: OUT/table.md and table.json, and in short what fails, the means, and what nobody has judged yet.
import { Kept } from './kept.mjs';
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const rows = ['axe', 'html', 'keyboard', 'plain', 'weight', 'speed'];
// The pages drawn in the design: 3.5 is asked of them, 3 of the others.
export const drawn = new Set(['/', '/s/stage/{n}', '/my/{id}', '/my/{id}/stage/{n}', '/w/c/{id}/{n}', '/w', '/w/t/{id}/{n}/{item}', '/w/a/{no}', '/map/check/{no}', '/w/super', '/w/l/{code}', '/open/doc/{id}']);

// The address of an asset has the hash of its bytes in it: /a/draw.0123456789ab.html
const unversioned = (path) => path.replace(/\.[0-9a-f]{12}\./, '.');
// Rows 7 to 12 are given by people: docs/grade.md has them as a table.
function given() {
  const marks = new Map();
  for (const line of readFileSync('docs/grade.md', 'utf8').split('\n')) {
    const cell = line.split('|').map((s) => s.trim());
    if (cell.length > 8 && cell[1].startsWith('`/')) marks.set(unversioned(cell[1].replaceAll('`', '')), cell.slice(2, 8).map(Number));
  }
  return marks;
}

const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
function judge(t, marks) {
  const own = rows.map((r) => t[r]?.mark ?? null), people = marks.get(unversioned(t.pattern)) || [];
  t.mean = mean([...own.filter((m) => m !== null), ...people]);
  t.faults = [...rows.flatMap((r) => t[r]?.faults || ['not measured']), ...t.shell.faults];
  t.gates = rows.filter((r, i) => own[i] !== null && own[i] < 3);
  if (t.shell.faults.length) t.gates.push('shell');
  if (t.mean < (drawn.has(t.pattern) ? 3.5 : 3) && t.speed?.mark > 0) t.gates.push('mean'); // a mean without one of its rows decides nothing
  const notes = [...t.shell.notes.map((n) => `(${n})`), ...t.axe.unsure.slice(0, 2).map((u) => `(axe is not sure: ${u})`)];
  return `| \`${t.pattern}\` | ${t.account} | ${own.map((m) => m ?? '·').join(' | ')} | ${Array.from({ length: 6 }, (_, i) => people[i] ?? '').join(' | ')} | ${t.mean.toFixed(2)} | ${[...t.faults, ...notes].join('; ').replaceAll('|', '\\|')} |`;
}

const count = (list) => Object.entries(list.reduce((n, k) => ({ ...n, [k]: (n[k] || 0) + 1 }), {})).map(([k, n]) => `${k} ${n}`).join(', ') || 'none';
function means(what, list) {
  if (!list.length) return;
  const sorted = list.map((t) => t.mean).sort((a, b) => a - b), at = (p) => sorted[Math.floor((sorted.length - 1) * p)].toFixed(2);
  console.log(`${what}: means ${at(0)} to ${at(1)}, ${at(0.5)} in the middle (${list.length})`);
}

// Where the time went: the seconds of each step over all pages
function times(table) {
  const sum = {};
  for (const t of table) for (const [step, ms] of Object.entries(t.ms)) sum[step] = (sum[step] || 0) + ms;
  console.log(`seconds of each step: ${Object.entries(sum).sort((a, b) => b[1] - a[1]).map(([k, v]) => `${k} ${(v / 1000).toFixed(0)}`).join(', ')}`);
}

export function sheet(out) {
  const kept = new Kept(`${out}/kept.jsonl`), marks = given(), { pages, broken, unreached } = kept.get('plan');
  const table = kept.all('page ').map((t) => ({ ...t, speed: kept.get(`speed ${t.account} ${t.pattern}`) }));
  const lines = ['| page | as | ' + rows.map((r, i) => `${i + 1} ${r}`).join(' | ') + ' | 7 | 8 | 9 | 10 | 11 | 12 | mean | faults |', '|---'.repeat(16) + '|'];
  for (const t of table) lines.push(judge(t, marks));
  writeFileSync(`${out}/table.md`, lines.join('\n') + '\n');
  writeFileSync(`${out}/table.json`, JSON.stringify(table, null, 1));
  const failed = table.filter((t) => t.gates.length), met = new Set(pages.map((p) => unversioned(p.pattern)));
  const walked = kept.get('walked') || { passed: 0, failed: 0 }, edges = kept.get('edges') || { passed: 0, failed: 0 };
  console.log(`rows of the interface that no link leads to, or that are no pages: ${unreached.join(' ')}`);
  for (const b of broken) console.log(`BROKEN ${b}`);
  for (const t of failed) console.log(`FAILED ${t.account} ${t.path}: ${t.gates.join(', ')}: ${t.faults.join('; ')}`);
  times(table);
  console.log(`${table.length} of ${pages.length} pages measured, speed not judged on ${table.filter((t) => !(t.speed?.mark > 0)).length}; table in ${out}/table.md`);
  console.log(`failures by gate: ${count(failed.flatMap((t) => t.gates))}; dead links ${broken.length}; ways ${walked.failed} of ${walked.passed + walked.failed}; edges ${edges.failed} of ${edges.passed + edges.failed}`);
  means('all', table);
  means('drawn', table.filter((t) => drawn.has(t.pattern)));
  console.log(`not in the table of docs/grade.md: ${[...met].filter((p) => !marks.has(p)).join(' ') || 'none'}`);
  console.log(`in it, but not met: ${[...marks.keys()].filter((p) => !met.has(p)).join(' ') || 'none'}`);
  const bad = failed.length + broken.length + walked.failed + edges.failed;
  console.log(`${table.length - failed.length + walked.passed + edges.passed} passed, ${bad} failed`);
  return bad === 0;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) process.exit(sheet(process.env.OUT) ? 0 : 1);
