// Proves the moderation queue of the console: what a moderator sees, decides with the keyboard, and what becomes of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noBrowser } from './support/browser.ts';
import { consolePages } from './support/console-page.ts';
import { ordinary, startTestCarillon, waitFor } from './support/index.ts';

test('held campaigns are worked through with the keyboard', { skip: noBrowser }, async (t) => {
  const carillon = await startTestCarillon(t);
  await carillon.db.pool.query(`update account set moderation = 'always' where id = $1`, [
    carillon.account.id,
  ]);
  const texts = ['First <b>offer</b>', 'Second offer', 'Third offer'];
  const ids: number[] = [];
  for (const [at, text] of texts.entries()) {
    const { status, body } = await carillon.call('POST', '/api/campaigns/sms/send', {
      ...{ sender: 'Carillon', text, phones: ordinary(10 + at).map((number) => ({ number })) },
    });
    assert.equal(status, 200);
    ids.push(body.data.id);
  }
  const pages = await consolePages(t, carillon);
  const { page, visit, check } = await pages.moderator();
  await visit('/moderation', 'Moderation');

  const panel = (id: number) => page.getByRole('region', { name: `Campaign ${id}` });
  await panel(ids[0]!).waitFor();
  // Markup of users stays text; why, size and history are there.
  await panel(ids[0]!).getByText('First <b>offer</b>').first().waitFor();
  await panel(ids[0]!).getByText('every campaign of this account is moderated').waitFor();
  await panel(ids[0]!)
    .getByText(`What became of the campaigns of the account ${carillon.account.name}`)
    .waitFor();
  await check('the queue');

  await page.keyboard.press('j');
  await panel(ids[1]!).waitFor();
  await page.keyboard.press('k');
  await panel(ids[0]!).waitFor();
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await help.getByText('Approve it').waitFor();
  await check('the help');
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'hidden' });

  await page.keyboard.press('a');
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await panel(ids[1]!).waitFor();
  await page.keyboard.press('r');
  const rejection = page.getByRole('dialog', { name: 'Reject this campaign' });
  await rejection.getByRole('button', { name: 'Reject' }).click();
  await rejection.getByText('Say why').waitFor();
  // Letters of a reason are no shortcuts.
  await rejection.getByLabel('Reason').pressSequentially('a raja');
  await check('the rejection');
  await rejection.getByRole('button', { name: 'Reject' }).click();
  await panel(ids[2]!).waitFor();

  const statusOf = async (id: number) => (await carillon.call('GET', `/api/campaigns/${id}`)).body.data;
  await waitFor(async () => (await statusOf(ids[0]!)).status === 'done');
  const rejected = await statusOf(ids[1]!);
  assert.equal(rejected.status, 'spam');
  assert.equal((await statusOf(ids[2]!)).status, 'moderation');

  await page.getByText('Rejected', { exact: true }).first().click();
  await panel(ids[1]!).getByText('a raja').waitFor();
  await check('what was decided');
});

test('a customer has no moderation, and an empty queue says what comes', { skip: noBrowser }, async (t) => {
  const carillon = await startTestCarillon(t);
  const pages = await consolePages(t, carillon);
  const customer = await pages.customer();
  await customer.visit('/moderation', 'Moderation');
  await customer.page.getByText('You are not allowed to do this.').waitFor();
  assert.equal(await customer.page.getByRole('link', { name: 'Moderation' }).count(), 0);
  const moderator = await pages.moderator();
  await moderator.visit('/moderation', 'Moderation');
  await moderator.page.getByText('Nothing waits').waitFor();
  await moderator.check('the empty queue');
});
