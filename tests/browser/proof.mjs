// SPDX-License-Identifier: Apache-2.0
// From the page of checkpoints to a receipt checked in a browser that has no network; QR codes read by another program.
import { Person, check, look, inspectNarrow, base, out, runAxe, inspect } from './lib.mjs';
import { drawOfd } from './ofd.mjs';
import { writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

async function text(p, path) {
  const r = await p.page.request.get(base + path);
  check(r.status() === 200 && r.headers()['content-disposition']?.startsWith('attachment'), `${path} is a file: ${r.status()}`);
  return r.text();
}

async function answer(page, keys, file) {
  await page.fill('#keys', keys);
  await page.fill('#text', file);
  await page.click('button');
  await page.waitForFunction(() => document.querySelector('#out').textContent);
  const said = await page.locator('#out').innerText();
  await page.evaluate(() => { document.querySelector('#out').textContent = ''; });
  return said;
}

// The codes of a page as zbar reads them from its picture, one a line.
async function codesSeen(page, name) {
  const lines = [];
  for (const [i, code] of (await page.locator('svg.qr').all()).entries()) {
    const path = `${out}/shots/${name}-${i + 1}.png`;
    await code.screenshot({ path });
    const r = spawnSync('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', path], { encoding: 'utf8' });
    check(r.status === 0 && r.stdout.startsWith('YICHUANG1/'), `${name}: zbar reads code ${i + 1}: ${r.status} ${r.stderr}${r.stdout.slice(0, 40)}`);
    lines.push(r.stdout.trim());
  }
  return lines.join('\n');
}

function outside(keys, text, flips) {
  writeFileSync(`${out}/keys.pub`, keys);
  writeFileSync(`${out}/codes.txt`, text);
  const r = spawnSync(process.env.PROGRAM + '-verify', [...(flips ? ['--flips'] : []), `${out}/keys.pub`, `${out}/codes.txt`], { encoding: 'utf8' });
  return r.status === 0 ? r.stdout : `NOT: ${r.stdout}${r.stderr}`;
}

// Each kind of receipt: its file has a plain name, its codes are read from screen, telephone and paper and hold the file.
async function codes(browser, keys) {
  const read = [], kinds = new Map();
  const staff = await Person.of(browser, 'wang', true);
  const wanted = ['registered', 'submitted', 'asked', 'corrected', 'accepted', 'decided', 'certified', 'refused'];
  for (let no = 1; no <= 60 && !wanted.every((kind) => kinds.has(kind)); no++)
    for (let stage = 1; stage <= 4; stage++) {
      const { number, proofs } = await (await staff.page.request.get(`${base}/proof/${no}/${stage}/all`, { headers: { accept: 'application/json' } })).json();
      for (const r of proofs ?? []) if (r.codes && !kinds.has(r.kind)) kinds.set(r.kind, { ...r, no, stage, number });
    }
  for (const kind of wanted) check(kinds.has(kind), `there is a receipt: ${kind}`);
  for (const [kind, r] of kinds) {
    const file = await staff.page.request.get(base + r.href);
    const name = decodeURIComponent(file.headers()['content-disposition']);
    check(/HLD-\d{6}-.-第\d阶段-.+凭证-\d{4}-\d\d-\d\d\.txt$/.test(name), `the name of the file: ${name}`);
    await staff.go(r.codes, `codes-${kind}`);
    const text = await codesSeen(staff.page, `qr-${kind}`);
    const shown = (await staff.page.locator('.code-text').allTextContents()).join('\n');
    check(text === shown, `${kind}: what is read is what is written below`);
    check(outside(keys, text, false).startsWith(`event `), `${kind}: the codes are good for yichuang-verify: ${outside(keys, text, false).slice(0, 99)}`);
    check(outside(keys, text, true).includes(' 0 accepted'), `${kind}: every changed bit of the codes is refused`);
    read.push([kind, text, await file.text(), r.number]);
  }
  await look(staff, kinds.get('corrected').codes, 'codes');
  await staff.go(`/w/c/${kinds.get('accepted').no}/${kinds.get('accepted').stage}`);
  check(await staff.page.locator('main a[href*="/code?seq="]').count() > 0, 'the window has the receipts beside the case');
  const issued = kinds.get('certified');
  await staff.go(`/track/${issued.number}`);
  check(await staff.page.locator(`main a[href="/proof/${issued.no}/${issued.stage}/all"]`).count() === 1, 'the public page says where the receipts are');
  // On paper, and on a telephone
  const cert = kinds.get('certified');
  await staff.page.emulateMedia({ media: 'print' });
  await staff.go(`/cert/${cert.no}/${cert.stage}`);
  await staff.page.emulateMedia({ media: null });
  await staff.close();
  const phone = await browser.newContext({ ...(await phoneState(browser)), viewport: { width: 360, height: 740 }, deviceScaleFactor: 3, locale: 'zh-CN', colorScheme: 'dark' });
  const page = await phone.newPage();
  for (const [path, name] of [[cert.codes, 'phone'], [`/cert/${cert.no}/${cert.stage}`, 'cert'], [kinds.get('submitted').codes, 'phone-long']]) {
    await page.goto(base + path);
    check(outside(keys, await codesSeen(page, `qr-${name}`), false).startsWith('event '), `${name}: read from a telephone in the dark`);
    await page.screenshot({ path: `${out}/shots/qr-page-${name}.png`, fullPage: true });
  }
  await page.emulateMedia({ media: 'print' });
  check(outside(keys, await codesSeen(page, 'qr-paper'), false).startsWith('event '), 'read from paper');
  await phone.close();
  await certificate(browser, keys, cert);
  return read;
}

