// SPDX-License-Identifier: Apache-2.0
// A real project walks through all four stages: applicant, window, head, every department, supervisor, public.
import { Person, check, fillForm, base } from './lib.mjs';

async function register(owner, code) {
  await owner.go('/my', 'my');
  await owner.press('登记新项目', 'my-new');
  await owner.press('登记', 'my-new-errors');
  await owner.sees('填写项目代码', 'a registration without a code says what to type');
  await owner.page.fill('#code', '2019-211403-47-03-01234'); // one digit short
  await owner.page.fill('#name', '数控机床生产线扩建');
  await owner.press('登记');
  check((await owner.page.inputValue('#name')) === '数控机床生产线扩建', 'what was typed is still there');
  await owner.page.fill('#code', code);
  await owner.page.check('#category-industry');
  await owner.page.selectOption('#county', { label: '龙港区' });
  await owner.page.fill('#contact_name', '钱某');
  await owner.page.fill('#contact_phone', '13800001234');
  await fillForm(owner.page);
  await owner.press('登记', 'my-project-new');
  const no = owner.page.url().match(/\/my\/(\d+)/)?.[1];
  check(!!no, `registered: ${owner.page.url()}`);
  for (const days of ['时限 7 个工作日', '时限 20 个工作日', '时限 24 个工作日', '时限 19 个工作日', '总时限 70 个工作日', '四、（十三）第7段'])
    await owner.sees(days);
  return no;
}

async function apply(owner, no, n, names) {
  await owner.go(`/my/${no}`, names && `my-project-${n}`);
  await owner.press(`申报第 ${n} 阶段`, names && `form-${n}`);
  if (n > 1) await owner.page.locator('summary', { hasText: '不用另交的' }).click(); // folded until somebody looks
  if (n > 1) await owner.sees('已提交', `stage ${n}: what was handed in before is listed`);
  if (n === 1) {
    await owner.press('先保存');
    await owner.sees('已保存');
    await owner.press('保存并核对', 'form-errors');
    await owner.sees('需要修改', 'a form with gaps is shown again');
  }
  await fillForm(owner.page);
  if (n === 3) await promise(owner, names);
  await owner.press('保存并核对', names && `check-${n}`);
  await owner.sees('核对并提交');
  if (n === 3) await owner.sees('承诺 2026-12-01 前补交');
  await owner.press('提交申请', names && `receipt-${n}`);
  await owner.sees('已收到您的申请');
  if (n === 3) await keep(owner, no, n, names);
}

// 容缺: one material comes later, within its bound; it is handed in before the certificate.
async function promise(owner, names) {
  if (!(await owner.page.getByText('自动引用，免提交').first().isVisible())) await owner.page.locator('summary', { hasText: '不用另交的' }).click();
  await owner.sees('自动引用，免提交', 'the licence serves in stage 3 without being handed in again');
  await owner.page.setInputFiles('#m_quality-safety', []);
  await owner.page.fill('#l_quality-safety', '2027-12-01');
  await owner.press('保存并核对', names && 'form-lack-errors');
  await owner.sees('要承诺一个补交的日期');
  check((await owner.page.inputValue('#l_quality-safety')) === '2027-12-01', 'the promised day stays');
  await owner.page.fill('#l_quality-safety', '2026-12-01');
}

async function keep(owner, no, n, names) {
  await owner.go(`/my/${no}`, names && 'my-project-lack');
  await owner.sees('等补交');
  await owner.press('补交容缺材料', names && 'my-lack');
  await owner.press('补交', names && 'my-lack-errors');
  await owner.sees('请选择要补交的文件');
  await fillForm(owner.page);
  await owner.press('补交');
  await owner.sees('已补交');
  await owner.go(`/my/${no}/library`, names && 'library');
  await owner.sees('容缺补交');
  await owner.sees('第 3 阶段免提交');
}

