// SPDX-License-Identifier: Apache-2.0
// Where an account is looked at: one window with scripts and one without, used for all its pages, and several seats at once.
import { base } from '../browser/lib.mjs';

export class Seat {
  static async of(browser, login) {
    const s = new Seat();
    s.login = login;
    s.context = await browser.newContext({ locale: 'zh-CN', storageState: login.state, viewport: { width: 1280, height: 900 } });
    s.bare = await browser.newContext({ javaScriptEnabled: false, locale: 'zh-CN', storageState: login.state });
    s.page = await s.context.newPage();
    s.plain = await s.bare.newPage();
    s.client = await s.context.newCDPSession(s.page);
    s.elsewhere = [];
    s.page.on('request', (r) => { if (!r.url().startsWith(base) && !r.url().startsWith('data:')) s.elsewhere.push(r.url()); });
    return s;
  }
  async dress(prefs) {
    await this.context.clearCookies({ name: 'prefs' });
    if (prefs) await this.context.addCookies([{ name: 'prefs', value: prefs, url: base }]);
  }
  // What axe finds and where the keys go are asked in the page, past its own policy.
  async run(expression) {
    const { result, exceptionDetails } = await this.client.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description || exceptionDetails.text);
    return result.value;
  }
  async close() { await this.context.close(); await this.bare.close(); }
}

// Each job by the next free of `count` seats, in their order; a job that cannot be done is told and does not end the run.
export async function shared(browser, count, jobs, loginOf, work) {
  const queue = [...jobs], stopped = [];
  const one = async () => {
    let seat = null;
    for (let job; (job = queue.shift());) {
      try {
        if (seat?.login.account !== job.account) {
          await seat?.close();
          seat = null;
          seat = await Seat.of(browser, await loginOf(job.account));
        }
        await work(seat, job);
      } catch (e) {
        if (!browser.isConnected()) throw e;
        stopped.push(`${job.account}: ${job.path}: ${String(e).split('\n')[0]}`);
        await seat?.close().catch(() => {});
        seat = null;
      }
    }
    await seat?.close();
  };
  await Promise.all(Array.from({ length: count }, one));
  return stopped;
}
