// Proves that a report adds up, whatever the counters are.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { billing, moneyStates, publishedStatuses, Status, statusName } from '../messages/index.ts';
import { type CampaignStatus, campaignStatuses } from './lifecycle.ts';
import { statisticsOf, totalPrice } from './report.ts';

const counters = fc.record({
  status: fc.constantFrom(...campaignStatuses),
  begun: fc.boolean(),
  rows: fc.uniqueArray(
    fc.tuple(
      fc.constantFrom(...Object.values(Status)),
      fc.boolean(),
      fc.nat(10_000),
      fc.bigInt({ min: 0n, max: 10n ** 12n }),
    ),
    { selector: ([status, onDelivery]) => `${status} ${onDelivery}` },
  ),
});

/** Counter rows as the store gives them: a column each. */
function countersOf(
  { status, begun }: { status: CampaignStatus; begun: boolean },
  rows: readonly (readonly [number, boolean, number, bigint])[],
) {
  return {
    status,
    actual_start_at: begun ? new Date(0) : null,
    statuses: rows.map(([code]) => code),
    on_delivery: rows.map(([, onDelivery]) => onDelivery),
    counts: rows.map(([, , n]) => n),
    prices: rows.map(([, , , price]) => price.toString()),
  };
}

test('the statistics show every published state, and their sum is the number of messages', () => {
  fc.assert(
    fc.property(counters, ({ rows, ...campaign }) => {
      const counts = rows.map(([, , n]) => n);
      const statistics = statisticsOf(countersOf(campaign, rows));
      assert.deepEqual(Object.keys(statistics), [...publishedStatuses]);
      const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
      assert.equal(sum(Object.values(statistics)), sum(counts));
    }),
  );
});

test('the total price is exactly what is held or charged', () => {
  fc.assert(
    fc.property(counters, ({ rows, ...campaign }) => {
      const total = totalPrice(countersOf(campaign, rows));
      const paid = rows.filter(
        ([status, onDelivery]) => moneyStates[billing(onDelivery)][statusName(status)] !== 'free',
      );
      assert.equal(
        total,
        paid.reduce((sum, [, , , price]) => sum + price, 0n),
      );
    }),
  );
});

test('a campaign without counters has a report of zeros', () => {
  const empty = {
    status: 'done',
    actual_start_at: null,
    statuses: null,
    on_delivery: null,
    counts: null,
    prices: null,
  } as const;
  assert.equal(totalPrice(empty), 0n);
  assert.ok(Object.values(statisticsOf(empty)).every((n) => n === 0));
});
