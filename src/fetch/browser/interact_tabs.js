// Tabs whose panels are filled only when they are chosen: each is chosen once, its panel is serialised while a visitor
// would see it, and all of them are written in the place of the panel as `data-skillcrawl-tabs`, labels and panels in
// turn. Rows of which every panel is in the page are not clicked; where such a row and its panels lie loose among other
// content, they are only bound together in the same way.
globalThis.skillcrawl.tabs = (() => {
  const MOST_NESTED = 3;
  const LEVELS = 3;
  // Captions and buttons in the wrapper of a set, in letters.
  const OTHER_TEXT = 60;
  const escape = (text) => text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);

  const labelsOf = ({ all, is, plan }, row) => all(plan().labels, row)
    .filter((label) => label.parentElement.closest(plan().rows) === row && is(label, plan().labels));

  // Panels stand in the row's own element, or behind it, or behind an element that holds little more than the row.
  const panelsOf = ({ all, is, plan }, row) => {
    const { rows, panels } = plan();
    const outermost = (found) => found.filter((one) => !found.some((other) => other !== one && other.contains(one)));
    for (let at = row, level = 0; at && level < LEVELS && at !== document.body; at = at.parentElement, level += 1) {
      const found = [];
      for (let next = at.nextElementSibling; next; next = next.nextElementSibling) {
        if (is(next, rows)) break;
        if (is(next, panels)) found.push(next);
        else if (found.length === 0 && !next.querySelector(rows)) found.push(...outermost(all(panels, next)));
        else if (found.length === 0) {
          // A wrapper of panels that hold rows of their own.
          found.push(...outermost(all(panels, next).filter((panel) => panel.parentElement === next)));
        }
        if (found.length > 0 && !is(next, panels)) break;
      }
      if (found.length > 0) return found;
    }
    return [];
  };

  const panelOf = (tools, { row, labels }, index) => {
    const label = labels[index];
    const root = row.getRootNode();
    const named = label.getAttribute('aria-controls')?.split(' ')[0];
    const byName = named && root.getElementById(named);
    if (byName) return byName;
    const naming = label.id && tools.all(tools.plan().panels, root)
      .find((panel) => panel.getAttribute('aria-labelledby')?.split(' ').includes(label.id));
    if (naming) return naming;
    const panels = panelsOf(tools, row);
    if (panels.length === labels.length) return panels[index];
    // A library may keep several in the page, and only the chosen one open.
    return panels.length === 1 ? panels[0] : panels.find(tools.isVisible) ?? null;
  };

  const chosenOf = ({ is, plan }, { labels }) => {
    const chosen = labels.map((label, index) => (is(label, plan().chosen) ? index : -1)).filter((index) => index >= 0);
    return chosen.length === 1 ? chosen[0] : -1;
  };

  const isComplete = (tools, group) => {
    const panels = group.labels.map((_, index) => panelOf(tools, group, index));
    return new Set(panels).size === panels.length && panels.every((panel) => panel && tools.stateOf(panel) === 'something');
  };

  // A row with its panels; `null` for what is no set of tabs.
  const groupOf = (tools, row) => {
    const labels = labelsOf(tools, row);
    if (labels.length < 2 || !tools.isVisible(row) || !labels.every(tools.isHarmless)) return null;
    const group = { row, labels, found: new Map(), first: -1 };
    group.first = chosenOf(tools, group);
    // A row without a panel to its chosen tab is a menu, not a set of tabs.
    const panel = panelOf(tools, group, Math.max(group.first, 0));
    if (!panel || panel.contains(row)) return null;
    return group;
  };

  // The rows below an element that have to be clicked, those inside another's panel left to that one.
  const groups = (tools, below = document) => {
    const rows = tools.all(tools.plan().rows, below).filter((row) => !below.closest || row !== below);
    const found = rows.map((row) => groupOf(tools, row)).filter((group) => group && !isComplete(tools, group));
    const inner = (group) => found.some((other) => other !== group
      && panelsOf(tools, other.row).some((panel) => panel.contains(group.row)));
    return found.filter((group) => !inner(group));
  };

  const label = (element) => {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const words = [];
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const { width } = text.parentElement.getBoundingClientRect();
      if (text.parentElement.checkVisibility() && width > 1) words.push(text.data);
    }
    const shown = words.join('').replace(/\s+/g, ' ').trim();
    return shown || element.getAttribute('aria-label') || element.title || element.textContent.trim();
  };

  // Keeps what the tab shows now, with the tabs inside of it.
  const keep = async (tools, group, index, depth) => {
    if (index < 0 || group.found.has(index)) return;
    const panel = panelOf(tools, group, index);
    if (!panel || tools.stateOf(panel) !== 'something') return void group.found.set(index, null);
    if (depth < MOST_NESTED) await gather(tools, groups(tools, panel), depth + 1);
    group.found.set(index, { label: label(group.labels[index]), html: tools.serialise(panel) });
  };

  const refresh = (tools, group) => {
    if (!group.row.isConnected) return false;
    if (group.labels.every((one) => one.isConnected)) return true;
    const labels = labelsOf(tools, group.row);
    if (labels.length !== group.labels.length) return false;
    group.labels = labels;
    return true;
  };

  const choose = async (tools, group, index) => {
    if (!tools.mayGoOn() || !refresh(tools, group)) return false;
    const tab = group.labels[index];
    if (!tools.isPressable(tab) || !tools.isPromising(tab)) return false;
    const scope = group.row.parentElement;
    const changed = await tools.pressHere(tab, scope, () => tools.stateOf(panelOf(tools, group, index)));
    if (!changed) tools.vain(tab);
    return changed;
  };

  // All panels of all groups. Choosing a tab in one often chooses it in others too: those are kept without a click.
  const gather = async (tools, pending, depth) => {
    for (const group of pending) await keep(tools, group, group.first, depth);
    for (const group of pending) {
      for (let index = 0; index < group.labels.length; index += 1) {
        if (group.found.has(index) || !await choose(tools, group, index)) continue;
        await keep(tools, group, index, depth);
        for (const other of pending) {
          if (other !== group && refresh(tools, other)) await keep(tools, other, chosenOf(tools, other), depth);
        }
      }
    }
    for (const group of pending) {
      if (group.first >= 0 && refresh(tools, group) && chosenOf(tools, group) !== group.first) {
        await choose(tools, group, group.first);
      }
      write(tools, group);
    }
  };

  const write = (tools, { row, labels, found, first }) => {
    const tabs = [...found.entries()].sort(([one], [other]) => one - other).map(([, tab]) => tab).filter(Boolean);
    if (tabs.length < 2 || !row.isConnected) return;
    const parts = tabs.map((tab) =>
      `<div data-skillcrawl-tab="">${escape(tab.label)}</div><div data-skillcrawl-panel="">${tab.html}</div>`);
    const named = labels.map((_, index) => panelOf(tools, { row, labels }, index));
    const panels = new Set([...panelsOf(tools, row), ...named].filter(Boolean));
    const place = named[Math.max(first, 0)] ?? [...panels][0] ?? row;
    for (const panel of panels) tools.written.set(panel, '');
    tools.written.set(row, '');
    tools.written.set(place, `<div data-skillcrawl-tabs="">${parts.join('')}</div>`);
  };

  // Whether an element around the row holds the row, its panels, and no more.
  const isWrapped = ({ row, panels }) => {
    const lengthOf = (element) => element.textContent.replace(/\s+/g, '').length;
    const own = [row, ...panels].reduce((sum, element) => sum + lengthOf(element), 0);
    for (let at = row.parentElement, level = 0; at && level < LEVELS; at = at.parentElement, level += 1) {
      if (panels.every((panel) => at.contains(panel))) return lengthOf(at) <= own + OTHER_TEXT;
    }
    return false;
  };

  // Binds loose rows to their panels, open or closed: the profile keeps closed ones.
  const bind = (tools) => {
    for (const row of tools.all(tools.plan().rows)) {
      const group = tools.written.has(row) ? null : groupOf(tools, row);
      if (!group || !isComplete(tools, group)) continue;
      const panels = group.labels.map((_, index) => panelOf(tools, group, index));
      if (isWrapped({ row, panels })) continue;
      panels.forEach((panel, index) => {
        group.found.set(index, { label: label(group.labels[index]), html: tools.serialise(panel) });
      });
      write(tools, group);
    }
  };

  const collect = (tools) => gather(tools, groups(tools), 1);

  return { groups, collect, bind };
})();
