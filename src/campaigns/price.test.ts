// Proves that a quote is exact.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { amount, parseAmount, zero } from '../money/index.ts';
import type { Price } from '../tariffs/index.ts';
import { quote } from './price.ts';

const cheap: Price = { price: parseAmount('0.0076368'), onDelivery: false };
const onDelivery: Price = { price: parseAmount('0.1'), onDelivery: true };
const table = {
  priceOf: (msisdn: number) => (msisdn % 3 === 0 ? undefined : msisdn % 2 === 0 ? cheap : onDelivery),
};

test('the total is the sum of segments times price, and what has no price costs nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1e9, max: 1e12 })),
      fc.integer({ min: 1, max: 5 }),
      (numbers, parts) => {
        const quoted = quote(numbers, parts, table, false);
        const { prices } = quoted;
        numbers.forEach((number, i) => {
          const segment = table.priceOf(number);
          assert.equal(prices[i]?.price, segment && segment.price * BigInt(parts));
          assert.equal(prices[i]?.onDelivery, segment?.onDelivery);
        });
        assert.equal(quoted.unpriced, numbers.filter((number) => number % 3 === 0).length);
        const sum = (some: (Price | undefined)[]) =>
          amount(some.reduce<bigint>((total, each) => total + (each?.price ?? 0n), 0n));
        assert.equal(quoted.total, sum(prices));
        const later = prices.filter((price) => price?.onDelivery);
        assert.deepEqual(quoted.onDelivery, { count: later.length, price: sum(later) });
      },
    ),
  );
});

test('a test key pays nothing, and still learns which numbers have no price', () => {
  const free = { price: zero, onDelivery: false };
  assert.deepEqual(quote([10, 11, 12], 2, table, true), {
    prices: [free, free, undefined],
    unpriced: 1,
    total: zero,
    onDelivery: { count: 0, price: zero },
  });
});
