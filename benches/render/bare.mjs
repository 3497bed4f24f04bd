// The floor: a loop over the DevTools protocol that only navigates reused tabs, waits for the application's own word
// that it is done, and serialises. It knows what no crawler can know, and checks, blocks and records nothing.
//
//   node bare.mjs JOB.json
//
// The job: `chrome`, `switches`, `home` (a folder for the profile), `urls`, `tabs`, `leave`, `done` (a script's promise)
// and `out`.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launch, openTab } from './cdp.mjs';

const job = JSON.parse(await readFile(process.argv[2], 'utf8'));
const { call, close } = launch(job.chrome, job.switches, job.home);
const expression = `${job.done}.then(() => document.documentElement.outerHTML)`;
const index = {};
const queue = job.urls.map((url, number) => ({ url, file: `${number}.html` }));
const work = async () => {
  const { sessionId } = await openTab(call);
  while (queue.length > 0) {
    const { url, file } = queue.shift();
    await call('Page.navigate', { url }, sessionId);
    const { result } = await call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, sessionId);
    await writeFile(join(job.out, file), result.value);
    index[url] = file;
    if (job.leave) await call('Page.navigate', { url: 'about:blank' }, sessionId);
  }
};
await Promise.all(Array.from({ length: job.tabs }, work));
await close();
await writeFile(join(job.out, 'pages.json'), JSON.stringify(index));
