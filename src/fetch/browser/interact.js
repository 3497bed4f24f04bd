// Runs once a page, in a world of its own: does what a visitor would do to see all of a page. It declines a consent box,
// opens what is folded, scrolls what loads on scrolling, asks the entries of a menu that have no address where they lead,
// and clicks through tabs whose panels are filled only when chosen. What is found goes into `written`, which the snapshot
// puts in the place of an element. Bounded in clicks and time, and nothing here leaves the page: navigations to other
// documents, downloads and forms are cancelled, and a route that the page's own router takes is taken back.
globalThis.skillcrawl.interact = (() => {
  const TICK_MS = 25;
  const CLICK_MS = 1000;
  const HOME_MS = 1500;
  // How long nothing must move: where there is something to see, where there is nothing yet.
  const QUIET_TICKS = 2;
  const PATIENT_TICKS = 10;
  // After so many clicks in vain on elements of one kind, the others of that kind are left alone.
  const MOST_IN_VAIN = 3;
  // A longer text is content, however it begins.
  const LONGEST_NOTICE = 40;
  const LISTS = ['rows', 'labels', 'panels', 'chosen', 'open', 'scroll', 'dismiss', 'overlays', 'noRoutes'];

  const written = new Map();
  let plan = null;
  let home = '';
  let deadline = 0;
  let clicks = 0;
  let opened = 0;
  let harmed = false;
  let strays = [];
  let pushes = 0;
  let size = 0;

  // --- Which rules hold here -----------------------------------------------------------------------------------

  const blank = document.createElement('i');
  const isValid = (selector) => {
    try { blank.matches(selector); return true; } catch { return false; }
  };
  const all = (selector, below = document) => (selector ? [...below.querySelectorAll(selector)] : []);
  const is = (element, selector) => selector !== '' && element.matches(selector);

  const applies = ({ when }) => {
    if (!when) return true;
    if (when.markers.some((marker) => isValid(marker) && document.querySelector(marker))) return true;
    const holds = (selector, attribute, hit) => [...document.querySelectorAll(selector)]
      .some((element) => hit((element.getAttribute(attribute) ?? '').toLowerCase().trim()));
    return holds('meta[name="generator" i]', 'content', (text) => when.generators.some((word) => text.startsWith(word)))
      || holds('script[src]', 'src', (text) => when.scripts.some((word) => text.includes(word)));
  };

  const combine = ({ rules, routes, openers, loadingTexts, limit, cap }) => {
    const holding = rules.filter(applies);
    const combined = { limit, routes: new Map(Object.entries(routes)), openers: new Set(openers),
      loadingTexts: loadingTexts.map((text) => text.toLowerCase()) };
    for (const list of LISTS) {
      combined[list] = [...new Set(holding.flatMap((rule) => rule[list]))].filter(isValid).join(', ');
    }
    // The menu of the site, not every menu: the first of its names that is there, the most specific profile's first.
    const menus = holding.toReversed().flatMap((rule) => rule.menus).filter(isValid);
    combined.menus = menus.find((menu) => document.querySelector(menu)) ?? '';
    const { mostClicks, mostSeconds } = holding.at(-1) ?? { mostClicks: 0, mostSeconds: 0 };
    Object.assign(combined, { mostClicks, mostMs: Math.min(1000 * mostSeconds, cap) });
    return combined;
  };

  // Whether there is anything to do. Asked of every page, so it only looks.
  const wanted = (given) => {
    plan = combine(given);
    if (!document.body || plan.mostClicks === 0) return false;
    for (const overlay of all(plan.overlays)) written.set(overlay, '');
    const isWanted = all(plan.dismiss).some(isPressable) || folded().length > 0 || all(plan.scroll).some(isLong)
      || skillcrawl.routes.isWanted(tools) || skillcrawl.tabs.groups(tools).length > 0;
    if (!isWanted) {
      skillcrawl.routes.write(tools);
      skillcrawl.tabs.bind(tools);
    }
    return isWanted;
  };

  // --- A click -------------------------------------------------------------------------------------------------

  const isVisible = (element) => {
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1;
  };

  // Nothing that leads away, sends a form or asks for a file.
  const isHarmless = (element) => {
    if (element.matches(':disabled, [aria-disabled="true"]') || element.closest('[download], [inert]')) return false;
    // A link that calls itself a button opens something; should it lead away after all, that is cancelled or taken back.
    const link = element.closest('a[href]:not([role=button][aria-expanded]), area[href]');
    if (link && link.href.split('#')[0] !== location.href.split('#')[0]) return false;
    const control = element.closest('button, input');
    return !control || !(['image', 'file'].includes(control.type) || (control.type === 'submit' && control.form));
  };
  const isPressable = (element) => isHarmless(element) && isVisible(element);
  const isLong = (element) => element.scrollHeight > element.clientHeight + 50;

  // Some libraries act on the pointer going down, some on focus, some on the click: all of it, in a visitor's order.
  const fire = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const base = { bubbles: true, cancelable: true, composed: true, clientX: left + width / 2, clientY: top + height / 2 };
    const pointer = { ...base, pointerId: 1, pointerType: 'mouse', isPrimary: true };
    element.dispatchEvent(new PointerEvent('pointerover', pointer));
    element.dispatchEvent(new PointerEvent('pointerdown', { ...pointer, buttons: 1 }));
    element.dispatchEvent(new MouseEvent('mousedown', { ...base, buttons: 1, detail: 1 }));
    if (element.isConnected) element.focus?.({ preventScroll: true });
    element.dispatchEvent(new PointerEvent('pointerup', pointer));
    element.dispatchEvent(new MouseEvent('mouseup', { ...base, detail: 1 }));
    if (element.isConnected) element.click?.();
  };

  const tick = () => new Promise((resolve) => { setTimeout(resolve, TICK_MS); });
  const mayGoOn = () => !harmed && clicks < plan.mostClicks && performance.now() < deadline;

  // What an element has to show: 'something', 'nothing', or 'loading'.
  const stateOf = (element) => {
    if (!element?.isConnected) return 'nothing';
    if (element.matches('[aria-busy="true"]') || element.querySelector('[aria-busy="true"]')) return 'loading';
    const text = element.textContent.trim();
    if (text === '') return element.querySelector('img, video, iframe, canvas, input') ? 'something' : 'nothing';
    if (text.length > LONGEST_NOTICE) return 'something';
    const plain = text.toLowerCase();
    return plan.loadingTexts.some((loading) => plain.startsWith(loading)) ? 'loading' : 'something';
  };

  // Clicks and waits until what it changed stands still; whether it changed anything. `look` tells how far it is.
  const press = async (element, scope, look = () => 'something') => {
    clicks += 1;
    let dirty = false;
    const observer = new MutationObserver(() => { dirty = true; });
    observer.observe(scope?.isConnected ? scope : document.body, {
      childList: true, characterData: true, subtree: true,
      attributeFilter: ['hidden', 'aria-selected', 'aria-expanded', 'aria-hidden', 'data-state', 'open'],
    });
    const end = Math.min(performance.now() + CLICK_MS, deadline);
    const before = location.href;
    let changed = false;
    fire(element);
    for (let quiet = 0; performance.now() < end; quiet += 1) {
      await tick();
      if (observer.takeRecords().length > 0) dirty = true;
      if (dirty || location.href !== before) changed = true;
      if (dirty) quiet = 0;
      dirty = false;
      const state = look();
      if (changed && state === 'something' && quiet >= QUIET_TICKS) break;
      if (state !== 'loading' && quiet >= PATIENT_TICKS) break;
    }
    observer.disconnect();
    return changed;
  };

  // --- Staying on the page -------------------------------------------------------------------------------------

  // From the first click on, also for what a click sets off later.
  const stay = () => {
    globalThis.navigation?.addEventListener('navigate', (event) => {
      if (event.destination.sameDocument && event.downloadRequest === null) {
        if (event.navigationType === 'push') pushes += 1;
        return;
      }
      strays.push(event.destination.url);
      if (event.cancelable) event.preventDefault();
    });
    window.addEventListener('submit', (event) => event.preventDefault(), true);
  };

  const isRoute = (to) => {
    const [one, other] = [new URL(home), new URL(to)];
    if (one.pathname !== other.pathname) return true;
    return one.hash !== other.hash && /^#[/!]/.test(one.hash + other.hash);
  };

  const until = async (isDone, ms) => {
    const end = performance.now() + ms;
    while (!isDone()) {
      if (performance.now() >= end) return false;
      await tick();
    }
    return true;
  };

  // Takes back what a router did. Where the page does not come back as it was, all is off and it has to be loaded anew.
  const goHome = async () => {
    if (location.href === home) return;
    // Only over what was pushed since: one step more would leave the page.
    if (pushes > 0) {
      history.go(-pushes);
      pushes = 0;
      await until(() => location.href === home, HOME_MS / 3);
    }
    if (location.href !== home) {
      history.replaceState(history.state, '', home);
      window.dispatchEvent(new PopStateEvent('popstate', { state: history.state }));
      window.dispatchEvent(new HashChangeEvent('hashchange'));
    }
    const isBack = () => Math.abs(document.body.textContent.length - size) <= 50 + size / 20;
    if (!await until(isBack, HOME_MS)) harmed = true;
  };

  // Clicks, and goes back if that led to another page; whether it only changed the page.
  const pressHere = async (element, scope, look) => {
    const changed = await press(element, scope, look);
    if (!isRoute(location.href)) return changed;
    vain(element, MOST_IN_VAIN);
    await goHome();
    return false;
  };

  const kinds = new Map();
  const kindOf = (element) => [element.localName, element.getAttribute('role'), element.className].join(' ');
  const vain = (element, times = 1) => kinds.set(kindOf(element), (kinds.get(kindOf(element)) ?? 0) + times);
  const isPromising = (element) => (kinds.get(kindOf(element)) ?? 0) < MOST_IN_VAIN;

  // --- What to do ----------------------------------------------------------------------------------------------

  const serialise = (element) => skillcrawl.snapshot(plan.limit, element).html ?? '';

  const dismiss = async () => {
    for (const button of all(plan.dismiss)) {
      if (mayGoOn() && button.isConnected && isPressable(button)) await pressHere(button, document.body);
    }
    // A box that came late, or did not go.
    for (const overlay of all(plan.overlays)) written.set(overlay, '');
  };

  // What a button folds: what it names, else what stands behind it or behind its heading.
  const foldedBy = (button) => {
    const named = button.getAttribute('aria-controls');
    if (named) return document.getElementById(named);
    const outer = button.closest('h1, h2, h3, h4, h5, h6, dt') ?? button;
    return outer.nextElementSibling;
  };

  const firstText = (element) => {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) if (text.data.trim()) return text.data.trim();
    return '';
  };

  // A folded part of the menu, by the labels of all that it stands in; nothing for what stands elsewhere.
  const keyOf = (button) => {
    if (button.closest('main, article')) return null;
    const labels = [];
    for (let at = button.closest('li'); at; at = at.parentElement.closest('li')) labels.push(firstText(at));
    return labels.length > 0 ? labels.join('\n') : null;
  };

  const pressed = new WeakSet();
  // What is folded and worth opening. A menu is the same on all pages: what one has told of it is not opened again.
  const folded = () => all(plan.open).filter((button) => !pressed.has(button) && !plan.openers.has(keyOf(button))
    && isPromising(button) && isPressable(button));

  const open = async () => {
    const seen = [];
    const menu = [];
    while (mayGoOn()) {
      const [next] = folded();
      if (!next) break;
      pressed.add(next);
      const key = keyOf(next);
      if (!await pressHere(next, document.body)) { vain(next); continue; }
      opened += 1;
      size = document.body.textContent.length;
      if (key) menu.push([key, next.closest('li')]);
      const held = foldedBy(next);
      if (!key && held && stateOf(held) === 'something') seen.push([held, serialise(held)]);
    }
    // Opening one may have closed another: what it held was seen.
    for (const [held, html] of seen) {
      if (held.isConnected && (stateOf(held) !== 'something' || !isVisible(held))) written.set(held, html);
    }
    const left = folded();
    return menu.filter(([, item]) => !left.some((button) => item.contains(button))).map(([key]) => key);
  };

  const scroll = async () => {
    for (const element of all(plan.scroll)) {
      const start = element.scrollTop;
      let still = 0;
      for (let step = 0; still < 2 && step < plan.mostClicks && mayGoOn(); step += 1) {
        const height = element.scrollHeight;
        element.scrollTop += element.clientHeight;
        await tick();
        await tick();
        const isEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - 2;
        still = isEnd && element.scrollHeight === height ? still + 1 : 0;
        if (element.scrollHeight !== height) opened += 1;
      }
      element.scrollTop = start;
    }
  };

  const run = async () => {
    home = location.href;
    deadline = performance.now() + plan.mostMs;
    size = document.body.textContent.length;
    stay();
    await dismiss();
    const openers = await open();
    await scroll();
    const routes = await skillcrawl.routes.ask(tools);
    await skillcrawl.tabs.collect(tools);
    skillcrawl.tabs.bind(tools);
    if (location.href !== home) history.replaceState(history.state, '', home);
    return { clicks, opened, routes, openers, harmed };
  };

  const tools = {
    all, is, isVisible, isHarmless, isPressable, isPromising, vain, mayGoOn, press, pressHere, stateOf, serialise, goHome,
    written, plan: () => plan, home: () => home, takeStray: () => { const [stray] = strays; strays = []; return stray; },
  };
  return { wanted, run, instead: (element) => written.get(element) };
})();
