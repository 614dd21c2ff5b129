// Proves that a quote is exact.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { amount, parseAmount, zero } from '../money/index.ts';
import { quote } from './price.ts';

const table = {
  priceOf: (msisdn: number) =>
    msisdn % 3 === 0 ? undefined : parseAmount(msisdn % 2 === 0 ? '0.0076368' : '0.1'),
};

test('the total is the sum of segments times price, and what has no price costs nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1e9, max: 1e12 })),
      fc.integer({ min: 1, max: 5 }),
      (numbers, parts) => {
        const { prices, unpriced, total } = quote(numbers, parts, table, false);
        numbers.forEach((number, i) => {
          const segment = table.priceOf(number);
          assert.equal(prices[i], segment && segment * BigInt(parts));
        });
        assert.equal(unpriced, numbers.filter((number) => number % 3 === 0).length);
        assert.equal(total, amount(prices.reduce<bigint>((sum, price) => sum + (price ?? 0n), 0n)));
      },
    ),
  );
});

test('a test key pays nothing, and still learns which numbers have no price', () => {
  assert.deepEqual(quote([10, 11, 12], 2, table, true), {
    prices: [zero, zero, undefined],
    unpriced: 1,
    total: zero,
  });
});
