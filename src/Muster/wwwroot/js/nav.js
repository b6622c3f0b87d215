// Soft navigation: links and forms are fetched, <main> and #side replaced; focus, caret, scroll and open popovers are kept.
// Everything falls back to ordinary links and forms. Other modules hear "muster:page" after each swap.

const policy = globalThis.trustedTypes?.createPolicy('muster-nav', { createHTML: (html) => html });
const parse = (html) => new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, 'text/html');
const byId = (id) => document.getElementById(id);

let latest = 0;
let underWay = 0;
let controller;
history.scrollRestoration = 'manual';
history.replaceState({ ...history.state, muster: true }, '');

/** Says a sentence to screen readers. */
const announce = (sentence) => {
  const live = byId('live');
  live.textContent = '';
  setTimeout(() => (live.textContent = sentence), 50);
};

const trouble = (sentence) => {
  byId('trouble').textContent = sentence;
};

const busy = () => {
  const timer = setTimeout(() => {
    byId('busy').hidden = false;
    byId('main').setAttribute('aria-busy', 'true');
  }, 200);
  return () => {
    clearTimeout(timer);
    byId('busy').hidden = true;
    byId('main').removeAttribute('aria-busy');
  };
};

/** Where the reader is, by the things that survive the swap. */
const rememberFocus = () => {
  const at = document.activeElement;
  if (!at?.closest('main, #side')) return null;
  const open = at.closest('[popover]:popover-open');
  return {
    id: at.id,
    name: at.getAttribute('name'),
    href: at.getAttribute('href'),
    value: at.matches('[type=radio], [type=checkbox], button') ? at.value : null,
    start: at.selectionStart ?? null,
    end: at.selectionEnd ?? null,
    typed: at.matches('input[type=search], input[type=text]') ? at.value : null,
    popover: open?.id,
  };
};

const restoreFocus = (kept) => {
  if (!kept) return false;
  const having = (attribute, value) => [...document.querySelectorAll(`:is(main, #side) [${attribute}="${CSS.escape(value)}"]`)];
  const target =
    (kept.id && having('id', kept.id)[0]) ||
    (kept.name && having('name', kept.name).find((e) => kept.value === null || e.value === kept.value)) ||
    (kept.href && having('href', kept.href)[0]);
  if (!target) return false;
  if (kept.popover) byId(kept.popover)?.showPopover?.();
  target.focus({ preventScroll: true });
  if (kept.typed !== null && target.value !== undefined) {
    target.value = kept.typed; // Typing went on while the answer was under way.
    if (kept.start !== null) target.setSelectionRange(kept.start, kept.end);
  }
  return true;
};

const openDialog = () => {
  const dialog = document.querySelector('dialog[data-modal][open]');
  if (!dialog) return;
  dialog.removeAttribute('open');
  dialog.showModal();
  const first = dialog.querySelector('[autofocus], [aria-invalid], h2');
  first?.focus();
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    visit(dialog.dataset.close, { replace: true });
  });
};

/** True when the page could be swapped in; false asks for a full load. */
const swap = (next, { keepFocus, kept }) => {
  const main = next.querySelector('main');
  const sheet = 'link[rel=stylesheet]';
  // Another version of the program answers: its style and script belong to it.
  if (!main || next.querySelector(sheet)?.getAttribute('href') !== document.querySelector(sheet)?.getAttribute('href')) return false;
  const side = next.getElementById('side');
  const opener = document.querySelector('dialog[data-modal]')?.dataset.opener;
  const at = document.activeElement;
  const untouched = at && at !== document.body && !at.closest('main, #side') ? at : null;
  document.title = next.title;
  for (const meta of document.head.querySelectorAll('meta[http-equiv=refresh]')) meta.remove();
  if (Boolean(side) !== Boolean(byId('side'))) {
    // Another frame (signed out, refused): all of it.
    document.body.replaceWith(document.adoptNode(next.body));
  } else {
    byId('main').replaceWith(document.adoptNode(main));
    if (side) byId('side').replaceWith(document.adoptNode(side));
  }
  const name = next.querySelector('.workspace-name');
  if (name) document.querySelector('.workspace-name')?.replaceWith(document.adoptNode(name));
  trouble('');
  const wrong = byId('main').querySelector('[data-focus]');
  // A dialog that was closed gives the focus back to what opened it.
  const back = opener && !byId('main').querySelector('dialog[data-modal]') ? byId(opener) : null;
  if (wrong) wrong.focus();
  else if (back) back.focus();
  else if (!keepFocus || !(restoreFocus(kept) || untouched?.isConnected)) {
    (byId('main').querySelector('h1') ?? byId('main')).focus({ preventScroll: true });
    if (keepFocus) scrollTo(0, 0);
  }
  openDialog();
  const news = [...byId('main').querySelectorAll('[data-announce]')].map((e) => e.textContent.trim()).join(' ');
  announce(news || document.title);
  document.dispatchEvent(new CustomEvent('muster:page'));
  return true;
};

const unreachable = (posted) =>
  posted
    ? 'The server cannot be reached. It may or may not have received this. Trying again is safe: nothing is done twice.'
    : 'The server cannot be reached. You are still on the same page; try again in a moment.';

