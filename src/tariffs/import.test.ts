// Proves how rate cards are read and what an import changes, on a real database.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { testDatabase } from '../../test/support/index.ts';
import { listAudit } from '../audit/index.ts';
import type { Db } from '../db/index.ts';
import { amount, formatAmount, parseAmount } from '../money/index.ts';
import { countryOf, countryPrefixes } from '../phones/index.ts';
import { createTariff, importRates, listRates, loadPriceTable, type Tariff } from './index.ts';
import { countriesOfMcc } from './mobile-countries.ts';
import { readRateCard } from './rate-file.ts';

const everything = { offset: 0, limit: 10_000 };

async function emptyTariff(db: Db): Promise<Tariff> {
  return createTariff(db, { code: 1, name: 'Cards', currency: 'EUR' });
}

/** The reason of each bad line. */
function reasons(csv: string): Record<number, string> {
  return Object.fromEntries(readRateCard(csv).bad.map(({ line, reason }) => [line, reason]));
}

test('a line is read exactly, in any order of columns, and says no more than it says', () => {
  const [kyivstar, germany] = readRateCard(
    '\uFEFFPrice; Prefix ;valid_from;operator;billed;country\n' +
      '0,0455001;38067;2026-01-31;"Kyiv;star";Delivered;ua\n0.07;49;2026-01-31T02:00:00+02:00;;;\n',
  ).rates;
  assert.deepEqual(kyivstar, {
    ...{ line: 2, prefix: '38067', country: 'UA', operator: 'Kyiv;star', mcc: null, mnc: null },
    ...{ price: parseAmount('0.0455001'), billed: 'delivered', validFrom: new Date('2026-01-31T00:00:00Z') },
  });
  assert.deepEqual(germany, {
    ...{ line: 3, prefix: '49', country: 'DE', operator: null, mcc: null, mnc: null },
    ...{ price: parseAmount('0.07'), billed: null, validFrom: new Date('2026-01-31T00:00:00Z') },
  });
});

test('an MCC without a prefix means every prefix of its countries', () => {
  const prefixes = (line: string) =>
    readRateCard(`mcc,mnc,country,price\n${line}\n`).rates.map(({ prefix, country }) => [prefix, country]);
  assert.deepEqual(prefixes('255,,,0.05'), [['380', 'UA']]);
  assert.deepEqual(
    prefixes('302,,,0.01').sort(),
    countryPrefixes()
      .filter(({ country }) => country === 'CA')
      .map(({ prefix, country }) => [prefix, country])
      .sort(),
  );
  assert.ok(prefixes('234,,,0.01').some(([prefix, country]) => prefix === '44' && country === 'GB'));
  assert.ok(prefixes('234,,JE,0.01').every(([, country]) => country === 'JE'));
  for (const { country } of countryPrefixes()) {
    // The few territories whose networks use the codes of another country.
    if (['MP', 'GU', 'IO'].includes(country)) continue;
    const has = Array.from({ length: 800 }, (_, mcc) => String(mcc)).some((mcc) =>
      countriesOfMcc(mcc).includes(country),
    );
    assert.ok(has, `${country} has an MCC`);
  }
});

test('bad lines are named with their number and what would be right', () => {
  const csv = [
    'prefix,mcc,mnc,country,operator,price,billed,valid_from',
    '+380,,,,,0.1,,',
    '380,,,,,,,',
    '380,,,,,-1,,',
    '380,,,,,0.12345678,,',
    '380,,,,,0.1,later,',
    '380,,,,,0.1,,2026-02-30',
    '380,,,Ukraine,,0.1,,',
    ',255,01,,,0.1,,',
    ',999,,,,0.1,,',
    ',255,,DE,,0.1,,',
    ',,,UA,,0.1,,',
    '380,25,,,,0.1,,',
    '380,255,1,,,0.1,,',
    '380,0.1',
    '"380",,,"a"b,,0.1,,',
    '380,,,,,0.1,,',
    ',255,,,,0.2,,',
    '380,,,,,0.2,,2026-02-28',
  ].join('\n');
  const expected: Record<number, RegExp> = {
    ...{
      2: /1 to 15 digits: not "\+380"/,
      3: /no price/,
      4: /not "-1"/,
      5: /up to 7/,
      6: /sent or delivered/,
    },
    ...{ 7: /2026-02-30/, 8: /ISO code/, 9: /255-01 cannot be known from a number/, 10: /MCC of no country/ },
    ...{ 11: /255 is the MCC of UA, not of DE/, 12: /neither a prefix nor an MCC/, 13: /3 digits/ },
    ...{
      14: /2 or 3 digits/,
      15: /2 fields, the header 8/,
      16: /closing quote/,
      18: /line 17 prices .* 380/,
    },
  };
  const found = reasons(csv);
  assert.deepEqual(Object.keys(found), Object.keys(expected));
  for (const [line, says] of Object.entries(expected)) assert.match(found[Number(line)]!, says, line);
});

test('a text that is no rate card is refused as a whole', () => {
  for (const text of [
    '',
    'prefix\n1',
    'price\n1',
    'prefix,price,colour\n1,1,red',
    'prefix,price,price\n1,1,1',
  ]) {
    assert.throws(() => readRateCard(text), /column|header/, text);
  }
});

