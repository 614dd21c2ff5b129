// Proves the prices of the default tariff and how a tariff's rates are read, on a real database.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/index.ts';
import { openDatabase } from '../db/index.ts';
import { parseAmount } from '../money/index.ts';
import { callingCodes } from '../phones/index.ts';
import { parseRates } from './default-tariff.ts';
import { ensureDefaultTariff, listTariffs, loadPriceTable, tariffByCode, tariffById } from './index.ts';

test('an empty installation gets a default tariff in euros, billed when sent', async (t) => {
  const db = await testDatabase(t);
  const tariff = await ensureDefaultTariff(db);
  const { id, ...rest } = tariff;
  assert.deepEqual(rest, {
    code: 0,
    name: 'Default',
    currency: 'EUR',
    billOn: 'sent',
    isActive: true,
    isDefault: true,
  });
  assert.deepEqual(await ensureDefaultTariff(db), tariff);
  assert.deepEqual(await tariffById(db, id), tariff);
});

test('the default tariff has a price for every country', async (t) => {
  const db = await testDatabase(t);
  const { id } = await ensureDefaultTariff(db);
  const { priceOf } = await loadPriceTable(db, id);
  for (const { country, prefix } of callingCodes()) {
    const price = priceOf(Number(prefix.padEnd(12, '5')));
    assert.ok(price !== undefined && price.price > 0n, `${country} (${prefix}) has a price`);
  }
  assert.notEqual(priceOf(14165550123)!.price, priceOf(12025550123)!.price);
  assert.notEqual(priceOf(77011234567)!.price, priceOf(79161234567)!.price);
  assert.equal(priceOf(80012345678), undefined);
});

test('processes that start at once make one default tariff, complete for each of them', async (t) => {
  const db = await testDatabase(t);
  const others = await Promise.all(
    Array.from({ length: 4 }, () =>
      openDatabase({ connectionString: db.connection.connectionString!, max: 1 }),
    ),
  );
  try {
    const made = await Promise.all(others.map(ensureDefaultTariff));
    assert.equal(new Set(made.map((tariff) => tariff.id)).size, 1);
    const { rows } = await db.pool.query<{ tariffs: number; rates: number; prefixes: number }>(
      `select (select count(*) from tariff) as tariffs, count(*) as rates, count(distinct prefix) as prefixes
       from rate`,
    );
    assert.equal(rows[0]!.tariffs, 1);
    assert.equal(rows[0]!.rates, rows[0]!.prefixes);
  } finally {
    await Promise.all(others.map((other) => other.close()));
  }
});

test('the newest rate of a prefix whose time has come is its price', async (t) => {
  const db = await testDatabase(t);
  const { id } = await ensureDefaultTariff(db);
  await db.pool.query(
    `insert into rate (tariff_id, prefix, price_e7, valid_from) values
       ($1, '4915', 100, '2020-01-01'), ($1, '4915', 300, now() - interval '1 hour'),
       ($1, '4915', 200, '2021-01-01'), ($1, '4915', 900, now() + interval '1 hour'),
       ($1, '49151', 50, now() + interval '1 hour')`,
    [id],
  );
  const { priceOf } = await loadPriceTable(db, id);
  assert.equal(priceOf(4915112345678)?.price, 300n);
  assert.notEqual(priceOf(4930123456)?.price, 300n);
});

test('a price table is shared for a moment, and a failed one is read again', async (t) => {
  const db = await testDatabase(t);
  const { id } = await ensureDefaultTariff(db);
  assert.equal(await loadPriceTable(db, id), await loadPriceTable(db, id));
  await db.pool.query('alter table rate rename to elsewhere');
  await assert.rejects(loadPriceTable(db, id + 1));
  await db.pool.query('alter table elsewhere rename to rate');
  assert.equal((await loadPriceTable(db, id + 1)).priceOf(491512345678), undefined);
});

test('a price table that is still true is used on, and one that is not is read anew', async (t) => {
  const db = await testDatabase(t);
  const { id } = await ensureDefaultTariff(db);
  let clock = 0;
  t.mock.method(performance, 'now', () => clock);
  const table = await loadPriceTable(db, id);
  const later = async () => {
    clock += 5_001;
    return loadPriceTable(db, id);
  };
  assert.equal(await later(), table);
  await db.pool.query(`update rate set price_e7 = 300 where prefix = '49'`);
  assert.equal((await later()).priceOf(491512345678)?.price, 300n);
  await db.pool.query(`delete from rate where prefix = '49'`);
  assert.equal((await later()).priceOf(491512345678), undefined);
  // A rate whose time has come changes prices without a change of rates.
  await db.pool.query(
    `insert into rate (tariff_id, prefix, price_e7, valid_from) values ($1, '34', 700, now() + interval '0.2 seconds')`,
    [id],
  );
  await later();
  await db.pool.query(`select pg_sleep_until(max(valid_from)) from rate where prefix = '34'`);
  assert.equal((await later()).priceOf(34600000000)?.price, 700n);
});

test('tariffs are listed in pages and found by their code, unless they are no longer active', async (t) => {
  const db = await testDatabase(t);
  const first = await ensureDefaultTariff(db);
  await db.pool.query(
    `insert into tariff (code, name, currency, is_active) values (2, 'Old', 'EUR', false), (1, 'Premium', 'EUR', true)`,
  );
  const { tariffs, total } = await listTariffs(db, { offset: 1, limit: 1 });
  assert.equal(total, 3);
  assert.deepEqual(
    tariffs.map(({ name }) => name),
    ['Premium'],
  );
  assert.deepEqual(await tariffByCode(db, undefined), first);
  assert.equal((await tariffByCode(db, 1))?.name, 'Premium');
  assert.equal(await tariffByCode(db, 2), undefined);
  assert.equal(await tariffByCode(db, 3), undefined);
});

test('another default tariff is respected, and a code that is taken is explained', async (t) => {
  const db = await testDatabase(t);
  await db.pool.query(`insert into tariff (code, name, currency) values (0, 'Mine', 'USD')`);
  await assert.rejects(ensureDefaultTariff(db), /code 0 is taken/);
  await db.pool.query('update tariff set is_default = true');
  assert.equal((await ensureDefaultTariff(db)).name, 'Mine');
});

test('rates are read from CSV exactly, and a bad line is named', () => {
  assert.deepEqual(parseRates('prefix,country,price\n49,DE,0.0394275\n77,KZ,1\n'), [
    { prefix: '49', country: 'DE', price: parseAmount('0.0394275') },
    { prefix: '77', country: 'KZ', price: parseAmount('1') },
  ]);
  assert.throws(() => parseRates('prefix,country,price\n49,DE,0.1\n+7,RU,0.1\n'), /line 3/);
  assert.throws(() => parseRates('49,DE,0.1\n'), /begin with/);
});
