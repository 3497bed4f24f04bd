// A plain Playwright script: so many pages at once, each opened for one address or reused for many.
//
//   node playwright.mjs JOB.json
//
// The job: `module` (the path of playwright-core), `chrome`, `sandbox`, `urls`, `tabs`, `reuse`, `ready` (a script) and
// `out`, the folder for the HTML.
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const job = JSON.parse(await readFile(process.argv[2], 'utf8'));
const { chromium } = createRequire(import.meta.url)(job.module);
const browser = await chromium.launch({ executablePath: job.chrome, chromiumSandbox: job.sandbox });
const context = await browser.newContext({ viewport: { width: 1280, height: 1024 } });
await context.addInitScript({ content: await readFile(job.ready, 'utf8') });

const index = {};
const queue = job.urls.map((url, number) => ({ url, file: `${number}.html` }));
const visit = async (page, { url, file }) => {
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  await page.evaluate(() => window.benchReady(15000));
  await writeFile(join(job.out, file), await page.content());
  index[url] = file;
};
const work = async () => {
  let page = null;
  while (queue.length > 0) {
    const next = queue.shift();
    page ??= await context.newPage();
    await visit(page, next);
    // A reused page that only changed its fragment would not load again.
    if (job.reuse && job.leave) await page.goto('about:blank');
    if (!job.reuse) {
      await page.close();
      page = null;
    }
  }
};
await Promise.all(Array.from({ length: job.tabs }, work));
await browser.close();
await writeFile(join(job.out, 'pages.json'), JSON.stringify(index));