const run = (...args) => spawnSync(args[0], args.slice(1), { encoding: 'utf8' }).stdout;
const squeezed = (text) => text.replace(/\s+/g, '');

// The certificate as PDF: what the page says stands in it, its fonts are inside, its code is read from its picture; and anybody who
// holds it can check it.
async function certificate(browser, keys, cert) {
  const staff = await Person.of(browser, 'wang', true), path = `${out}/certificate.pdf`;
  await staff.go(`/cert/${cert.no}/${cert.stage}`);
  const said = await (await staff.page.request.get(`${base}/cert/${cert.no}/${cert.stage}`, { headers: { accept: 'application/json' } })).json();
  const file = await staff.page.request.get(`${base}/cert/${cert.no}/${cert.stage}/pdf`), bytes = await file.body();
  check(file.status() === 200 && file.headers()['content-type'] === 'application/pdf', `the certificate is a PDF: ${file.status()}`);
  check(decodeURIComponent(file.headers()['content-disposition']).endsWith(`${said.certificate_name}-${said.certificate}.pdf`), 'its name is plain');
  check((await (await staff.page.request.get(`${base}/cert/${cert.no}/${cert.stage}/pdf`)).body()).equals(bytes), 'the same certificate is the same file');
  writeFileSync(path, bytes);
  const text = squeezed(run('pdftotext', '-layout', path, '-'));
  for (const word of [said.certificate_name, said.certificate, said.owner, said.uscc, said.name, said.code, said.county_name, said.certified_cn, said.check_code,
    '样章', ...said.results.map((r) => `${r.unit_name}：${r.name}`)])
    check(text.includes(squeezed(word)), `the PDF says ${word}: ${text.slice(0, 600)}`);
  const fonts = run('pdffonts', path).trim().split('\n').slice(2);
  check(fonts.length >= 2 && fonts.every((f) => / yes yes yes /.test(f)), `fonts are inside: ${fonts}`);
  run('pdftoppm', '-r', '200', '-png', path, `${out}/shots/certificate`);
  const pages = run('pdfinfo', path).match(/Pages:\s+(\d+)/)[1]; /* the code is on the last */
  const code = run('zbarimg', '--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', `${out}/shots/certificate-${pages}.png`).trim();
  check(outside(keys, code, false).includes(said.certificate), `the code on the certificate is its receipt: ${code.slice(0, 60)}`);
  // The same document as OFD, read by another program: the same characters on as many pages, and its code is the same receipt.
  const ofd = await staff.page.request.get(`${base}/cert/${cert.no}/${cert.stage}/ofd`);
  check(ofd.status() === 200 && ofd.headers()['content-type'] === 'application/ofd', `the certificate is an OFD: ${ofd.status()}`);
  const drawn = await drawOfd(browser, await ofd.body(), `${out}/shots/certificate-ofd.png`);
  const letters = (words) => [...squeezed(words).replaceAll('-', '')].sort().join(''); /* pdftotext takes hyphens at the ends of lines away */
  check(drawn.pages === Number(pages) && letters(drawn.text) === letters(run('pdftotext', path, '-')), `OFD and PDF say the same: ${drawn.pages}, ${drawn.text.slice(0, 300)}`);
  const again = run('zbarimg', '--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', `${out}/shots/certificate-ofd.png`).trim();
  check(again === code && code.length > 0, `the code in the OFD is the same: ${again.slice(0, 60)}`);
  await staff.close();

  const anyone = await Person.of(browser, null, true);
  await anyone.go('/verify', 'verify-cert');
  await anyone.page.fill('#number', said.certificate);
  await anyone.page.fill('#code', said.check_code.toLowerCase().replaceAll('-', ' '));
  await anyone.press('核验', 'verify-found');
  await anyone.sees('本系统开具过这个证件');
  await anyone.sees(said.owner);
  const link = await anyone.page.locator('main a.btn[href^="/verify/"]').getAttribute('href');
  check((await (await anyone.page.request.get(base + link)).body()).equals(bytes), 'whoever holds the code gets the same file');
  await inspectNarrow(anyone.page, 'verify-found');
  const wrong = said.check_code.replace(/^./, (c) => (c === '0' ? '1' : '0'));
  for (const [number, code] of [[said.certificate, wrong], [said.certificate, ''], [said.certificate, said.check_code.slice(0, -1)],
    [said.certificate.replace(/.$/, '9'), said.check_code], ['HLD-ZJ9-1-1', said.check_code], ['x', 'y']]) {
    const r = await anyone.page.request.get(`${base}/verify?number=${number}&code=${code}`), page = await r.text();
    check(r.status() === 422 && page.includes(code ? '没有这个编号和核验码的证件' : '没有核验码不能核验') && page.includes('没有这个编号') === !!code && !page.includes(said.owner), `${number} ${code}: ${r.status()}`);
    if (code) check((await anyone.page.request.get(`${base}/verify/${number}/${code}/pdf`)).status() === 404, `${number} ${code}: no PDF`);
  }
  check((await anyone.page.request.get(`${base}/cert/${cert.no}/${cert.stage}/pdf`, { maxRedirects: 0 })).status() !== 200, 'without the code it is not for everybody');
  await anyone.close();
}
// Two pictures of one receipt, taken one after the other.
async function camera(context, keys, text) {
  const page = await context.newPage();
  await page.goto(`file://${out}/verify.html#camera`);
  const picture = { name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64') };
  for (const part of text.split('\n').reverse()) {
    await page.evaluate((t) => { globalThis.pictures.push(t); }, part);
    await page.setInputFiles('#picture', picture);
    await page.waitForFunction((t) => document.querySelector('#text').value.includes(t), part);
  }
  check((await page.locator('#text').inputValue()).split('\n').length === 2, 'two pictures, two codes');
  await page.fill('#keys', keys);
  await page.click('button');
  await page.waitForFunction(() => document.querySelector('#out').textContent);
  check((await page.locator('#out').innerText()).startsWith('通过'), 'pictures of the codes are verified');
  await page.close();
}
async function phoneState(browser) {
  const p = await Person.of(browser, 'wang', false);
  const storageState = await p.context.storageState();
  await p.close();
  return { storageState };
}

export async function proof(browser) {
  const anyone = await Person.of(browser, null, true);
  await look(anyone, '/s/checkpoints', 'checkpoints');
  const keys = await text(anyone, '/s/keys');
  const head = await text(anyone, await anyone.page.locator('main tbody th a').first().getAttribute('href'));
  const size = head.split('\n')[1];
  const same = await text(anyone, `/s/checkpoint/${size}/from/${size}`);
  const html = await (await anyone.page.request.get(base + (await anyone.page.locator('main a[download="yichuang-verify.html"]').first().getAttribute('href')))).text();
  writeFileSync(`${out}/verify.html`, html);
  for (const path of ['/s/checkpoint/1', '/s/checkpoint/x', `/s/checkpoint/${size}/from/1`])
    check((await anyone.page.request.get(base + path)).status() === 404, `${path} is not there`);
  check((await anyone.page.request.get(`${base}/proof/1/1`, { maxRedirects: 0 })).status() !== 200, 'a receipt is not for everybody');
  check((await anyone.page.request.get(`${base}/proof/1/1/code`, { maxRedirects: 0 })).status() !== 200, 'nor are its codes');
  await anyone.go('/s/compare', 'compare');
  await anyone.page.fill('#kept', head);
  await anyone.press('核对', 'compare-good');
  await anyone.sees('相符：本站的日志是它的延续');
  await anyone.page.fill('#kept', head.slice(0, 40));
  await anyone.press('核对', 'compare-refused');
  await anyone.sees('抄得不全');
  await inspectNarrow(anyone.page, 'compare');
  await anyone.close();
  const read = await codes(browser, keys);

  const owner = await Person.of(browser, 'owner', true);
  await owner.go('/my');
  const projects = await owner.page.locator('main a[href^="/my/"]').evaluateAll((l) => [...new Set(l.map((a) => a.getAttribute('href')).filter((h) => /^\/my\/\d+$/.test(h)))]);
  let receipts = [];
  for (const path of projects) {
    const r = await owner.page.goto(`${base}${path}/stage/1/receipt`);
    if (r.status() === 200) receipts = await owner.page.locator('main a[href*="?seq="]:not([href*="/code"])').evaluateAll((l) => l.map((a) => a.getAttribute('href')));
    if (receipts.length) break;
  }
  check(receipts.length > 0, 'the page of the receipt offers files that prove themselves');
  await inspect(owner.page, 'receipt-with-proofs');
  const files = [];
  for (const path of receipts) files.push(await text(owner, path));
  check((await owner.page.request.get(base + receipts[0].replace(/seq=.*/, 'what=nothing'))).status() === 422, 'an unknown kind is refused');
  const other = await Person.of(browser, 'owner2', true);
  for (const path of [receipts[0], receipts[0].replace('?', '/code?'), receipts[0].replace(/\?.*/, '/all')])
    check((await other.page.request.get(base + path)).status() === 404, `another enterprise sees nothing of ${path}`);
  await other.close();
  await owner.close();

  const context = await browser.newContext({ locale: 'zh-CN', offline: true });
  // This Chromium reads no codes from pictures; where a browser does, the page takes them.
  await context.addInitScript(() => {
    globalThis.pictures = [];
    if (location.hash === '#camera') globalThis.BarcodeDetector = class { async detect() { return [{ rawValue: globalThis.pictures.shift() }]; } };
  });
  const page = await context.newPage();
  await page.goto(`file://${out}/verify.html`);
  const violations = await runAxe(page);
  check(violations.length === 0, `verify.html: axe: ${violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`).join('; ')}`);
  for (const file of [head, same, ...files]) {
    const said = await answer(page, keys, file);
    check(said.startsWith('通过'), `verified offline: ${said.slice(0, 200)}`);
    const wrong = await answer(page, keys, file.replace(/time 20/, 'time 21'));
    check(wrong.startsWith('不通过'), `changed, and refused: ${wrong.slice(0, 200)}`);
  }
  const empty = await answer(page, keys, ' ');
  check(empty.startsWith('不通过：凭证是空的'), `an empty text says what to do: ${empty.slice(0, 100)}`);
  check(await page.locator('#camera').isHidden(), 'no pictures where the browser reads none');
  for (const [kind, text, file, number] of read) {
    const said = await answer(page, keys, text), whole = await answer(page, keys, file);
    check(said.startsWith('通过') && said === whole, `${kind}: the codes say what the file says: ${said.slice(0, 120)}`);
    check(said.includes(`项目：${number}（`) && (kind === 'registered' ? /\n办理：项目登记\n项目名称：.+\n建设单位：.+（[0-9A-Z]{18}）\n/ : /\n办理：[\u4e00-\u9fff]+，第 \d 阶段\n/).test(said), `${kind}: whose it is, in words: ${said.slice(0, 200)}`);
    if (kind === 'decided') check(/\n事项：[^\n]*[\u4e00-\u9fff]\n结论：不?通过\n意见：/.test(said), `decided: which item and how, in words: ${said.slice(0, 300)}`);
    if (kind !== 'certified') continue; // tests/proof changes the bits of others
    const fooled = await page.evaluate(async ([k, t]) => {
      const v = globalThis.yichuangVerify, list = await v.keysRead(v.utf8(k)), bytes = v.utf8(t);
      let good = 0;
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        bytes[bit >> 3] ^= 1 << bit % 8;
        if ((await v.verify(list, bytes)).good) good++;
        bytes[bit >> 3] ^= 1 << bit % 8;
      }
      return good;
    }, [keys, text]);
    check(fooled === 0, `${kind}: ${fooled} changed bits accepted by the page`);
  }
  await camera(context, keys, read.find(([, text]) => text.includes('\n'))[1]);
  const forged = await answer(page, keys, files[0].replace('"actor":"owner', '"actor":"ownex'));
  check(forged.startsWith('不通过：办理记录不在'), `a forged event is refused: ${forged.slice(0, 200)}`);
  await page.screenshot({ path: `${out}/shots/verify.png`, fullPage: true });
  await context.close();
}
