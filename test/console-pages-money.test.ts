// Proves the pages of senders, of the balance and of accounts: a customer asks, an administrator decides and tops up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noBrowser } from './support/browser.ts';
import { consolePages } from './support/console-page.ts';
import { ordinary, startTestCarillon, waitFor } from './support/index.ts';

test('a customer requests a sender, and a moderator registers it', { skip: noBrowser }, async (t) => {
  const carillon = await startTestCarillon(t);
  const pages = await consolePages(t, carillon);
  const customer = await pages.customer();
  await customer.visit('/senders', 'Senders');
  await customer.page.getByText('No senders yet').waitFor();
  await customer.check('no senders');
  await customer.page.getByRole('button', { name: 'Request a sender' }).first().click();
  const form = customer.page.getByRole('dialog', { name: 'Request a sender' });
  await form.getByRole('button', { name: 'Send the request' }).click();
  await form.getByText('This is needed.').first().waitFor();
  for (const [label, value] of [
    ['Sender', 'not a sender'],
    ['Country', 'es'],
    ['Name of the company', 'Bells SL'],
    ['Address', 'Calle Mayor 1'],
    ['Tax number', 'B1'],
    ['Register number', '1'],
    ['What the messages say', 'Your bell is ready'],
    ['Why they are sent', 'Orders'],
  ] as const) {
    await form.getByLabel(label).first().fill(value);
  }
  await form.getByRole('button', { name: 'Send the request' }).click();
  await form.locator('[id$="-error"]').first().waitFor();
  await customer.check('the form of a request');
  await form.getByLabel('Sender').first().fill('Bells');
  await form.getByRole('button', { name: 'Send the request' }).click();
  await form.waitFor({ state: 'hidden' });
  await customer.page.getByText('Requested', { exact: true }).first().waitFor();

  const moderator = await pages.moderator();
  await moderator.visit('/sender-requests', 'Requests for senders');
  await moderator.page.getByRole('button', { name: 'Look at it: Bells' }).click();
  const request = moderator.page.getByRole('dialog', { name: 'Request for Bells' });
  await request.getByText('Your bell is ready').waitFor();
  await moderator.check('a request');
  await request.getByRole('button', { name: 'Register' }).click();
  await request.waitFor({ state: 'hidden' });
  await moderator.page.getByRole('table').getByText('Registered').waitFor();
  await moderator.check('the requests');

  await customer.visit('/senders', 'Senders');
  await customer.page.getByText('Active', { exact: true }).waitFor();
  await customer.check('the senders');
});

test('what was spent is shown, and an administrator tops up and limits an account', {
  skip: noBrowser,
}, async (t) => {
  const carillon = await startTestCarillon(t, { balance: '100' });
  const sent = await carillon.call('POST', '/api/campaigns/sms/send', {
    ...{ sender: 'Carillon', text: 'Hello', phones: ordinary(20).map((number) => ({ number })) },
  });
  assert.equal(sent.status, 200);
  await waitFor(async () => {
    const { body } = await carillon.call('GET', `/api/campaigns/${sent.body.data.id}`);
    return body.data.status === 'done';
  });
  const pages = await consolePages(t, carillon);
  const customer = await pages.customer();
  await customer.visit('/balance', 'Balance');
  await customer.page.getByRole('img', { name: 'Spending' }).waitFor();
  const statement = customer.page.getByRole('table', { name: 'Statement' });
  await statement.getByText('Top-up').waitFor();
  await statement.getByText('Messages sent').first().waitFor();
  await customer.check('the balance');
  await customer.page.getByRole('button', { name: 'Show as a table' }).click();
  await customer.page.getByRole('table', { name: 'Spending' }).waitFor();
  await customer.page.getByText('12 months').click();
  await customer.page.getByRole('columnheader', { name: 'Month (UTC)' }).waitFor();
  await customer.check('the table of the spending');
  await customer.visit('/accounts', 'Accounts');
  await customer.page.getByText('You are not allowed to do this.').waitFor();

  const { page, visit, check } = await pages.administrator();
  await visit('/accounts', 'Accounts');
  await page.getByLabel('Search in names').fill('customer');
  const row = page.getByRole('row').filter({ hasText: 'customer' });
  await row.waitFor();
  await check('the accounts');
  const act = async (action: string) => {
    await page.getByRole('button', { name: 'Actions: customer' }).click();
    await page.getByRole('menuitem', { name: action }).click();
  };
  await act('Top up');
  const topUp = page.getByRole('dialog', { name: 'Top up customer' });
  await topUp.getByLabel('Amount in EUR').fill('a lot');
  await topUp.getByRole('button', { name: 'Top up' }).click();
  await topUp.getByText('An amount is a number').waitFor();
  await topUp.getByLabel('Amount in EUR').fill('12,345');
  await topUp.getByLabel('Note').fill('invoice 17');
  await check('a top-up');
  await topUp.getByRole('button', { name: 'Top up' }).click();
  await topUp.waitFor({ state: 'hidden' });
  await act('Settings');
  const settings = page.getByRole('dialog', { name: 'Settings of customer' });
  await settings.getByLabel('Messages per second').fill('25');
  await check('the settings of an account');
  await settings.getByRole('button', { name: 'Save' }).click();
  await settings.waitFor({ state: 'hidden' });
  await page.getByRole('link', { name: 'customer' }).click();
  await page.getByRole('heading', { level: 1, name: 'customer' }).waitFor();
  await page.getByText('invoice 17').waitFor();
  await check('an account');
  const { rows } = await carillon.db.pool.query(
    `select messages_per_second, (select sum(amount_e7)::text from ledger where kind = 'top_up' and account_id = a.id) as paid
     from account a where id = $1`,
    [carillon.account.id],
  );
  assert.deepEqual(rows, [{ messages_per_second: 25, paid: '1123450000' }]);

  await visit('/accounts', 'Accounts');
  await page.getByRole('button', { name: 'Add an account' }).first().click();
  const add = page.getByRole('dialog', { name: 'Add an account' });
  await add.getByLabel('Name').fill('Newcomers');
  await add.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('link', { name: 'Newcomers' }).waitFor();
});
