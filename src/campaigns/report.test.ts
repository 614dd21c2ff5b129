// Proves that a report adds up, whatever the counters are.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { moneyStates, publishedStatuses, Status, statusName } from '../messages/index.ts';
import { campaignStatuses } from './lifecycle.ts';
import { statisticsOf, totalPrice } from './report.ts';

const counters = fc.record({
  status: fc.constantFrom(...campaignStatuses),
  bill_on: fc.constantFrom('sent' as const, 'delivered' as const),
  rows: fc.uniqueArray(
    fc.tuple(
      fc.constantFrom(...Object.values(Status)),
      fc.nat(10_000),
      fc.bigInt({ min: 0n, max: 10n ** 12n }),
    ),
    { selector: ([status]) => status },
  ),
});

test('the statistics show every published state, and their sum is the number of messages', () => {
  fc.assert(
    fc.property(counters, ({ rows, ...campaign }) => {
      const [statuses, counts] = [rows.map(([status]) => status), rows.map(([, n]) => n)];
      const statistics = statisticsOf({ ...campaign, statuses, counts, prices: rows.map(() => '0') });
      assert.deepEqual(Object.keys(statistics), [...publishedStatuses]);
      const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
      assert.equal(sum(Object.values(statistics)), sum(counts));
    }),
  );
});

test('the total price is exactly what is held or charged', () => {
  fc.assert(
    fc.property(counters, ({ rows, ...campaign }) => {
      const total = totalPrice({
        ...campaign,
        statuses: rows.map(([status]) => status),
        counts: rows.map(([, n]) => n),
        prices: rows.map(([, , price]) => price.toString()),
      });
      const paid = rows.filter(([status]) => moneyStates[campaign.bill_on][statusName(status)] !== 'free');
      assert.equal(
        total,
        paid.reduce((sum, [, , price]) => sum + price, 0n),
      );
    }),
  );
});

test('a campaign without counters has a report of zeros', () => {
  const empty = { status: 'done', bill_on: 'sent', statuses: null, counts: null, prices: null } as const;
  assert.equal(totalPrice(empty), 0n);
  assert.ok(Object.values(statisticsOf(empty)).every((n) => n === 0));
});
