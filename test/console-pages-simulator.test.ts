// Proves the controls of the simulator in a real browser: what is set there becomes of a campaign, and a cut line comes
// back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atEnd } from './support/at-end.ts';
import { launchBrowser, noBrowser, signedIn } from './support/browser.ts';
import { consolePages } from './support/console-page.ts';
import { startTestCarillon, waitFor } from './support/index.ts';

test('an administrator makes every message fail, cuts the line, and brings the simulator back to normal', {
  skip: noBrowser,
}, async (t) => {
  const carillon = await startTestCarillon(t);
  const simulator = carillon.simulator!.simulator;
  const pages = await consolePages(t, carillon);
  const { page, visit, check } = await pages.administrator();
  const buyer = await pages.customer();
  const send = async (count: number) => {
    const { body } = await carillon.call('POST', '/api/campaigns/sms/send', {
      ...{ sender: 'Carillon', text: `Hello ${count}` },
      phones: Array.from({ length: count }, (_, i) => ({ number: 34600000100 + i })),
    });
    return body.data.id as number;
  };

  /** That the report says so of all messages of a campaign. */
  const all = (status: string, count: number) =>
    buyer.page.locator(`[data-status=${status}]`, { hasText: new RegExp(`${count}100\\s?%`) }).waitFor();

  await visit('/operators', 'Operators');
  const panel = page.locator('section').filter({ has: page.getByRole('heading', { name: 'The simulator' }) });
  await panel.getByRole('button', { name: 'Apply' }).waitFor();
  const figure = (label: string, value: string) =>
    panel
      .locator('div')
      .filter({ hasText: new RegExp(`^${label}${value}`) })
      .first()
      .waitFor();
  await figure('Sessions bound', '1');

  await panel.getByLabel('Undelivered').fill('60');
  await panel.getByLabel('Expired').fill('50');
  await panel.getByText('All together are at most 100 %.').waitFor();
  assert.ok(await panel.getByRole('button', { name: 'Apply' }).isDisabled());
  await panel.getByLabel('Expired').fill('0');
  await panel.getByLabel('Undelivered').fill('100');
  await panel.getByRole('button', { name: 'Quirks of operators' }).click();
  await panel.getByRole('combobox', { name: 'Ids are written' }).click();
  await page.getByRole('option', { name: 'hex' }).first().click();
  await check('the controls of the simulator');
  await panel.getByRole('button', { name: 'Apply' }).click();
  await panel.getByText('Not as usual').waitFor();
  assert.deepEqual(simulator.behaviour().shares, { undelivered: 100 });
  assert.deepEqual(simulator.behaviour().quirks, { ids: 'hex' });

  const failed = await send(40);
  await buyer.page.goto(`/campaigns/${failed}`);
  await all('undelivered', 40);
  await figure('Messages taken', '40');
  await figure('Receipts sent', '40');

  await panel.getByLabel('Refuse new sessions').click();
  await panel.getByRole('button', { name: 'Apply' }).click();
  await waitFor(() => simulator.behaviour().refuseBinds);
  await panel.getByRole('button', { name: 'Cut all sessions' }).click();
  const question = page.getByRole('dialog');
  await question.getByText('They end without a word').waitFor();
  await check('the question before sessions are cut');
  await question.getByRole('button', { name: 'Cut all sessions' }).click();
  await page.getByText('1 session was cut').waitFor();
  const row = page
    .getByRole('table', { name: 'Operators' })
    .getByRole('row')
    .filter({ hasText: 'simulator' });
  await row.getByText('Not bound').waitFor();
  await figure('Sessions bound', '0');

  await panel.getByRole('button', { name: 'Back to normal' }).click();
  await row.getByText('Bound', { exact: true }).waitFor();
  await figure('Sessions bound', '1');
  assert.ok(simulator.normal());
  const delivered = await send(30);
  await buyer.page.goto(`/campaigns/${delivered}`);
  await all('delivered', 30);
});

test('nobody but an administrator reaches the controls, and where another process runs the simulator there are none', {
  skip: noBrowser,
}, async (t) => {
  const carillon = await startTestCarillon(t);
  // The console of a process without a simulator, on the same database: the operator is there, its controls are not.
  const other = await startTestCarillon(t, {
    env: { ROLES: 'api' },
    routed: false,
    databaseUrl: async () => carillon.databaseUrl,
  });
  const pages = await consolePages(t, carillon);
  for (const person of [await pages.customer(), await pages.moderator()]) {
    const answer = await person.page.evaluate(`fetch('/admin/api/simulator').then(({ status }) => status)`);
    assert.equal(answer, 403);
    assert.equal(await person.page.getByRole('link', { name: 'Operators' }).count(), 0);
  }
  const browser = await launchBrowser();
  atEnd(t, () => browser.close());
  const { page } = await signedIn({ carillon: other, browser }, pages.office, 'administrator');
  await page.goto('/operators');
  await page.getByText('The last three digits of a number').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Cut all sessions' }).count(), 0);
});
