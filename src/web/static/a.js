// SPDX-License-Identifier: Apache-2.0
// Everything works without this script; it saves steps. Each part looks for its attribute and does nothing when
// it is absent.

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// The error summary takes the focus; its links lead to the label, so that the question is read before the field.
function errorSummary() {
  const box = one('.errsum');
  if (!box) return;
  box.focus();
  box.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#"]');
    const input = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!input) return;
    event.preventDefault();
    const legend = input.closest('fieldset')?.querySelector('legend');
    const label = one(`label[for="${CSS.escape(input.id)}"]`);
    (legend || label || input).scrollIntoView();
    input.focus({ preventScroll: true });
  });
}

// A second click within four seconds is not sent. The server refuses it as well (the field "key").
function sendOnce(form) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = '1';
    setTimeout(() => delete form.dataset.sent, 4000);
  });
}

// Drafts: one and a half seconds after the last key, without files.
function autosave(form) {
  const live = one('[role=status]', form);
  const say = (text) => { if (live) live.textContent = text; };
  let timer;
  let dirty = false;
  async function save() {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    try {
      const reply = await fetch(form.dataset.autosave, { method: 'POST', body: data, headers: { Accept: 'application/json' } });
      if (!reply.ok) return say('没有保存，请按“先保存”');
      dirty = false;
      say(`已保存 ${new Date().toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit' })}`);
    } catch {
      say('网络断开，内容还在本页');
    }
  }
  form.addEventListener('input', () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, 1500);
  });
  form.addEventListener('submit', () => { dirty = false; clearTimeout(timer); });
  addEventListener('beforeunload', (event) => { if (dirty) event.preventDefault(); });
}

// Suggestions under a search field: a listbox that follows the field. Arrows choose, Enter asks, Escape closes.
function suggest(input) {
  const list = document.createElement('ul');
  let request;
  let timer;
  let at = -1;
  list.className = 'tips';
  list.id = `${input.id}-tips`;
  list.hidden = true;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', input.labels[0]?.textContent || '');
  const open = (yes) => {
    if (!list.isConnected) return;
    list.hidden = !yes;
    input.setAttribute('aria-expanded', String(yes));
    if (!yes) choose(-1);
  };
  function choose(n) {
    at = n;
    [...list.children].forEach((item, i) => item.setAttribute('aria-selected', String(i === at)));
    if (at < 0) input.removeAttribute('aria-activedescendant');
    else input.setAttribute('aria-activedescendant', list.children[at].id);
  }
  function show(tips) {
    if (!list.isConnected) {
      input.after(list);
      for (const [name, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-controls', list.id]]) input.setAttribute(name, value);
    }
    list.replaceChildren(...tips.map((tip, i) => {
      const item = document.createElement('li');
      const kind = document.createElement('span');
      item.id = `${list.id}-${i}`;
      item.dataset.text = tip.text;
      item.setAttribute('role', 'option');
      kind.className = 'hint';
      kind.textContent = tip.to || tip.kind;
      item.append(tip.text, kind);
      return item;
    }));
    choose(-1);
    open(tips.length > 0);
  }
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      request?.abort();
      request = new AbortController();
      if (!input.value.trim()) return open(false);
      try {
        const reply = await fetch(input.dataset.suggest + encodeURIComponent(input.value), { signal: request.signal });
        if (reply.ok) show(await reply.json());
      } catch { /* a suggestion that does not come is no loss */ }
    }, 80);
  });
  input.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault();
      open(false);
    } else if (step && !list.hidden) {
      event.preventDefault();
      const n = list.children.length;
      choose(at < 0 && step < 0 ? n - 1 : (at + step + n) % n);
    } else if (event.key === 'Enter' && at >= 0) {
      input.value = list.children[at].dataset.text;
    }
  });
  list.addEventListener('pointerdown', (event) => {
    const item = event.target.closest('li');
    if (!item) return;
    event.preventDefault();
    input.value = item.dataset.text;
    input.form.requestSubmit();
  });
  input.addEventListener('blur', () => open(false));
}

