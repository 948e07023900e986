// SPDX-License-Identifier: Apache-2.0
// Drawing a plot on the map that the server made, loaded on map pages only. It fills the field of coordinates, which is the one way in:
// without this script people type there, and the server computes from it in any case. The plane is that of src/geo/plane.c, in which areas are
// areas on the ellipsoid: what is shown while drawing is what the server will say.

const A = 6378137, F = 1 / 298.257222101, E2 = F * (2 - F), E = Math.sqrt(E2), RAD = Math.PI / 180, WIDTH = 800, HEIGHT = 600;
const TRUE_AT = 40.6 * RAD, K = Math.cos(TRUE_AT) / Math.sqrt(1 - E2 * Math.sin(TRUE_AT) ** 2);
const qOf = (phi) => {
  const s = Math.sin(phi), es = E * s;
  return (1 - E2) * (s / (1 - es * es) - Math.log((1 - es) / (1 + es)) / (2 * E));
};
const plane = ([lon, lat]) => [A * K * (lon - 120) * RAD, A * qOf(lat * RAD) / (2 * K)];
function unplane([x, y]) {
  const q = 2 * K * y / A;
  let phi = Math.asin(q / qOf(Math.PI / 2));
  for (let i = 0; i < 6; i++) {
    const s = Math.sin(phi), w = 1 - E2 * s * s;
    phi -= (qOf(phi) - q) * w * w / (2 * (1 - E2) * Math.cos(phi));
  }
  const round = (v) => Math.round(v * 1e7) / 1e7; // a centimetre
  return [round(x / (A * K) / RAD + 120), round(phi / RAD)];
}

const squareMetres = (ring) => {
  const at = ring.map(plane);
  return Math.abs(at.reduce((sum, [x, y], i) => {
    const [u, v] = at[(i + 1) % at.length];
    return sum + (x - at[0][0]) * (v - at[0][1]) - (u - at[0][0]) * (y - at[0][1]);
  }, 0)) / 2;
};
const side = ([ax, ay], [bx, by], [cx, cy]) => Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));
const between = (a, b, c) => Math.min(a[0], b[0]) <= c[0] && c[0] <= Math.max(a[0], b[0]) && Math.min(a[1], b[1]) <= c[1] && c[1] <= Math.max(a[1], b[1]);
function meet(a, b, c, d) {
  const s = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
  if (s[0] !== s[1] && s[2] !== s[3] && s.every((x) => x)) return true;
  return (!s[0] && between(a, b, c)) || (!s[1] && between(a, b, d)) || (!s[2] && between(c, d, a)) || (!s[3] && between(c, d, b));
}
// The first two edges that meet though they are no neighbours, counted from 1; closed: the last point goes back to the first.
function crossing(ring, closed) {
  const at = ring.map(plane), n = closed ? at.length : at.length - 1;
  for (let i = 0; i < n; i++)
    for (let j = i + 2; j < n; j++) {
      if (closed && i === 0 && j === n - 1) continue;
      if (meet(at[i], at[i + 1], at[j], at[(j + 1) % at.length])) return [i + 1, j + 1];
    }
  return null;
}

// Lines of longitude and latitude, an empty line between two plots; null: it is something else, which is left as it is.
function parse(text) {
  const plots = [[]];
  for (const line of text.trim().split('\n')) {
    const found = /^\s*(\d+(?:\.\d+)?)\s*[,，\s]\s*(\d+(?:\.\d+)?)\s*$/.exec(line);
    if (found) plots.at(-1).push([Number(found[1]), Number(found[2])]);
    else if (/^\s*@?\s*$/.test(line)) plots.push([]);
    else return null;
  }
  const kept = plots.filter((p) => p.length);
  for (const p of kept) if (p.length > 3 && String(p[0]) === String(p.at(-1))) p.pop();
  return kept;
}

