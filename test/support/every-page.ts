// Walks through every page of the console as each of those who look at it, in windows of several looks, on a Carillon with
// something on each page. Used by the screenshots and by the test of what axe finds.
import type { TestContext } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { type ConsolePage, pages, visit } from '../../console/pages.ts';
import { atEnd } from './at-end.ts';
import { launchBrowser, openWindow, signInAt } from './browser.ts';
import { startTestCarillon } from './carillon.ts';
import { furnish } from './furnished.ts';
import { furnishPages } from './furnished-pages.ts';

export type Look = { name: string } & Required<Pick<BrowserContextOptions, 'viewport' | 'colorScheme'>>;

/** As it is first seen, in the dark, and on a phone. */
export const looks = {
  light: { name: '', viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  dark: { name: 'dark', viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  phone: { name: 'phone', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
} as const satisfies Record<string, Look>;

/** Calls `see` with each page when all that there is to see on it is there; `wanted` names some, by default all are. */
export async function everyPage(
  t: TestContext,
  chosen: readonly Look[],
  see: (page: Page, shown: ConsolePage, look: Look) => Promise<void>,
  wanted?: readonly string[],
): Promise<void> {
  const carillon = await startTestCarillon(t, { balance: '5000' });
  const users = await furnish(carillon);
  await furnishPages(carillon);
  const browser = await launchBrowser();
  atEnd(t, () => browser.close());
  for (const look of chosen) {
    const { name: _, ...window } = look;
    for (const as of ['nobody', 'customer', 'administrator'] as const) {
      const { page } = await openWindow(browser, carillon.url, { ...window, reducedMotion: 'reduce' });
      if (as !== 'nobody') {
        await page.goto('/');
        await signInAt(page, users[as]);
      }
      for (const each of pages) {
        if ((each.as ?? 'customer') !== as || wanted?.includes(each.name) === false) continue;
        await visit(page, each);
        await see(page, each, look);
      }
      await page.context().close();
    }
  }
}
