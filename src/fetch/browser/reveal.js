// Runs before any script of the page, in the page's own world: lets content that mounts when it is scrolled into view
// mount without scrolling. It remembers the targets of each IntersectionObserver that were never seen; on the event
// `skillcrawl:reveal` it tells the observers that all of them are in view. The event is cancelled if there were any,
// which is how the asking world learns of it.
(() => {
  const Native = window.IntersectionObserver;
  if (!Native) return;
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
  });
})();
