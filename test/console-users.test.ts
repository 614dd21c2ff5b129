// Proves signing in, and what users see of each other, in a real browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TOTP } from 'otpauth';
import { createAccount } from '../src/accounts/index.ts';
import {
  assertAccessible,
  noBrowser,
  openWindow,
  signedIn,
  signInAt,
  testConsole,
} from './support/browser.ts';
import { consoleUser, password } from './support/console.ts';

const markup = `<img src=x onerror="document.title='run'">&amp;<b>bold</b>`;

test('a user signs in, turns on a second step, and needs it the next time', {
  skip: noBrowser,
}, async (t) => {
  const site = await testConsole(t);
  const { carillon, browser } = site;
  const user = await consoleUser(carillon, carillon.account, 'customer', 'ann@example.org');
  const { page, complaints } = await openWindow(browser, carillon.url);
  await page.goto('/profile');
  await page.getByRole('heading', { name: 'Sign in to Carillon' }).waitFor();
  await assertAccessible(page, 'the sign-in page');
  await page.getByRole('textbox', { name: 'E-mail' }).fill(user.email);
  await page.getByRole('textbox', { name: 'Password' }).fill('wrong, surely');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').waitFor();
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();

  // The page that was asked for, not another.
  await page.getByRole('heading', { name: 'Profile and security' }).waitFor();
  await assertAccessible(page, 'the profile');
  const panel = page.locator('section').filter({ hasText: 'Sign-in with a second step' });
  await panel.getByRole('textbox', { name: 'Present password' }).fill(password);
  await panel.getByRole('button', { name: 'Turn on' }).click();
  const secret = (await panel.getByTestId('totp-secret').textContent())!;
  await assertAccessible(page, 'the QR code');
  const totp = new TOTP({ secret });
  await panel.getByRole('textbox', { name: 'Code' }).fill(totp.generate());
  await panel.getByRole('button', { name: 'Confirm' }).click();
  const codes = (await panel.getByTestId('secret').textContent())!.split('\n');
  assert.ok(codes.length >= 8);

  await page.getByRole('button', { name: /Your account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await signInAt(page, user.email);
  await page.getByRole('textbox', { name: 'Code' }).fill('000000');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.locator('input[aria-invalid=true]').waitFor();
  await page.getByRole('textbox', { name: 'Code' }).fill(codes[0]!);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Profile and security' }).waitFor();

  // A session that ends elsewhere leads back to the sign-in page.
  await carillon.db.pool.query('delete from session');
  await page.getByRole('link', { name: 'Campaigns', exact: true }).click();
  await page.getByRole('heading', { name: 'Sign in to Carillon' }).waitFor();
  assert.deepEqual(complaints, []);
});

test('an administrator makes a user, who chooses a password', { skip: noBrowser }, async (t) => {
  const site = await testConsole(t);
  const { carillon, browser } = site;
  const office = await createAccount(carillon.db, { name: 'office', role: 'admin' });
  const { page, complaints } = await signedIn(site, office, 'administrator');
  await page.getByRole('link', { name: 'Users' }).click();
  await page.getByRole('button', { name: 'New user' }).click();
  const dialog = page.getByRole('dialog', { name: 'New user' });
  await dialog.getByRole('textbox', { name: 'E-mail' }).fill('bob@example.org');
  await dialog.getByRole('textbox', { name: 'Name' }).fill(markup);
  await dialog.getByRole('combobox', { name: 'Account' }).click();
  await page.getByRole('option', { name: /customer/ }).click();
  await assertAccessible(page, 'a new user');
  await dialog.getByRole('button', { name: 'Create the user' }).click();
  const given = (await dialog.getByTestId('secret').textContent())!;
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: markup }).click();
  await page.getByRole('dialog', { name: markup }).waitFor();
  await assertAccessible(page, 'a user');

  const bob = await openWindow(browser, carillon.url);
  await bob.page.goto('/');
  await bob.page.getByRole('textbox', { name: 'E-mail' }).fill('bob@example.org');
  await bob.page.getByRole('textbox', { name: 'Password' }).fill(given);
  await bob.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await bob.page.getByRole('heading', { name: 'Choose a password of your own' }).waitFor();
  await assertAccessible(bob.page, 'the page that demands a password');
  await bob.page.getByRole('textbox', { name: 'Present password' }).fill(given);
  await bob.page.getByRole('textbox', { name: 'New password', exact: true }).fill('three brass bells');
  await bob.page.getByRole('textbox', { name: 'New password again' }).fill('three brass bells');
  await bob.page.getByRole('button', { name: 'Change the password' }).click();
  await bob.page.getByRole('heading', { name: 'Campaigns', level: 1 }).waitFor();
  assert.equal(await bob.page.getByRole('link', { name: 'Users' }).count(), 0);
  assert.notEqual(await page.title(), 'run');
  assert.deepEqual([...complaints, ...bob.complaints], []);
});

