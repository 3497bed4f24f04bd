// A documentation site as a single-page application: a router over the history or the hash, Markdown that is fetched
// and rendered for each page, a menu, a table of contents, highlighted code, and a second request whose answer is shown
// below the text. It says `app:done` when a page is complete, which only the bare loop listens to.
(() => {
  const { h, mount, scope } = window.Framework;
  const root = document.documentElement;
  const byHash = root.dataset.router === 'hash';
  const base = root.dataset.base;
  const host = document.getElementById('app');
  let navigation = null;
  let turn = 0;

  const href = (page) => (byHash ? `${base}#/${page}` : `${base}${page}`);
  const current = () => {
    const path = byHash ? location.hash.replace(/^#\//, '') : location.pathname.slice(base.length);
    return path.replace(/\/$/, '') || 'page-1';
  };
  const getJson = async (url) => (await fetch(url)).json();
  const getText = async (url) => {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer.text();
  };

  // --- Markdown ------------------------------------------------------------------------------------------------

  const slug = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
  const inline = (text) => {
    const parts = [];
    const pattern = /`([^`]+)`|\*\*([^*]+)\*\*|!\[([^\]]*)\]\(([^)]+)\)|\[([^\]]+)\]\(([^)]+)\)/g;
    let last = 0;
    for (const found of text.matchAll(pattern)) {
      if (found.index > last) parts.push(text.slice(last, found.index));
      if (found[1]) parts.push(h('code', {}, found[1]));
      else if (found[2]) parts.push(h('strong', {}, found[2]));
      else if (found[4]) parts.push(h('img', { src: found[4], alt: found[3], loading: 'lazy' }));
      else parts.push(h('a', { href: href(found[6]) }, found[5]));
      last = found.index + found[0].length;
    }
    parts.push(text.slice(last));
    return parts;
  };
  const KEYWORDS = new Set('import from def class return if else for in with as fn let mut pub use struct impl match'.split(' '));
  const highlight = (code) => {
    const spans = [];
    for (const [token] of code.matchAll(/#[^\n]*|"[^"\n]*"|\d+(?:\.\d+)?|\w+|\s+|[^\w\s]/g)) {
      const kind = token[0] === '#' ? 'com' : token[0] === '"' ? 'str' : /^\d/.test(token) ? 'num'
        : KEYWORDS.has(token) ? 'key' : null;
      spans.push(kind ? h('span', { class: `token tok-${kind}` }, token) : token);
    }
    return spans;
  };
  const markdown = (text) => {
    const blocks = [];
    const lines = text.split('\n');
    for (let i = 0; i < lines.length; i += 1) {
      const line = lines[i];
      const heading = /^(#{1,4}) (.*)$/.exec(line);
      if (heading) {
        const id = slug(heading[2]);
        const anchor = h('a', { class: 'anchor', href: `#${id}`, 'aria-label': 'Link' }, '#');
        blocks.push(h(`h${heading[1].length}`, { id }, [heading[2], anchor]));
      } else if (line.startsWith('```')) {
        const code = [];
        for (i += 1; i < lines.length && !lines[i].startsWith('```'); i += 1) code.push(lines[i]);
        const language = line.slice(3) || 'text';
        const inner = h('code', { class: `language-${language}` }, highlight(code.join('\n')));
        blocks.push(h('div', { class: 'code' }, [h('pre', {}, inner), h('button', { type: 'button' }, 'Copy')]));
      } else if (line.startsWith('|')) {
        const rows = [];
        for (; i < lines.length && lines[i].startsWith('|'); i += 1) {
          if (/^[|\s-]+$/.test(lines[i])) continue;
          const cell = rows.length === 0 ? 'th' : 'td';
          rows.push(h('tr', {}, lines[i].split('|').slice(1, -1).map((c) => h(cell, {}, inline(c.trim())))));
        }
        blocks.push(h('table', {}, [h('thead', {}, rows[0]), h('tbody', {}, rows.slice(1))]));
      } else if (line.startsWith('- ')) {
        const items = [];
        for (; i < lines.length && lines[i].startsWith('- '); i += 1) items.push(h('li', {}, inline(lines[i].slice(2))));
        blocks.push(h('ul', {}, items));
      } else if (line.startsWith('> ')) {
        blocks.push(h('div', { class: 'note' }, h('p', {}, inline(line.slice(2)))));
      } else if (line.trim() !== '') {
        blocks.push(h('p', {}, inline(line)));
      }
    }
    return blocks;
  };

  // --- Views ---------------------------------------------------------------------------------------------------

  const menu = (page) => h('nav', { class: 'side', 'aria-label': 'Docs' }, navigation.map((group) =>
    h('div', { class: 'group' }, [
      h('span', {}, group.title),
      h('ul', {}, group.pages.map((entry) => h('li', {}, h('a', {
        href: href(entry.page), class: entry.page === page ? 'active' : '',
      }, entry.title)))),
    ])));
  const contents = (blocks) => h('aside', { class: 'toc' }, h('ul', {}, blocks
    .filter((block) => block.tag === 'h2' || block.tag === 'h3')
    .map((block) => h('li', {}, h('a', { href: `#${block.props.id}` }, block.children[0])))));
  const view = (page, blocks) => h('div', { class: 'shell' }, [
    h('header', { class: 'bar' }, [h('img', { src: '/assets/logo.png', alt: '' }), h('strong', {}, 'Bench docs')]),
    menu(page),
    h('main', {}, [h('article', {}, blocks), h('section', { class: 'related', 'aria-busy': 'true' }, 'Loading…')]),
    contents(blocks),
  ]);

  const show = async () => {
    const mine = turn += 1;
    const page = current();
    delete root.dataset.done;
    const [text, menuOf] = await Promise.all([getText(`/content/${page}.md`), navigation ?? getJson('/content/nav.json')]);
    if (mine !== turn) return;
    navigation = menuOf;
    const blocks = markdown(text);
    scope(blocks);
    mount(host, view(page, blocks));
    document.title = `${blocks[0].children[0]} | Bench docs`;
    window.scrollTo(0, 0);
    const meta = await getJson(`/content/${page}.json`);
    if (mine !== turn) return;
    const related = host.querySelector('.related');
    related.removeAttribute('aria-busy');
    mount(related, meta.related.map((entry) => h('div', { class: 'card' }, [
      h('a', { href: href(entry.page) }, entry.title), h('p', {}, entry.summary),
    ])).concat(h('p', { class: 'token' }, meta.token)));
    root.dataset.done = page;
    window.dispatchEvent(new Event('app:done'));
  };
  // The page shows what it can even if its data is missing.
  const safely = () => show().catch((error) => mount(host, h('p', {}, String(error))));

  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[href]');
    if (byHash || !link || event.defaultPrevented || link.getAttribute('href').startsWith('#')) return;
    if (link.origin !== location.origin || !link.pathname.startsWith(base)) return;
    event.preventDefault();
    if (link.href !== location.href) history.pushState({}, '', link.href);
    safely();
  });
  addEventListener(byHash ? 'hashchange' : 'popstate', safely);

  const tracker = document.createElement('script');
  tracker.async = true;
  tracker.src = 'TRACKER';
  document.head.append(tracker);
  safely();
})();
