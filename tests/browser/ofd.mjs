// SPDX-License-Identifier: Apache-2.0
// An OFD file (GB/T 33190) drawn by another program, ofd.js, in the browser: its text and its picture.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// {text, pages}; the picture is written to `path`, wide enough for a QR code to be read from it.
export async function drawOfd(browser, bytes, path) {
  const reader = createRequire(import.meta.url).resolve('ofd.js/lib/ofd.umd.min.js');
  const context = await browser.newContext({ viewport: { width: 1700, height: 1300 } });
  const page = await context.newPage();
  await page.setContent('<!doctype html><html lang="zh"><meta charset="utf-8"><body style="margin:0"><div id="sheets"></div>');
  await page.addScriptTag({ content: readFileSync(reader, 'utf8') });
  const pages = await page.evaluate((data) => new Promise((resolve, reject) => {
    const file = Uint8Array.from(atob(data), (c) => c.charCodeAt(0)).buffer;
    setTimeout(() => reject(new Error('ofd.js did not answer')), 15000);
    window.ofd.parseOfdDocument({ ofd: file, fail: (e) => reject(e), success(docs) {
      const sheets = window.ofd.renderOfd(1600, docs[0]);
      for (const one of sheets) document.getElementById('sheets').appendChild(one);
      resolve(sheets.length);
    } });
  }), bytes.toString('base64'));
  await page.evaluate(() => document.fonts.ready);
  const text = await page.evaluate(() => document.getElementById('sheets').textContent);
  await page.screenshot({ path, fullPage: true });
  await context.close();
  return { text, pages };
}
