// Runs once a page, in a world of its own. Returns the document as HTML, as a visitor has it: open shadow roots and
// their slots composed, frames of the same origin inlined, scripts and styles left out (their tags stay where a
// fingerprint may look for them). What a visitor cannot see carries `data-skillcrawl-hidden="WHY"`. Nothing in the
// page is touched: the marks are written into the output only. No recursion: a page may be nested as deep as it likes.
globalThis.skillcrawl.snapshot = (limit) => {
  const MARK = 'data-skillcrawl-hidden';
  const HTML = 'http://www.w3.org/1999/xhtml';
  const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'param', 'source',
    'track', 'wbr']);
  const DROPPED = new Set(['style', 'template', 'noscript', 'noembed', 'noframes']);
  const RENAMED = { xmp: 'pre', listing: 'pre', plaintext: 'pre' };
  const REPLACED = new Set(['img', 'svg', 'video', 'canvas', 'picture', 'object', 'embed', 'iframe', 'input']);
  // Elements without a box of their own, and those that scripts hide until they are ready.
  const UNJUDGED = new Set(['html', 'head', 'body', 'title', 'meta', 'link', 'base', 'script', 'option', 'optgroup',
    'source', 'track', 'param', 'area', 'map', 'datalist', 'br', 'wbr', 'col', 'colgroup', 'rp']);

  const escapeText = (text) =>
    text.replace(/[&<>\u00a0]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '\u00a0': '&nbsp;' })[c]);
  const escapeValue = (text) => text.replace(/[&"\u00a0]/g, (c) => ({ '&': '&amp;', '"': '&quot;', '\u00a0': '&nbsp;' })[c]);
  const styleOf = (element, pseudo) => element.ownerDocument.defaultView.getComputedStyle(element, pseudo);
  const parentOf = (element) => element.assignedSlot ?? element.parentElement ?? element.parentNode?.host ?? null;

  // --- Colours -------------------------------------------------------------------------------------------------

  const colours = new Map();
  let canvas = null;
  // Red, green, blue and alpha, each 0–255. The canvas reads the spellings that are not `rgb()`.
  const colour = (text) => {
    let known = colours.get(text);
    if (known) return known;
    const parts = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/.exec(text);
    if (parts) {
      known = [Number(parts[1]), Number(parts[2]), Number(parts[3]), 255 * Number(parts[4] ?? 1)];
    } else {
      canvas ??= new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = text;
      canvas.fillRect(0, 0, 1, 1);
      known = [...canvas.getImageData(0, 0, 1, 1).data];
    }
    colours.set(text, known);
    return known;
  };
  const alike = (one, other) => [0, 1, 2].every((i) => Math.abs(one[i] - other[i]) <= 8);

  const grounds = new Map();
  // The colour behind an element's text; `null` where it cannot be told (a picture, a gradient, something see-through).
  const groundOf = (element) => {
    const path = [];
    let ground;
    for (let at = element; ; at = parentOf(at)) {
      if (!at) {
        ground = styleOf(document.documentElement).colorScheme.includes('dark') ? null : [255, 255, 255, 255];
        break;
      }
      ground = grounds.get(at);
      if (ground !== undefined) break;
      path.push(at);
      const style = styleOf(at);
      const own = colour(style.backgroundColor);
      if (style.backgroundImage !== 'none' || (own[3] > 12 && own[3] < 243)) { ground = null; break; }
      if (own[3] >= 243) { ground = own; break; }
    }
    for (const at of path) grounds.set(at, ground);
    return ground;
  };

  // Whether something else than an ancestor may lie behind the element: a pseudo-element or a positioned neighbour.
  const mayLieOnOther = (element) => {
    for (let at = element; at; at = parentOf(at)) {
      for (const pseudo of ['::before', '::after']) {
        const style = styleOf(at, pseudo);
        if (style.content !== 'none' && paints(style)) return true;
      }
      for (const sibling of at.parentElement?.children ?? []) {
        if (sibling === at) continue;
        const style = styleOf(sibling);
        const placed = style.position === 'absolute' || style.position === 'fixed';
        if (placed && (paints(style) || REPLACED.has(sibling.localName))) return true;
      }
      if (colour(styleOf(at).backgroundColor)[3] >= 243) return false;
    }
    return false;
  };
  const paints = (style) => style.backgroundImage !== 'none' || colour(style.backgroundColor)[3] > 12;

  // --- What a visitor cannot see -------------------------------------------------------------------------------

  // Why nothing of the element and its descendants can be seen.
  const whyHidden = (element, style, folded) => {
    if (style.display === 'none') return 'display';
    if (style.display === 'contents') return null;
    if (Number(style.opacity) < 0.05 && element.getAnimations().length === 0) return 'opacity';
    if (folded) return null;
    const rect = element.getBoundingClientRect();
    // MathML for screen readers is the source of a formula whose picture stands beside it.
    if (isClipped(style, rect)) return element.querySelector('math') ? null : 'size';
    if (isFarOff(element, style, rect)) return 'offscreen';
    return null;
  };

  const isClipped = (style, rect) => {
    if (style.overflowX !== 'visible' && rect.width <= 1) return true;
    if (style.overflowY !== 'visible' && rect.height <= 1) return true;
    if (style.transform !== 'none' && rect.width === 0 && rect.height === 0) return true;
    if (/^(inset\((50|100)%|circle\(0)/.test(style.clipPath)) return true;
    if (style.position !== 'absolute' && style.position !== 'fixed') return false;
    const clip = /^rect\(([\d.-]+)px,? ([\d.-]+)px,? ([\d.-]+)px,? ([\d.-]+)px\)$/.exec(style.clip);
    return clip !== null && clip[3] - clip[1] <= 1 && clip[2] - clip[4] <= 1;
  };

  const isFarOff = (element, style, rect) => {
    const displaced = style.position !== 'static' || style.transform !== 'none' || style.translate !== 'none'
      || parseFloat(style.marginLeft) < -500 || parseFloat(style.marginTop) < -500;
    if (!displaced || rect.width === 0 || rect.height === 0) return false;
    const view = element.ownerDocument.defaultView;
    const wide = Math.max(view.innerWidth, element.ownerDocument.documentElement.scrollWidth);
    const off = rect.right + view.scrollX < 0 || rect.bottom + view.scrollY < 0 || rect.left + view.scrollX > wide + 2000;
    if (!off) return false;
    // Above the fold of something that was scrolled is not off screen.
    for (let at = parentOf(element); at; at = parentOf(at)) if (at.scrollTop > 0 || at.scrollLeft !== 0) return false;
    return true;
  };

  // Why text directly in the element cannot be seen; a descendant may set each of these anew.
  const whyTextHidden = (element, style) => {
    if (style.visibility !== 'visible') return 'visibility';
    if (parseFloat(style.fontSize) < 1) return 'size';
    if (parseFloat(style.textIndent) < -500) return 'offscreen';
    if (style.backgroundClip === 'text' || style.webkitBackgroundClip === 'text' || style.textShadow !== 'none') return null;
    const ink = colour(style.webkitTextFillColor);
    if (ink[3] < 13) return 'colour';
    const ground = groundOf(element);
    return ground && alike(ink, ground) && !mayLieOnOther(element) ? 'colour' : null;
  };

  // --- Writing -------------------------------------------------------------------------------------------------

  const out = [];
  let size = 0;
  const emit = (text) => { size += text.length; out.push(text); };

  const attributesOf = (element) => {
    let text = '';
    const elsewhere = element.ownerDocument !== document;
    for (const { name, value } of element.attributes) {
      if (name === MARK || name.startsWith('on') || /[\s"'<>/=]/.test(name)) continue;
      let written = value;
      if (elsewhere && (name === 'href' || name === 'src')) {
        try { written = new URL(value, element.baseURI).href; } catch { /* Left as it is. */ }
      }
      text += ` ${name}="${escapeValue(written)}"`;
    }
    return text;
  };

  const frameBody = (element) => {
    if (element.localName !== 'iframe') return null;
    try { return element.contentDocument?.body ?? null; } catch { return null; }
  };

  const childrenOf = (element) => {
    if (element.shadowRoot) return element.shadowRoot.childNodes;
    if (element.localName === 'slot' && element.getRootNode() instanceof ShadowRoot) {
      return element.assignedNodes({ flatten: true });
    }
    return element.childNodes;
  };

  const hasText = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '';

  // Items of work: text to write, or a node with what its ancestors say about it. `covered`: a mark stands above;
  // `folded`: inside something closed, where boxes have no size; `why`: what hides text directly in the parent.
  const stack = [];
  const enter = (children, state) => {
    for (let i = children.length - 1; i >= 0; i -= 1) stack.push({ node: children[i], ...state });
  };

  const writeScript = (element) => {
    const formula = element.type.startsWith('math/');
    if (!formula && !element.hasAttribute('src')) return;
    const source = formula ? element.textContent.replace(/<\/(?=script)/gi, '<\\/') : '';
    emit(`<script${attributesOf(element)}>${source}</script>`);
  };

  const writeElement = (element, { covered, folded }) => {
    const name = element.namespaceURI === HTML ? element.localName : element.nodeName;
    if (name === 'script') return writeScript(element);
    if (DROPPED.has(name)) return;
    const tag = RENAMED[name] ?? name;
    const judged = !covered && element.namespaceURI === HTML && !UNJUDGED.has(name);
    const outermost = !covered && name === 'svg';
    const style = judged || outermost ? styleOf(element) : null;
    const children = childrenOf(element);
    let mark = style && whyHidden(element, style, folded);
    let why = null;
    if (style && !mark && REPLACED.has(name) && style.visibility !== 'visible') mark = 'visibility';
    if (judged && !mark && Array.prototype.some.call(children, hasText)) {
      why = whyTextHidden(element, style);
      const alone = Array.prototype.every.call(children, (child) => child.nodeType !== Node.ELEMENT_NODE);
      if (why && alone) [mark, why] = [why, null];
    }
    const state = {
      covered: covered || Boolean(mark),
      folded: folded || (name === 'details' && !element.open) || style?.contentVisibility === 'hidden',
      why,
    };
    const marked = mark ? ` ${MARK}="${mark}"` : '';
    if (name === 'slot' && !mark) return enter(children, state);
    const body = frameBody(element);
    if (body) {
      emit(`<div data-skillcrawl-frame="${escapeValue(body.baseURI)}"${marked}>`);
      stack.push('</div>');
      return enter(body.childNodes, state);
    }
    emit(`<${tag}${attributesOf(element)}${marked}>`);
    if (VOID.has(name) && element.namespaceURI === HTML) return;
    // A parser swallows the first line break of these.
    if (tag === 'pre' || tag === 'textarea') {
      if (element.firstChild?.nodeType === Node.TEXT_NODE && element.firstChild.data.startsWith('\n')) emit('\n');
    }
    stack.push(`</${tag}>`);
    enter(children, state);
  };

  const writeNode = (item) => {
    const { node } = item;
    if (node.nodeType === Node.ELEMENT_NODE) {
      writeElement(node, item);
    } else if (node.nodeType === Node.TEXT_NODE || node.nodeType === Node.CDATA_SECTION_NODE) {
      const text = escapeText(node.data);
      emit(item.why && hasText(node) ? `<span ${MARK}="${item.why}">${text}</span>` : text);
    } else if (node.nodeType === Node.COMMENT_NODE && node.parentNode === document.head) {
      // Generators sign their pages there.
      emit(`<!--${node.data}-->`);
    }
  };

  // Where a `meta refresh` of at most a few seconds leads.
  const refreshOf = () => {
    const meta = document.querySelector('meta[http-equiv="refresh" i]');
    const parts = /^\s*(\d+)[\d.]*\s*[;,]\s*(?:url\s*=\s*)?(["']?)(.+?)\2\s*$/i.exec(meta?.content ?? '');
    if (!parts || Number(parts[1]) > 5) return null;
    try { return new URL(parts[3], document.baseURI).href; } catch { return null; }
  };

  if (document.doctype) emit('<!DOCTYPE html>');
  if (document.documentElement) enter([document.documentElement], { covered: false, folded: false, why: null });
  while (stack.length > 0) {
    if (size > limit) return { tooLarge: true };
    const item = stack.pop();
    if (typeof item === 'string') emit(item); else writeNode(item);
  }
  return { html: out.join(''), refresh: refreshOf() };
};
