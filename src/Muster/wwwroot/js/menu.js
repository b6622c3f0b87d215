// Keyboard for menus, and the one row menu shared by every row. Opening, closing and Esc are the browser's own (popover).

const items = (menu) => [...menu.querySelectorAll('[role^=menuitem]')].filter((item) => item.getClientRects().length > 0);
let typed = '';
let typedAt = 0;

const move = (menu, key) => {
  const all = items(menu);
  const at = all.indexOf(document.activeElement);
  if (key === 'ArrowDown') return all[(at + 1) % all.length];
  if (key === 'ArrowUp') return all[(at - 1 + all.length) % all.length];
  if (key === 'Home') return all[0];
  if (key === 'End') return all.at(-1);
  if (key.length !== 1 || key === ' ') return null;
  typed = performance.now() - typedAt > 700 ? key : typed + key;
  typedAt = performance.now();
  const start = typed.length > 1 ? at : at + 1;
  const order = [...all.slice(start), ...all.slice(0, start)];
  return order.find((item) => item.textContent.trim().toLowerCase().startsWith(typed.toLowerCase()));
};

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const button = event.target.closest?.('[popovertarget][aria-haspopup=menu]');
  if (button && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
    event.preventDefault();
    const menu = button.popoverTargetElement;
    menu.showPopover({ source: button });
    const all = items(menu);
    (event.key === 'ArrowUp' ? all.at(-1) : all[0])?.focus();
    return;
  }
  const menu = event.target.closest?.('[role=menu]');
  if (!menu) return;
  const to = move(menu, event.key);
  if (!to) return;
  event.preventDefault();
  to.focus();
});

// Opened from the keyboard or by a click: the first item has the focus, so that arrows work at once.
document.addEventListener(
  'toggle',
  (event) => {
    const menu = event.target;
    if (!menu.matches?.('[popover]')) return;
    for (const button of document.querySelectorAll(`[popovertarget="${CSS.escape(menu.id)}"]`)) {
      button.setAttribute('aria-expanded', String(event.newState === 'open'));
    }
    if (event.newState !== 'open') return;
    place(menu);
    if (menu.matches('[role=menu]') && !menu.contains(document.activeElement)) items(menu)[0]?.focus({ preventScroll: true });
    else if (menu.matches('.tree')) menu.querySelector('input:checked')?.focus({ preventScroll: true });
  },
  true,
);

// Where the browser has no anchor positioning the menu is put under its button by hand.
let source = null;
const place = (menu) => {
  if (CSS.supports('position-area: block-end') || !menu.matches('.menu')) return;
  const button = source?.isConnected ? source : document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  if (!button) return;
  const at = button.getBoundingClientRect();
  const width = menu.offsetWidth;
  const left = menu.matches('.menu-start') ? at.left : at.right - width;
  menu.style.inset = 'auto';
  menu.style.margin = '0';
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  menu.style.top = `${at.bottom + menu.offsetHeight + 8 > innerHeight ? Math.max(8, at.top - menu.offsetHeight - 4) : at.bottom + 4}px`;
};

// A row's ⋮ is a link to the person's page; here it opens the shared menu instead, whose links take the row's id for "{id}".
document.addEventListener('click', (event) => {
  const opener = event.target.closest?.('[data-row-menu]');
  if (!opener || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const menu = document.getElementById(opener.dataset.rowMenu);
  if (!menu) return;
  event.preventDefault();
  for (const item of menu.querySelectorAll('[data-href]')) item.setAttribute('href', item.dataset.href.replaceAll('{id}', opener.dataset.id));
  for (const item of menu.querySelectorAll('[data-statuses]')) item.hidden = !item.dataset.statuses.split(' ').includes(opener.dataset.status);
  const form = document.getElementById(menu.dataset.form ?? '');
  if (form) form.elements.namedItem('only').value = opener.dataset.id;
  menu.setAttribute('aria-label', opener.getAttribute('aria-label'));
  source = opener;
  menu.showPopover({ source: opener });
  items(menu)[0]?.focus({ preventScroll: true });
  const closed = (toggle) => {
    if (toggle.newState !== 'closed') return;
    menu.removeEventListener('toggle', closed);
    if (form) form.elements.namedItem('only').value = '';
    if (opener.isConnected && (!document.activeElement || document.activeElement === document.body)) opener.focus({ preventScroll: true });
  };
  menu.addEventListener('toggle', closed);
}, true);

document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' || event.key === ' ' || event.key === 'ArrowDown') {
    const opener = event.target.closest?.('a[data-row-menu]');
    if (opener && event.key !== 'Enter') {
      event.preventDefault();
      opener.click();
    }
  }
});

// Esc and a choice both close; the browser returns the focus to the button.
document.addEventListener('click', (event) => event.target.closest?.('.menu [role^=menuitem]')?.closest('[popover]')?.hidePopover());

const dress = () => {
  for (const opener of document.querySelectorAll('a[data-row-menu]')) {
    opener.setAttribute('role', 'button');
    opener.setAttribute('aria-haspopup', 'menu');
    if (opener.dataset.menuLabel) opener.setAttribute('aria-label', opener.dataset.menuLabel);
  }
  for (const button of document.querySelectorAll('[popovertarget][aria-haspopup]')) {
    if (!button.hasAttribute('aria-expanded')) button.setAttribute('aria-expanded', 'false');
  }
};
document.addEventListener('muster:page', dress);
dress();
