// SPDX-License-Identifier: Apache-2.0
// What has been found out so far, so that a run that was broken off goes on where it stood: one line for each thing,
// written as soon as it is known; of two lines with the same key the later holds.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

export class Kept {
  constructor(file) {
    this.file = file;
    this.known = new Map();
    if (!existsSync(file)) return;
    const text = readFileSync(file, 'utf8');
    for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n').filter(Boolean)) {
      const { key, value } = JSON.parse(line);
      this.known.set(key, value);
    }
    if (text && !text.endsWith('\n')) appendFileSync(file, '\n'); // the run was ended within a line
  }
  get(key) { return this.known.get(key); }
  put(key, value) {
    this.known.set(key, value);
    appendFileSync(this.file, JSON.stringify({ key, value }) + '\n');
    return value;
  }
  // The values of the keys that begin so
  all(start) { return [...this.known].filter(([k]) => k.startsWith(start)).map(([, v]) => v); }
}
