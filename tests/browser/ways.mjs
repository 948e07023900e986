// SPDX-License-Identifier: Apache-2.0
// The top task of each role, from its home, without JavaScript, by links and forms only: how many clicks, how many fields.
// A click is a link, a button or a <summary>; a field is what the person types or chooses, nothing that stands there already.
// Each row is the table "Roles: home, top tasks, shortest path" of the design; more than its numbers fails.
import { writeFileSync } from 'node:fs';
import { base, check, fillForm, out, password } from './lib.mjs';

class Walker {
  constructor(page) { this.page = page; this.clicks = 0; this.fields = 0; }
  main(selector) { return this.page.locator(`main ${selector}`); }
  async click(target) {
    const at = typeof target === 'string' ? this.main(target).first() : target.first();
    if (!(await at.count())) throw new Error(`nothing to click: ${target} on ${this.page.url()}`);
    this.clicks++;
    await at.click();
    await this.page.waitForLoadState('load');
  }
  link(text) { return this.click(this.page.locator('main a, nav a').filter({ hasText: text })); }
  press(text) { return this.click(this.page.locator('main button').filter({ hasText: text })); }
  async type(selector, value) {
    const at = this.main(selector).first();
    if ((await at.inputValue()) === value) return;
    this.fields++;
    await at.fill(value);
  }
  async choose(selector) {
    const at = this.main(selector).first();
    if (await at.isChecked()) return;
    this.fields++;
    await at.check();
  }
  async file(selector) {
    this.fields++;
    await this.main(selector).first().setInputFiles({ name: '补正.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n') });
  }
  // What a generated form has empty, counted before and after it is filled.
  async fill(values = {}) {
    const filled = () => this.page.evaluate(() => {
      const fields = [...document.querySelectorAll('main form input, main form select, main form textarea')].filter((e) => e.name && e.type !== 'hidden');
      const radios = new Set(fields.filter((e) => e.type === 'radio' && e.checked).map((e) => e.name));
      return fields.filter((e) => e.type === 'file' ? e.files.length : e.type !== 'radio' && e.type !== 'checkbox' && e.value).length + radios.size;
    });
    const before = await this.count(filled);
    await fillForm(this.page, values);
    this.fields += (await this.count(filled)) - before;
  }
  async count(f) { return f(); }
  async sees(text) {
    const body = await this.page.locator('body').innerText();
    if (!body.includes(text)) throw new Error(`no “${text}” on ${this.page.url()}: ${body.replace(/\s+/g, ' ').slice(150, 420)}`);
  }
  has(selector) { return this.main(selector).count(); }
}

const owners = ['owner', 'owner2', 'owner3', 'owner4', 'owner5', 'owner6', 'owner7', 'owner8'];
const companies = ['power', 'water', 'drainage', 'gas', 'heat', 'telecom'].map((c) => `ap-${c}-company`);
const departments = ['natural-resources', 'housing-construction', 'development-reform', 'ecology-environment', 'emergency-management'].map((d) => `ap-${d}`);
const next = (w, words) => w.click(w.page.locator('main .act a').filter({ hasText: words }));
const missing = async (w) => (await w.page.locator('main').innerText()).match(/还要填 (\d+) 项、交 (\d+) 份材料(?:；另有 (\d+) 份)?/)?.slice(1).map((n) => n || 0).reduce((a, n) => a + Number(n), 0);

