// SPDX-License-Identifier: Apache-2.0
// A plot is drawn with the mouse and with the keyboard, moved, refused where it crosses itself, and sent; without scripts its coordinates are typed.
import { Person, check, look, inspectNarrow, runAxe } from './lib.mjs';

const area = (page) => page.locator('[data-area]').innerText();
const said = (page) => page.locator('[data-said]').innerText();
const corners = async (page) => (await page.inputValue('textarea[name=shape]')).trim().split('\n').filter(Boolean);
const tool = (page, name) => page.click(`[data-do=${name}]`);

async function mouse(owner) {
  const page = owner.page;
  await look(owner, '/map/pick', 'map-pick');
  await page.setViewportSize({ width: 1280, height: 1000 });
  const s = await page.locator('svg.map').boundingBox();
  const click = (x, y) => page.mouse.click(s.x + x, s.y + y);
  await click(200, 100);
  check((await corners(page)).join('') === '', 'drawing starts only after the button');
  await tool(page, 'draw');
  for (const [x, y] of [[200, 100], [300, 100], [300, 180]]) await click(x, y);
  await click(250, 60);
  check((await said(page)).includes('会相交') && (await corners(page)).length === 3, `a crossing is refused: ${await said(page)}`);
  await click(200, 180);
  check((await corners(page)).length === 4, 'four corners');
  const before = await area(page);
  await page.mouse.move(s.x + 300, s.y + 180);
  await page.mouse.down();
  await page.mouse.move(s.x + 330, s.y + 200, { steps: 4 });
  await page.mouse.up();
  check((await area(page)) !== before, 'a point is dragged');
  await page.mouse.move(s.x + 330, s.y + 200);
  await page.mouse.down();
  await page.mouse.move(s.x + 250, s.y + 60, { steps: 4 });
  await page.mouse.up();
  check((await said(page)).includes('没有改动'), `a move that would cross is taken back: ${await said(page)}`);
  await tool(page, 'undo');
  check((await area(page)) === before, 'undone');
  await tool(page, 'next');
  await tool(page, 'delete');
  check((await corners(page)).length === 3, 'a chosen point is deleted');
  await tool(page, 'undo');
  await owner.page.evaluate('document.activeElement.blur()');
}

async function keys(owner) {
  const page = owner.page;
  await page.goto(page.url());
  for (let i = 0; i < 4; i++) await tool(page, 'in');
  await page.waitForResponse((r) => r.url().includes('/map/window') && r.ok());
  await tool(page, 'draw');
  const press = async (...list) => { for (const k of list) await page.keyboard.press(k); };
  await press('Enter', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter', 'ArrowDown', 'ArrowDown', 'Enter', 'Shift+ArrowLeft', 'Enter', 'Backspace');
  check((await corners(page)).length === 3, `three points by the keyboard: ${await corners(page)}`);
  await press('n', 'ArrowLeft', 'ArrowUp', 'Enter');
  const shown = (await area(page)).match(/面积 ([\d.]+) 公顷/)?.[1];
  check(!!shown, `the area is shown: ${await area(page)}`);
  await look2(owner, 'map-drawing');
  await tool(page, 'draw');
  await page.selectOption('#pick-category', 'industry');
  await Promise.all([page.waitForNavigation(), tool(page, 'send')]);
  await owner.sees('逐层结果');
  const told = (await page.locator('main').innerText()).match(/面积 ([\d.]+) 公顷/)?.[1];
  check(told === shown, `what was shown while drawing is what the server computed: ${shown} ${told}`);
  check((await corners(page)).length === 3, 'what was drawn is still there');
}

// The page as it is now, in the narrow window and in the wide one.
async function look2(person, name) {
  const found = await runAxe(person.page);
  check(!found.length, `${name}: axe: ${found.map((v) => `${v.id} ${v.nodes[0].html.slice(0, 100)}`).join('; ')}`);
  await inspectNarrow(person.page, name);
}

export async function map(browser) {
  const owner = await Person.of(browser, 'owner', true);
  await mouse(owner);
  await keys(owner);
  await owner.close();
  const plain = await Person.of(browser, 'owner', false);
  await plain.go('/map/pick');
  check(!(await plain.page.locator('[data-tools]').isVisible()), 'no tool that does nothing');
  await plain.page.fill('textarea[name=shape]', '120.862,40.695\n120.864,40.695\n120.864,40.6965\n120.862,40.6965');
  await plain.press('试算');
  await plain.sees('全部在区域内');
  await plain.close();
  const dr = await Person.of(browser, 'ap-development-reform', true);
  await look(dr, '/w/regions/1/draw', 'map-region-draw');
  await look(dr, '/map/region', 'map-region');
  await dr.close();
}
