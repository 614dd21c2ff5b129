// Proves the pages of the contact book: fields, contacts, lists, the stop list, imports and inbound messages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAccount } from '../src/accounts/index.ts';
import { noBrowser } from './support/browser.ts';
import { consolePages } from './support/console-page.ts';
import { startTestCarillon, waitFor } from './support/index.ts';

test('a contact book is filled, searched and sorted; another account sees nothing of it', {
  skip: noBrowser,
}, async (t) => {
  const carillon = await startTestCarillon(t);
  const pages = await consolePages(t, carillon);
  const { page, visit, check } = await pages.customer();
  const dialog = (name: string) => page.getByRole('dialog', { name });

  await visit('/contacts', 'Contacts');
  await page.getByText('No contacts yet').waitFor();
  await check('the empty contact book');
  await visit('/contacts/fields', 'Fields');
  await page.getByRole('button', { name: 'Add a field' }).first().click();
  await dialog('Add a field').getByLabel('Name').fill('City');
  await check('the form of a field');
  await dialog('Add a field').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('cell', { name: 'City', exact: true }).waitFor();
  await check('the fields');

  await visit('/lists', 'Lists');
  await page.getByText('No lists yet').waitFor();
  await page.getByRole('button', { name: 'Add a list' }).first().click();
  await dialog('Add a list').getByLabel('Name').fill('No');
  await dialog('Add a list').getByRole('button', { name: 'Save' }).click();
  await dialog('Add a list').getByText('at least three characters').waitFor();
  await dialog('Add a list').getByLabel('Name').fill('Friends');
  await dialog('Add a list').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('link', { name: 'Friends' }).waitFor();
  await check('the lists');

  await visit('/contacts', 'Contacts');
  for (const [phone, city] of [
    ['+34 600 000 001', 'Madrid'],
    ['+34 600 000 002', '<i>Berlin</i>'],
  ] as const) {
    await page.getByRole('button', { name: 'Add a contact' }).first().click();
    await dialog('Add a contact').getByLabel('Number').fill(phone);
    await dialog('Add a contact').getByLabel('City').fill(city);
    await dialog('Add a contact').getByRole('button', { name: 'Save' }).click();
    await dialog('Add a contact').waitFor({ state: 'hidden' });
  }
  const table = page.getByRole('table', { name: 'Contacts' });
  await table.getByText('<i>Berlin</i>').waitFor();
  await table.getByText('Madrid').waitFor();
  await check('the contacts');
  // A number that is there already: the server's word stands at the field.
  await page.getByRole('button', { name: 'Add a contact' }).first().click();
  await dialog('Add a contact').getByLabel('Number').fill('34600000001');
  await dialog('Add a contact').getByRole('button', { name: 'Save' }).click();
  await dialog('Add a contact').locator('[id$="-error"]').first().waitFor();
  await check('the form of a contact');
  await page.keyboard.press('Escape');
  await dialog('Add a contact').waitFor({ state: 'hidden' });

  await page.getByLabel('Select +34600000001').or(page.getByLabel('Select 34600000001')).check();
  await page.getByRole('button', { name: 'Put into lists' }).click();
  const sort = dialog('Put 1 contact into lists');
  await sort.getByRole('combobox', { name: 'Lists' }).or(sort.getByLabel('Lists')).first().click();
  await page.getByRole('option', { name: 'Friends' }).click();
  await page.keyboard.press('Escape');
  await sort.getByRole('button', { name: 'Put into lists' }).click();
  await sort.waitFor({ state: 'hidden' });
  await table.getByText('Friends').waitFor();

  await page.getByLabel('Value').fill('002');
  await page.getByRole('button', { name: 'Search' }).click();
  await table.getByText('Madrid').waitFor({ state: 'hidden' });
  await table.getByText('+34600000002').waitFor();
  // A search has an address, and a list leads to its contacts.
  assert.match(page.url(), /where=/);
  await visit('/lists', 'Lists');
  await page.getByRole('link', { name: 'Friends' }).click();
  await table.getByText('Madrid').waitFor();
  assert.equal(await table.getByText('+34600000002').count(), 0);

  await page.getByRole('button', { name: 'Actions: 34600000001' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Nothing fits').waitFor();

  const stranger = await pages.signedIn(await createAccount(carillon.db, { name: 'Stranger' }), 'customer');
  await stranger.visit('/contacts', 'Contacts');
  await stranger.page.getByText('No contacts yet').waitFor();
  await stranger.visit('/lists', 'Lists');
  await stranger.page.getByText('No lists yet').waitFor();
});

test('a list is found by typing among more than a field offers, and keeps its name when others are typed', {
  skip: noBrowser,
}, async (t) => {
  const carillon = await startTestCarillon(t);
  const { page, visit } = await (await consolePages(t, carillon)).customer();
  await carillon.db.pool.query(
    `insert into contact_group (account_id, name) select $1, 'List ' || n from generate_series(1001, 1200) n`,
    [carillon.account.id],
  );
  await visit('/campaigns/new', 'New campaign');
  await page.getByText('Contact lists', { exact: true }).click();
  const field = { name: 'Contact lists' };
  const lists = page.getByRole('combobox', field).or(page.getByRole('textbox', field)).first();
  await lists.click();
  await page.getByRole('option', { name: 'List 1001' }).waitFor();
  assert.equal(await page.getByRole('option', { name: 'List 1199' }).count(), 0);
  await lists.fill('1199');
  await page.getByRole('option', { name: 'List 1199' }).click();
  await lists.fill('1188');
  await page.getByRole('option', { name: 'List 1188' }).click();
  await lists.fill('1177');
  await page.getByRole('option', { name: 'List 1177' }).waitFor();
  for (const name of ['List 1199', 'List 1188']) {
    await page.locator('.mantine-Pill-root', { hasText: name }).waitFor();
  }

  // A search that an address asks for says the name of its list, too.
  const { rows } = await carillon.db.pool.query<{ id: number }>(
    `select id from contact_group where name = 'List 1200'`,
  );
  await visit('/lists?name=1200', 'Lists');
  await page.getByRole('link', { name: 'List 1200' }).click();
  await page.getByRole('heading', { level: 1, name: 'Contacts' }).waitFor();
  assert.match(page.url(), new RegExp(`${rows[0]!.id}`));
  const value = page.getByLabel('Value', { exact: true }).first();
  await waitFor(async () => (await value.inputValue()) === 'List 1200');
});

test('a full page shows all its rows, and the menu of each is opened and left with the keyboard', {
  skip: noBrowser,
}, async (t) => {
  const carillon = await startTestCarillon(t);
  const { page, visit } = await (await consolePages(t, carillon)).customer();
  await carillon.db.pool.query(
    `insert into contact_group (account_id, name) select $1, 'List ' || n from generate_series(1, 70) n`,
    [carillon.account.id],
  );
  await visit('/lists', 'Lists');
  const rows = page.getByRole('table', { name: 'Lists' }).locator('tbody tr');
  const shown = (n: number) => waitFor(async () => (await rows.count()) === n, { what: `${n} rows` });
  await shown(50);
  const menu = page.getByRole('button', { name: 'Actions: List 21', exact: true });
  // Twice: it is made when it is wanted for the first time.
  for (let times = 0; times < 2; times += 1) {
    await menu.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Delete' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'hidden' });
    await waitFor(() => menu.evaluate((button) => button.matches(':focus')), {
      what: 'the button to have the focus again',
    });
  }
  await page.getByRole('button', { name: 'Next page' }).click();
  await page.getByText('51–70 of 70').waitFor();
  await shown(20);
});

test('a file is looked at, its columns named, read, and its bad rows given back', {
  skip: noBrowser,
}, async (t) => {
  const carillon = await startTestCarillon(t);
  const { page, visit, check } = await (await consolePages(t, carillon)).customer();
  await visit('/imports', 'Imports');
  await page.getByText('No imports yet').waitFor();
  await visit('/imports/new', 'Import a file');
  const csv =
    'Mobile,Town,Secret\n34600000001,Madrid,a\n34600000002,<script>alert(1)</script>,b\n12,Nowhere,c\n';
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  const preview = page.getByRole('table', { name: 'Columns of the file' });
  await preview.getByText('<script>alert(1)</script>').waitFor();
  await preview.getByText('Not a number').waitFor();
  await check('the columns of a file');
  await preview.getByRole('combobox', { name: 'Secret' }).or(preview.getByLabel('Secret')).first().click();
  await page.getByRole('option', { name: 'Leave out' }).click();
  await page.getByRole('button', { name: 'Start the import' }).click();
  await page.getByRole('heading', { level: 1, name: 'Imports' }).waitFor();
  const row = page.getByRole('row').filter({ hasText: 'people.csv' });
  await row.getByText('Done').waitFor();
  await check('the imports');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    row.getByRole('link', { name: '1' }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^import-\d+-rejected\.csv$/);
  await visit('/contacts', 'Contacts');
  await page.getByRole('columnheader', { name: 'Town' }).waitFor();
  await page.getByText('<script>alert(1)</script>').waitFor();
  assert.equal(await page.getByRole('columnheader', { name: 'Secret' }).count(), 0);
  await check('contacts with markup in their names');
});

test('who answers STOP is on the stop list, and the words can be changed', { skip: noBrowser }, async (t) => {
  const carillon = await startTestCarillon(t);
  const { page, visit, check } = await (await consolePages(t, carillon)).customer();
  await visit('/inbound', 'Inbound messages');
  await page.getByText('Nobody has written yet').waitFor();
  await check('no inbound messages');
  const { status } = await carillon.call('POST', '/api/campaigns/sms/send', {
    ...{ sender: 'Carillon', text: 'Hello', phones: [{ number: 34600000030 }] },
  });
  assert.equal(status, 200);
  await waitFor(async () => {
    const { rows } = await carillon.db.pool.query(`select from inbound_message where action = 'stop'`);
    return rows.length === 1;
  });
  await visit('/inbound', 'Inbound messages');
  await page.getByRole('table').getByText('Put on the stop list').waitFor();
  await page.getByRole('button', { name: 'Stop words' }).click();
  const words = page.getByRole('dialog', { name: 'Stop words' });
  const stop = words.getByRole('combobox', { name: 'Stop words' }).or(words.getByLabel('Stop words')).first();
  await stop.fill('BASTA');
  await page.keyboard.press('Enter');
  await check('the stop words');
  await words.getByRole('button', { name: 'Save' }).click();
  await words.waitFor({ state: 'hidden' });
  const { body } = await carillon.call('GET', '/api/inbound/words');
  assert.ok(body.data.stop.includes('BASTA'));

  await visit('/stop-list', 'Stop list');
  await page.getByRole('table').getByText('+34600000030').waitFor();
  await page.getByRole('button', { name: 'Add numbers' }).first().click();
  const add = page.getByRole('dialog', { name: 'Add numbers' });
  await add.getByLabel('Numbers').fill('+34 600 000 031\n34600000032');
  await check('the form of the stop list');
  await add.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('table').getByText('+34600000031').waitFor();
  await check('the stop list');
  await page.getByRole('button', { name: 'Actions: 34600000030' }).click();
  await page.getByRole('menuitem', { name: 'Take off the list' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take off the list' }).click();
  await page.getByRole('table').getByText('+34600000030').waitFor({ state: 'hidden' });
});
