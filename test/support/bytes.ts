// The bytes that a first visit to the console takes over the wire. Used by the test of their limit and by the bench.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { loading } from '../../console/pages.ts';
import { openWindow, signInAt } from './browser.ts';

/** With their headers, as the browser counts them; `gzip`: the files of both as they are where br is not taken. */
export type FirstVisit = { signIn: number; firstPage: number; gzip: number };

/** Signs in with an empty cache and counts until the first page stands. */
export async function countBytes(browser: Browser, url: string, email: string): Promise<FirstVisit> {
  const { page } = await openWindow(browser, url, { reducedMotion: 'reduce' });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  let bytes = 0;
  const assets = new Set<string>();
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  devtools.on('Network.responseReceived', ({ response }) => {
    const { pathname } = new URL(response.url);
    if (pathname.startsWith('/assets/')) assets.add(pathname);
  });
  await page.goto('/', { waitUntil: 'networkidle' });
  await page.getByRole('textbox', { name: 'Password' }).waitFor();
  const signIn = bytes;
  await signInAt(page, email);
  await page.getByRole('heading', { level: 1 }).waitFor();
  // Live updates keep a connection open, so that the network is never idle: what is shown has come.
  await page.locator(loading).first().waitFor({ state: 'detached' });
  const firstPage = bytes - signIn;
  await page.context().close();

  const sizes = [...assets].map(async (path) => {
    const file = join(import.meta.dirname, '..', '..', 'console', 'dist', path);
    // Files that are too small to be worth it are not compressed.
    const { size } = await stat(`${file}.gz`).catch(() => stat(file));
    return size;
  });
  return { signIn, firstPage, gzip: (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) };
}