// role, task, whose homes are tried in turn, the numbers of the table, the way. A way throws when it does not end where it should.
const ways = [
  ['公众', '查一个办件', [null], 1, 1, async (w) => { await w.type('#no', w.number); await w.press('查询'); await w.sees(w.number); }],
  ['公众', '找到“施工许可”怎么办', [null], 2, 1, async (w) => { await w.type('#q', '施工许可'); await w.press('搜索'); await w.link('办事指南和材料'); await w.sees('办事指南'); }],
  ['建设单位', '补正一份材料', owners, 2, 1, async (w) => {
    await next(w, '去补正');
    if (await w.has('form .card textarea')) await w.type('form .card textarea', '建设内容以立项文件为准，已按文件核对。'); // the form as a whole: one changes a field, or explains
    else await w.file('form .card input[type=file]');
    await w.press('提交补正');
    await w.sees('已收到您的');
  }],
  ['建设单位', '申报下一阶段', owners, 3, 'missing', async (w) => {
    await w.click(w.page.locator('main .act a').filter({ hasText: /申报第 [234] 阶段/ }).nth(w.turn));
    w.limit = await missing(w);
    if (!w.limit && w.turn < 2) throw new Error('nothing is missing');
    await w.fill();
    await w.press('保存并核对');
    await w.press('提交申请');
    await w.sees('已收到您的申请');
  }],
  // The platform of the demonstration knows this code; 2 fields: the code, and the contact where no project before had one.
  ['建设单位', '新登记项目', ['owner'], 3, 2, async (w) => {
    await w.link('登记新项目');
    await w.type('#code', '2605-211403-04-01-190011');
    await w.press('带出项目信息');
    await w.sees('来自国家平台（示例）');
    await w.fill();
    await w.press('登记');
    await w.sees('龙港区示例机械配套厂房项目');
  }],
  ['建设单位', '申请联合验收', owners, 2, 3, async (w) => { await next(w, '申请联合验收'); await w.press('提请联合验收'); await w.sees('待安排'); }, freeVisit],
  ['代办员', '替甲单位填表并请其确认', ['agent', 'agent2', 'agent3'], 3, 'missing', async (w) => {
    await next(w, /申报第 \d 阶段/);
    w.limit = (await missing(w)) + 7 * (await w.page.getByText('跳过下面七项').count()); // who walks here answers the seven, too, that 否 would skip
    await w.fill();
    await w.press('保存并核对');
    await w.press('送委托单位确认');
    await w.sees('等委托单位确认');
  }, mandate],
  ['窗口', '接件并派转', ['wang', 'sun'], 3, 1, async (w) => {
    await w.click(w.page.locator('section[aria-labelledby=g1] a.open').nth(w.turn));
    await w.press('受理');
    await w.press('送窗口负责人阅批');
    await w.sees('派转单待阅批');
  }],
  ['窗口', '出件送达', ['wang'], 2, 1, async (w) => { await w.press('盖章出件'); await w.choose('#how'); await w.press('已送达'); await w.sees('已办结'); }],
  ['窗口负责人', '阅批派转单', ['zhao'], 2, 0, async (w) => { await w.click('section[aria-labelledby=g6] a.open'); await w.press('签字并派转'); await w.sees('审批中'); }],
  ['县区填报', '月报', ['ap-nanpiao', 'ap-jianchang', 'ap-lianshan', 'ap-xingcheng'], 2, 0, async (w) => { await w.link('台账'); await w.press('生成本月报表并送审'); await w.sees('待负责人审核'); }],
  ['部门审批', '同意一件', departments, 3, 2, async (w) => {
    await w.click(w.page.locator('tr').filter({ hasText: '待接单' }).locator('a.open').nth(w.turn));
    await w.press('接单');
    await w.choose('#result');
    await w.type('#opinion', '经审查，符合法定条件和标准，同意。');
    await w.press('签字并提交');
    await w.sees('结论：通过');
  }],
  ['部门审批', '一次性告知补正', departments, 3, 2, async (w) => {
    await w.click('section[aria-labelledby=asks] a.open');
    await w.choose('input[name="points[]"]');
    await w.press('提出意见');
    await w.sees('我的待办');
  }],
  ['阶段牵头', '催办', ['lead-natural-resources', 'lead-housing-construction', 'lead-development-reform'], 2, 0, async (w) => { await w.press('催办'); await w.sees('今天已催办'); }],
  ['阶段牵头', '排联合验收', ['lead-housing-construction'], 2, 1, async (w) => { await w.click('section[aria-label="联合验收"] a.open'); await w.press('确定并通知'); await w.sees('待勘验'); }],
  ['公共接入', '报装接入答复', companies, 2, 1, async (w) => {
    await w.click(w.page.locator('section[aria-labelledby=sup] tr').filter({ hasText: /待答复|已报装/ }).locator('a.open'));
    await w.type('#answer-plan', '从滨海路接入，管径 DN100，申请人建设红线内部分。');
    await w.press('答复');
    await w.sees('接入方案');
  }],
  ['营商局监督', '对超期件发督办', ['wu'], 3, 1, async (w) => {
    await w.click('.lamps a[href*="lamp=red"]');
    await w.click('table[data-keys] a.open');
    await w.type('#again', '上一份督办单没有说明何时办结');
    await w.press('另发督办单');
    await w.sees('督办单 ');
  }],
  ['营商局监督', '随机抽检', ['wu'], 2, 1, async (w) => {
    await w.link('随机抽查');
    await w.type('#list-source', '福彩 3D 开奖号码');
    await w.press('定下名单');
    await w.sees('次随机抽查');
  }],
  ['领导', '看全市一页', ['leader'], 0, 0, async (w) => { await w.sees('超期最多的是'); }],
  ['公众', '对草案提意见', [null], 2, 1, async (w) => {
    await w.click(w.page.locator('section[aria-labelledby=talk] a').filter({ hasText: '草案' }));
    await w.type('#text', '希望写明勘验以后几个工作日内出意见。');
    await w.press('提交意见');
    await w.sees('已收到您的意见');
  }],
  ['公开编辑', '发布文件和解读', ['editor'], 2, 6, async (w) => {
    await w.link('新建文件');
    await w.type('#draft-title', '关于推行网上踏勘的通知（示例）');
    await w.type('#draft-number', '葫政办发〔2026〕901号');
    await w.choose('#draft-openness');
    await w.type('#draft-text', '一、适用范围\n市级审批的项目。\n二、办理要求\n可以网上踏勘的，不到现场。');
    await w.type('#draft-plan', '与文件同日在政府网站发布。');
    await w.type('#draft-material', ['政策背景依据', '目标任务', '主要内容', '执行标准', '惠民利民举措', '新旧政策差异'].map((h) => `${h}\n见正文。`).join('\n'));
    await w.press('送初审');
    await w.sees('待初审');
  }],
  ['系统管理员', '停用账号', ['sys'], 2, 1, async (w) => { await w.click('table a:text-is("drawer2")'); await w.type('#disable-reason', '调离'); await w.press('停用这个账号'); await w.sees('停用'); await w.sees('调离'); }],
  ['安全管理员', '审批授权', ['sec'], 2, 1, async (w) => { await w.click('table a.open'); await w.press('批准'); await w.sees('已批准'); }],
  ['审计管理员', '查轨迹', ['audit'], 2, 1, async (w) => { await w.type('#who', 'wang'); await w.press('查'); await w.sees('日志位置'); await w.sees('王某'); }],
  ['对接方', '看失败推送并重发', ['api'], 2, 0, async (w) => { await w.link('失败'); await w.press('重发'); await w.sees('没有被退回的行'); }],
];

