// Rate cards against their reader and their import; fuzz/csv.ts says what must hold. `npm run fuzz -- --only csv` tries
// more.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { cardOf, checkCard } from '../fuzz/csv.ts';
import { Random } from '../fuzz/random.ts';
import { fuzzSettings, replay } from '../fuzz/settings.ts';
import { tryAll } from '../fuzz/watched.ts';
import { openDatabase } from '../src/db/index.ts';
import { ensureDefaultTariff, findTariff, importRates } from '../src/tariffs/index.ts';
import { child } from './support/child.ts';
import { createTestDatabase, testDatabase } from './support/database.ts';

test('no text makes the reader of rate cards fail, hang, or lose a line', async () => {
  const settings = fuzzSettings(20_000);
  assert.equal((await tryAll('csv', 'csv', settings)).inputs, settings.inputs);
});

test('a card is imported as a whole or not at all, whatever it holds', async (t) => {
  const db = await testDatabase(t);
  const { seed, first, inputs } = fuzzSettings(300);
  await ensureDefaultTariff(db);
  const tariff = await findTariff(db, 0);
  const state = async () =>
    (
      await db.pool.query<{ n: number; sum: string }>(
        'select count(*) as n, sum(xmin::text::bigint) from rate',
      )
    ).rows[0]!;
  let imported = 0;
  // Reading is tried a hundred times as often: a run of millions is for the reader.
  for (let index = first; index < first + Math.min(inputs, 20_000); index += 1) {
    const csv = cardOf(new Random(seed, index));
    const before = await state();
    try {
      if (!checkCard(csv)) {
        await assert.rejects(importRates(db, tariff, csv), { statusCode: 422 });
        assert.deepEqual(await state(), before);
        continue;
      }
      const report = await importRates(db, tariff, csv, { skipBad: index % 2 === 0 });
      if (report.applied) imported += 1;
      else assert.deepEqual(await state(), before);
      const again = await importRates(db, tariff, csv, { skipBad: true, dryRun: true });
      assert.equal(again.applied, false);
    } catch (error) {
      throw new Error(`${replay('csv', seed, index)}\n${JSON.stringify(csv)}`, { cause: error });
    }
  }
  assert.ok(imported > 0 || inputs < 100, 'none was imported');
});

test('a file that is no text is refused by the command line with words, and imports nothing', async (t) => {
  const { connectionString, drop } = await createTestDatabase();
  t.after(drop);
  const db = await openDatabase({ connectionString, max: 1 });
  await ensureDefaultTariff(db);
  await db.close();
  const folder = await mkdtemp(join(tmpdir(), 'carillon-csv-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [name, bytes] of Object.entries({
    binary: new Random(1).bytes(5000),
    nul: Buffer.from('prefix,price,operator\n380,0.01,a\0b\n'),
  })) {
    const file = join(folder, name);
    await writeFile(file, bytes);
    const run = child(t, ['src/main.ts', 'rates', 'import', file, '--tariff', '0'], {
      DATABASE_URL: connectionString,
    });
    assert.equal(await run.ended, 1, `${name}: ${run.stdout()}${run.stderr()}`);
    assert.doesNotMatch(run.stdout() + run.stderr(), /\n\s+at /, `${name}: a stack`);
  }
});
