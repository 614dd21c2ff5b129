// Proves the pages of moderation's rules and known domains, of the numbers that messages come to, and of an account's
// tariff, in a real browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAccount } from '../src/accounts/index.ts';
import { noBrowser } from './support/browser.ts';
import { consolePages } from './support/console-page.ts';
import { startTestCarillon, waitFor } from './support/index.ts';

test('rules and domains are added, changed, turned off and removed; what they say holds campaigns', {
  skip: noBrowser,
}, async (t) => {
  const carillon = await startTestCarillon(t);
  const pages = await consolePages(t, carillon);
  const { page, visit, check } = await pages.administrator();
  const send = async (text: string) => {
    const { body } = await carillon.call('POST', '/api/campaigns/sms/send', {
      ...{ sender: 'Carillon', text, phones: [{ number: 34600000100 }] },
    });
    return body.data.status as string;
  };
  const act = async (name: string, action: string) => {
    await page.getByRole('button', { name: `Actions: ${name}` }).click();
    await page.getByRole('menuitem', { name: action }).click();
  };
  await visit('/moderation/rules', 'Moderation rules');
  await page.getByText('No rules yet').waitFor();
  await check('no rules');

  await page.getByRole('button', { name: 'Add a rule' }).first().click();
  const form = page.getByRole('dialog', { name: 'Add a rule' });
  await form.getByRole('button', { name: 'Add' }).click();
  await form.getByText('This is needed.').waitFor();
  await form.getByLabel('Value').fill('!');
  await form.getByRole('button', { name: 'Add' }).click();
  await form.getByText(/must be a word or a phrase/).waitFor();
  await check('the form of a rule');
  await form.getByLabel('Value').fill('casino');
  await form.getByRole('combobox', { name: 'For' }).fill('cust');
  await page.getByRole('option', { name: 'customer' }).click();
  await form.getByRole('button', { name: 'Add' }).click();
  await form.waitFor({ state: 'hidden' });
  const rules = page.getByRole('table', { name: 'Rules' });
  await rules.getByRole('link', { name: `Account ${carillon.account.id}` }).waitFor();
  assert.equal(await send('Casino night'), 'moderation');

  await act('With a word or phrase casino', 'Edit');
  const edit = page.getByRole('dialog', { name: 'With a word or phrase' });
  await edit.getByLabel('Value').fill('roulette');
  await edit.getByRole('button', { name: 'Save' }).click();
  await rules.getByText('roulette').waitFor();
  await act('With a word or phrase roulette', 'Turn off');
  await rules.getByText('Off', { exact: true }).waitFor();
  assert.equal(await send('Roulette night'), 'scheduled');

  await page.getByRole('button', { name: 'Add a rule' }).first().click();
  await form.getByRole('combobox', { name: 'Holds campaigns' }).click();
  await page.getByRole('option', { name: 'With a link to an unknown domain' }).click();
  await form.getByRole('button', { name: 'Add' }).click();
  await form.waitFor({ state: 'hidden' });
  assert.equal(await send('See https://bells.example/one'), 'moderation');
  await page.getByRole('button', { name: 'Add a domain' }).first().click();
  const domain = page.getByRole('dialog', { name: 'Add a domain' });
  await domain.getByLabel('Domain').fill('https://bells.example/');
  await domain.getByRole('button', { name: 'Add' }).click();
  await domain.getByText(/must be a host name/).waitFor();
  await check('the form of a domain');
  await domain.getByLabel('Domain').fill('bells.example');
  await domain.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('table', { name: 'Known domains' }).getByText('bells.example').waitFor();
  await check('rules and domains');
  assert.equal(await send('See https://bells.example/two'), 'scheduled');

  await act('bells.example', 'Remove');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('No domains are known').waitFor();
  await act('With a word or phrase roulette', 'Remove');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await rules.getByText('roulette').waitFor({ state: 'hidden' });

  // Moderators keep the rules too, for everybody; customers do not see the page.
  const moderator = await pages.moderator();
  await moderator.visit('/moderation/rules', 'Moderation rules');
  await moderator.page.getByRole('table', { name: 'Rules' }).getByText('Every account').waitFor();
  await moderator.page.getByRole('button', { name: 'Add a rule' }).first().click();
  assert.equal(await moderator.page.getByRole('combobox', { name: 'For' }).count(), 0);
  const { page: customers } = await pages.customer();
  assert.equal(await customers.getByRole('link', { name: 'Moderation rules' }).count(), 0);
});

test('a number is given to an account, and what comes to nobody is seen', { skip: noBrowser }, async (t) => {
  const carillon = await startTestCarillon(t);
  const { page, visit, check } = await (await consolePages(t, carillon)).administrator();
  await visit('/inbound/numbers', 'Inbound numbers');
  await page.getByText('No number has an owner').waitFor();
  await page.getByText('All messages have an owner').waitFor();
  await check('no numbers');

  const simulator = carillon.simulator!.simulator;
  await waitFor(() => simulator.write({ from: '34600000999', to: '3838', text: 'Hello <b>you</b>' }));
  const unassigned = page.getByRole('table', { name: 'Messages of nobody' });
  await unassigned.getByText('Hello <b>you</b>').waitFor();
  await check('a message of nobody');
  await page.getByRole('button', { name: 'Actions: 3838' }).click();
  await page.getByRole('menuitem', { name: 'Give 3838 to an account' }).click();
  const form = page.getByRole('dialog', { name: 'Give a number to an account' });
  assert.equal(await form.getByLabel('Short code, number or sender').inputValue(), '3838');
  await form.getByRole('button', { name: 'Add' }).click();
  await form.getByText('This is needed.').waitFor();
  await form.getByRole('combobox', { name: 'Account' }).click();
  await page.getByRole('option', { name: 'customer' }).click();
  await check('the form of a number');
  await form.getByRole('button', { name: 'Add' }).click();
  const numbers = page.getByRole('table', { name: 'Inbound numbers' });
  await numbers.getByRole('link', { name: 'customer' }).waitFor();

  simulator.write({ from: '34600000999', to: '3838', text: 'Hello again' });
  await waitFor(async () => (await carillon.call('GET', '/api/inbound')).body.data.length === 1);
  await numbers.getByRole('button', { name: 'Actions: 3838' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('No number has an owner').waitFor();
});

test('an account is given another tariff', { skip: noBrowser }, async (t) => {
  const carillon = await startTestCarillon(t);
  const { pool } = carillon.db;
  await pool.query(
    `insert into tariff (code, name, currency) values (7, 'Wholesale', 'EUR'), (8, 'Złoty', 'PLN')`,
  );
  const shop = await createAccount(carillon.db, { name: 'Shop' });
  const { page, visit, check } = await (await consolePages(t, carillon)).administrator();
  await visit(`/accounts/${shop.id}`, 'Shop');
  await page.getByRole('button', { name: 'Settings' }).click();
  const form = page.getByRole('dialog', { name: 'Settings of Shop' });
  await form.getByRole('combobox', { name: 'Tariff' }).click();
  assert.equal(await page.getByRole('option', { name: 'Złoty' }).count(), 0, 'its currency is another');
  await page.getByRole('option', { name: 'Wholesale' }).click();
  await check('the settings');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'hidden' });
  await page.getByText('Wholesale').waitFor();
  const { rows } = await pool.query(
    'select t.code from account a join tariff t on t.id = a.tariff_id where a.id = $1',
    [shop.id],
  );
  assert.deepEqual(rows, [{ code: 7 }]);
});
