// Ticked rows, kept across pages in sessionStorage, one selection per workspace and filter-independent.
// Either ids ticked one by one, or "all that match" a filter minus some. The server gets ids or the filter, never a page.
//
// <form id="bulk" data-selection="WORKSPACE" data-filter="QUERY" data-matching="N"> carries the ticks; rows are
// <input type="checkbox" form="bulk" name="ids" value="ID">; without script the ticked rows of this page are posted as they are.

const form = () => document.querySelector('form[data-selection]');
const key = () => `muster-selection:${form().dataset.selection}`;
const nothing = () => ({ ids: [], all: null, except: [] });
const read = () => {
  try {
    return { ...nothing(), ...JSON.parse(sessionStorage.getItem(key())) };
  } catch {
    return nothing();
  }
};
const write = (selection) => sessionStorage.setItem(key(), JSON.stringify(selection));
const boxes = () => [...document.querySelectorAll('input[type=checkbox][name=ids][form=bulk]')];
const count = (s) => (s.all === null ? s.ids.length : Math.max(0, s.matching - s.except.length));
const has = (s, id) => (s.all === null ? s.ids.includes(id) : !s.except.includes(id));
const number = new Intl.NumberFormat('en-GB');

const set = (s, id, on) => {
  const list = s.all === null ? s.ids : s.except;
  const listed = s.all === null ? on : !on;
  const at = list.indexOf(id);
  if (listed && at < 0) list.push(id);
  if (!listed && at >= 0) list.splice(at, 1);
};

const isCapped = (s) => s.all !== null && s.capped;
const say = (s) => {
  if (!isCapped(s)) return `${number.format(count(s))} selected`;
  return `All ${number.format(s.matching)}+ who match selected${s.except.length > 0 ? `, except ${number.format(s.except.length)}` : ''}`;
};

const draw = () => {
  // What was selected has become a running operation: the ticks have done their work.
  const done = document.querySelector('[data-forget-selection]');
  if (done) sessionStorage.removeItem(`muster-selection:${done.dataset.forgetSelection}`);
  if (!form()) return;
  const s = read();
  // "All that match" belongs to the filter it was chosen with.
  if (s.all !== null && form().dataset.filter !== undefined && s.all !== form().dataset.filter) {
    write(nothing());
    return draw();
  }
  const n = count(s);
  for (const box of boxes()) {
    box.checked = has(s, box.value);
    box.closest('tr')?.classList.toggle('ticked', box.checked);
  }
  const page = document.getElementById('tick-page');
  if (page) {
    const on = boxes().filter((box) => box.checked).length;
    page.checked = on > 0 && on === boxes().length;
    page.indeterminate = on > 0 && on < boxes().length;
  }
  for (const badge of document.querySelectorAll('[data-selected-count]')) {
    badge.textContent = isCapped(s) ? `${number.format(s.matching)}+` : number.format(n);
    badge.hidden = n === 0;
  }
  for (const words of document.querySelectorAll('[data-selected-words]')) words.textContent = say(s);
  const bar = document.getElementById('selection-bar');
  if (!bar) return;
  bar.hidden = n === 0;
  const all = bar.querySelector('[data-select-all]');
  if (all) all.hidden = s.all !== null;
};

const change = (edit) => {
  const s = read();
  const next = edit(s) ?? s;
  write(next);
  draw();
  document.dispatchEvent(new CustomEvent('muster:announce', { detail: say(next) }));
};

let last = null;
document.addEventListener('click', (event) => {
  if (!form()) return;
  const box = event.target.closest?.('input[type=checkbox][name=ids][form=bulk]');
  if (box) {
    const all = boxes();
    const from = event.shiftKey && last ? all.findIndex((b) => b.value === last) : -1;
    const to = all.indexOf(box);
    const range = from < 0 ? [box] : all.slice(Math.min(from, to), Math.max(from, to) + 1);
    last = box.value;
    change((s) => range.forEach((b) => set(s, b.value, box.checked)));
  } else if (event.target.id === 'tick-page') {
    const on = event.target.checked;
    change((s) => boxes().forEach((b) => set(s, b.value, on)));
  } else if (event.target.closest?.('[data-select-all]')) {
    const { filter, matching, capped } = form().dataset;
    change(() => ({ ids: [], all: filter, except: [], matching: Number(matching), capped: capped === 'true' }));
  } else if (event.target.closest?.('[data-clear-selection]')) {
    change(nothing);
  }
});

// The form takes the whole selection along: hidden fields instead of this page's boxes.
const fill = (event) => {
  const target = event.target;
  if (!target.matches?.('form[data-selection]')) return;
  for (const old of target.querySelectorAll('[data-filled]')) old.remove();
  const s = read();
  const add = (name, value) => {
    const field = document.createElement('input');
    field.type = 'hidden';
    field.name = name;
    field.value = value;
    field.dataset.filled = 'true';
    target.append(field);
  };
  add('script', 'true');
  if (target.elements.namedItem('only')?.value) return;
  if (s.all !== null) {
    add('all', 'true');
    target.elements.namedItem('filter').value = s.all;
    add('except', s.except.join(','));
  } else if (s.ids.length > 0) {
    add('selected', s.ids.join(','));
  }
};
// Capturing: before nav.js reads the form.
document.addEventListener('submit', fill, true);
document.addEventListener('muster:page', draw);
addEventListener('pageshow', draw);
draw();
