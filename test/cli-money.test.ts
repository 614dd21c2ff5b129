// The commands about money as a user has them: tariffs, rate cards, corrections, credit, statements.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { atEnd, child, createTestDatabase, temporaryFolder } from './support/index.ts';

async function onDatabase(t: TestContext) {
  const { connectionString, drop } = await createTestDatabase();
  atEnd(t, drop);
  return async (...args: string[]) => {
    const command = child(t, ['bin/carillon.js', ...args], { LOG_LEVEL: '', DATABASE_URL: connectionString });
    const code = await command.ended;
    return { code, stdout: command.stdout(), stderr: command.stderr() };
  };
}

test('a rate card is imported, listed as CSV, and imported again without a change', async (t) => {
  const run = await onDatabase(t);
  const folder = await temporaryFolder(t);
  const card = join(folder, 'card.csv');
  assert.equal((await run('tariff', 'create', '1', 'Premium', '--billed', 'delivered')).code, 0);
  await writeFile(card, 'prefix;operator;price;billed\n38067;"Kyivstar; UA";0,0455;\n49;;0.07;sent\nx;;1;\n');

  const refused = await run('rates', 'import', card, '--tariff', '1');
  assert.equal(refused.code, 1);
  assert.match(refused.stdout, /^line 4: a prefix has 1 to 15 digits: not "x"$/m);
  assert.match(refused.stdout, /^nothing was imported: 2 added, 0 changed, 0 unchanged; 1 of 3 lines bad/m);
  const dry = await run('rates', 'import', card, '--tariff', '1', '--skip-bad', '--dry-run');
  assert.deepEqual([dry.code, /^dry run/m.test(dry.stdout)], [0, true]);
  const done = await run('rates', 'import', card, '--tariff', '1', '--skip-bad', '--json');
  const { applied, added, bad } = JSON.parse(done.stdout);
  assert.deepEqual([done.code, applied, added, bad], [0, true, 2, 1]);

  const listed = await run('rates', 'list', '--tariff', '1', '--format', 'csv');
  assert.match(
    listed.stdout,
    /^prefix,mcc,mnc,country,operator,price,billed,valid_from\n38067,,,UA,"Kyivstar; UA",0.0455/,
  );
  const copy = join(folder, 'copy.csv');
  await writeFile(copy, listed.stdout);
  const again = JSON.parse((await run('rates', 'import', copy, '--tariff', '1', '--json')).stdout);
  assert.deepEqual([again.applied, again.unchanged, again.added + again.changed], [true, 2, 0]);
  assert.match(
    (await run('rates', 'list', '--tariff', '1', '--number', '380671234567')).stdout,
    /^PREFIX [^\n]*\n38067 [^\n]*\n$/,
  );

  assert.equal((await run('tariff', 'set', '1', '--name', 'Gold', '--no-active')).code, 0);
  const tariffs = JSON.parse((await run('tariff', 'list', '--json')).stdout);
  const gold = tariffs.find((tariff: { code: number }) => tariff.code === 1);
  assert.deepEqual([gold.name, gold.active, gold.billed], ['Gold', false, 'delivered']);
  const unknown = await run('rates', 'import', card, '--tariff', '7');
  assert.deepEqual([unknown.code, unknown.stderr], [1, 'carillon: There is no tariff 7.\n']);
});

test('a statement shows every row with the balance after it, as a table, CSV and JSON', async (t) => {
  const run = await onDatabase(t);
  await run('account', 'create', 'acme', '--balance', '100');
  assert.equal((await run('account', 'adjust', 'acme', '-12.5', '--note', 'booked "twice", sorry')).code, 0);
  assert.equal((await run('account', 'adjust', 'acme', '1')).code, 2);
  assert.equal((await run('account', 'credit', 'acme', '20')).code, 0);
  assert.equal((await run('account', 'credit', 'acme', '-1')).code, 1);
  const json = JSON.parse((await run('account', 'statement', 'acme', '--format', 'json')).stdout);
  assert.deepEqual([json.opening, json.closing, json.entries.length], ['0.0000000', '87.5000000', 2]);
  assert.deepEqual(
    json.entries.map((entry: { kind: string; balance: string }) => [entry.kind, entry.balance]),
    [
      ['top_up', '100.0000000'],
      ['adjustment', '87.5000000'],
    ],
  );
  const csv = (await run('account', 'statement', 'acme', '--format', 'csv')).stdout;
  assert.match(csv, /^id,at,kind,campaign,messages,amount,held,balance,total_held,note\n1,/);
  assert.match(csv, /,"booked ""twice"", sorry"\n$/);
  const table = (await run('account', 'statement', 'acme', '--to', '2020-01-01')).stdout;
  assert.equal(table, 'acme: opening balance 0.0000000 EUR\nno rows\nclosing balance 0.0000000 EUR\n');
  const later = (await run('account', 'statement', 'acme', '--from', '2099-01-01')).stdout;
  assert.match(later, /opening balance 87.5000000 EUR\nno rows\nclosing balance 87.5000000/);
});
