// SPDX-License-Identifier: Apache-2.0
// Before the case: a question and its numbered reply, an order for a free agent, a plot of the reserve library; each page with axe.
import { Person, check, look } from './lib.mjs';


async function consultation(browser) {
  const owner = await Person.of(browser, 'owner', true);
  await look(owner, '/my/early', 'early-my');
  await look(owner, '/my/ask/new', 'early-ask-new');
  await owner.press('提交咨询', 'early-ask-wrong');
  await owner.sees('有内容需要修改');
  await owner.page.selectOption('#ask-unit', 'natural-resources');
  await owner.page.fill('#ask-subject', '出入口间距');
  await owner.page.fill('#ask-question', '还没有取得土地，拟建厂房的机动车出入口距路口至少多少米？');
  await owner.page.check('#ask-open');
  await owner.press('提交咨询', 'early-ask-done');
  await owner.sees('时限 5 个工作日');
  const no = owner.page.url().match(/\/my\/ask\/(\d+)/)?.[1];
  check(!!no, `asked: ${owner.page.url()}`);
  const person = await Person.of(browser, 'ap-natural-resources', true);
  await look(person, '/w/early', 'early-work');
  await look(person, `/w/ask/${no}`, 'early-ask-work');
  await person.page.fill('#reply-reply', '距道路交叉口不少于 70 米（示例）。');
  await person.page.fill('#reply-basis', '民用建筑设计统一标准（示例）');
  await person.press('答复，取得编号', 'early-ask-replied');
  await person.sees('ZX-2026-');
  await owner.go(`/my/ask/${no}`, 'early-ask-answered');
  await owner.sees('70 米');
  await owner.close();
  await person.close();
}

async function library(browser) {
  const head = await Person.of(browser, 'hd-natural-resources', true);
  await look(head, '/w/reserve', 'early-plots');
  await look(head, '/w/reserve/1', 'early-plot');
  await head.page.selectOption('#change-name', 'building_height');
  await head.page.fill('#change-value', '26');
  await head.page.fill('#change-reason', '调整');
  await head.page.fill('#change-doc', '葫自然资函示例2号');
  await head.press('变更', 'early-change-wrong');
  await head.sees('至少 10 个字');
  check((await head.page.inputValue('#change-doc')) === '葫自然资函示例2号', 'what was typed is still there');
  await head.page.fill('#change-reason', '控制性详细规划修改，限高调整（示例）。');
  await head.press('变更', 'early-changed');
  await head.sees('限高调整');
  const wu = await Person.of(browser, 'wu', true);
  await look(wu, '/w/super/early', 'early-super');
  await wu.sees('限高调整');
  await wu.sees('与答复不一致');
  const form = await Person.of(browser, 'ap-development-reform', true);
  await look(form, '/w/reserve/new', 'early-plot-new');
  await look(form, '/w/regions', 'early-regions');
  await look(form, '/w/regions/1', 'early-region');
  await form.page.selectOption('#assess-kind', 'water');
  await form.page.fill('#assess-requirements', '不得取用地下水（示例）。');
  await form.press('登记，开始共享', 'early-region-wrong');
  check((await form.page.inputValue('#assess-requirements')) === '不得取用地下水（示例）。', 'what was typed is still there');
  await look(form, '/s/regions/1', 'early-region-public');
  for (const p of [head, wu, form]) await p.close();
}

async function agents(browser) {
  const owner = await Person.of(browser, 'owner', true);
  await look(owner, '/my/agent/new', 'early-order-county');
  await owner.page.selectOption('#choose-county', 'longgang');
  await owner.press('下一步', 'early-order-new');
  await owner.page.fill('#order-name', '二期厂房');
  await owner.page.check('#order-items');
  await owner.page.check('#order-consent');
  await owner.press('委托代办', 'early-order');
  await owner.sees('还没有指派');
  await look(owner, '/my/agent/1', 'early-order-rated');
  await owner.sees('满分 5');
  const agent = await Person.of(browser, 'agent', true);
  await look(agent, '/agent/w', 'early-errands');
  await look(agent, '/agent/w/1', 'early-errand');
  const leader = await Person.of(browser, 'leader', true);
  await look(leader, '/w/catalogue/lianshan', 'early-catalogue');
  await leader.press('下发并公布', 'early-catalogue-issued');
  await leader.sees('已下发');
  await look(leader, '/w/training', 'early-training');
  await look(leader, '/w/ranking?month=2026-11', 'early-ranking');
  for (const p of [owner, agent, leader]) await p.close();
}

async function everybody(browser) {
  const nobody = await Person.of(browser, null, true);
  for (const [path, name] of [['/ask', 'early-public-ask'], ['/ask/1', 'early-public-reply'], ['/agent', 'early-public-agent'],
    ['/agent/longgang', 'early-public-catalogue'], ['/s/reserve', 'early-public-plots'], ['/s/reserve/1', 'early-public-plot']])
    await look(nobody, path, name);
  await nobody.close();
}

export async function early(browser) {
  await consultation(browser);
  await library(browser);
  await agents(browser);
  await everybody(browser);
}
