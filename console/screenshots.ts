// Writes a picture of every page to docs/screenshots: light, dark, and as wide as a phone. `npm run screenshots`; SHOTS names
// after `--` are the pages wanted, such as `npm run screenshots -- campaigns`. It runs as a test, for the database and
// the server that tests have.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { everyPage, looks } from '../test/support/every-page.ts';

const folder = join(import.meta.dirname, '..', 'docs', 'screenshots');

test('a picture of every page', async (t) => {
  await mkdir(folder, { recursive: true });
  const picture = (shown: string, look: string) =>
    join(folder, `${shown}${look === '' ? '' : `-${look}`}.png`);
  await everyPage(
    t,
    Object.values(looks),
    async (page, { name }, look) => void (await page.screenshot({ path: picture(name, look.name) })),
    process.env.SHOTS?.split(','),
  );
});
