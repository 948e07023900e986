// SPDX-License-Identifier: Apache-2.0
// DuckDB as a peer, in memory, its narrowest types, words as an ENUM: node duck.mjs ITEMS.csv OUT QUESTIONS ROUNDS; prints "duckN_T_p50_us x"
// for question N with T threads, and the answers into OUT/duck-N.csv.
import { DuckDBInstance } from '@duckdb/node-api';
import { readFileSync, writeFileSync } from 'node:fs';
const [items, out, questions, rounds] = process.argv.slice(2);
const db = await (await DuckDBInstance.create(':memory:')).connect();
await db.run(`CREATE TABLE raw AS SELECT * FROM read_csv('${items}', header = false, columns = {unit: 'VARCHAR', stage: 'UTINYINT', month: 'USMALLINT',
  category: 'VARCHAR', county: 'VARCHAR', used: 'USMALLINT', late: 'UTINYINT'})`);
for (const c of ['unit', 'category', 'county']) await db.run(`CREATE TYPE ${c}_t AS ENUM (SELECT DISTINCT ${c} FROM raw ORDER BY 1)`);
await db.run('CREATE TABLE items AS SELECT unit::unit_t AS unit, stage, month, category::category_t AS category, county::county_t AS county, used, late FROM raw');
await db.run('DROP TABLE raw');
for (const line of readFileSync(questions, 'utf8').trim().split('\n')) {
  const [n, where] = line.split('|');
  const text = `SELECT unit, stage, month, count(*) AS n, sum(late) AS late, sum(used) AS used FROM items WHERE month > 0 AND ${where} GROUP BY ALL`;
  for (const threads of [1, 2]) {
    await db.run(`SET threads = ${threads}`);
    const took = [], used = process.cpuUsage();
    for (let i = 0; i < Number(rounds); i++) {
      const begin = process.hrtime.bigint();
      await db.run(text); // the result stays with DuckDB: fetching it into JavaScript is not counted
      took.push(Number(process.hrtime.bigint() - begin) / 1000);
    }
    took.sort((a, b) => a - b);
    const { user, system } = process.cpuUsage(used);
    console.log(`duck${n}_${threads}_cpu_us ${((user + system) / Number(rounds)).toFixed(0)}`);
    console.log(`duck${n}_${threads}_p50_us ${took[took.length >> 1].toFixed(0)}`);
  }
  const rows = await (await db.run(text)).getRows();
  writeFileSync(`${out}/duck-${n}.csv`, rows.map((r) => r.join(',')).join('\n') + '\n');
}
