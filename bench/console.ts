// How fast the console is in a real browser whose processor is slowed down four times, with lists that fill their pages:
// each page from a click inside the running console, and from its address with a warm cache, until its title and what
// its visitor came for are there and the page answers again; and the bytes of a first visit. `npm run bench:console`;
// SHOTS=campaigns,users for some. It runs as a test, for the database and the server that tests have, and asserts nothing:
// test/console-bytes.test.ts does.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ConsolePage, loading, pages } from '../console/pages.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { countBytes } from '../test/support/bytes.ts';
import { password } from '../test/support/console.ts';
import { furnish } from '../test/support/furnished.ts';
import { furnishPages } from '../test/support/furnished-pages.ts';
import { startTestCarillon } from '../test/support/index.ts';
import { fillPages } from './full-pages.ts';
import { openTab, type Tab } from './tab.ts';
import { quantile } from './world.ts';

/** As a telephone of a few years ago. */
const slowDown = 4;
/** Of each the median counts. */
const runs = 3;
const rows = 'main table tbody td';
const screen = { width: 1280, height: 800, deviceScaleFactor: 1, mobile: false };

type Times = { name: string; navigatedMs: number; loadedMs: number };

test('how fast the console is', { timeout: 1_800_000 }, async (t) => {
  const wanted = process.env.SHOTS?.split(',');
  const carillon = await startTestCarillon(t, { balance: '5000' });
  const users = await furnish(carillon);
  await furnishPages(carillon);
  await fillPages(carillon);
  const browser = await launchBrowser();
  t.after(() => browser.close());

  const bytes = await countBytes(browser, carillon.url, users.customer);
  t.diagnostic(`sign-in: ${bytes.signIn} bytes; first page: ${bytes.firstPage} more`);

  const times: Times[] = [];
  for (const as of ['nobody', 'customer', 'administrator'] as const) {
    const tab = await openTab();
    t.after(() => tab.close());
    await tab.send('Emulation.setDeviceMetricsOverride', screen);
    const still = [{ name: 'prefers-reduced-motion', value: 'reduce' }];
    await tab.send('Emulation.setEmulatedMedia', { features: still });
    await tab.send('Emulation.setCPUThrottlingRate', { rate: slowDown });
    if (as !== 'nobody') await tab.send('Network.setCookie', await sessionOf(carillon.url, users[as]));
    for (const each of pages) {
      const chosen = wanted === undefined || wanted.includes(each.name);
      if ((each.as ?? 'customer') !== as || each.content === null || !chosen) continue;
      await load(tab, carillon.url, each); // for the cache
      const loaded: number[] = [];
      const navigated: number[] = [];
      for (let run = 0; run < runs; run++) {
        loaded.push(await load(tab, carillon.url, each));
        if (as !== 'nobody') navigated.push(await navigate(tab, carillon.url, each));
      }
      const result = {
        name: each.name,
        navigatedMs: quantile(navigated, 0.5),
        loadedMs: quantile(loaded, 0.5),
      };
      times.push(result);
      console.log(`${each.name}: ${result.navigatedMs} ms navigated, ${result.loadedMs} ms loaded`);
    }
    await tab.close();
  }
  if (wanted !== undefined) return;
  const folder = join(import.meta.dirname, 'results');
  await mkdir(folder, { recursive: true });
  const result = { at: new Date().toISOString(), slowDown, runs, bytes, pages: times };
  await writeFile(join(folder, 'console.json'), `${JSON.stringify(result, null, 2)}\n`);
});

/** The cookie of a session of a user, as the protocol sets one. */
async function sessionOf(url: string, email: string): Promise<object> {
  const answer = await fetch(`${url}/console/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email, password }),
  });
  const [, name, value] = /^([^=]+)=([^;]+)/.exec(answer.headers.getSetCookie()[0] ?? '') ?? [];
  if (name === undefined) throw new Error(`not signed in: ${answer.status} ${await answer.text()}`);
  return { url, name, value };
}

/** From the address, with a cache that has everything. */
async function load(tab: Tab, url: string, { path, content }: ConsolePage): Promise<number> {
  await tab.go('about:blank');
  await tab.go(`${url}${path}`);
  return Math.round(await tab.evaluate<number>(`${usable(content ?? rows)}.then(() => performance.now())`));
}

/** From another page of the running console, whose code knows nothing of this one yet. */
async function navigate(tab: Tab, url: string, { path, content }: ConsolePage): Promise<number> {
  await tab.go(`${url}${path === '/profile' ? '/senders' : '/profile'}`);
  await tab.evaluate(usable(rows));
  // As a link does: the router hears of every change of the history.
  const ms = await tab.evaluate<number>(
    `(async () => {
      const before = document.querySelector('h1').textContent;
      const began = performance.now();
      history.pushState({}, '', ${JSON.stringify(path)});
      await ${usable(content ?? rows, 'before')};
      return performance.now() - began;
    })()`,
  );
  return Math.round(ms);
}

/**
 * An expression that comes to an end when a page has its title, which is another than `before`, and its content; when nothing
 * is being loaded, and it has drawn a frame and come to its next task.
 */
function usable(content: string, before = 'undefined'): string {
  return `(async () => {
    const frame = () => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    const title = () => document.querySelector('h1')?.textContent;
    const there = () => title() && title() !== ${before} && document.querySelector(${JSON.stringify(content)}) && !document.querySelector('${loading}');
    for (;;) {
      while (!there()) await frame();
      await frame();
      if (there()) return;
    }
  })()`;
}
