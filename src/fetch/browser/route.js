// Runs in a world of its own, in a page that was taken and left standing: leads it to another page of its application as
// a visitor would, by the page's own link. The router is there if the address and then the content become others without
// the document being replaced; that the new content is whole is for `settle.js` to say.
//
// Answers `led`, or why not: `no link` to the page stands on this one, it is `here` already, or the page is `unmoved`.
globalThis.skillcrawl.lead = async ({ target, roots, cap }) => {
  const TICK_MS = 25;
  const to = new URL(target);

  // Routers add or drop a slash at the end.
  const isTarget = (address) => {
    const url = new URL(address);
    const plain = (path) => path.replace(/\/+$/, '');
    return url.origin === to.origin && plain(url.pathname) === plain(to.pathname) && url.search === to.search
      && plain(url.hash) === plain(to.hash);
  };
  const isOrdinary = (link) => !link.hasAttribute('download') && ['', '_self'].includes(link.target);

  const linkTo = () => {
    const links = Array.prototype.filter.call(document.querySelectorAll('a[href]'), (link) => {
      try { return isTarget(link.href) && isOrdinary(link); } catch { return false; }
    });
    return links.find((link) => link.checkVisibility()) ?? links[0];
  };

  // The text of the content with its open shadow roots.
  const contentText = () => {
    const root = skillcrawl.content(roots);
    if (!root) return '';
    const texts = [root.textContent];
    const below = [root];
    while (below.length > 0) {
      for (const { shadowRoot } of below.pop().querySelectorAll('*')) {
        if (!shadowRoot) continue;
        texts.push(shadowRoot.textContent);
        below.push(shadowRoot);
      }
    }
    return texts.join('\n');
  };

  if (isTarget(location.href)) return 'here';
  const link = linkTo();
  const isFragment = location.href.split('#')[0] === target.split('#')[0];
  if (!link && !isFragment) return 'no link';
  const before = contentText();
  if (link) link.click();
  else location.hash = to.hash;
  const end = performance.now() + cap;
  while (performance.now() < end) {
    await new Promise((resolve) => { setTimeout(resolve, TICK_MS); });
    if (isTarget(location.href) && contentText() !== before) return 'led';
  }
  return 'unmoved';
};
