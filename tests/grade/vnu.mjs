// SPDX-License-Identifier: Apache-2.0
// The second opinion on HTML: the validator of the W3C (vnu), as a server of its own on loopback while the run lasts.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

const jar = new URL('node_modules/vnu-jar/build/dist/vnu.jar', import.meta.url).pathname;

const freePort = () => new Promise((done) => {
  const s = createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => done(port)); });
});

export async function openValidator() {
  const port = await freePort(), url = `http://127.0.0.1:${port}/?out=json&level=error`;
  // It ends with us, however we end: a run may be broken off and gone on with.
  const java = spawn('setpriv', ['--pdeathsig', 'TERM', 'java', '-Xmx256m', '-Dnu.validator.servlet.bind-address=127.0.0.1', '-cp', jar, 'nu.validator.servlet.Main', String(port)], { stdio: 'ignore' });
  const check = async (html) => {
    const answer = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: html });
    if (!answer.ok) throw new Error(`vnu answers ${answer.status}`);
    return (await answer.json()).messages.filter((m) => m.type !== 'info').map((m) => `vnu ${m.lastLine}:${m.lastColumn} ${m.message}`);
  };
  for (let i = 0; ; i++) {
    try { if ((await check('<!doctype html><html lang="zh-CN"><title>t</title><p>t')).length === 0) break; } catch { /* not up yet */ }
    if (i === 120 || java.exitCode !== null) throw new Error('vnu does not start');
    await new Promise((r) => setTimeout(r, 500));
  }
  return { check, close: () => java.kill() };
}
