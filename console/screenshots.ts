// Writes a picture of every page to docs/screenshots: light, dark, and as wide as a phone. `npm run screenshots`; SHOTS names
// after `--` are the pages wanted, such as `npm run screenshots -- campaigns`. It runs as a test, for the database and
// the server that tests have.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { launchBrowser, openWindow, signInAt } from '../test/support/browser.ts';
import { furnish } from '../test/support/furnished.ts';
import { furnishPages } from '../test/support/furnished-pages.ts';
import { startTestCarillon } from '../test/support/index.ts';
import { pages, visit } from './pages.ts';

const folder = join(import.meta.dirname, '..', 'docs', 'screenshots');

const looks = [
  { suffix: '', viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  { suffix: '-dark', viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  { suffix: '-phone', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
] as const;

test('a picture of every page', async (t) => {
  const wanted = process.env.SHOTS?.split(',');
  const carillon = await startTestCarillon(t, { balance: '5000' });
  const users = await furnish(carillon);
  await furnishPages(carillon);
  const browser = await launchBrowser();
  t.after(() => browser.close());
  await mkdir(folder, { recursive: true });
  for (const { suffix, ...look } of looks) {
    for (const as of ['nobody', 'customer', 'administrator'] as const) {
      const { page } = await openWindow(browser, carillon.url, { ...look, reducedMotion: 'reduce' });
      if (as !== 'nobody') {
        await page.goto('/');
        await signInAt(page, users[as]);
      }
      for (const shot of pages) {
        if ((shot.as ?? 'customer') !== as || (wanted && !wanted.includes(shot.name))) continue;
        await visit(page, shot);
        await page.screenshot({ path: join(folder, `${shot.name}${suffix}.png`) });
      }
      await page.context().close();
    }
  }
});