test('two users of two accounts at once see nothing of each other', { skip: noBrowser }, async (t) => {
  const site = await testConsole(t);
  const { carillon } = site;
  const other = await createAccount(carillon.db, { name: 'other' });
  const [ann, bob] = await Promise.all([signedIn(site, carillon.account), signedIn(site, other)]);
  await bob.page.getByRole('heading', { name: 'No campaigns yet' }).waitFor();
  const { body } = await carillon.call('POST', '/api/campaigns/sms/send', {
    phones: [{ number: 34600000100 }],
    sender: 'Carillon',
    text: markup,
  });
  const { id } = body.data;
  await carillon.db.pool.query('update campaign set name = $1 where id = $2', [markup, id]);
  await ann.page.reload();
  await ann.page.getByRole('link', { name: markup }).click();
  await ann.page.getByRole('heading', { name: markup }).waitFor();
  await ann.page.getByText('Done', { exact: true }).waitFor();
  assert.equal(await ann.page.locator('main img').count(), 0);

  await bob.page.goto(`/campaigns/${id}`);
  await bob.page.getByRole('heading', { name: 'Not found' }).waitFor();
  await bob.page.goto('/campaigns');
  await bob.page.getByRole('heading', { name: 'No campaigns yet' }).waitFor();
  assert.deepEqual([...ann.complaints, ...bob.complaints], []);
});

test('the console speaks German to who wants it, in the zone of the profile', {
  skip: noBrowser,
}, async (t) => {
  const site = await testConsole(t);
  const { carillon, browser } = site;
  const user = await consoleUser(carillon, carillon.account);
  await carillon.db.pool.query(`update app_user set locale = 'de', time_zone = 'Asia/Tokyo' where id = $1`, [
    user.id,
  ]);
  await carillon.call('POST', '/api/campaigns/sms/send', {
    phones: [{ number: 34600000100 }],
    sender: 'Carillon',
    text: 'Hallo',
  });
  await carillon.db.pool.query(`update campaign set start_at = '2026-03-01 20:30:00Z'`);
  const { page, complaints } = await openWindow(browser, carillon.url);
  await page.goto('/');
  await page.getByRole('textbox', { name: 'E-mail' }).fill(user.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Kampagnen' }).waitFor();
  await page.getByText('02.03.2026, 05:30').waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'de');
  // What the server says, too.
  await page.goto('/profile');
  const fill = (field: string, text: string) => page.locator(`[data-path=${field}]`).fill(text);
  await fill('current_password', 'another than that');
  await fill('new_password', 'a quite new passphrase');
  await fill('repeated', 'a quite new passphrase');
  await page.getByRole('button', { name: 'Passwort ändern' }).click();
  await page.getByText('Das ist nicht Ihr Passwort.').waitFor();
  await carillon.call('POST', '/api/contacts/fields', { name: 'Stadt', type: 'text' });
  await page.goto('/contacts/fields');
  await page.getByRole('button', { name: 'Feld hinzufügen' }).click();
  await fill('name', 'STADT');
  await page.getByRole('dialog').getByRole('button', { name: 'Speichern' }).click();
  await page.getByText('Ein Feld „STADT“ gibt es schon').waitFor();
  assert.deepEqual(complaints, []);
});
