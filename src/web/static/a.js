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

// Suggestions for a search box; the address comes from data-suggest and answers a list of strings.
function suggest(input) {
  const list = document.getElementById(input.getAttribute('list'));
  let request;
  let timer;
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      request?.abort();
      request = new AbortController();
      try {
        const reply = await fetch(input.dataset.suggest + encodeURIComponent(input.value),
          { signal: request.signal, headers: { Accept: 'application/json' } });
        if (reply.ok) list.replaceChildren(...(await reply.json()).map((text) => new Option(text)));
      } catch { /* a suggestion that does not come is no loss */ }
    }, 120);
  });
}

// j and k move through the rows of a worklist.
function rowKeys(table) {
  const links = all('tbody a.open, tbody th[scope=row] a', table);
  let at = -1;
  addEventListener('keydown', (event) => {
    if (event.target.matches('input, select, textarea') || event.ctrlKey || event.metaKey || event.altKey) return;
    if ((event.key !== 'j' && event.key !== 'k') || !links.length) return;
    at = Math.max(0, Math.min(links.length - 1, at + (event.key === 'j' ? 1 : -1)));
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
    const speech = new SpeechSynthesisUtterance(one('main').innerText);
    speech.lang = document.documentElement.lang;
    speech.rate = 0.9;
    speech.onend = () => pressed(false);
    speechSynthesis.speak(speech);
    pressed(true);
  });
}

errorSummary();
all('form[data-once]').forEach(sendOnce);
all('form[data-autosave]').forEach(autosave);
all('input[data-suggest]').forEach(suggest);
all('table[data-keys]').forEach(rowKeys);
all('button[data-read]').forEach(readAloud);
