// Proves that the list of messages scrolls over a million rows as over ten: a server that has them answers from here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noBrowser, signedIn, testConsole } from './support/browser.ts';

const million = 1_000_000;

test('the list of messages scrolls over a million rows', { skip: noBrowser }, async (t) => {
  const site = await testConsole(t);
  const made = await site.carillon.call('POST', '/api/campaigns/sms/send', {
    phones: [{ number: 34600000100 }],
    sender: 'Carillon',
    text: 'One of a million',
  });
  const { page, complaints } = await signedIn(site, site.carillon.account);
  let asked = 0;
  await page.route('**/api/messages?*', async (route) => {
    asked += 1;
    const query = new URL(route.request().url()).searchParams;
    const [offset, limit] = [Number(query.get('page[offset]')), Number(query.get('page[limit]'))];
    const data = Array.from({ length: Math.min(limit, million - offset) }, (_, i) => ({
      ...{
        id: offset + i + 1,
        campaign_id: 1,
        text: 'One',
        phone: 34600000001 + offset + i,
        status: 'delivered',
      },
      ...{ amount: { value: '0.0200000', currency: 'EUR' }, sender: 'Carillon', parts: 1, error: null },
      ...{ sent_at: '2026-03-01 10:00:00', delivered_at: '2026-03-01 10:00:01' },
    }));
    await route.fulfill({ json: { data, meta: { page: { total: million, limit, offset } } } });
  });
  await page.goto(`/campaigns/${made.body.data.id}`);
  const list = page.getByRole('table', { name: 'Messages', exact: true });
  const row = (index: number) => list.getByRole('row', { name: `+${34600000000 + index} Delivered` });
  const box = list.getByRole('rowgroup').last();
  await row(1).waitFor();
  assert.equal(await list.getAttribute('aria-rowcount'), String(million + 1));

  await box.press('End');
  await row(million).waitFor();
  await page.getByText('of 1,000,000').waitFor();
  await page.getByRole('textbox', { name: 'Go to row' }).fill('500000');
  await row(500_000).waitFor();
  await box.press('ArrowDown');
  await box.press('ArrowDown');
  await page.getByText('Rows 500,002 to').waitFor();
  await box.press('Home');
  await page.getByText('Rows 1 to').waitFor();
  await box.hover();
  await page.mouse.wheel(0, 340);
  await page.getByText('Rows 11 to').waitFor();
  // The bar alone: half of its way is half of the list.
  await box.evaluate((element) => element.scrollTo(0, (element.scrollHeight - element.clientHeight) / 2));
  await page.getByText(/Rows (499,99\d|500,00\d) to/).waitFor();
  await row(500_003).waitFor();
  assert.ok((await list.getByRole('row').count()) < 30, 'only what is in view exists');
  assert.ok(asked < 20, `pages were asked for ${asked} times`);
  assert.deepEqual(complaints, []);
});
