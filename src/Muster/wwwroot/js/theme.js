// The choice of theme without a round trip; without script the same buttons post a form.
document.addEventListener('click', (event) => {
  const button = event.target.closest?.('button[name=theme]');
  if (!button) return;
  event.preventDefault();
  const theme = button.value;
  document.documentElement.dataset.theme = theme;
  document.cookie = `muster-theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  for (const other of document.querySelectorAll('button[name=theme]')) other.setAttribute('aria-checked', String(other === button));
});
