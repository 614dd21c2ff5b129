// Proves how a campaign's messages are cut into batches.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countryOf } from '../phones/index.ts';
import { batchesOf, batchSize, byCountry } from './batches.ts';
import type { Recipients } from './recipients.ts';

const prefixes = [34600, 38050, 7912, 1212, 1204, 4477, 80012];
const someNumbers = fc
  .array(fc.tuple(fc.constantFrom(...prefixes), fc.integer({ min: 100_000, max: 999_999 })), { minLength: 1 })
  .map((pairs) => pairs.map(([prefix, rest]) => prefix * 1e6 + rest));

const recipientsOf = (numbers: number[]): Recipients => ({
  numbers,
  references: numbers.map((number, i) => (i % 2 === 0 ? `r${number}x${i}` : undefined)),
  positions: numbers.map((_, i) => i),
  hasReferences: true,
});

test('sorting by country keeps every recipient with its reference, and the order within a country', () => {
  fc.assert(
    fc.property(someNumbers, (numbers) => {
      const given = recipientsOf(numbers);
      const sorted = byCountry(given);
      assert.deepEqual(
        [...sorted.positions].sort((a, b) => a - b),
        given.positions,
      );
      sorted.positions.forEach((position, i) => {
        assert.equal(sorted.numbers[i], given.numbers[position]);
        assert.equal(sorted.references[i], given.references[position]);
        const country = countryOf(sorted.numbers[i]!);
        const next = sorted.positions[i + 1];
        if (next !== undefined && countryOf(sorted.numbers[i + 1]!) === country) assert.ok(position < next);
      });
      const borders = sorted.numbers.filter(
        (number, i) => i > 0 && countryOf(number) !== countryOf(sorted.numbers[i - 1]!),
      );
      assert.equal(borders.length + 1, new Set(numbers.map(countryOf)).size, 'each country is in one place');
    }),
  );
});

test('batches cover the messages without a gap, and each holds one country where quiet hours count', () => {
  const size = fc.integer({ min: 1, max: 3 * batchSize });
  fc.assert(
    fc.property(fc.array(size, { minLength: 1, maxLength: 4 }), fc.boolean(), (sizes, perCountry) => {
      const numbers = sizes.flatMap((n, i) => new Array<number>(n).fill(prefixes[i]! * 1e6));
      const { first, last, country } = batchesOf(501, numbers, perCountry);
      let next = 501;
      first.forEach((from, i) => {
        assert.equal(from, next);
        const held = numbers.slice(from - 501, last[i]! - 500);
        assert.ok(held.length >= 1 && held.length <= batchSize);
        if (perCountry) for (const number of held) assert.equal(countryOf(number), country[i]);
        else assert.equal(country[i], null);
        next = last[i]! + 1;
      });
      assert.equal(next, 501 + numbers.length);
      const least = perCountry
        ? sizes.reduce((sum, n) => sum + Math.ceil(n / batchSize), 0)
        : Math.ceil(numbers.length / batchSize);
      assert.equal(first.length, least);
    }),
    { numRuns: 30 },
  );
});

test('a number without a country makes a batch without one', () => {
  assert.deepEqual(batchesOf(1, [800_123_456_789, 34_600_000_000], true).country, [null, 'ES']);
});
