// How fast the console is in a real browser whose processor is slowed down four times: each page from a click inside the
// running console, and from its address with a warm cache, until its title and what its visitor came for are there and
// the page answers again; and the bytes of a first visit. `npm run bench:console`; SHOTS=campaigns,users for some. It runs
// as a test, for the database and the server that tests have, and asserts nothing: test/console-bytes.test.ts does.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { type ConsolePage, drawn, pages } from '../console/pages.ts';
import { launchBrowser, openWindow, signInAt } from '../test/support/browser.ts';
import { countBytes } from '../test/support/bytes.ts';
import { furnish } from '../test/support/furnished.ts';
import { furnishPages } from '../test/support/furnished-pages.ts';
import { startTestCarillon } from '../test/support/index.ts';

/** As a telephone of a few years ago. */
const slowDown = 4;
/** Of each the median counts. */
const runs = 3;
const rows = 'main table tbody td';

type Times = { name: string; navigatedMs: number; loadedMs: number };

test('how fast the console is', { timeout: 1_800_000 }, async (t) => {
  const wanted = process.env.SHOTS?.split(',');
  const carillon = await startTestCarillon(t, { balance: '5000' });
  const users = await furnish(carillon);
  await furnishPages(carillon);
  const browser = await launchBrowser();
  t.after(() => browser.close());

  const bytes = await countBytes(browser, carillon.url, users.customer);
  t.diagnostic(`sign-in: ${bytes.signIn} bytes; first page: ${bytes.firstPage} more`);

  const times: Times[] = [];
  for (const as of ['nobody', 'customer', 'administrator'] as const) {
    const { page } = await openWindow(browser, carillon.url, { reducedMotion: 'reduce' });
    if (as !== 'nobody') {
      await page.goto('/');
      await signInAt(page, users[as]);
    }
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowDown });
    for (const each of pages) {
      const chosen = wanted === undefined || wanted.includes(each.name);
      if ((each.as ?? 'customer') !== as || each.content === null || !chosen) continue;
      await load(page, each); // for the cache
      const loaded: number[] = [];
      const navigated: number[] = [];
      for (let run = 0; run < runs; run++) {
        loaded.push(await load(page, each));
        if (as !== 'nobody') navigated.push(await navigate(page, each));
      }
      const result = { name: each.name, navigatedMs: median(navigated), loadedMs: median(loaded) };
      times.push(result);
      console.log(`${each.name}: ${result.navigatedMs} ms navigated, ${result.loadedMs} ms loaded`);
    }
    await page.context().close();
  }
  if (wanted !== undefined) return;
  const folder = join(import.meta.dirname, 'results');
  await mkdir(folder, { recursive: true });
  const result = { at: new Date().toISOString(), slowDown, runs, bytes, pages: times };
  await writeFile(join(folder, 'console.json'), `${JSON.stringify(result, null, 2)}\n`);
});

/** From the address, with a cache that has everything. */
async function load(page: Page, { path, content }: ConsolePage): Promise<number> {
  await page.goto('about:blank');
  await page.goto(path, { waitUntil: 'commit' });
  return usable(page, content ?? rows, 0);
}

/** From another page of the running console, whose code knows nothing of this one yet. */
async function navigate(page: Page, { path, content }: ConsolePage): Promise<number> {
  const elsewhere = path === '/profile' ? '/senders' : '/profile';
  await page.goto(elsewhere);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForFunction(drawn);
  // As a link does: the router hears of every change of the history.
  const began = await page.evaluate<number>(
    `(() => { const now = performance.now(); history.pushState({}, '', ${JSON.stringify(path)}); return now; })()`,
  );
  return usable(page, content ?? rows, began);
}

/**
 * Milliseconds of the page's own clock since `began` until its title and its content are there, nothing is being
 * loaded, and it has drawn a frame and come to its next task.
 */
async function usable(page: Page, content: string, began: number): Promise<number> {
  const ended = await page.evaluate<number>(
    `(async () => {
      const frame = () => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
      const there = () => document.querySelector('h1') && document.querySelector(${JSON.stringify(content)}) && ${drawn};
      for (;;) {
        while (!there()) await frame();
        await frame();
        if (there()) return performance.now();
      }
    })()`,
  );
  return Math.round(ended - began);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
