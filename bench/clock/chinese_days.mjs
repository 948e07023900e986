// SPDX-License-Identifier: Apache-2.0
// Peer: npm chinese-days. See clock.c for the task. It takes and gives dates as text, as its users do; the texts
// are made before the clock starts.
import chineseDays from 'chinese-days';
const FIRST = 17532, DAYS = 3287, STARTS = 3167, CHECKED = 2000;
const iso = (n) => new Date(n * 864e5).toISOString().slice(0, 10);
const text = Array.from({ length: DAYS + 400 }, (_, i) => iso(FIRST + i));
const { isWorkday, findWorkday, getWorkdaysInRange } = chineseDays;
if (process.argv[2] === 'dump') {
  console.log(text.slice(0, DAYS).map((d) => (isWorkday(d) ? '1' : '0')).join(''));
  process.exit();
}
const step = (x) => (Math.imul(x, 1664525) + 1013904223) >>> 0;
const plain = (i, n) => findWorkday(n, text[i]);
function paused(i, n) {
  let lost = 0;
  for (let j = 0; j < 3; j++) lost += getWorkdaysInRange(text[i + 2 + 2 * j], text[i + 2 + 2 * j]).length;
  return findWorkday(n + lost, text[i]);
}
const ms = () => { const c = process.cpuUsage(); return (c.user + c.system) / 1e3; };
for (const n of [5, 20, 60]) for (const pauses of [0, 3]) {
  const due = pauses ? paused : plain;
  let x = 12345, checked = 0, best = Infinity;
  for (let k = 0; k < CHECKED; k++) { x = step(x); checked += Date.parse(due((x >>> 8) % STARTS, n)) / 864e5; }
  for (let r = 0; r < 5; r++) {
    const rounds = Math.ceil(60000 / n), t = ms();
    for (let k = 0; k < rounds; k++) { x = step(x); due((x >>> 8) % STARTS, n); }
    best = Math.min(best, (ms() - t) * 1e6 / rounds);
  }
  console.log(['chinese-days', n, pauses, best.toFixed(0), checked].join('\t'));
}
