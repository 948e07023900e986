// SPDX-License-Identifier: Apache-2.0
// A new version of the package: staged beside the running server, proposed by one person, confirmed by another; cases keep theirs.
import { execFileSync } from 'node:child_process';
import { Person, check, look, base } from './lib.mjs';

const { PROGRAM, STORE, WORK } = process.env;

function stage(version) {
  const folder = `${WORK}/${version}`;
  execFileSync('tests/lib/next_package.sh', ['policies/huludao', folder, version]);
  execFileSync(PROGRAM, ['policy', 'stage', folder, '--store', STORE, '--policy', 'policies/huludao']);
}

export async function publish(browser) {
  const sys = await Person.of(browser, 'sys', true);
  await look(sys, '/adm/policy', 'policy-list-empty');
  await sys.sees('还没有发布过别的版本');
  stage('2026.1');
  await sys.go('/adm/policy');
  await sys.sees('2026.1');
  const where = '/adm/policy/new?version=2026.1';
  await look(sys, where, 'policy-new');
  await sys.sees('时限 7、20、24、19 → 6、20、24、19');
  await sys.sees('没有错误');

  // Every mistake at once, nothing typed is lost; what the command refuses comes back the same way.
  await sys.page.fill('#effective', '2026-13-01');
  await sys.press('提出发布', 'policy-new-wrong');
  await sys.sees('写明施行日期');
  await sys.sees('用一句话说明');
  check((await sys.page.inputValue('#effective')) === '2026-13-01', 'a wrong date stays in its field');
  await sys.page.fill('#effective', '2026-11-24');
  await sys.page.fill('#reason', '第一阶段压减到六天（示例）');
  await sys.press('提出发布', 'policy-new-past');
  await sys.sees('不能早于今天');
  check((await sys.page.inputValue('#reason')) === '第一阶段压减到六天（示例）', 'the reason stays');
  await sys.page.fill('#effective', '2026-11-25');
  await sys.press('提出发布', 'policy-waiting-own');
  await sys.sees('双人办理');
  check((await sys.page.locator('button[value=confirm]').count()) === 0, 'nobody confirms what they proposed');
  const path = new URL(sys.page.url()).pathname;
  await look(sys, path, 'policy-waiting-own');
  const csrf = await sys.page.locator('main input[name=csrf]').first().inputValue();
  const forged = await sys.page.request.post(base + path, { form: { csrf, act: 'confirm' }, headers: { origin: base }, maxRedirects: 0 });
  check(forged.status() === 422, `the proposer's confirmation is refused: ${forged.status()}`);
  await sys.close();

  // The second person, without scripts, sees the same and confirms.
  const wu = await Person.of(browser, 'wu', false);
  await wu.go('/adm/policy', 'policy-list-waiting');
  await wu.sees('等待确认');
  await wu.go(path, 'policy-waiting');
  await wu.sees('时限 7、20、24、19 → 6、20、24、19');
  await wu.press('驳回发布', 'policy-waiting-error');
  await wu.press('确认发布', 'policy-confirmed');
  await wu.sees('已确认');
  const one = await wu.api(path);
  check(one.confirmed && one.compared === '2019.60.1' && one.diff.length > 0, 'afterwards it still says what it changed');
  const list = await wu.api('/adm/policy');
  check(list.version === '2026.1' && list.effective === '2026-11-25', `in force from today: ${list.version} ${list.effective}`);

  // A case keeps the version it was accepted under.
  const rows = (await wu.api('/w/projects')).projects;
  let kept = 0;
  for (const p of rows.slice(0, 40)) {
    const view = await wu.api(`/w/p/${p.no}`);
    const first = view.stages[0];
    if (view.category !== 'industry' || !first.policy_version) continue;
    check(first.policy_version === '2019.60.1' && first.limit === 7, `project ${p.no} keeps ${first.policy_version}, ${first.limit} days`);
    if (!kept++) {
      await wu.go(`/w/p/${p.no}`, 'policy-project');
      await wu.sees('政策包版本 2019.60.1');
    }
  }
  check(kept > 0, 'there are cases of the earlier version');
  await wu.close();

  const sec = await Person.of(browser, 'sec', true);
  await look(sec, '/adm/policy', 'policy-list-full');
  await sec.go(path, 'policy-one-confirmed');
  await sec.close();

  const anyone = await Person.of(browser, null, true);
  for (const page of ['/s/list', '/s/time']) {
    await anyone.go(page, `policy-public-${page.slice(3)}`);
    await anyone.sees('政策包版本 2026.1');
    await anyone.sees('2026年11月25日起施行');
  }
  const time = (await anyone.page.request.get(`${base}/api/v1/s/time`).then((r) => r.json())).categories.find((c) => c.code === 'industry');
  check(time.limits[0].days === 6 && time.total === 69, `the public table shows the new days: ${time.limits[0].days}`);
  check((await anyone.page.request.get(`${base}/adm/policy`, { maxRedirects: 0 })).status() === 303, 'publishing is not for the public');
  await anyone.close();
}
