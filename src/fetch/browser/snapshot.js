// Runs once a page, in a world of its own. Returns the document as HTML, as a visitor has it: open shadow roots and
// their slots composed, frames of the same origin inlined, controls in the state they are in, pictures under the address
// that they were to be loaded from, scripts and styles left out (their tags stay where a fingerprint may look for them).
// What a visitor cannot see carries `data-skillcrawl-hidden="WHY"`. Nothing in the
// page is touched: the marks are written into the output only. No recursion: a page may be nested as deep as it likes.
//
// With `part`, only that element. What the interactions found is written in the place of the elements they name.
globalThis.skillcrawl.snapshot = (limit, part = null) => {
  const OURS = 'data-skillcrawl-';
  const MARK = `${OURS}hidden`;
  const HTML = 'http://www.w3.org/1999/xhtml';
  const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'param', 'source',
    'track', 'wbr']);
  const DROPPED = new Set(['style', 'template', 'noscript', 'noembed', 'noframes']);
  const RENAMED = { xmp: 'pre', listing: 'pre', plaintext: 'pre' };
  const REPLACED = new Set(['img', 'svg', 'video', 'canvas', 'picture', 'object', 'embed', 'iframe', 'input']);
  // What is typed into these is no content, or cannot be told.
  const UNWRITTEN = new Set(['password', 'file', 'image', 'hidden']);
  // Elements whose state is written as an attribute that they may not have.
  const STATEFUL = new Set(['input', 'option', 'img']);
  const FAINT = 0.05;
  // Elements without a box of their own, and those that scripts hide until they are ready.
  const UNJUDGED = new Set(['html', 'head', 'body', 'title', 'meta', 'link', 'base', 'script', 'option', 'optgroup',
    'source', 'track', 'param', 'area', 'map', 'datalist', 'br', 'wbr', 'col', 'colgroup', 'rp']);

  const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\u00a0': '&nbsp;' };
  const entity = (character) => ENTITIES[character];
  const escapeText = (text) => (/[&<>\u00a0]/.test(text) ? text.replace(/[&<>\u00a0]/g, entity) : text);
  const escapeValue = (text) => (/[&"\u00a0]/.test(text) ? text.replace(/[&"\u00a0]/g, entity) : text);
  const styleOf = (element, pseudo) => {
    const owner = element.ownerDocument;
    return owner === document ? getComputedStyle(element, pseudo) : owner.defaultView.getComputedStyle(element, pseudo);
  };
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
  const groundOf = (element, styleOfElement) => {
    const path = [];
    let ground;
    for (let [at, style] = [element, styleOfElement]; ; [at, style] = [parentOf(at), null]) {
      if (!at) {
        ground = styleOf(document.documentElement).colorScheme.includes('dark') ? null : [255, 255, 255, 255];
        break;
      }
      ground = grounds.get(at);
      if (ground !== undefined) break;
      path.push(at);
      style ??= styleOf(at);
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
      // What lies beside a ground is not between it and the text.
      if (colour(styleOf(at).backgroundColor)[3] >= 243) return false;
      for (const sibling of at.parentElement?.children ?? []) {
        if (sibling === at) continue;
        const style = styleOf(sibling);
        const placed = style.position === 'absolute' || style.position === 'fixed';
        if (placed && style.display !== 'none' && (paints(style) || REPLACED.has(sibling.localName))) return true;
      }
    }
    return false;
  };
  const paints = (style) => style.backgroundImage !== 'none' || colour(style.backgroundColor)[3] > 12;

  // --- What a visitor cannot see -------------------------------------------------------------------------------

  // Why nothing of the element and its descendants can be seen. Reading a computed property costs more than anything
  // else here, so each is read only where the box, or the one before it, leaves the question open.
  const whyHidden = (element, style, folded, closed) => {
    const rect = element.getBoundingClientRect();
    if (rect.width === 0 && rect.height === 0) {
      const { display } = style;
      if (display === 'none') return 'display';
      if (display === 'contents') return null;
    }
    if (closed && element.hidden !== 'until-found') return 'display';
    const faint = Number(style.opacity) < FAINT || isFilteredAway(style.filter);
    if (faint && !element.getAnimations().some(fadesIn)) return 'opacity';
    if (folded) return null;
    // A thematic break is one pixel high, and the browser's own style sheet lets it clip.
    if (element.localName === 'hr') return null;
    // MathML for screen readers is the source of a formula whose picture stands beside it.
    if (isClipped(element, style, rect)) return element.querySelector('math') ? null : 'size';
    if (isFarOff(element, style, rect)) return 'offscreen';
    return null;
  };

  const isFilteredAway = (filter) => filter !== 'none' && /(^| )opacity\(0(\.0\d*)?%?\)/.test(filter);

  // Whether an animation ends with the element in sight: what is just fading in is there.
  const fadesIn = (animation) => {
    const { effect } = animation;
    const frames = effect?.getKeyframes?.().filter((frame) => frame.opacity !== undefined) ?? [];
    if (frames.length === 0 || animation.playState === 'paused') return false;
    const { iterations, fill } = effect.getComputedTiming();
    if (iterations === Infinity) return frames.some((frame) => Number(frame.opacity) >= FAINT);
    const lasts = animation instanceof CSSTransition || fill === 'forwards' || fill === 'both';
    return lasts && Number(frames.at(-1).opacity) >= FAINT;
  };

  // A picture that was not loaded, or stands in for one to come, has no size of its own; and none are loaded here.
  const isUnloaded = (element) => element.localName === 'img' && element.naturalWidth <= 1;
  const isPixel = (element) => element.localName === 'img'
    && ['width', 'height'].some((side) => parseFloat(element.getAttribute(side)) <= 1);

  const isClipped = (element, style, rect) => {
    if (isPixel(element)) return true;
    if (rect.width <= 1 && style.overflowX !== 'visible' && !isUnloaded(element)) return true;
    if (rect.height <= 1 && style.overflowY !== 'visible' && !isUnloaded(element)) return true;
    // Scaled to nothing, or turned on its edge.
    const flat = rect.width < 0.5 || rect.height < 0.5;
    if (flat && (style.transform !== 'none' || style.scale !== 'none') && element.offsetWidth > 0 && element.offsetHeight > 0) {
      return true;
    }
    const { clipPath, clip: clipRect } = style;
    if (clipPath !== 'none' && clipsEverything(clipPath)) return true;
    if (clipRect === 'auto' || (style.position !== 'absolute' && style.position !== 'fixed')) return false;
    const clip = /^rect\(([\d.-]+)px,? ([\d.-]+)px,? ([\d.-]+)px,? ([\d.-]+)px\)$/.exec(clipRect);
    return clip !== null && clip[3] - clip[1] <= 1 && clip[2] - clip[4] <= 1;
  };

  const clipsEverything = (path) => {
    if (/^(circle|ellipse)\(0(px|%)?[ )]/.test(path)) return true;
    const [, shape, inside] = /^(inset|polygon)\((.*)\)$/.exec(path) ?? [];
    if (shape === 'inset') {
      const sides = inside.split(' round ')[0].split(' ').map((side) => (side.endsWith('%') ? parseFloat(side) : 0));
      const [top, right = top, bottom = top, left = right] = sides;
      return top + bottom >= 100 || left + right >= 100;
    }
    if (shape !== 'polygon') return false;
    const corners = inside.split(', ').map((corner) => corner.split(' '));
    return [0, 1].some((axis) => corners.every((corner) => corner[axis] === corners[0][axis]));
  };

  const isFarOff = (element, style, rect) => {
    if (rect.right >= 0 && rect.bottom >= 0 && rect.left <= 2000) return false;
    if (rect.width === 0 || rect.height === 0) return false;
    const view = element.ownerDocument.defaultView;
    const off = (rect.right < 0 && rect.right + view.scrollX < 0) || (rect.bottom < 0 && rect.bottom + view.scrollY < 0);
    const farRight = rect.left > 2000 && rect.left + view.scrollX > view.innerWidth + 2000;
    if (!off && !farRight) return false;
    const displaced = style.position !== 'static' || style.transform !== 'none' || style.translate !== 'none'
      || parseFloat(style.marginLeft) < -500 || parseFloat(style.marginTop) < -500;
    if (!displaced) return false;
    // Above the fold of something that was scrolled is not off screen, nor is what can be scrolled to.
    for (let at = parentOf(element); at && at !== at.ownerDocument.body; at = parentOf(at)) {
      if (at.scrollTop > 0 || at.scrollLeft !== 0) return false;
      if (farRight && /auto|scroll/.test(styleOf(at).overflowX)) return false;
    }
    return true;
  };

  // Why text directly in the element cannot be seen; a descendant may set each of these anew.
  const whyTextHidden = (element, style) => {
    if (style.visibility !== 'visible') return 'visibility';
    if (parseFloat(style.fontSize) <= 2) return 'size';
    if (parseFloat(style.textIndent) < -500) return 'offscreen';
    const ink = colour(style.webkitTextFillColor);
    if (ink[3] >= 13) {
      const ground = groundOf(element, style);
      if (!ground || !alike(ink, ground)) return null;
    }
    if (style.backgroundClip === 'text' || style.webkitBackgroundClip === 'text' || style.textShadow !== 'none') return null;
    return ink[3] < 13 || !mayLieOnOther(element) ? 'colour' : null;
  };

  // --- Writing -------------------------------------------------------------------------------------------------

  const out = [];
  let size = 0;
  const emit = (text) => { size += text.length; out.push(text); };

  // Attributes that say what the element has come to since it was parsed; `null` takes one away.
  const stateOf = (element) => {
    switch (element.namespaceURI === HTML ? element.localName : '') {
      case 'input':
        if (element.type === 'checkbox' || element.type === 'radio') return { checked: element.checked ? '' : null };
        if (!UNWRITTEN.has(element.type) && element.value !== (element.getAttribute('value') ?? '')) {
          return { value: element.value };
        }
        return {};
      case 'option':
        return { selected: element.selected ? '' : null };
      case 'img': {
        const address = addressOf(element);
        return address ? { src: address } : {};
      }
      default:
        return {};
    }
  };

  // Where a picture would come from that is loaded when it comes into sight, by the browser or by a script.
  const addressOf = (image) => {
    const src = image.getAttribute('src') ?? '';
    if (src !== '' && !src.startsWith('data:')) return null;
    if (image.currentSrc && !image.currentSrc.startsWith('data:')) return image.currentSrc;
    const set = image.getAttribute('srcset') || image.getAttribute('data-srcset') || '';
    return set.trim().split(/[\s,]/)[0] || null;
  };

  const names = new Map();
  const isWritten = (name) => {
    let known = names.get(name);
    if (known === undefined) {
      known = !name.startsWith(OURS) && (!name.startsWith('on') || name === 'onclick') && !/[\s"'<>/=]/.test(name);
      names.set(name, known);
    }
    return known;
  };
  const write = (element, name, value, seen) => {
    let written = value;
    // Of handlers, only where a click leads is of use.
    if (name === 'onclick' && !/location|open\(/.test(value)) return '';
    // A style that scripts or sheets have overcome would be taken at its word.
    if (name === 'style' && seen) written = value.replace(/(^|;)\s*(opacity|display|visibility)\s*:[^;]*/gi, '');
    if ((name === 'href' || name === 'src') && element.ownerDocument !== document) {
      try { written = new URL(value, element.baseURI).href; } catch { /* Left as it is. */ }
    }
    return ` ${name}="${escapeValue(written)}"`;
  };
  const attributesOf = (element, seen = false) => {
    const { attributes } = element;
    const count = attributes.length;
    const state = STATEFUL.has(element.localName) ? stateOf(element) : null;
    let text = '';
    for (let i = 0; i < count; i += 1) {
      const { name, value } = attributes[i];
      if (isWritten(name) && !(state && name in state && state[name] === null)) {
        text += write(element, name, state?.[name] ?? value, seen);
      }
    }
    for (const name in state) {
      if (state[name] !== null && !element.hasAttribute(name)) text += write(element, name, state[name], seen);
    }
    return text;
  };

  const frameBody = (element) => {
    if (element.localName !== 'iframe') return null;
    try { return element.contentDocument?.body ?? null; } catch { return null; }
  };

  // The children of an element as a visitor has them: the first of a chain of siblings, and where they stand in a slot,
  // the list of all.
  const slotted = (element) => element.localName === 'slot' && element.getRootNode() instanceof ShadowRoot
    ? element.assignedNodes({ flatten: true }) : null;
  const firstOf = (element, list) => (list ? list[0] : (element.shadowRoot ?? element).firstChild);

  const [TEXT, ELEMENT] = [1, 2];
  const hasText = (node) => /\S/.test(node.data);
  // What there is among children: text, elements, or both.
  const kindsOf = (first, list) => {
    let kinds = 0;
    const add = (node) => {
      if (node.nodeType === Node.ELEMENT_NODE) kinds |= ELEMENT;
      else if (node.nodeType === Node.TEXT_NODE && hasText(node)) kinds |= TEXT;
    };
    if (list) list.forEach(add); else for (let node = first; node && kinds !== (TEXT | ELEMENT); node = node.nextSibling) add(node);
    return kinds;
  };

  // Items of work: text to write, or children that are left, with what their ancestors say about them. `covered`: a mark
  // stands above; `folded`: inside something closed, where boxes have no size; `why`: what hides text directly in the
  // parent.
  const stack = [];
  const enter = (first, list, state) => { if (first) stack.push({ next: first, list, at: 0, state }); };
  const advance = (item) => {
    const node = item.next;
    item.at += 1;
    item.next = item.list ? item.list[item.at] : node.nextSibling;
    return node;
  };

  const writeScript = (element) => {
    const formula = element.type.startsWith('math/');
    if (!formula && !element.hasAttribute('src')) return;
    const source = formula ? element.textContent.replace(/<\/(?=script)/gi, '<\\/') : '';
    emit(`<script${attributesOf(element)}>${source}</script>`);
  };

  const { instead } = globalThis.skillcrawl.interact;
  const writeElement = (element, { covered, folded }) => {
    const other = instead(element);
    if (other !== undefined) return emit(other);
    const isHtml = element.namespaceURI === HTML;
    const name = isHtml ? element.localName : element.nodeName;
    if (name === 'script') return writeScript(element);
    if (DROPPED.has(name)) return;
    const tag = RENAMED[name] ?? name;
    const judged = !covered && isHtml && !UNJUDGED.has(name);
    const style = judged || (!covered && name === 'svg') ? styleOf(element) : null;
    const list = slotted(element);
    const first = firstOf(element, list);
    const closed = Boolean(first && style && style.contentVisibility === 'hidden');
    let mark = style && whyHidden(element, style, folded, closed);
    let why = null;
    if (style && !mark && REPLACED.has(name) && style.visibility !== 'visible') mark = 'visibility';
    if (judged && !mark && first) {
      const kinds = kindsOf(first, list);
      if (kinds & TEXT) why = whyTextHidden(element, style);
      if (why && kinds === TEXT) [mark, why] = [why, null];
    }
    const state = { covered: covered || Boolean(mark), folded: folded || closed || (name === 'details' && !element.open), why };
    const marked = mark ? ` ${MARK}="${mark}"` : '';
    if (name === 'slot' && !mark) return enter(first, list, state);
    const body = frameBody(element);
    if (body) {
      emit(`<div data-skillcrawl-frame="${escapeValue(body.baseURI)}"${marked}>`);
      stack.push('</div>');
      return enter(body.firstChild, null, state);
    }
    emit(`<${tag}${attributesOf(element, judged && !mark)}${marked}>`);
    if (isHtml && VOID.has(name)) return;
    // A parser swallows the first line break of these.
    if (tag === 'pre' || tag === 'textarea') {
      const text = tag === 'textarea' ? element.value : first?.nodeType === Node.TEXT_NODE && first.data;
      if (text && text.startsWith('\n')) emit('\n');
    }
    stack.push(`</${tag}>`);
    if (tag === 'textarea') emit(escapeText(element.value)); else enter(first, list, state);
  };

  const writeNode = (node, state) => {
    const type = node.nodeType;
    if (type === Node.ELEMENT_NODE) {
      writeElement(node, state);
    } else if (type === Node.TEXT_NODE || type === Node.CDATA_SECTION_NODE) {
      const text = escapeText(node.data);
      emit(state.why && type === Node.TEXT_NODE && hasText(node) ? `<span ${MARK}="${state.why}">${text}</span>` : text);
    } else if (type === Node.COMMENT_NODE && node.parentNode === document.head) {
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

  if (part) {
    enter(part, [part], { covered: false, folded: !part.checkVisibility(), why: null });
  } else if (document.doctype) {
    emit('<!DOCTYPE html>');
  }
  if (!part) enter(document.documentElement, [document.documentElement], { covered: false, folded: false, why: null });
  while (stack.length > 0) {
    if (size > limit) return { tooLarge: true };
    const item = stack.at(-1);
    if (typeof item === 'string') emit(stack.pop());
    else if (item.next) writeNode(advance(item), item.state);
    else stack.pop();
  }
  const canonical = document.querySelector('link[rel~="canonical" i][href]')?.href ?? null;
  return { html: out.join(''), refresh: refreshOf(), address: skillcrawl.address(), canonical };
};
