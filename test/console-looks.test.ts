// Proves that every page of the console can be read by everybody, in the dark theme and on a phone too: axe looks at it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, noBrowser } from './support/browser.ts';
import { everyPage, looks } from './support/every-page.ts';

test('axe finds nothing serious on any page, dark or on a phone', { skip: noBrowser }, async (t) => {
  const found: string[] = [];
  await everyPage(t, [looks.dark, looks.phone], async (page, { name }, look) => {
    const details = page.getByRole('button', { name: 'Details' }).first();
    const covered = await page.getByRole('dialog').isVisible();
    if (!covered && (await details.isVisible())) await details.click();
    await assertAccessible(page, `${name}, ${look.name}`).catch((error: Error) => found.push(error.message));
  });
  assert.deepEqual(found, []);
});
