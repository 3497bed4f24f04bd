// Runs once a page, in a world of its own that the page can neither see nor break. Defines `skillcrawl.settle`, which
// resolves when the main content stands still, or at its cap.
//
// Content stands still when the document is parsed, nothing that it asked for is under way, it has text that is no
// notice of loading, and for a span nothing in it changed while the main thread had time. The span is counted in ticks
// of the page's own timer and not on the clock: on a busy machine ticks come late, and late ticks do not count.
globalThis.skillcrawl ??= (() => {
  const TICK_MS = 25;
  const LATE_MS = 100;
  // Where there is text already, a short span does; where there is little, something may yet be about to start.
  const QUIET_TICKS = 6;
  const QUIET_TICKS_WHEN_SHORT = 20;
  const SHORT = 200;
  // Something in the content moves for ever (a clock, a typing demo): then its length standing still must do.
  const STEADY_MS = 2000;
  const STEADY_SLACK = 20;
  const MOST_REVEALS = 3;
  const WITHOUT_TEXT = new Set(['script', 'style', 'template', 'noscript']);

  const finished = new Map();
  const note = (entries) => {
    for (const entry of entries) {
      const url = entry.name.split('#')[0];
      finished.set(url, (finished.get(url) ?? 0) + 1);
    }
  };
  const timings = new PerformanceObserver((list) => note(list.getEntries()));
  timings.observe({ type: 'resource', buffered: true });

  let root = null;
  let dirty = true;
  let length = 0;
  let sample = '';
  let quiet = 0;
  let steadyLength = -1;
  let steadySince = performance.now();
  let reveals = 0;

  const changes = new MutationObserver(() => { dirty = true; });
  const watch = (node) => changes.observe(node, { childList: true, characterData: true, subtree: true });

  const find = (roots) => {
    let first = null;
    for (const selector of roots) {
      let found = null;
      try { found = document.querySelector(selector); } catch { continue; }
      if (found && found.textContent.trim()) return found;
      first ??= found;
    }
    return first ?? document.body;
  };

  // Text of the tree with its open shadow roots, which are observed on the way: a mutation observer stops at each.
  const measure = () => {
    length = 0;
    sample = '';
    const stack = root ? [root] : [];
    while (stack.length > 0) {
      const node = stack.pop();
      if (node.nodeType === Node.TEXT_NODE) {
        const text = node.data.trim();
        length += text.length;
        if (sample.length < SHORT) sample += ' ' + text;
      } else if (!WITHOUT_TEXT.has(node.localName)) {
        if (node.shadowRoot) {
          watch(node.shadowRoot);
          stack.push(node.shadowRoot);
        }
        for (let child = node.lastChild; child; child = child.previousSibling) stack.push(child);
      }
    }
  };

  const look = (roots) => {
    const found = find(roots);
    if (found !== root) {
      root = found;
      changes.disconnect();
      if (root) watch(root);
      dirty = true;
    }
    note(timings.takeRecords());
    if (changes.takeRecords().length > 0) dirty = true;
    if (!dirty) return;
    dirty = false;
    quiet = 0;
    measure();
    if (Math.abs(length - steadyLength) > STEADY_SLACK) {
      steadyLength = length;
      steadySince = performance.now();
    }
  };

  const isLoading = (loadingTexts) => {
    if (length === 0) return true;
    if (root.closest('[aria-busy="true"]') || root.querySelector('[aria-busy="true"]')) return true;
    if (length >= SHORT) return false;
    const text = sample.toLowerCase();
    return loadingTexts.some((loading) => text.includes(loading.toLowerCase()));
  };

  const standsStill = ({ started, loadingTexts, roots }) => {
    if (document.readyState === 'loading') return false;
    if (Object.entries(started).some(([url, count]) => (finished.get(url) ?? 0) < count)) return false;
    if (isLoading(loadingTexts)) return false;
    const short = length < SHORT || (root === document.body && roots.length > 0);
    const steady = performance.now() - steadySince >= STEADY_MS;
    return steady || quiet >= (short ? QUIET_TICKS_WHEN_SHORT : QUIET_TICKS);
  };

  // Tells the page that everything is in view; true if something was waiting for that.
  const reveal = () => {
    if (reveals >= MOST_REVEALS) return false;
    reveals += 1;
    return !window.dispatchEvent(new Event('skillcrawl:reveal', { cancelable: true }));
  };

  const settle = (options) => new Promise((resolve) => {
    const end = performance.now() + options.cap;
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      if (now - last < LATE_MS) quiet += 1;
      last = now;
      look(options.roots);
      if (standsStill(options)) {
        if (!reveal()) return resolve(true);
        quiet = 0;
        steadySince = now;
      }
      if (now >= end) return resolve(false);
      setTimeout(tick, TICK_MS);
    };
    tick();
  });

  return { settle };
})();
