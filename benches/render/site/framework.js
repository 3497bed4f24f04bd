// The part of the framework that works: elements as values, and a mount that writes them into the document.
window.Framework = (() => {
  const h = (tag, props = {}, children = []) => ({ tag, props, children: [].concat(children) });
  const node = (value) => {
    if (typeof value !== 'object') return document.createTextNode(String(value));
    const element = document.createElement(value.tag);
    for (const [name, setting] of Object.entries(value.props)) if (setting !== '') element.setAttribute(name, setting);
    element.append(...value.children.map(node));
    return element;
  };
  const mount = (host, value) => host.replaceChildren(...[].concat(value).map(node));
  const parts = new Map();
  const define = (name, part) => { parts.set(name, part); };
  // Runs every part once over what is about to be shown, as the directives of a framework do.
  const scope = (blocks) => {
    let sum = 0;
    for (const part of parts.values()) sum += part(blocks.length, sum);
    return sum;
  };
  return { h, mount, define, scope };
})();