function start(box) {
  const one = (name) => box.querySelector(name);
  const tool = (name) => one(`[data-do="${name}"]`);
  const svg = one('svg.map'), canvas = one('.canvas'), field = document.querySelector('textarea[name="shape"]');
  if (!svg || !canvas || !field) return;
  const make = (name, attributes, parent) => {
    const e = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
    parent.append(e);
    return e;
  };
  const base = make('g', {}, svg), drawn = make('g', { class: 'drawn' }, svg), cross = make('path', { class: 'cross', d: 'M-14 0H14M0 -14V14' }, svg);
  base.append(...svg.querySelectorAll('path.ly'), ...svg.querySelectorAll('path.hit'));
  const before = svg.querySelector('path.plot');
  const view = { west: Number(svg.dataset.west), north: Number(svg.dataset.north), scale: Number(svg.dataset.scale) };
  const home = { ...view };
  let loaded = { ...view };
  let plots = parse(field.value) ?? [];
  let own = parse(field.value) !== null;
  let drawing = false, chosen = null, at = [WIDTH / 2, HEIGHT / 2], past = [], later;

  const toPixel = (p) => { const [x, y] = plane(p); return [(x - view.west) * view.scale, (view.north - y) * view.scale]; };
  const toPlace = ([x, y]) => unplane([view.west + x / view.scale, view.north - y / view.scale]);
  const say = (text, bad) => { const p = one('[data-said]'); p.textContent = text; p.classList.toggle('err', Boolean(bad)); };

  /* ---- showing ---- */
  function sum() {
    const whole = plots.filter((p) => p.length > 2), bad = whole.find((p) => crossing(p, true));
    const points = plots.reduce((n, p) => n + p.length, 0);
    const ha = Math.floor((Math.round(whole.reduce((m, p) => m + squareMetres(p), 0) * 1000) + 500) / 1000) / 10000;
    const text = !points ? '还没有点。' : `${points} 个点` + (bad ? '，首尾相连的边会和别的边相交' : whole.length ? `，面积 ${ha.toFixed(4)} 公顷` : '');
    if (one('[data-area]').textContent !== text) one('[data-area]').textContent = text; // it is read aloud when it changes
  }
  function show() {
    drawn.replaceChildren();
    plots.forEach((ring, p) => {
      const px = ring.map(toPixel);
      if (px.length > 1) make('path', { class: 'draft', d: `M${px.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}${px.length > 2 ? 'Z' : ''}` }, drawn);
      if (drawing) px.forEach(([x, y], i) => make('circle', { class: `pt${chosen && chosen.p === p && chosen.i === i ? ' pt--on' : ''}`, cx: x.toFixed(1), cy: y.toFixed(1), r: 9 }, drawn));
    });
    before?.classList.toggle('off', plots.length > 0);
    const [x, y] = chosen ? toPixel(plots[chosen.p][chosen.i]) : at;
    cross.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    const k = view.scale / loaded.scale;
    base.setAttribute('transform', `translate(${((loaded.west - view.west) * view.scale).toFixed(2)} ${((view.north - loaded.north) * view.scale).toFixed(2)}) scale(${k.toFixed(6)})`);
    const wide = Math.round(WIDTH / view.scale);
    one('[data-wide]').textContent = wide >= 5000 ? `${Math.floor(wide / 1000)} km` : `${wide} m`;
    tool('undo').disabled = !past.length;
    tool('delete').disabled = !chosen;
    tool('next').disabled = !plots.some((p) => p.length);
    tool('more').disabled = (plots.at(-1)?.length ?? 0) < 3;
    sum();
  }
  // The server draws what is seen at this size, from all its points.
  async function load() {
    const [west, north] = unplane([view.west, view.north]), [east, south] = unplane([view.west + WIDTH / view.scale, view.north - HEIGHT / view.scale]);
    const wanted = Object.entries({ west, south, east, north }).map(([k, v]) => `${k}=${Math.round(v * 1e6)}`).join('&');
    try {
      const reply = await fetch(`/map/window?${wanted}`, { headers: { Accept: 'application/json' } });
      if (!reply.ok) return;
      const fresh = await reply.json();
      for (const p of base.querySelectorAll('.hit')) p.remove();
      for (const p of base.querySelectorAll('.ly')) p.setAttribute('d', '');
      for (const { i, d } of fresh.layers) (base.querySelector(`.ly${i}`) ?? make('path', { class: `ly ly${i}`, 'fill-rule': 'evenodd' }, base)).setAttribute('d', d);
      loaded = { west: Number(fresh.west), north: Number(fresh.north), scale: Number(fresh.scale) };
      show();
    } catch { /* the picture stays as it was, only coarser */ }
  }
  function moved() {
    show();
    clearTimeout(later);
    later = setTimeout(load, 250);
  }
  function zoom(k, [x, y] = [WIDTH / 2, HEIGHT / 2]) {
    const scale = Math.min(20, Math.max(Math.min(home.scale, WIDTH / 150000), view.scale * k));
    view.west += x / view.scale - x / scale;
    view.north -= y / view.scale - y / scale;
    view.scale = scale;
    moved();
  }
  function pan(dx, dy) {
    view.west -= dx / view.scale;
    view.north += dy / view.scale;
    moved();
  }

  /* ---- changing ---- */
  const keep = () => past.push(JSON.stringify(plots));
  const back = () => { plots = JSON.parse(past.pop()); chosen = null; };
  function write() {
    own = true;
    field.value = plots.filter((p) => p.length).map((p) => p.map((c) => c.join(',')).join('\n')).join('\n\n');
    show();
  }
  const named = (p, i) => `第 ${i + 1} 点 ${plots[p][i].join('，')}`;
  const near = ([x, y]) => {
    const reach = 18 * WIDTH / svg.getBoundingClientRect().width;
    for (let p = plots.length - 1; p >= 0; p--)
      for (let i = 0; i < plots[p].length; i++) {
        const [u, v] = toPixel(plots[p][i]);
        if (Math.hypot(u - x, v - y) < reach) return { p, i };
      }
    return null;
  };
  function add(pixel) {
    if (!plots.length) plots.push([]);
    const ring = plots.at(-1), place = toPlace(pixel);
    if (ring.some((c) => c[0] === place[0] && c[1] === place[1])) return say('这里已经有一个点，没有再加。', true);
    const met = crossing([...ring, place], false);
    if (met) return say(`这样第 ${met[0]} 条边和第 ${met[1]} 条边会相交，这个点没有加上，请换个位置。`, true);
    keep();
    ring.push(place);
    write();
    say(`加了${named(plots.length - 1, ring.length - 1)}。`);
  }
  // Was it all right before, it has to be afterwards; otherwise the point goes back.
  function settle(p) {
    const ring = plots[p], met = ring && crossing(ring, ring.length > 2), was = JSON.parse(past.at(-1))[p];
    if (!met || crossing(was, was.length > 2)) { write(); return true; }
    back();
    write();
    say(`这样第 ${met[0]} 条边和第 ${met[1]} 条边会相交，没有改动，请换个位置。`, true);
    return false;
  }
  function move(pick, pixel) { plots[pick.p][pick.i] = toPlace(pixel); show(); }
  function drop() {
    if (!chosen) return;
    const { p, i } = chosen;
    keep();
    plots[p].splice(i, 1);
    chosen = null;
    if (!settle(p)) return;
    if (!plots[p].length) plots.splice(p, 1);
    write();
    say(`删了一个点。`);
  }
  function next() {
    const all = plots.flatMap((ring, p) => ring.map((_, i) => ({ p, i })));
    if (!all.length) return;
    const was = all.findIndex((x) => chosen && x.p === chosen.p && x.i === chosen.i);
    chosen = all[(was + 1) % all.length];
    const [x, y] = toPixel(plots[chosen.p][chosen.i]);
    if (x < 0 || y < 0 || x > WIDTH || y > HEIGHT) pan(WIDTH / 2 - x, HEIGHT / 2 - y);
    show();
    say(`选中${named(chosen.p, chosen.i)}。方向键移动，回车放下，Delete 删除。`);
  }
  function undo() {
    if (!past.length) return;
    back();
    write();
    say(`撤销了一步。`);
  }
  function begin(yes) {
    if (yes) {
      const read = parse(field.value);
      if (read === null) return say('坐标栏里是 GeoJSON 或者界址点格式，在图上改不了。要在图上画，请先把坐标栏清空。', true);
      plots = read;
      canvas.setAttribute('role', 'application');
    } else {
      const short = plots.findIndex((p) => p.length < 3), bad = plots.findIndex((p) => crossing(p, true));
      if (plots.length && short >= 0) return say(`第 ${short + 1} 块地只有 ${plots[short].length} 个点，至少要 3 个才围成地块。`, true);
      if (bad >= 0) return say(`第 ${bad + 1} 块地首尾相连的边会和第 ${crossing(plots[bad], true)[0]} 条边相交，请移动或者删除点。`, true);
      canvas.setAttribute('role', 'group');
      chosen = null;
    }
    drawing = yes;
    box.classList.toggle('drawing', yes);
    tool('draw').textContent = yes ? tool('draw').dataset.done : tool('draw').dataset.begin;
    tool('draw').setAttribute('aria-pressed', String(yes));
    for (const b of box.querySelectorAll('[data-pen]')) b.hidden = !yes;
    tool('send').hidden = yes || !plots.length;
    show();
    if (yes) canvas.focus({ preventScroll: true });
    say(yes ? '在图上点一下加一个点；用键盘时方向键移动十字，回车加点。按住点可以拖动。' : plots.length ? `画好了，坐标已经填入坐标栏。` : '');
  }

  /* ---- hands ---- */
  const fingers = new Map();
  let grip = null, spread = 0;
  const pixelOf = (event) => {
    const r = svg.getBoundingClientRect();
    return [(event.clientX - r.left) / r.width * WIDTH, (event.clientY - r.top) / r.height * HEIGHT];
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button) return;
    if (!drawing && event.pointerType === 'touch') return; // the page moves, not the map
    const px = pixelOf(event), pick = drawing ? near(px) : null;
    fingers.set(event.pointerId, px);
    canvas.setPointerCapture(event.pointerId);
    spread = 0;
    grip = fingers.size === 1 ? { px, last: px, pick, moved: false } : null;
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!fingers.has(event.pointerId)) return;
    const px = pixelOf(event);
    fingers.set(event.pointerId, px);
    if (fingers.size === 2) {
      const [a, b] = [...fingers.values()], now = Math.hypot(a[0] - b[0], a[1] - b[1]);
      if (spread) zoom(now / spread, [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]);
      spread = now;
      return;
    }
    if (!grip || (!grip.moved && Math.hypot(px[0] - grip.px[0], px[1] - grip.px[1]) < 6)) return;
    if (!grip.moved && grip.pick) keep();
    grip.moved = true;
    if (grip.pick) { chosen = grip.pick; move(grip.pick, px); } else pan(px[0] - grip.last[0], px[1] - grip.last[1]);
    grip.last = px;
  });
  const lift = (event) => {
    const held = grip, px = pixelOf(event);
    if (!fingers.delete(event.pointerId) || !held) return;
    grip = null;
    if (held.moved && held.pick) { if (settle(held.pick.p)) say(`移到${named(held.pick.p, held.pick.i)}。`); return; }
    if (held.moved || !drawing || event.type === 'pointercancel') return;
    chosen = held.pick;
    if (chosen) { show(); say(`选中${named(chosen.p, chosen.i)}。拖动或者用方向键移动，Delete 删除。`); return; }
    at = px;
    add(px);
  };
  canvas.addEventListener('pointerup', lift);
  canvas.addEventListener('pointercancel', lift);
  canvas.addEventListener('wheel', (event) => {
    if (!event.ctrlKey && !drawing) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.25 : 0.8, pixelOf(event));
  }, { passive: false });
  let nudged = false;
  function nudge(dx, dy) {
    if (!drawing) return pan(-dx, -dy);
    if (chosen) {
      if (!nudged) keep();
      nudged = true;
      const [x, y] = toPixel(plots[chosen.p][chosen.i]);
      return move(chosen, [x + dx, y + dy]);
    }
    at = [at[0] + dx, at[1] + dy];
    const over = [Math.min(0, at[0] - 20) + Math.max(0, at[0] - WIDTH + 20), Math.min(0, at[1] - 20) + Math.max(0, at[1] - HEIGHT + 20)];
    if (over[0] || over[1]) {
      at = [at[0] - over[0], at[1] - over[1]];
      pan(-over[0], -over[1]);
    }
    show();
  }
  function put() {
    if (!chosen) return add(at);
    const pick = chosen;
    if (nudged && !settle(pick.p)) { nudged = false; return; }
    nudged = false;
    chosen = null;
    show();
    say(`放下了${named(pick.p, pick.i)}。`);
  }
  canvas.addEventListener('keydown', (event) => {
    const step = event.shiftKey ? 1 : 10;
    const arrows = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    const acts = { '+': () => zoom(1.5, at), '=': () => zoom(1.5, at), '-': () => zoom(1 / 1.5, at),
                   ...(drawing ? { Enter: put, Delete: drop, Backspace: undo, n: next, Escape: () => (chosen ? put() : begin(false)) } : {}) };
    if (event.ctrlKey || event.metaKey || event.altKey || (!arrows && !acts[event.key])) return;
    event.preventDefault();
    event.stopPropagation();
    if (arrows) nudge(...arrows);
    else acts[event.key]();
  });
  const submit = field.form.querySelector('button[type=submit]');
  tool('send').textContent = submit.textContent;
  const does = { send: () => field.form.requestSubmit(submit), draw: () => begin(!drawing), undo, next, delete: drop, in: () => zoom(1.5), out: () => zoom(1 / 1.5),
                 all: () => { Object.assign(view, home); moved(); },
                 more: () => { plots.push([]); chosen = null; show(); say('接着画下一块地。'); } };
  for (const [name, run] of Object.entries(does)) tool(name).addEventListener('click', () => { if (name !== 'draw') nudged = false; run(); });
  field.addEventListener('input', () => {
    const read = parse(field.value);
    own = read !== null;
    plots = read ?? [];
    chosen = null;
    past = [];
    show();
  });
  box.querySelector('[data-tools]').hidden = false;
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'group');
  if (!own) plots = [];
  show();
}

document.querySelectorAll('[data-map]').forEach(start);