// Departments say what is missing; the window waits for all of them, sees where two differ, and gives one notice.
async function asked(clerk, people, no, n, names) {
  await clerk.sees('以前还没有都答复的，不能发出告知');
  check((await clerk.page.locator('button[value=notice]').count()) === 0, 'no notice while departments still may answer');
  const line = { 'natural-resources': '红线图：按1:500图重绘', 'development-reform': '红线图：按1:2000图重绘' };
  const units = (await clerk.api(`/w/c/${no}/${n}`)).asked.units.map((u) => u.unit);
  check(units.length >= 2, `departments are asked: ${units}`);
  for (const unit of units) {
    const p = await people(unit), first = names && unit === 'natural-resources';
    await p.go('/w');
    check((await p.page.locator(`a[href="/w/a/${no}/${n}"]`).count()) === 1, `${unit} is asked`);
    await p.go(`/w/a/${no}/${n}`, first && 'ask');
    if (!line[unit]) { await p.press('材料齐全，没有意见'); continue; }
    if (first) {
      await p.page.fill('#missing', '村委会证明：没有');
      await p.press('提出意见', 'ask-errors');
      await p.sees('须写明依据的法条');
    }
    await p.page.fill('#missing', line[unit]);
    await p.press('提出意见');
    await p.go('/w');
    check((await p.page.locator(`a[href="/w/a/${no}/${n}"]`).count()) === 0, `${unit} has answered`);
  }
  await clerk.go(`/w/c/${no}/${n}`, names && 'case-heard');
  await clerk.sees('两个部门不一致');
  await clerk.page.fill('#missing', '没有冒号的一行');
  await clerk.press('发出告知', 'case-errors');
  await clerk.sees('没有冒号');
  check((await clerk.page.inputValue('#missing')) === '没有冒号的一行', 'the notice keeps what was typed');
  await clerk.page.fill('#missing', '红线图：按1:500图重绘\n营业执照：已过有效期\n申请表：未填联系人');
  await clerk.press('发出告知', names && 'case-conflict');
  await clerk.sees('市自然资源局提出“按1:500图重绘”，市发展改革委提出“按1:2000图重绘”');
  await clerk.page.fill('#decided', '与两个部门核对过，以自然资源局的为准');
}

async function correct(clerk, owner, people, no, n, names) {
  await clerk.go(`/w/c/${no}/${n}`, 'case-arrived');
  await asked(clerk, people, no, n, names);
  await clerk.press('发出告知');
  await clerk.sees('待补正');
  await owner.go(`/my/${no}`);
  await owner.press('去补正', 'form-correction');
  await owner.sees('已过有效期');
  await owner.sees('按1:500图重绘');
  await owner.hidden('按1:2000图重绘');
  await fillForm(owner.page);
  await owner.press('先核对');
  await owner.press('提交补正');
  await clerk.go(`/w/c/${no}/${n}`);
  check((await clerk.page.locator('#missing').count()) === 0, 'a second one-time notice is not offered');
}

async function window_(clerk, head, people, no, n, names) {
  await clerk.go('/w', names && 'work-clerk');
  await clerk.go(`/w/c/${no}/${n}`);
  await clerk.press('受理', names && 'case-accepted');
  await clerk.sees('已受理');
  await clerk.press('送窗口负责人阅批', names && 'case-slip');
  const waiting = await people('natural-resources');
  const before = await waiting.api('/w');
  check(!before.items.some((i) => String(i.project) === no && i.stage === n), 'before the head approves nobody sees an item');
  await head.go('/w', names && 'work-head');
  await head.go(`/w/c/${no}/${n}`, names && 'case-head');
  await head.press('签字并派转', names && 'case-dispatched');
  await head.sees('审批中');
}