// "/" goes to the search field.
function slash(input) {
  addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, select, textarea')) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}

// What others change appears while the page is looked at. The server says that something is new; the page is fetched and the
// parts that differ are put in, at most once in data-calm seconds. A part in which somebody types, or has opened something, is left as it is.
function listen(main) {
  let source;
  let waiting = false;
  const busy = (part) => part.contains(document.activeElement) && part !== main &&
    document.activeElement.matches('input, select, textarea') || one('details[open], form:not([data-row])', part);
  const note = document.createElement('p');
  note.setAttribute('role', 'status');
  note.className = 'hint';
  note.dataset.script = '';
  const say = (text) => { if (!note.isConnected) main.append(note); note.textContent = text; };
  async function refresh() {
    if (waiting) return;
    waiting = true;
    try {
      const reply = await fetch(location.href, { headers: { Accept: 'text/html' } });
      if (!reply.ok || reply.redirected) return;
      const fresh = one('main', new DOMParser().parseFromString(await reply.text(), 'text/html'));
      note.remove();
      const old = [...main.children];
      const now = [...fresh.children];
      if (old.length !== now.length) return say(document.documentElement.lang === 'en' ? 'This page has changed: reload to see it.' : '内容有变化，请刷新页面查看。');
      let changed = 0;
      old.forEach((part, i) => {
        if (part.outerHTML === now[i].outerHTML || busy(part) || one('form:not([data-row])', now[i])) return;
        const at = part.contains(document.activeElement) && document.activeElement.getAttribute('href');
        part.replaceWith(now[i]);
        changed++;
        if (at) one(`a[href="${CSS.escape(at)}"]`, now[i])?.focus({ preventScroll: true });
      });
      if (changed) say(`${document.documentElement.lang === 'en' ? 'Updated' : '已更新'} ${new Date().toLocaleTimeString('zh-CN')}`);
    } catch { /* the network is away: the source comes back by itself */ } finally { waiting = false; }
  }
  const calm = Number(main.dataset.calm || 0) * 1000;
  let next = 0;
  let later;
  const news = () => {
    const wait = next - Date.now();
    if (wait > 0) { later ??= setTimeout(() => { later = undefined; news(); }, wait); return; }
    next = Date.now() + calm;
    refresh();
  };
  const start = () => {
    if (source || document.hidden) return;
    source = new EventSource(main.dataset.events);
    source.onmessage = news;
  };
  // A browser keeps six lines to a site: a page that nobody looks at gives its own back.
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) { start(); refresh(); return; }
    source?.close();
    source = undefined;
  });
  start();
}

// j and k move through the rows of a worklist.
function rowKeys() {
  const rows = () => all('table[data-keys] tbody a.open, table[data-keys] tbody th[scope=row] a');
  addEventListener('keydown', (event) => {
    if (event.target.matches('input, select, textarea') || event.ctrlKey || event.metaKey || event.altKey) return;
    const links = rows();
    if ((event.key !== 'j' && event.key !== 'k') || !links.length) return;
    const at = Math.max(0, Math.min(links.length - 1, links.indexOf(document.activeElement) + (event.key === 'j' ? 1 : -1)));
    links[at].focus();
  });
}

// Reading aloud; the button shows only where the browser can.
function readAloud(button) {
  if (!('speechSynthesis' in window)) return;
  const pressed = (yes) => button.setAttribute('aria-pressed', String(yes));
  button.hidden = false;
  button.addEventListener('click', () => {
    if (speechSynthesis.speaking) {
      speechSynthesis.cancel();
      pressed(false);
      return;
    }
    const speech = new SpeechSynthesisUtterance(one(button.dataset.read || 'main').innerText);
    speech.lang = document.documentElement.lang;
    speech.rate = 0.9;
    speech.onend = () => pressed(false);
    speechSynthesis.speak(speech);
    pressed(true);
  });
}

one('nav.main [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }); // the bar moves sideways on a telephone
errorSummary();
all('form[data-once]').forEach(sendOnce);
all('form[data-autosave]').forEach(autosave);
all('input[data-suggest]').forEach(suggest);
all('input[data-slash]').slice(0, 1).forEach(slash);
if (one('table[data-keys]')) rowKeys();
all('main[data-events]').forEach(listen);
all('button[data-read]').forEach(readAloud);
all('button[data-print]').forEach((button) => { button.hidden = false; button.addEventListener('click', () => print()); });
