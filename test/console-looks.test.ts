// Proves that every page of the console can be read by everybody, in the dark theme and on a phone too: axe looks at it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pages, visit } from '../console/pages.ts';
import { assertAccessible, launchBrowser, noBrowser, openWindow, signInAt } from './support/browser.ts';
import { furnish } from './support/furnished.ts';
import { furnishPages } from './support/furnished-pages.ts';
import { startTestCarillon } from './support/index.ts';

const looks = [
  { what: 'dark', viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  { what: 'on a phone', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
] as const;

test('axe finds nothing serious on any page, dark or on a phone', { skip: noBrowser }, async (t) => {
  const carillon = await startTestCarillon(t, { balance: '5000' });
  const users = await furnish(carillon);
  await furnishPages(carillon);
  const browser = await launchBrowser();
  t.after(() => browser.close());
  const found: string[] = [];
  for (const { what, ...look } of looks) {
    for (const as of ['nobody', 'customer', 'administrator'] as const) {
      const { page } = await openWindow(browser, carillon.url, { ...look, reducedMotion: 'reduce' });
      if (as !== 'nobody') {
        await page.goto('/');
        await signInAt(page, users[as]);
      }
      for (const each of pages) {
        if ((each.as ?? 'customer') !== as) continue;
        await visit(page, each);
        await assertAccessible(page, `${each.name}, ${what}`).catch((error: Error) =>
          found.push(error.message),
        );
      }
      await page.context().close();
    }
  }
  assert.deepEqual(found, []);
});
