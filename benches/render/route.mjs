// The trial of in-router navigation: every page of a site once by a full load and once through the site's own router,
// compared page by page.
//
//   node route.mjs CHROME OUT SITE…      with SITE as NAME=URL,ROUTE,ROUTE,…
//
// A route is taken by a click on the page's own link to it; where there is none, by `location.hash` or by `pushState`
// and `popstate`. The page counts as changed once its address is the route's and its content differs from the last
// page's; from then on the content has to stand still as after a load. What both ways brought goes to `OUT/NAME-load` and
// `OUT/NAME-router`, whose `pages.jsonl` `skillcrawl extract` reads: the Markdown is what counts. Printed for each site:
// Chromium's processor time and the time a page takes, both ways; how many pages have the same content, the same title
// and the same document.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, openTab } from './cdp.mjs';

const [chrome, out, ...sites] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const READY = readFileSync(new URL('ready.js', import.meta.url), 'utf8');
const TICKS_MS = 10;
const switches = ['--headless=new', '--no-first-run', '--no-startup-window', '--disable-gpu', '--disable-extensions',
  '--disable-background-networking', '--disable-back-forward-cache', '--window-size=1280,1024',
  ...(process.getuid() === 0 ? ['--no-sandbox'] : [])];

// Processor time of Chromium's whole tree, in ms.
const cpu = (root) => {
  const stats = {};
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
      stats[pid] = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
    } catch { /* It ended meanwhile. */ }
  }
  const sum = (pid) => Object.keys(stats).filter((child) => stats[child][1] === Number(pid))
    .reduce((total, child) => total + sum(child), (stats[pid] ?? []).slice(11, 15).reduce((a, b) => a + b, 0) * TICKS_MS);
  return sum(root);
};

// What is compared: the text and the tags of the content, the title, and the document as a whole.
const TAKE = `(() => {
  const roots = ['article', 'main', '#main', '#app'].map((root) => document.querySelector(root));
  const root = roots.find((found) => found?.textContent.trim()) ?? document.body;
  return { content: root.innerHTML, text: root.innerText, title: document.title, whole: document.documentElement.outerHTML };
})()`;

// Leads the page to another of its pages; resolves to how, or to nothing where the content did not change.
const LEAD = `(async (to) => {
  const target = new URL(to, location.href);
  const root = () => document.querySelector('article') ?? document.querySelector('main') ?? document.body;
  const before = root().innerHTML;
  const link = [...document.querySelectorAll('a[href]')].find((a) => a.href === target.href);
  let way = 'click';
  if (link) link.click();
  else if (target.pathname === location.pathname && target.hash) { way = 'hash'; location.hash = target.hash; }
  else { way = 'popstate'; history.pushState({}, '', target.href); dispatchEvent(new PopStateEvent('popstate', { state: {} })); }
  const end = performance.now() + 5000;
  while (performance.now() < end) {
    if (location.href === target.href && root().innerHTML !== before) return way;
    await new Promise((resolve) => { setTimeout(resolve, 25); });
  }
  return null;
})`;

const measure = async (base, routes, byRouter) => {
  const home = mkdtempSync(join(tmpdir(), 'route-trial-'));
  const { call, close, pid } = launch(chrome, switches, home);
  const { sessionId } = await openTab(call);
  await call('Page.addScriptToEvaluateOnNewDocument', { source: READY }, sessionId);
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, sessionId);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  const load = async (route) => {
    await call('Page.navigate', { url: 'about:blank' }, sessionId);
    await call('Page.navigate', { url: base + route }, sessionId);
    await evaluate('window.benchReady(15000)');
  };
  // The first page is loaded in full both ways, and not measured: it pays for what all share.
  await load(routes[0]);
  const [began, spent] = [performance.now(), cpu(pid)];
  const pages = [];
  for (const route of routes.slice(1)) {
    let way = 'load';
    if (byRouter) {
      way = await evaluate(`${LEAD}(${JSON.stringify(base + route)})`).catch(() => null);
      if (way) await evaluate('window.benchReady(15000)');
    }
    if (!way || way === 'load') await load(route);
    pages.push({ route, way, ...(await evaluate(TAKE)) });
  }
  const count = pages.length;
  const cost = { cpu: (cpu(pid) - spent) / count, time: (performance.now() - began) / count };
  await close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  return { pages, cost };
};

for (const site of sites) {
  const [name, list] = site.split(/=(.*)/s);
  const [base, ...routes] = list.split(',');
  const full = await measure(base, routes, false);
  const routed = await measure(base, routes, true);
  for (const [way, { pages }] of Object.entries({ load: full, router: routed })) {
    const folder = join(out, `${name}-${way}`);
    mkdirSync(folder, { recursive: true });
    const lines = pages.map(({ route, whole }, i) => {
      writeFileSync(join(folder, `${i}.html`), whole);
      return routed.pages[i].way ? `${JSON.stringify({ url: base + route, rendered: `${i}.html` })}\n` : '';
    });
    writeFileSync(join(folder, 'pages.jsonl'), lines.join(''));
  }
  const same = (key) => routed.pages.filter((page, i) => page.way && page[key] === full.pages[i][key]).length;
  const led = routed.pages.filter((page) => page.way).length;
  console.log(`${name}: ${routed.pages.length} pages, ${led} through the router (${[...new Set(routed.pages.map((page) => page.way))].join(', ')})`);
  console.log(`  full load ${full.cost.cpu.toFixed(0)} ms CPU, ${full.cost.time.toFixed(0)} ms a page; router ${routed.cost.cpu.toFixed(0)} ms CPU, ${routed.cost.time.toFixed(0)} ms a page`);
  console.log(`  same content ${same('content')}, same text ${same('text')}, same title ${same('title')}, same document ${same('whole')}`);
  const other = routed.pages.find((page, i) => page.way && page.content !== full.pages[i].content);
  if (other) {
    const [a, b] = [full.pages.find((page) => page.route === other.route).content, other.content];
    let at = 0;
    while (a[at] === b[at]) at += 1;
    console.log(`  differs first at ${other.route}:\n    full   ${JSON.stringify(a.slice(at - 60, at + 100))}\n    router ${JSON.stringify(b.slice(at - 60, at + 100))}`);
  }
}
