// Live progress: server-sent events while the tab is visible (six connections per site is all HTTP/1.1 has),
// polling every two seconds when the stream cannot be had. When the status changes the page is fetched again.

let stop = null;

const text = (root, name, value) => {
  for (const place of root.querySelectorAll(`[data-live="${name}"]`)) place.textContent = value;
};

const show = (root, news) => {
  const bar = root.querySelector('progress');
  if (bar) {
    bar.max = Math.max(1, news.total);
    bar.value = news.done;
  }
  for (const [name, value] of Object.entries(news.text ?? {})) text(root, name, value);
  let offset = 0;
  for (const [name, value] of Object.entries(news.counts ?? {})) {
    for (const place of root.querySelectorAll(`[data-count="${CSS.escape(name)}"]`)) place.textContent = value.toLocaleString('en-GB');
    const arc = root.querySelector(`.donut-arc[data-key="${CSS.escape(name)}"]`);
    if (!arc) continue;
    const length = (100 * value) / Math.max(1, news.total);
    arc.setAttribute('stroke-dasharray', `${length} ${100 - length}`);
    arc.setAttribute('stroke-dashoffset', `${25 - offset}`);
    offset += length;
  }
  const center = root.querySelector('.donut-text');
  if (center && news.text?.percent) center.textContent = news.text.percent;
  root.classList.remove('stale');
  text(root, 'connection', '');
  if (news.status !== root.dataset.status) {
    stop?.();
    document.dispatchEvent(new CustomEvent('muster:refresh'));
    // If that page could not be had, go on watching.
    setTimeout(() => root.isConnected && watch(), 5000);
  }
};

const lost = (root) => {
  root.classList.add('stale');
  text(root, 'connection', 'Connection lost. The work goes on; reconnecting…');
};

const poll = (root) => {
  let over = false;
  const ask = async () => {
    try {
      const answer = await fetch(root.dataset.poll, { headers: { Accept: 'application/json' } });
      if (!answer.ok) throw new Error(String(answer.status));
      const news = await answer.json();
      if (!over) show(root, news);
    } catch {
      if (!over) lost(root);
    }
    if (!over) setTimeout(ask, 2000);
  };
  ask();
  return () => (over = true);
};

const stream = (root) => {
  const source = new EventSource(root.dataset.events);
  let heard = false;
  let fallback = null;
  const giveUp = setTimeout(() => {
    if (heard || fallback) return;
    source.close();
    fallback = poll(root);
  }, 4000);
  source.onmessage = (event) => {
    heard = true;
    show(root, JSON.parse(event.data));
  };
  source.onerror = () => {
    lost(root);
    if (source.readyState === EventSource.CLOSED && !fallback) fallback = poll(root);
  };
  return () => {
    clearTimeout(giveUp);
    source.close();
    fallback?.();
  };
};

const watch = () => {
  stop?.();
  stop = null;
  const root = document.querySelector('[data-progress]');
  if (!root || document.visibilityState === 'hidden') return;
  stop = stream(root);
};

document.addEventListener('muster:page', watch);
document.addEventListener('visibilitychange', watch);
addEventListener('pagehide', () => stop?.());
watch();