test('an import says what it adds, changes and leaves, and keeps what was in force before', async (t) => {
  const db = await testDatabase(t);
  const tariff = await emptyTariff(db);
  const first = await importRates(
    db,
    tariff,
    'prefix,operator,price,billed,valid_from\n380,,0.04,,2026-01-01\n38067,Kyivstar,0.05,delivered,2026-01-01',
  );
  assert.deepEqual([first.applied, first.added, first.changed, first.unchanged], [true, 2, 0, 0]);
  const second = await importRates(
    db,
    tariff,
    'prefix,price,valid_from\n380,0.04,\n38067,0.06,\n49,0.07,2099-01-01\n49,0.07,2099-02-01\n49,0.08,2099-03-01',
  );
  assert.deepEqual([second.added, second.changed, second.unchanged], [1, 2, 2]);
  const [kyivstar] = second.changes;
  // The operator and the billing, of which the line says nothing, stay.
  assert.deepEqual(
    { ...kyivstar, validFrom: null },
    {
      ...{ prefix: '38067', country: 'UA', operator: 'Kyivstar', validFrom: null },
      old: { price: parseAmount('0.05'), billed: 'delivered' },
      new: { price: parseAmount('0.06'), billed: 'delivered' },
    },
  );
  const { priceOf } = await loadPriceTable(db, tariff.id);
  assert.deepEqual(priceOf(380671234567), { price: parseAmount('0.06'), onDelivery: true });
  assert.deepEqual(priceOf(380501234567), { price: parseAmount('0.04'), onDelivery: false });
  assert.equal(priceOf(4915112345678), undefined);
  const { rates } = await listRates(db, tariff.id, { when: 'all' }, everything);
  assert.deepEqual(
    rates.map(({ prefix, price }) => [prefix, formatAmount(price).slice(0, 4)]),
    [
      ['380', '0.04'],
      ['38067', '0.05'],
      ['38067', '0.06'],
      ['49', '0.07'],
      ['49', '0.08'],
    ],
  );
  // A price that changes and changes back within one card is written each time.
  const back = await importRates(
    db,
    tariff,
    'prefix,price,valid_from\n380,0.05,2098-01-01\n380,0.04,2098-02-01',
  );
  assert.equal(back.changed, 2);
  const { entries } = await listAudit(db, { action: 'tariff.import' }, everything);
  assert.deepEqual(entries[0]?.details, { lines: 2, added: 0, changed: 2, unchanged: 0, bad: 0 });
});

test('with a bad line nothing is imported, unless bad lines are skipped; a dry run imports nothing', async (t) => {
  const db = await testDatabase(t);
  const tariff = await emptyTariff(db);
  const csv = 'prefix,price\n380,0.04\nabc,0.04\n49,0.07\n';
  const count = async () => (await listRates(db, tariff.id, { when: 'all' }, everything)).total;
  for (const [options, applied, rates] of [
    [{}, false, 0],
    [{ dryRun: true, skipBad: true }, false, 0],
    [{ skipBad: true }, true, 2],
  ] as const) {
    const report = await importRates(db, tariff, csv, options);
    assert.deepEqual(
      [report.applied, report.lines, report.added, report.bad, report.badLines[0]?.line, await count()],
      [applied, 3, 2, 1, 3, rates],
    );
  }
});

test('the longest prefix prices a number, whatever the rates', async (t) => {
  const db = await testDatabase(t);
  const prefix = fc.string({ unit: fc.constantFrom('1', '2'), minLength: 1, maxLength: 5 });
  let code = 1;
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(prefix, { minLength: 1, maxLength: 12 }), async (prefixes) => {
      await db.pool.query('delete from rate; delete from tariff');
      code = (code + 1) % 10;
      const tariff = await createTariff(db, { code, name: 'x', currency: 'EUR' });
      const csv = prefixes.map((each, i) => `${each},${formatAmount(amount(i + 1))}`).join('\n');
      await importRates(db, tariff, `prefix,price\n${csv}`);
      const { priceOf } = await loadPriceTable(db, tariff.id);
      for (const number of [111_111_111, 121_212_121, 122_222_222, 212_121_212, 222_222_222, 333_333_333]) {
        const fitting = prefixes.filter((each) => String(number).startsWith(each));
        const longest = fitting.sort((a, b) => b.length - a.length)[0];
        const price = longest === undefined ? undefined : BigInt(prefixes.indexOf(longest) + 1);
        assert.equal(priceOf(number)?.price, price);
      }
    }),
    { numRuns: 15 },
  );
});

test('a card of several chunks is imported whole, and again without a change', async (t) => {
  const db = await testDatabase(t);
  const tariff = await emptyTariff(db);
  const lines = Array.from(
    { length: 12_000 },
    (_, i) => `380${String(i).padStart(5, '0')},Operator ${i % 7},0.0${(i % 9) + 1}`,
  );
  const csv = `prefix,operator,price\n${lines.join('\n')}`;
  assert.equal((await importRates(db, tariff, csv)).added, 12_000);
  const again = await importRates(db, tariff, csv);
  assert.deepEqual([again.applied, again.added, again.changed, again.unchanged], [true, 0, 0, 12_000]);
  assert.equal((await listRates(db, tariff.id, { when: 'all' }, everything)).total, 12_000);
  assert.equal(countryOf(38000000), 'UA');
});