// A department returns its item: what it may ask for, why so late; the applicant supplies it, and it goes on.
const corrected = Buffer.from('%PDF-1.4\n% with the two coordinates\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

async function returned(person, owner, path, no, n, item) {
  const open = () => person.page.locator('summary', { hasText: '退回补正' }).click();
  await open();
  await person.page.fill('#missing', '村委会证明：没有');
  await person.press('退回补正', 'item-return-errors');
  await person.sees('须写明依据的法条');
  check((await person.page.inputValue('#missing')) === '村委会证明：没有', 'what was asked for stays in its field');
  await person.page.fill('#missing', '红线图：界址点坐标缺两个\n现场说明：与图纸不符（依据：《示例条例》第八条）');
  await person.press('退回补正');
  await person.sees('监督部门', 'a late demand needs its reason');
  await person.page.fill('#why_late', '派转以后套图才发现');
  await person.press('退回补正', 'item-returned');
  await person.sees('等申请人补交');
  await owner.go(`/my/${no}`, 'my-project-returned');
  await owner.sees('轮到您');
  await owner.press(`补交：${item.name}`, 'my-supply');
  await owner.sees('界址点坐标缺两个');
  await owner.press('补交', 'my-supply-errors');
  await owner.sees('请选择“拟建项目用地红线图');
  await fillForm(owner.page);
  await owner.press('补交');
  await owner.sees('和退回的那份内容相同', 'what was refused is not supplied once more');
  await fillForm(owner.page, {}, corrected);
  await owner.press('补交');
  await person.go(path, 'item-supplied');
  await person.sees('示例内容', 'the department reads what was supplied');
}

async function department(person, owner, no, n, item, first) {
  const path = `/w/t/${no}/${n}/${item.code}`;
  await person.go('/w', first && 'work-approver');
  await person.go(path, first && 'item-waiting');
  await person.press('接单', first && 'item-taken');
  await person.sees('接单：');
  if (first) {
    await person.press('签字并提交', 'item-errors');
    await person.page.locator('summary', { hasText: '暂停计时' }).click();
    await person.page.selectOption('#cause', { index: 1 });
    await person.page.fill('#notice', '需要组织专家评审，预计五个工作日，期间不计入办理期限。');
    await person.page.fill('#planned', '2026-12-02');
    await person.press('告知并暂停', 'item-paused');
    await person.sees('已暂停');
    await person.press('恢复计时', 'item-resumed');
    await person.sees('办理中');
    await returned(person, owner, path, no, n, item);
  }
  await person.page.check('#result');
  await person.page.fill('#opinion', '经审查，符合法定条件和标准，同意。');
  await person.page.fill('#signature', await person.signer());
  await person.press('签字并提交', first && 'item-decided');
  await person.sees('通过');
}

export async function walk(browser, js) {
  const code = js ? '2304-211403-04-01-135254' : '2019-211403-47-03-012345';
  const owner = await Person.of(browser, 'owner', js), clerk = await Person.of(browser, 'wang', js);
  const head = await Person.of(browser, 'zhao', js), wu = await Person.of(browser, 'wu', js);
  const known = new Map();
  const people = async (unit) => {
    if (!known.has(unit)) {
      const p = await Person.of(browser, `ap-${unit}`, js);
      p.signer = async () => (await p.page.locator('label[for=signature]').innerText()).match(/：(.+?)）/)[1];
      known.set(unit, p);
    }
    return known.get(unit);
  };
  const no = await register(owner, code);
  const names = js;
  for (let n = 1; n <= 4; n++) {
    await apply(owner, no, n, names);
    if (n === 1) await correct(clerk, owner, people, no, n, names);
    await window_(clerk, head, people, no, n, names && n === 1);
    const state = await clerk.api(`/w/c/${no}/${n}`);
    check(state.here.items.length > 0, `stage ${n} has items`);
    await wu.go(`/w/super/nodes?q=${encodeURIComponent(state.number)}`, names && n === 1 && 'nodes');
    await wu.sees('剩 ', 'the supervisor sees each node with its days left');
    let first = names && n === 1;
    for (const item of state.here.items) {
      await department(await people(item.unit), owner, no, n, item, first);
      first = false;
    }
    await clerk.go(`/w/c/${no}/${n}`, names && n === 1 && 'case-decided');
    await clerk.press('盖章出件', names && n === 1 && 'case-certified');
    await clerk.go(`/cert/${no}/${n}`, names && 'cert');
    await clerk.sees('葫芦岛市建设项目审批专用章');
    await clerk.go(`/w/c/${no}/${n}`);
    await clerk.press('已送达', names && n === 1 && 'case-delivered');
    await clerk.sees('已办结');
  }
  await wu.go('/w/super/signs?kind=late-demand', names && 'signs-late-demand');
  if (names) await wu.sees('派转以后套图才发现', 'the supervisor reads the reason');
  await owner.go(`/my/${no}`, names && 'my-project-done');
  await owner.sees('全部办结');
  const anyone = await Person.of(browser, null, js);
  const number = (await owner.api(`/my/${no}`)).number;
  await anyone.go('/track', names && 'track');
  await anyone.page.fill('#no', number);
  await anyone.press('查询', names && 'parcel');
  await anyone.sees(number);
  await anyone.sees('全部办结');
  await anyone.go(`/track/${number}/days/1`, names && 'days');
  await anyone.sees('当日不计入，从次日算起');
  await anyone.hidden('钱某');
  await anyone.hidden('数控机床生产线扩建');
  await anyone.hidden('钱某');
  check((await anyone.page.request.get(`${base}/my/${no}`, { maxRedirects: 0 })).status() !== 200, 'the applicant page is not public');
  for (const p of [owner, clerk, head, wu, anyone, ...known.values()]) await p.close();
}
