// Runs once a page, in a world of its own that the page can neither see nor break. Gives `skillcrawl` its `settle`, which
// resolves when the main content stands still, or where the other side has something to do or to decide.
//
// Content stands still when the document is parsed, nothing that it asked for is under way, it has text that is no
// notice of loading, and for a span nothing in it changed while the main thread had time. The span is counted in ticks
// of the page's own timer and not on the clock: on a busy machine ticks come late, and late ticks do not count.
//
// What the page is about to do (timers, workers, idle callbacks, signs of loading; see `pulse.js`) holds it too, but
// where there is content only for a time and only until it is known by name to change nothing. Where there is none, the
// page is waited for as long as anything at all is going to happen.
Object.assign(globalThis.skillcrawl, (() => {
  const TICK_MS = 25;
  const LATE_MS = 100;
  // Where there is text already, a short span does; where there is little, something may yet be about to start.
  const QUIET_TICKS = 6;
  const QUIET_TICKS_WHEN_SHORT = 20;
  const REVEAL_TICKS = 2;
  const FIND_TICKS = 10;
  const SHORT = 200;
  // Something in the content moves for ever (a clock, a typing demo): then its length standing still must do.
  const STEADY_MS = 2000;
  const STEADY_SLACK = 20;
  // A small element that changes again and again beside enough content is one of those.
  const RESTLESS_CHANGES = 5;
  const RESTLESS_LENGTH = 200;
  // How long what the page is about to do may hold content that is there, and how soon it must be planned for.
  const HOLD_MS = 3000;
  const HOLD_MS_WHEN_SHORT = 6000;
  const HOLD_DELAY_MS = 2000;
  // Requests that follow upon each other without end (a poll) hold content that is there for so long.
  const POLLED_MS = 5000;
  // An empty page where nothing at all is going to happen is given up after this.
  const EMPTY_MS = 4000;
  // A root that stays empty beside a page with text is not where the content is.
  const ELSEWHERE_MS = 1500;
  // A page that is not drawn at all is read without.
  const FRAME_MS = 2000;
  const MOST_REVEALS = 3;
  const MOST_SIGNS = 50;
  const NOTICE_LENGTH = 40;
  const WITHOUT_TEXT = new Set(['script', 'style', 'template', 'noscript']);
  // What is waited for on every page: it ends soon by itself.
  const UNLEARNED = new Set(['new request', 'script', 'takeover']);
  const NO_NOTICE = 'a, h1, h2, h3, h4, h5, h6, pre, code, nav, [role="navigation"]';
  const MENUS = 'nav, header, footer, aside, [role="navigation"], [role="banner"], [role="contentinfo"], [role="search"]';
  const SIGNS = '[aria-busy="true"], [role="progressbar"], progress:not([value]), [class*="skeleton" i], [class*="spinner" i], '
    + '[class*="shimmer" i], [class*="loader" i], [class*="loading" i], [class*="placeholder" i]';

  // What was asked for before belongs to the page that was shown before in the same document.
  const since = skillcrawl.begins;
  const finished = new Map();
  const note = (entries) => {
    for (const entry of entries) {
      if (entry.startTime < since) continue;
      const url = entry.name.split('#')[0];
      finished.set(url, (finished.get(url) ?? 0) + 1);
    }
  };
  const timings = new PerformanceObserver((list) => note(list.getEntries()));
  timings.observe({ type: 'resource', buffered: true });

  let root = null;
  let elsewhere = false;
  let emptyRoot = null;
  let dirty = true;
  let length = 0;
  let sample = '';
  let notices = [];
  let frames = [];
  let quiet = 0;
  let steadyLength = -1;
  // Counted in ticks as well: a busy machine takes longer for everything.
  let stillTicks = 0;
  let emptySince = performance.now();
  let nextMeasure = 0;
  let quietSince = performance.now();
  let framePending = false;
  let frameAt = -1;
  let reveals = 0;
  let revealedAtQuiet = false;
  // The page's address before anything was told to be in view: menus that follow the scrolling write another.
  let address = null;
  const restless = new WeakMap();
  // What held the page since its content last grew, and what was followed by growth.
  const holding = new Set();
  const useful = new Set();

  const changes = new MutationObserver((records) => take(records));
  const watch = (node) => changes.observe(node, { childList: true, characterData: true, subtree: true });

  // Elements that changed at several looks are restless, and what happens in them is not looked at any more, as long as
  // they are small beside the rest.
  const take = (records) => {
    if (dirty || records.length === 0) return;
    const targets = new Set();
    for (const { target } of records) targets.add(target.nodeType === Node.ELEMENT_NODE ? target : target.parentNode);
    for (const target of targets) {
      const times = (restless.get(target) ?? 0) + 1;
      if (target) restless.set(target, times);
      const small = target && target !== root && length >= SHORT && target.textContent.length <= RESTLESS_LENGTH;
      if (!small || times <= RESTLESS_CHANGES) dirty = true;
    }
  };

  // The first element of each selector, in the order of the selectors. Profiles name dozens of places, and most pages have
  // few of them: one search finds what any of them means.
  const MOST_PLACES = 50;
  let places = null;
  const placesOf = (roots) => {
    if (!places) {
      const isValid = (selector) => {
        try { return Boolean(document.createDocumentFragment().querySelector(selector)) || true; } catch { return false; }
      };
      places = roots.filter(isValid);
    }
    if (places.length === 0) return [];
    const found = document.querySelectorAll(places.join(','));
    if (found.length > MOST_PLACES) return places.map((selector) => document.querySelector(selector));
    return places.map((selector) => Array.prototype.find.call(found, (element) => element.matches(selector)));
  };

  const find = (roots) => {
    emptyRoot = null;
    if (elsewhere) return document.body;
    let first = null;
    for (const found of placesOf(roots)) {
      if (found && (found === root ? length > 0 : hasContent(found))) {
        // What there is, is around the place of the content.
        if (first && found !== first && found.contains(first)) emptyRoot = first;
        return found;
      }
      first ??= found;
    }
    return first ?? document.body;
  };

  const hasContent = (element) => element.textContent.trim() !== '' || element.shadowRoot !== null;

  const bodyOf = (frame) => {
    try { return frame.contentDocument?.body ?? null; } catch { return null; }
  };

  // Text of the tree with its open shadow roots and its frames, which are observed on the way: a mutation observer
  // stops at each. Their number bounds nothing, so that a large tree is not measured at every tick.
  const measure = () => {
    const began = performance.now();
    length = 0;
    sample = '';
    notices = [];
    frames = [];
    const stack = root ? [root] : [];
    while (stack.length > 0) {
      const node = stack.pop();
      if (node.nodeType === Node.TEXT_NODE) {
        const text = node.data.trim();
        length += text.length;
        if (text && text.length <= NOTICE_LENGTH && notices.length < MOST_SIGNS) notices.push(node);
      } else if (!WITHOUT_TEXT.has(node.localName)) {
        if (node.shadowRoot) {
          watch(node.shadowRoot);
          stack.push(node.shadowRoot);
        }
        if (node.localName === 'iframe') {
          const body = bodyOf(node);
          frames.push({ frame: node, body });
          if (body) {
            watch(body);
            stack.push(body);
          }
        }
        for (let child = node.lastChild; child; child = child.previousSibling) stack.push(child);
      }
    }
    const now = performance.now();
    nextMeasure = now + 4 * (now - began);
  };

  // Where the content is, is looked up only where elements have come, gone or changed their names.
  let moved = true;
  let ticksSinceFound = 0;
  const moves = new MutationObserver(() => { moved = true; });
  moves.observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['class', 'id', 'role'] });

  const look = (roots) => {
    ticksSinceFound += 1;
    if (moves.takeRecords().length > 0) moved = true;
    const found = moved || elsewhere || ticksSinceFound >= FIND_TICKS ? find(roots) : root;
    if (moved || ticksSinceFound >= FIND_TICKS) ticksSinceFound = 0;
    moved = false;
    if (found !== root) {
      root = found;
      changes.disconnect();
      if (root) watch(root);
      dirty = true;
    }
    note(timings.takeRecords());
    take(changes.takeRecords());
    if (frames.some(({ frame, body }) => frame.isConnected && bodyOf(frame) !== body)) dirty = true;
    if (!dirty) return;
    quiet = 0;
    quietSince = performance.now();
    revealedAtQuiet = false;
    if (performance.now() < nextMeasure) return;
    dirty = false;
    measure();
    if (Math.abs(length - steadyLength) > STEADY_SLACK) {
      steadyLength = length;
      stillTicks = 0;
      for (const key of holding) useful.add(key);
      holding.clear();
    }
  };

  const isSeen = (element) => {
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1;
  };

  // Whether the content has anything in it that says that more is to come; a name for it.
  const sign = () => {
    if (!root) return null;
    if (root.closest('[aria-busy="true"]')) return 'aria-busy';
    let looked = 0;
    for (const element of root.querySelectorAll(SIGNS)) {
      if (looked >= MOST_SIGNS) break;
      looked += 1;
      const busy = element.ariaBusy === 'true';
      if ((busy || element.textContent.trim().length <= NOTICE_LENGTH) && isSeen(element)) {
        return `sign ${element.localName} ${element.getAttribute('class') ?? ''}`.slice(0, 100);
      }
    }
    return null;
  };

  const notice = (loadingTexts) => notices.find((node) => {
    const text = node.data.toLowerCase();
    return loadingTexts.some((loading) => text.includes(loading.toLowerCase())) && node.isConnected
      && !node.parentElement?.closest(NO_NOTICE);
  });

  // Whether there is no content yet.
  const isLacking = ({ loadingTexts }) => {
    if (length === 0) return true;
    return length < SHORT && (notice(loadingTexts) !== undefined || sign() !== null);
  };

  // What the page and its frames are about to do, as they say themselves.
  const ask = () => {
    const views = frames.filter(({ body }) => body).map(({ body }) => body.ownerDocument.defaultView);
    return [window, ...views].flatMap((view) => (view ? askView(view) : []));
  };

  const askView = (view) => {
    let answer = [];
    const hear = (event) => {
      event.stopImmediatePropagation();
      try { answer = JSON.parse(event.detail); } catch { /* Nothing is known, then. */ }
    };
    view.addEventListener('skillcrawl:answer', hear, { once: true, capture: true });
    view.dispatchEvent(new Event('skillcrawl:ask'));
    view.removeEventListener('skillcrawl:answer', hear, { capture: true });
    if (!Array.isArray(answer)) return [];
    return answer.filter((item) => Array.isArray(item) && typeof item[0] === 'string' && Number.isFinite(item[1]));
  };

  const isLoadingFrame = ({ frame }) => {
    if (!frame.isConnected || frame.loading === 'lazy') return false;
    try {
      const inner = frame.contentDocument;
      if (!inner) return false;
      const blank = inner.URL === 'about:blank' && frame.src && !frame.hasAttribute('srcdoc');
      return inner.readyState === 'loading' || Boolean(blank && inner.readyState !== 'complete');
    } catch {
      return false;
    }
  };

  const unfinished = (started) => Object.keys(started).filter((url) => (finished.get(url) ?? 0) < started[url]);

  // What holds content that is there: names of work that is to be done soon.
  const holds = ({ loadingTexts, idle }) => {
    const names = ask().filter(([name, wait]) => wait <= HOLD_DELAY_MS && !name.startsWith('worker /')).map(([name]) => name);
    const seen = notice(loadingTexts);
    if (seen) names.push(`notice ${seen.data.trim()}`);
    const shown = sign();
    if (shown) names.push(shown);
    if (frames.some(isLoadingFrame)) names.push('frame');
    if (emptyRoot) names.push(`empty ${emptyRoot.localName} ${emptyRoot.id}`.slice(0, 100));
    return names.filter((name) => !idle.includes(name));
  };

  const answer = (state, { started, overdue }) => {
    const wasted = [...holding].slice(0, MOST_SIGNS);
    return { state, wasted, useful: [...useful].slice(0, MOST_SIGNS), hanging: unfinished({ ...started, ...overdue }) };
  };

  // `still`, `empty` or `starved`, or nothing yet.
  const judge = (options, now) => {
    const waitsFor = unfinished(options.started);
    if (document.readyState === 'loading') return null;
    if (isLacking(options)) return judgeLacking(options, now, waitsFor);
    emptySince = now;
    const stillFor = stillTicks * TICK_MS;
    if ((waitsFor.length > 0 || !haveScriptsRun()) && stillFor < POLLED_MS) return null;
    // A request that is past waiting for may be one that brings the content bit by bit.
    if (stillFor < STEADY_MS && unfinished(options.overdue).length > 0) return null;
    const short = length < SHORT || (root === document.body && options.roots.length > 0 && !elsewhere);
    const needed = short ? QUIET_TICKS_WHEN_SHORT : QUIET_TICKS;
    const mayHold = stillFor < (short ? HOLD_MS_WHEN_SHORT : HOLD_MS);
    const isSteady = stillFor >= STEADY_MS;
    if (!isSteady && (quiet < needed || !isDrawn())) return null;
    const names = mayHold ? holds(options) : [];
    if (names.length > 0) {
      for (const name of names) if (!UNLEARNED.has(name)) holding.add(name);
      return null;
    }
    if (short && !options.fed && hasHeldWorker()) return 'starved';
    return 'still';
  };

  // Whether a frame was drawn since the content stands still. What mounts when it is seen hears of it from frames, and on
  // a busy machine they come later than timers do.
  const isDrawn = () => {
    if (!framePending && frameAt < quietSince) {
      framePending = true;
      requestAnimationFrame(() => {
        framePending = false;
        frameAt = performance.now();
      });
    }
    const now = performance.now();
    return (frameAt >= quietSince && now - frameAt >= TICK_MS / 2) || now - quietSince >= FRAME_MS;
  };

  // Whether the scripts that wait for the end of the document have run: until then a page that is drawn already has not
  // been taken over by its application. One that never answers keeps them all from it, so this is no reason for ever.
  const haveScriptsRun = () => {
    if (document.readyState === 'complete') return true;
    const [navigation] = performance.getEntriesByType('navigation');
    return !navigation || navigation.domContentLoadedEventStart > 0;
  };

  const hasHeldWorker = () => ask().some(([name]) => name.startsWith('worker /'));

  const judgeLacking = (options, now, waitsFor) => {
    const names = ask().map(([name]) => name).filter((name) => !options.idle.includes(name));
    for (const name of names) if (!UNLEARNED.has(name)) holding.add(name);
    if (quiet >= QUIET_TICKS && !options.fed && hasHeldWorker()) return 'starved';
    const asks = waitsFor.length > 0 || unfinished(options.overdue).length > 0 || frames.some(isLoadingFrame);
    if (asks || names.length > 0 || quiet === 0) emptySince = now;
    const emptyFor = now - emptySince;
    if (emptyFor >= ELSEWHERE_MS && length === 0 && !elsewhere && hasTextOutsideMenus()) elsewhere = true;
    return emptyFor >= EMPTY_MS ? 'empty' : null;
  };

  const hasTextOutsideMenus = () => {
    if (!document.body || root === document.body) return false;
    let outside = 0;
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (outside < SHORT && texts.nextNode()) {
      const around = texts.currentNode.parentElement;
      if (around && !around.closest(MENUS) && !WITHOUT_TEXT.has(around.localName)) outside += texts.currentNode.data.trim().length;
    }
    return outside >= SHORT;
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
      stillTicks += 1;
      last = now;
      look(options.roots);
      // Early, so that what comes of it comes while the page is watched anyhow.
      if (quiet >= 1 && document.readyState !== 'loading') isDrawn();
      if (quiet >= REVEAL_TICKS && !revealedAtQuiet && document.readyState !== 'loading' && unfinished(options.started).length === 0) {
        revealedAtQuiet = true;
        if (!isLacking(options)) address ??= location.href;
        if (reveal()) {
          quiet = 0;
          quietSince = performance.now();
        }
      }
      const state = judge(options, now);
      if (state) return resolve(answer(state, options));
      if (now >= end) return resolve(answer(document.readyState === 'loading' ? 'parsing' : 'late', options));
      setTimeout(tick, TICK_MS);
    };
    tick();
  });

  // The address that the page has given itself; the first one where it goes through one after the other without end.
  const settledAddress = () => {
    const here = location.href;
    if (address === null) return here;
    return new URL(address).pathname === location.pathname ? address : null;
  };

  // Looks no further: another page comes in the same document.
  const end = () => {
    for (const observer of [timings, changes, moves]) observer.disconnect();
  };

  return { settle, end, content: find, address: settledAddress };
})());