// What a way needs to be there before somebody walks it; not counted.
async function freeVisit(browser) { // a project whose acceptance has not begun: of one that has it is taken back
  for (const account of owners) {
    const page = await home(browser, account), w = new Walker(page);
    for (const href of await page.locator('main .act a').filter({ hasText: '联合验收' }).evaluateAll((l) => l.map((a) => a.getAttribute('href')))) {
      await page.goto(base + href);
      if (await w.has('button:has-text("提请联合验收")')) return page.context().close();
      if (!(await w.has('#withdraw-reason'))) continue;
      await w.type('#withdraw-reason', '改期再申请');
      await w.press('撤回');
      return page.context().close();
    }
    await page.context().close();
  }
}
async function mandate(browser) { // a project that an agent registered
  for (const account of ['agent', 'agent2', 'agent3']) {
    const page = await home(browser, account), w = new Walker(page);
    for (const [href, county] of await page.locator('main .tasks > li > div > a').evaluateAll((l) => l.map((a) => [a.getAttribute('href'), a.parentElement.innerText.includes('绥中县') ? 'suizhong' : 'longgang']))) {
      await page.goto(base + href);
      if (!(await w.has('a:has-text("名义登记项目")'))) continue;
      await w.link('名义登记项目');
      await w.type('#code', '2019-211403-47-03-018765');
      await w.choose('#category-industry');
      await w.fill({ county });
      await w.press('登记');
      return page.context().close();
    }
    await page.context().close();
  }
}

async function home(browser, account) {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'zh-CN', viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(10000);
  await page.goto(base + (account ? '/login' : '/'));
  if (account) {
    await page.fill('#account', account);
    await page.fill('#password', password);
    await page.locator('main button[type=submit]').first().click();
    await page.waitForLoadState('load');
  }
  return page;
}

// The first home and case from which the way can be walked to its end; what stopped the others is told when none can.
async function walk(browser, number, [role, task, accounts, clicks, fields, way, before]) {
  if (before) await before(browser);
  const stopped = [];
  for (const account of accounts)
    for (let turn = 0; turn < 3; turn++) {
      const page = await home(browser, account), w = new Walker(page);
      w.number = number;
      w.turn = turn;
      const at = new URL(page.url()).pathname;
      try {
        await way(w);
        return { role, task, account: account || '—', home: at, clicks: w.clicks, fields: w.fields, most: clicks, mostFields: fields === 'missing' ? w.limit : fields, missing: fields === 'missing' };
      } catch (e) {
        stopped.push(`${account} at ${w.clicks} clicks: ${String(e.message).split('\n')[0]}`);
        if (!way.toString().includes('w.turn')) turn = 3;
      } finally { await page.context().close(); }
    }
  return { role, task, stopped };
}

export async function wayTable(browser) {
  const page = await home(browser, 'wang');
  const number = (await (await page.request.get(`${base}/api/v1/w/projects`)).json()).projects[0].number;
  await page.context().close();
  const lines = ['| role | task | home | clicks | of | fields | of |', '|---|---|---|---|---|---|---|'];
  for (const row of ways) {
    if (process.env.WAY && !new RegExp(process.env.WAY).test(`${row[0]} ${row[1]}`)) continue;
    const r = await walk(browser, number, row);
    if (!check(!r.stopped, `${r.role}: ${r.task}: ${r.stopped?.slice(-3).join('; ')}`)) continue;
    check(r.clicks <= r.most && r.fields <= r.mostFields, `${r.role}: ${r.task}: ${r.clicks} clicks of ${r.most}, ${r.fields} fields of ${r.mostFields}`);
    lines.push(`| ${r.role} | ${r.task} | \`${r.home}\` | ${r.clicks} | ${r.most} | ${r.fields} | ${r.missing ? `what is missing: ${r.mostFields}` : r.mostFields} |`);
  }
  writeFileSync(`${out}/ways.md`, lines.join('\n') + '\n');
}
