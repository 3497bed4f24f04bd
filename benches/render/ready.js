// The rule by which a Playwright script knows that a page is complete: the same rule as the crawler's, written for a
// script that may patch the page. The document is parsed, no `fetch` or `XMLHttpRequest` is under way, the content has
// text and says neither "Loading" nor `aria-busy`, and for six ticks of 25 ms nothing in it changed while the main
// thread had time.
(() => {
  const ROOTS = ['main', '[role=main]', 'article', '#content', '#main', '#app', '#root'];
  let underWay = 0;
  const { fetch } = window;
  window.fetch = async (...args) => {
    underWay += 1;
    try { return await fetch(...args); } finally { setTimeout(() => { underWay -= 1; }); }
  };
  const { send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (...args) {
    underWay += 1;
    this.addEventListener('loadend', () => { underWay -= 1; });
    return send.apply(this, args);
  };
  const find = () => ROOTS.map((root) => document.querySelector(root)).find((found) => found?.textContent.trim()) ?? document.body;
  window.benchReady = (cap) => new Promise((resolve) => {
    const end = performance.now() + cap;
    let [root, quiet, last] = [null, 0, performance.now()];
    const changes = new MutationObserver(() => { quiet = 0; });
    const tick = () => {
      const now = performance.now();
      if (now - last < 100) quiet += 1;
      last = now;
      const found = find();
      if (found !== root) {
        root = found;
        changes.disconnect();
        if (root) changes.observe(root, { childList: true, characterData: true, subtree: true });
        quiet = 0;
      }
      const text = root?.textContent.trim() ?? '';
      const short = text.length < 200 || root === document.body;
      const loading = text === '' || root.querySelector('[aria-busy="true"]') || (short && /loading/i.test(text));
      if (document.readyState !== 'loading' && underWay === 0 && !loading && quiet >= (short ? 20 : 6)) return resolve(true);
      if (now >= end) return resolve(false);
      setTimeout(tick, 25);
    };
    tick();
  });
})();
