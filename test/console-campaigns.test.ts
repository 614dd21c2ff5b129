// Proves the main path of a customer in a real browser: a campaign written in the page, watched live until every
// message is decided, found in the list; paused, resumed and stopped.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examine } from '../src/doctor/index.ts';
import { assertAccessible, noBrowser, signedIn, testConsole } from './support/browser.ts';
import { waitFor } from './support/index.ts';

test('a campaign is written, sent and watched live to its end', { skip: noBrowser }, async (t) => {
  // Slow enough that the page sees it under way.
  const site = await testConsole(t, {
    simulator: { latencyMs: { min: 5, max: 20 }, receiptDelayMs: { min: 300, max: 1500 } },
  });
  const { page, complaints } = await signedIn(site, site.carillon.account);
  await page.getByRole('heading', { name: 'No campaigns yet' }).waitFor();
  await assertAccessible(page, 'an empty list');

  await page.getByRole('link', { name: 'New campaign' }).first().click();
  await page.getByRole('heading', { name: 'New campaign', level: 1 }).waitFor();
  const numbers = Array.from({ length: 40 }, (_, i) => `+34 600 000 ${100 + i}`);
  // Undelivered, by its last digits; no number at all; one again; and one that has no price.
  const entered = [...numbers, '34600000001', 'Ann', numbers[0], '999123456789'];
  await page.getByLabel('Phone numbers').fill(entered.join('\n'));
  await page.getByText('42 numbers · 1 came twice').waitFor();
  await page.getByText('1 entry is no international number and is left out: Ann').waitFor();

  await page.getByLabel('What it says').fill('Ding dong – hello');
  await page.getByText('One character makes this text Unicode').waitFor();
  assert.equal(await page.getByTestId('marked').locator('mark').textContent(), '–');
  await page.getByText('As it would be sent: Ding dong - hello').waitFor();
  await page.getByRole('switch', { name: 'Write it in the GSM alphabet' }).check();
  await page.getByText('GSM alphabet', { exact: true }).waitFor();
  await page.getByRole('region', { name: 'The message on a phone' }).getByText('Ding dong - hello').waitFor();

  await page.getByRole('combobox', { name: 'Sender' }).fill('Carillon');
  await page.getByText('1 recipient cannot be reached').waitFor();
  const asked = await site.carillon.call('POST', '/api/campaigns/price', {
    sender: 'Carillon',
    text: 'Ding dong - hello',
    messages: [...numbers, '34600000001', '999123456789'].map((number) => ({
      phone: Number(number.replace(/\D/g, '')),
    })),
  });
  const price = `€${asked.body.price}`;
  await page.getByText(price, { exact: true }).waitFor();
  await assertAccessible(page, 'a new campaign');

  await page.getByRole('button', { name: 'Send now' }).click();
  const question = page.getByRole('dialog', { name: 'Send this campaign?' });
  await question.getByText(`It goes to 42 numbers. It costs ${price}.`).waitFor();
  await question.getByRole('button', { name: 'Send now' }).click();

  await page.getByText('Live', { exact: true }).waitFor();
  const row = (status: string) => page.locator(`tr[data-status="${status}"] td:nth-child(2)`);
  await page.getByText('Done', { exact: true }).waitFor();
  await waitFor(async () => (await row('delivered').textContent()) === '40', { what: 'forty delivered' });
  assert.equal(await row('undelivered').textContent(), '1');
  assert.equal(await row('failed').textContent(), '1');
  assert.equal(await row('sent').textContent(), '0');

  // Rows that are out of view do not exist: the list is scrolled to its end.
  const messages = page.getByRole('table', { name: 'Messages', exact: true });
  await messages.getByRole('rowgroup').last().press('End');
  await messages.getByRole('row', { name: /\+34600000001 Undelivered/ }).waitFor();
  await page.getByRole('button', { name: 'Show as a table' }).click();
  await page.getByRole('table', { name: 'Messages over time' }).waitFor();
  await page.getByRole('table', { name: 'Countries' }).getByText('Spain').waitFor();
  await page.getByRole('radiogroup', { name: 'Break down by' }).getByText('Errors').click();
  await page.getByRole('table', { name: 'Errors' }).waitFor();
  await assertAccessible(page, 'a report');

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Campaigns' }).click();
  await page.getByRole('row', { name: /SMS .* Done Carillon/ }).waitFor();
  await page.getByRole('link', { name: 'Comparison' }).click();
  await page.getByRole('row', { name: /Done/ }).waitFor();
  await assertAccessible(page, 'the comparison');
  assert.deepEqual(complaints, []);
});

