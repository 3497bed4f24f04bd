// Entries of a menu that have no address: only a click tells where they lead. Each is clicked once, the address is noted,
// the click is taken back, and the entry is written as a link. What other pages of the site have told is not asked again.
globalThis.skillcrawl.routes = (() => {
  const ENTRIES = ':is(li, div, span, p, a:not([href]), button, [role=link], [role=treeitem], [role=menuitem])';
  // Links already, controls of other kinds, and what only holds entries.
  const HOLDS = ':has(a[href], ul, ol, li, button, input, select, textarea, summary, [role=group], [aria-expanded])';
  const INSIDE = ':is(a[href], label, summary, form, dialog, [role=dialog], [role=search], [role=tablist], [aria-expanded],'
    + ' [aria-haspopup], [aria-pressed])';
  const CANDIDATE = `${ENTRIES}:not(${HOLDS}):not(${INSIDE}):not(${INSIDE} *)`;
  const LONGEST = 120;
  const escape = (text) => text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
  const textOf = (element) => element.textContent.replace(/\s+/g, ' ').trim();

  const isClickable = (element) => element.matches('a, button, [role], [onclick]')
    || element.ownerDocument.defaultView.getComputedStyle(element).cursor === 'pointer';

  // One clickable thing alone is a control of the page, as are a few buttons outside of a list: entries come in numbers.
  const isEntry = (element, all) => {
    const { length } = textOf(element);
    const alike = all.filter((other) => other.localName === element.localName).length;
    const fewest = element.localName === 'button' && !element.closest('li, [role=tree], [role=menu]') ? 4 : 2;
    return length > 0 && length <= LONGEST && alike >= fewest;
  };

  const entries = (tools) => {
    const { menus, noRoutes } = tools.plan();
    const containers = tools.all(menus);
    return containers.filter((one) => !containers.some((other) => other !== one && other.contains(one)))
      .flatMap((container) => {
        const clickable = new Set(tools.all(CANDIDATE, container)
          .filter((element) => !tools.is(element, noRoutes) && isClickable(element)));
        const outermost = [...clickable].filter((element) => {
          for (let at = element.parentElement; at && at !== container; at = at.parentElement) {
            if (clickable.has(at)) return false;
          }
          return true;
        });
        return outermost.filter((element) => isEntry(element, outermost) && tools.isPressable(element));
      });
  };

  // Labels with a number for each that occurs again: the same on every page with the same menu.
  const keyed = (tools) => {
    const times = new Map();
    return entries(tools).map((entry) => {
      const text = textOf(entry);
      const time = (times.get(text) ?? 0) + 1;
      times.set(text, time);
      return [`${text}\n${time}`, entry];
    });
  };

  // Where the click led, or nothing.
  const follow = async (tools, entry) => {
    tools.takeStray();
    await tools.press(entry, document.body, () => (location.href === tools.home() ? 'nothing' : 'something'));
    const stray = tools.takeStray();
    const to = stray ?? (location.href === tools.home() ? null : location.href);
    await tools.goHome();
    return to;
  };

  // Entries that nobody has asked yet. What other pages have told is an address, or nothing where a click leads nowhere.
  const unasked = (tools, asked = new Map()) => keyed(tools)
    .filter(([key, entry]) => !asked.has(key) && !tools.plan().routes.has(key) && tools.isPromising(entry));

  const isWanted = (tools) => unasked(tools).length > 0;

  const ask = async (tools) => {
    const asked = new Map();
    while (tools.mayGoOn()) {
      const [next] = unasked(tools, asked);
      if (!next) break;
      const [key, entry] = next;
      asked.set(key, '');
      const to = await follow(tools, entry);
      if (to) asked.set(key, to); else tools.vain(entry);
    }
    write(tools, asked);
    return Object.fromEntries(asked);
  };

  const write = (tools, asked = new Map()) => {
    const known = tools.plan().routes;
    for (const [key, entry] of known.size + asked.size > 0 ? keyed(tools) : []) {
      const to = asked.get(key) || known.get(key);
      if (!to) continue;
      const link = `<a href="${escape(to)}">${escape(textOf(entry))}</a>`;
      tools.written.set(entry, entry.localName === 'li' ? `<li>${link}</li>` : link);
    }
  };

  return { isWanted, ask, write };
})();
