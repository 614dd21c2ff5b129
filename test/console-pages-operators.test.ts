// Proves the pages of operators, the system and the audit log against a running engine and its simulator.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noBrowser } from './support/browser.ts';
import { consolePages } from './support/console-page.ts';
import { startTestCarillon } from './support/index.ts';

test('an operator is added, changed, given a route, tried and removed', { skip: noBrowser }, async (t) => {
  const carillon = await startTestCarillon(t);
  const { page, visit, check } = await (await consolePages(t, carillon)).administrator();
  await visit('/operators', 'Operators');
  const operators = page.getByRole('table', { name: 'Operators' });
  await operators.getByText('Bound').waitFor();
  await page.getByRole('button', { name: 'Numbers with a meaning of their own' }).click();
  await page.getByText('The last three digits of a number').waitFor();
  await check('the operators');

  await page.getByRole('button', { name: 'Add an operator' }).click();
  const form = page.getByRole('dialog', { name: 'Add an operator' });
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('This is needed.').first().waitFor();
  await form.getByLabel('Name').fill('no spaces');
  await form.getByRole('textbox', { name: 'Host', exact: true }).fill('127.0.0.1');
  await form.getByRole('textbox', { name: 'Port', exact: true }).fill('1');
  await form.getByLabel('System id').fill('carillon');
  await form.getByRole('textbox', { name: 'Password' }).fill('secret');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.locator('[id$="-error"]').first().waitFor();
  await check('the form of an operator');
  await form.getByText('A name has 1 to 40').waitFor();
  await form.getByLabel('Name').fill('north');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'hidden' });
  const north = operators.getByRole('row').filter({ hasText: 'north' });
  await north.getByText('Not bound').waitFor();
  await north.getByText(/connect|refused/i).waitFor();

  const act = async (name: string, action: string) => {
    await page.getByRole('button', { name: `Actions: ${name}` }).click();
    await page.getByRole('menuitem', { name: action }).click();
  };
  await act('north', 'Turn off');
  await north.getByText('Off', { exact: true }).waitFor();
  await act('north', 'Edit');
  const edit = page.getByRole('dialog', { name: 'Settings of north' });
  await edit.getByLabel('Limit').fill('50');
  await edit.getByRole('button', { name: 'Save' }).click();
  await edit.waitFor({ state: 'hidden' });

  await page.getByRole('button', { name: 'Add a route' }).click();
  const route = page.getByRole('dialog', { name: 'Add a route' });
  await route.getByLabel('Numbers that begin with').fill('380');
  await route.getByRole('button', { name: 'Add' }).click();
  await route.waitFor({ state: 'hidden' });
  const { rows } = await carillon.db.pool.query(`select throttle from operator where name = 'north'`);
  assert.deepEqual(rows, [{ throttle: 50 }]);

  // A phone has no room for every column: the others stand below the row that is opened.
  const routes = page.getByRole('table', { name: 'Routes' });
  const wide = page.viewportSize()!;
  await routes.getByRole('columnheader', { name: 'Weight' }).waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await routes.getByRole('columnheader', { name: 'Weight' }).waitFor({ state: 'hidden' });
  await routes.getByRole('row').filter({ hasText: '+380' }).getByRole('button', { name: 'Details' }).click();
  await routes.getByRole('row', { name: 'Priority 0 Weight 100' }).waitFor();
  await check('a row and what is below it');
  await page.setViewportSize(wide);
  await routes.getByRole('columnheader', { name: 'Weight' }).waitFor();

  await act('+380 north', 'Remove');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('table', { name: 'Routes' }).getByText('+380').waitFor({ state: 'hidden' });

  await act('simulator', 'Test message');
  const trial = page.getByRole('dialog', { name: 'Test message to simulator' });
  await trial.getByRole('button', { name: 'Send' }).click();
  await trial.getByText('Delivered').waitFor();
  await check('the test message');
  await page.keyboard.press('Escape');
  await trial.waitFor({ state: 'hidden' });

  await act('north', 'Remove');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await north.waitFor({ state: 'hidden' });
});

test('the system is shown live, the doctor is asked, and the log tells who did it', {
  skip: noBrowser,
}, async (t) => {
  const carillon = await startTestCarillon(t);
  const { page, visit, check } = await (await consolePages(t, carillon)).administrator();
  await visit('/system', 'System');
  await page.getByRole('table', { name: 'Dispatchers' }).getByText('Running').waitFor();
  await page.getByText('No check yet').waitFor();
  await check('the system');
  await page.getByRole('button', { name: 'Start a check' }).click();
  await page.getByText('All is well').waitFor();
  await check('the doctor');
  assert.equal(await page.getByText('NaN').count(), 0);

  await visit('/audit', 'Audit log');
  const log = page.getByRole('table', { name: 'Audit log' });
  await log.getByText('user.sign-in').first().waitFor();
  await page.getByLabel('Action, such as operator').fill('nothing');
  await page.getByText('Nothing fits').waitFor();
  await page.getByRole('button', { name: 'Reset the filters' }).first().click();
  await log.getByText('user.sign-in').first().waitFor();
  assert.equal(await page.getByLabel('Action, such as operator').inputValue(), '');
  await check('the audit log');
});