test('a planned campaign is paused, resumed and stopped', { skip: noBrowser }, async (t) => {
  const site = await testConsole(t);
  const { page, complaints } = await signedIn(site, site.carillon.account);
  const made = await site.carillon.call('POST', '/api/campaigns/sms/send', {
    phones: [{ number: 34600000100 }],
    sender: 'Carillon',
    text: 'Tomorrow',
    start_at: new Date(Date.now() + 86_400_000).toISOString(),
  });
  // The list hears of it by itself.
  await page.getByRole('link', { name: made.body.data.name }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Paused', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  const question = page.getByRole('dialog', { name: 'Stop this campaign?' });
  await question.getByText('This cannot be undone').waitFor();
  await assertAccessible(page, 'a question');
  await question.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped', { exact: true }).waitFor();
  const { body } = await site.carillon.call('GET', `/api/campaigns/${made.body.data.id}`);
  assert.equal(body.data.status, 'stopped');
  assert.deepEqual(complaints, []);
});

test('the rows of a file become a campaign once its price is seen and confirmed', {
  skip: noBrowser,
}, async (t) => {
  const site = await testConsole(t);
  const { page, complaints } = await signedIn(site, site.carillon.account);
  const write = async (greeting: string) => {
    await page.goto('/campaigns/new');
    await page.getByText('Upload a file').click();
    const rows = ['Mobile;Name', '34600000101;<b>Ann</b>', 'none;Bob', '34600000102;Cas', '999123456789;Far'];
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) });
    await page.getByText('1 row of the beginning will be left out').waitFor();
    await page.getByLabel('What it says').fill(greeting);
    await page.getByRole('button', { name: '{Name}' }).click();
    await page
      .getByRole('region', { name: 'The message on a phone' })
      .getByText(`${greeting}<b>Ann</b>`)
      .waitFor();
    await page.getByRole('combobox', { name: 'Sender' }).fill('Carillon');
  };
  const balance = async () =>
    (await site.carillon.call('GET', '/api/accounts/balance')).body.data.balance as string;
  const before = await balance();

  // The first answer comes while the file is still being read, as that of a large one does.
  await page.route(
    '**/api/imports?*',
    async (route) => {
      const response = await route.fetch();
      const json = await response.json();
      Object.assign(json.data[0], { state: 'running', rejected: 0 });
      await route.fulfill({ response, json });
    },
    { times: 1 },
  );
  await write('Hello ');
  await assertAccessible(page, 'a campaign of a file');
  await page.getByRole('button', { name: 'Check the file' }).click();
  await page.getByRole('heading', { name: 'Check before it is sent' }).waitFor();
  await page.getByText('The file has been read. Nothing has been sent').waitFor();
  const figure = (label: string, value: string) =>
    page.getByText(label, { exact: true }).locator('..').getByText(value, { exact: true }).waitFor();
  await figure('Will be sent', '2');
  await figure('Rows left out', '1');
  await figure('Cannot be reached', '1');
  const id = new URL(page.url()).pathname.split('/').at(-1);
  const report = async () => (await site.carillon.call('GET', `/api/campaigns/${id}/detail`)).body.data;
  const { total_price: price } = await report();
  assert.ok(Number(price) > 0);
  const shown = page.getByText('Exact price', { exact: true }).locator('..');
  // With two decimals at least, and all of them that there are.
  await shown.getByText(`€${price.replace(/0{1,5}$/, '')}`, { exact: true }).waitFor();
  await assertAccessible(page, 'a campaign that waits for its author');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download them' }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^import-\d+-rejected\.csv$/);
  await page.getByRole('button', { name: 'Send now' }).click();
  await page.getByText('Done', { exact: true }).waitFor();
  await page.locator('tr[data-status=delivered]').getByText('2', { exact: true }).waitFor();
  assert.equal(await page.getByRole('heading', { name: 'Check before it is sent' }).count(), 0);
  const charged = await balance();
  assert.equal((Number(before) - Number(charged)).toFixed(7), price);

  await write('Good day ');
  await page.getByRole('button', { name: 'Check the file' }).click();
  await page.getByRole('button', { name: 'Discard' }).click();
  const question = page.getByRole('dialog', { name: 'Discard this campaign?' });
  await question.getByRole('button', { name: 'Discard' }).click();
  await page.getByText('Stopped', { exact: true }).waitFor();
  await page.locator('tr[data-status=failed]').getByText('3', { exact: true }).waitFor();
  assert.equal(await balance(), charged);
  assert.deepEqual((await examine(site.carillon.db)).breaches, []);
  assert.deepEqual(complaints, []);
});
