// SPDX-License-Identifier: Apache-2.0
// The verifier page without a browser: node page.mjs HTML KEYS FILE [good|bad|flips] …; prints failures.
import fs from "node:fs";
import vm from "node:vm";
import crypto from "node:crypto";

const [html, keysPath, ...rest] = process.argv.slice(2);
const script = /<script>([\s\S]*)<\/script>/.exec(fs.readFileSync(html, "utf8"))[1];
globalThis.crypto ??= crypto.webcrypto;
vm.runInThisContext(script);
const v = globalThis.yichuangVerify;
let failed = 0;
const check = (ok, what) => { if (!ok) { failed++; console.log("FAILED page: " + what); } };

// GB/T 32905-2016, examples 1 and 2
check(v.hex(v.sm3(v.utf8("abc"))) === "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0", "SM3 of abc");
check(v.hex(v.sm3(v.utf8("abcd".repeat(16)))) === "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732", "SM3 of 64 bytes");
for (const n of [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 1000]) {
  const m = new Uint8Array(n).fill(n);
  check(v.hex(v.sm3(m)) === crypto.createHash("sm3").update(m).digest("hex"), `SM3 of ${n} bytes`);
}
const keys = await v.keysRead(new Uint8Array(fs.readFileSync(keysPath)));
for (let i = 0; i < rest.length; i += 2) {
  const [file, want] = [rest[i], rest[i + 1]], bytes = new Uint8Array(fs.readFileSync(file));
  const r = await v.verify(keys, bytes);
  check(r.good === (want !== "bad"), `${file} is ${want}: ${r.why ?? "accepted"}`);
  if (want !== "flips") continue;
  let fooled = 0;
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    bytes[bit >> 3] ^= 1 << bit % 8;
    if ((await v.verify(keys, bytes)).good) fooled++;
    bytes[bit >> 3] ^= 1 << bit % 8;
  }
  check(fooled === 0, `${fooled} changed bits of ${file} accepted`);
}
process.exit(failed ? 1 : 0);
