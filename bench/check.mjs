// SPDX-License-Identifier: Apache-2.0
// Both servers must give the same answers before anything is measured: the same case numbers in the same order, the
// same stages, items and timeline, and pages of the same length within a tenth.
//   node check.mjs OURS SESSION PEER SESSION NUMBERS
import fs from 'node:fs'
const [ours, ourSession, peer, peerSession, numbers] = process.argv.slice(2)
const get = async (base, path, session) => {
  const r = await fetch(base + path, { headers: session ? { cookie: 'sid=' + session } : {}, redirect: 'manual' })
  if (r.status !== 200) throw new Error(`${base}${path}: ${r.status}`)
  return r.text()
}
const all = (text, pattern) => [...text.matchAll(pattern)].map((m) => m.slice(1).map((s) => s.trim()).join('|'))
const shape = {
  worklist: (t) => ({
    numbers: all(t, /<span class="hint">(HLD-[0-9A-Z-]+)<\/span>/g),
    items: all(t, /<\/th><td>([^<]*)<\/td><td>([^<]*)<\/td><td><span class="lamp lamp--(.)/g),
    lamps: all(t, /<strong[^>]*>(\d+)<\/strong>/g),
  }),
  tracking: (t) => ({
    number: all(t, /<title>[^<]*(HLD-[0-9A-Z-]+)/g),
    stages: all(t, /<h3>([^<]*)<span class="tag[^"]*">([^<]*)<\/span><\/h3>/g),
    items: all(t, /<tr><th scope="row">([^<]*)[^]*?<\/th><td>([^<]*)<\/td><td>([^<（]*)/g).sort(),
    timeline: all(t, /<time datetime="([^"]*)">[^<]*<\/time>　([^<]*)/g).filter((x) => x.includes('T')),
  }),
}
const faults = []
const compare = (kind, path, a, b) => {
  const x = shape[kind](a)
  const y = shape[kind](b)
  for (const key of Object.keys(x)) {
    if (!x[key].length && kind === 'worklist') faults.push(`${path}: no ${key}`)
    if (JSON.stringify(x[key]) === JSON.stringify(y[key])) continue
    const at = x[key].findIndex((v, i) => v !== y[key][i])
    faults.push(`${path}: ${key} differ: ${x[key].length} and ${y[key].length}; ${x[key][at]} and ${y[key][at]}`)
  }
  const bytes = [Buffer.byteLength(a), Buffer.byteLength(b)]
  if (Math.abs(bytes[0] - bytes[1]) > bytes[0] / 10) faults.push(`${path}: ${bytes[0]} and ${bytes[1]} bytes`)
  return bytes
}
const sum = [0, 0]
const w = compare('worklist', '/w', await get(ours, '/w', ourSession), await get(peer, '/w', peerSession))
const list = fs.readFileSync(numbers, 'utf8').trim().split('\n')
for (const number of list) {
  const path = '/track/' + number
  const bytes = compare('tracking', path, await get(ours, path), await get(peer, path))
  sum[0] += bytes[0]
  sum[1] += bytes[1]
}
for (const f of faults.slice(0, 20)) console.error(f)
console.log(`answers: worklist ${w[0]} and ${w[1]} bytes, ${list.length} tracking pages of ${Math.round(sum[0] / list.length)} and ${Math.round(sum[1] / list.length)} bytes on average, ${faults.length} differences`)
process.exit(faults.length ? 1 : 0)