const go = async (url, { method = 'GET', body = null, replace = false, keepFocus = false, scroll = null } = {}) => {
  const ticket = ++latest;
  if (method === 'GET') {
    controller?.abort();
    controller = new AbortController();
  }
  const done = busy();
  underWay++;
  const kept = keepFocus ? rememberFocus() : null;
  try {
    const answer = await fetch(url, {
      method,
      body,
      headers: { Accept: 'text/html' },
      signal: method === 'GET' ? controller.signal : undefined,
    });
    const isPage = (answer.headers.get('content-type') ?? '').startsWith('text/html');
    if (!isPage || answer.headers.get('content-disposition')) {
      if (method === 'GET') location.href = url;
      else location.reload();
      return;
    }
    const next = parse(await answer.text());
    if (ticket !== latest) return;
    const at = new URL(answer.url);
    at.hash = new URL(url, location.href).hash;
    const state = { muster: true };
    if (!swap(next, { keepFocus, kept: keepFocus ? (rememberFocus() ?? kept) : null })) {
      location.href = at.href;
      return;
    }
    if (replace || at.href === location.href) history.replaceState(state, '', at.href);
    else history.pushState(state, '', at.href);
    if (scroll !== null) scrollTo(0, scroll);
    else if (at.hash) document.querySelector(`#${CSS.escape(at.hash.slice(1))}`)?.scrollIntoView();
    else if (!keepFocus) {
      scrollTo(0, 0);
      // What has the focus may stand far down, as the row that is being mended does.
      const wanted = byId('main').querySelector('[data-focus]');
      (wanted?.closest('tr') ?? wanted)?.scrollIntoView({ block: 'nearest' });
    }
  } catch (error) {
    if (error.name === 'AbortError' || ticket !== latest) return;
    trouble(unreachable(method !== 'GET'));
  } finally {
    underWay--;
    done();
  }
};

const visit = (url, options) => {
  history.replaceState({ ...history.state, scroll: scrollY }, '');
  return go(url, options);
};

// The same page as it is by now. Where somebody is going or what somebody sends is never given up for it.
document.addEventListener('muster:refresh', () => underWay || visit(location.href, { replace: true, keepFocus: true }));
document.addEventListener('muster:announce', (event) => announce(event.detail));

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.target || link.hasAttribute('download') || link.closest('[data-native]')) return;
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin) return;
  if (url.hash && url.pathname === location.pathname && url.search === location.search) return;
  event.preventDefault();
  visit(url.href, { keepFocus: link.hasAttribute('data-keep-focus') });
});

/** Trap: a control named "action" or "method" hides the form's own property, so ask the attributes. */
const asked = (form, by, what) => by?.getAttribute(`form${what}`) ?? form.getAttribute(what);

document.addEventListener('submit', (event) => {
  const form = event.target;
  const by = event.submitter;
  if (event.defaultPrevented || form.closest('[data-native]') || by?.hasAttribute('data-native')) return;
  const method = (asked(form, by, 'method') ?? 'get').toUpperCase();
  if (method === 'DIALOG') return;
  event.preventDefault();
  const data = new FormData(form, by);
  const url = new URL(asked(form, by, 'action') || location.href, location.href);
  if (method === 'GET') {
    const query = new URLSearchParams();
    for (const [name, value] of data) if (typeof value === 'string' && value !== '') query.append(name, value);
    url.search = query.toString();
    visit(url.href, { keepFocus: true, replace: form.hasAttribute('data-auto') });
    return;
  }
  if (form.dataset.sending) return; // A double click is one change.
  const large = [...form.querySelectorAll('input[type=file][data-max-bytes]')].find((e) => e.files[0]?.size > Number(e.dataset.maxBytes));
  if (large) {
    trouble(`The file is larger than ${Number(large.dataset.maxBytes) >> 20} MiB. Split it and upload the parts one after the other.`);
    large.focus();
    return;
  }
  form.dataset.sending = 'true';
  const multipart = asked(form, by, 'enctype') === 'multipart/form-data';
  const keepFocus = form.hasAttribute('data-keep-focus');
  visit(url.href, { method, body: multipart ? data : new URLSearchParams(data), keepFocus }).finally(() => delete form.dataset.sending);
});

// Filter forms apply themselves: typing after a pause, everything else at once; what is in data-wait has a button, for a day is typed bit by bit.
const applies = (form, control) => form?.hasAttribute('data-auto') && !control.closest('[data-wait]');
let pause;
document.addEventListener('input', (event) => {
  const form = event.target.form;
  if (!applies(form, event.target) || !event.target.matches('input[type=search], input[type=text]')) return;
  clearTimeout(pause);
  pause = setTimeout(() => form.isConnected && form.requestSubmit(), 300);
});
document.addEventListener('change', (event) => {
  const form = event.target.form;
  if (!applies(form, event.target) || event.target.matches('input[type=search], input[type=text]')) return;
  clearTimeout(pause);
  form.requestSubmit();
});

addEventListener('popstate', (event) => {
  if (event.state?.muster) go(location.href, { replace: true, scroll: event.state.scroll ?? 0 });
});
addEventListener('online', () => trouble(''));
openDialog();
