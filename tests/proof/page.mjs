// SPDX-License-Identifier: Apache-2.0
// The verifier page without a browser: node page.mjs HTML KEYS FILE [good|bad|flips] …; prints failures.
import fs from "node:fs";
import vm from "node:vm";
import crypto from "node:crypto";
import zlib from "node:zlib";

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
// Deflate of every kind of block
for (let n = 0, text = ""; n < 60; n++) {
  text += n % 3 ? String.fromCharCode(32 + n).repeat(n * n) : crypto.createHash("sha512").update(String(n)).digest("base64");
  const packed = zlib.deflateRawSync(text, { level: n % 10, strategy: n % 4 === 3 ? zlib.constants.Z_FIXED : 0 });
  check(Buffer.from(v.inflate(packed, 1 << 20, "why")).toString() === text, `deflated text of ${text.length} bytes`);
  for (const bad of [packed.subarray(0, -1), Buffer.concat([packed, Buffer.from([0])])]) {
    let refused = false;
    try { v.inflate(bad, 1 << 20, "why"); } catch { refused = true; }
    check(refused, `deflated text of ${text.length} bytes, cut or longer`);
  }
}
// HTML --file KEY FILE SIGNATURE: as it is, then with bits changed in each of the three
if (keysPath === "--file") {
  const parts = rest.map((f) => new Uint8Array(fs.readFileSync(f)));
  check(v.fileVerify(...parts).good, `${rest[1]}: ${v.fileVerify(...parts).why}`);
  for (const [which, part] of parts.entries())
    for (let k = 0; k < 8; k++) { // of the key what lies behind its first line
      const from = which === 0 ? "-----BEGIN PUBLIC KEY-----\n".length : 0, room = which === 0 ? 124 : part.length;
      const bit = from * 8 + Math.floor(room * 8 * k / 8) + k % 8;
      part[bit >> 3] ^= 1 << bit % 8;
      check(!v.fileVerify(...parts).good, `bit ${bit} of ${rest[which]} is changed and accepted`);
      part[bit >> 3] ^= 1 << bit % 8;
    }
  for (const [pem, file, der] of [[parts[0], parts[1], Buffer.concat([parts[2], Buffer.from([0])])], [parts[0], parts[1].subarray(1), parts[2]], [parts[1], parts[1], parts[2]],
    [parts[0], parts[2], parts[1]], [parts[0], new Uint8Array(0), parts[2]], [parts[0], parts[1], parts[2].subarray(0, -1)]]) check(!v.fileVerify(pem, file, der).good, "what does not belong together");
  process.exit(failed ? 1 : 0);
}
const keys = await v.keysRead(new Uint8Array(fs.readFileSync(keysPath)));
for (let i = 0; i < rest.length; i += 2) {
  const [file, want] = [rest[i], rest[i + 1]], bytes = new Uint8Array(fs.readFileSync(file));
  const r = await v.verify(keys, bytes);
  check(r.good === (want !== "bad"), `${file} is ${want}: ${r.why ?? "accepted"}`);
  if (want !== "flips") continue;
  let fooled = 0, named = 0;
  const codes = String(fs.readFileSync(file, "latin1")).startsWith("YICHUANG1/"), right = v.daysOf(bytes);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    bytes[bit >> 3] ^= 1 << bit % 8;
    const one = await v.verify(keys, bytes);
    if (one.good) fooled++;
    else if ((one.days.event && one.days.event === right.event) || (one.days.head && one.days.head.slice(0, 10) === right.head.slice(0, 10))) named++;
    bytes[bit >> 3] ^= 1 << bit % 8;
  }
  const must = bytes.length * 8 - (right.event ? 0 : 8 * "\ntime 2026-11-25T09:30:00+08:00\n".length);
  check(codes || named >= must, `${file}: ${named} of ${bytes.length * 8} refusals name the day`);
  check(fooled === 0, `${fooled} changed bits of ${file} accepted`);
}
process.exit(failed ? 1 : 0);
