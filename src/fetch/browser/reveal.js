// Runs before any script of the page, in the page's own world: lets content that mounts when it is scrolled into view
// mount without scrolling. It remembers the targets of each IntersectionObserver that were never seen; on the event
// `skillcrawl:reveal` it tells the observers that all of them are in view, and those who listen for scrolling that the
// window, and each box that scrolls, is as high as what is in it and was scrolled to its end. The event is cancelled if
// an observer had unseen targets, which is how the asking world learns of it. Nothing is scrolled or painted, and only
// the page's own scripts read these sizes.
(() => {
  const Native = window.IntersectionObserver;
  if (!Native) return;
  const { getComputedStyle } = window;
  // A page that grows at its end would otherwise grow for ever.
  const HIGHEST = 200_000;
  const MOST_BOXES = 200;
  // Only a page that listens is told.
  let scrolls = false;
  const live = new Set();

  const entryOf = (target) => {
    const rect = target.getBoundingClientRect();
    const values = {
      target,
      isIntersecting: true,
      isVisible: false,
      intersectionRatio: 1,
      boundingClientRect: rect,
      intersectionRect: rect,
      rootBounds: null,
      time: performance.now(),
    };
    return Object.create(IntersectionObserverEntry.prototype, Object.getOwnPropertyDescriptors(values));
  };

  window.IntersectionObserver = class IntersectionObserver extends Native {
    #unseen = new Set();
    #callback;
    constructor(callback, options) {
      super((entries, observer) => {
        for (const entry of entries) if (entry.isIntersecting) this.#unseen.delete(entry.target);
        callback.call(observer, entries, observer);
      }, options);
      this.#callback = callback;
    }
    observe(target) {
      super.observe(target);
      this.#unseen.add(target);
      live.add(this);
    }
    unobserve(target) {
      super.unobserve(target);
      this.#unseen.delete(target);
    }
    disconnect() {
      super.disconnect();
      this.#unseen.clear();
      live.delete(this);
    }
    static reveal(observer) {
      const targets = [...observer.#unseen].filter((target) => target.isConnected);
      observer.#unseen.clear();
      if (targets.length > 0) observer.#callback.call(observer, targets.map(entryOf), observer);
      return targets.length > 0;
    }
  };
  const { reveal } = window.IntersectionObserver;
  delete window.IntersectionObserver.reveal;

  window.addEventListener('skillcrawl:reveal', (event) => {
    event.stopImmediatePropagation();
    for (const observer of [...live]) {
      try {
        if (reveal(observer)) event.preventDefault();
      } catch (error) {
        // The page's own callback failed, as it would have on scrolling.
        event.preventDefault();
      }
    }
    try {
      if (scrolls || window.onscroll || document.onscroll) scrollAll();
    } catch { /* A page that has broken the language must not hear of an error that it would not have had without us. */ }
  });

  const { addEventListener } = EventTarget.prototype;
  EventTarget.prototype.addEventListener = function (kind, ...rest) {
    if (kind === 'scroll') scrolls = true;
    return addEventListener.call(this, kind, ...rest);
  };

  const pretend = (object, values) => {
    for (const [name, value] of Object.entries(values)) {
      Object.defineProperty(object, name, { configurable: true, get: () => value, set() {} });
    }
  };
  const tell = (target, options) => {
    for (const kind of ['scroll', 'resize']) target.dispatchEvent(new Event(kind, options));
  };

  const scrollAll = () => {
    const page = document.documentElement;
    // In quirks mode it is the body that scrolls.
    const high = Math.min(Math.max(page.scrollHeight, document.body?.scrollHeight ?? 0), HIGHEST);
    if (high > innerHeight) {
      pretend(window, { innerHeight: high, scrollY: high, pageYOffset: high });
      pretend(page, { clientHeight: high });
    }
    tell(document, { bubbles: true });
    for (const box of boxesThatScroll()) {
      const inside = Math.min(box.scrollHeight, HIGHEST);
      pretend(box, { clientHeight: inside, offsetHeight: inside });
      tell(box);
    }
  };

  const boxesThatScroll = () => {
    const boxes = [];
    for (const element of document.querySelectorAll('body div, body main, body section, body ul, body ol, body table')) {
      if (boxes.length >= MOST_BOXES) break;
      if (element.scrollHeight <= element.clientHeight + 1 || element.clientHeight === 0) continue;
      if (/auto|scroll/.test(getComputedStyle(element).overflowY)) boxes.push(element);
    }
    return boxes;
  };
})();
