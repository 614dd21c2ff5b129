// Proves how a campaign's recipients are put together and cut into batches.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countryOf, prefixTable } from '../phones/index.ts';
import { batchesOf, batchSize, groupRecipients, wayLimit } from './batches.ts';
import type { Recipients } from './recipients.ts';

const prefixes = [34600, 38050, 38067, 7912, 1212, 1204, 4477, 80012];
const someNumbers = fc
  .array(fc.tuple(fc.constantFrom(...prefixes), fc.integer({ min: 100_000, max: 999_999 })), { minLength: 1 })
  .map((pairs) => pairs.map(([prefix, rest]) => prefix * 1e6 + rest));
/** Ukraine goes two ways, North America and Britain one and the same, Russia another, and the others none. */
const ways = prefixTable([
  ['380', '1'],
  ['38067', '2/1'],
  ['1', '3+4'],
  ['44', '3+4'],
  ['7', '5'],
]);
const table = fc.constantFrom(null, ways);

const recipientsOf = (numbers: number[]): Recipients => ({
  numbers,
  references: numbers.map((number, i) => (i % 2 === 0 ? `r${number}x${i}` : undefined)),
  positions: numbers.map((_, i) => i),
  hasReferences: true,
});

test('every recipient stays with its reference, and each way and country is in one place and in its order', () => {
  fc.assert(
    fc.property(someNumbers, table, fc.boolean(), (numbers, its, perCountry) => {
      const given = recipientsOf(numbers);
      const { recipients, groups } = groupRecipients(given, its, perCountry);
      assert.deepEqual(
        [...recipients.positions].sort((a, b) => a - b),
        given.positions,
      );
      recipients.positions.forEach((position, i) => {
        assert.equal(recipients.numbers[i], given.numbers[position]);
        assert.equal(recipients.references[i], given.references[position]);
      });
      const used = new Set(numbers.map((number) => its?.find(number)).filter((way) => way !== undefined));
      let from = 0;
      for (const { route, country, size } of groups) {
        for (let i = from; i < from + size; i++) {
          const number = recipients.numbers[i]!;
          assert.equal(country, perCountry ? (countryOf(number) ?? null) : null);
          assert.equal(route, used.size > 1 ? (its?.find(number) ?? '') : '');
          if (i > from) assert.ok(recipients.positions[i - 1]! < recipients.positions[i]!);
        }
        from += size;
      }
      assert.equal(from, numbers.length);
      const keys = groups.map(({ route, country }) => `${route} ${country}`);
      assert.equal(new Set(keys).size, keys.length, 'each group is in one place');
    }),
  );
});

test('where all numbers go one way nothing is moved', () => {
  const given = recipientsOf([380_501_112_233, 34_600_111_222, 380_502_223_344]);
  const { recipients, groups } = groupRecipients(given, ways, false);
  assert.equal(recipients, given);
  assert.deepEqual(groups, [{ route: '', country: null, size: 3 }]);
});

test('of more ways than the limit the largest are kept apart, and the others share one', () => {
  const many = wayLimit + 8;
  const wide = prefixTable(Array.from({ length: many }, (_, i) => [`${100 + i}`, `${i}`] as const));
  // The i-th way has i + 1 numbers.
  const numbers = Array.from({ length: many }, (_, i) =>
    Array.from({ length: i + 1 }, (_, n) => (100 + i) * 1e9 + n),
  ).flat();
  const { groups } = groupRecipients(recipientsOf(numbers), wide, false);
  assert.equal(groups.length, wayLimit);
  const shared = groups.find(({ route }) => route === '')!;
  const left = many - (wayLimit - 1);
  assert.equal(shared.size, (left * (left + 1)) / 2);
  for (let i = left; i < many; i++) assert.equal(groups.find(({ route }) => route === `${i}`)?.size, i + 1);
});

test('batches cover the messages without a gap, and none holds two groups', () => {
  const group = fc.record({
    route: fc.constantFrom('', '7', '7/8'),
    country: fc.constantFrom(null, 'ES', 'UA'),
    size: fc.integer({ min: 1, max: 3 * batchSize }),
  });
  fc.assert(
    fc.property(fc.array(group, { minLength: 1, maxLength: 4 }), (groups) => {
      const each = groups.flatMap((its) => new Array<typeof its>(its.size).fill(its));
      const numbers = each.map((_, i) => 34_600_000_000 + ((i * 7919) % 1e6));
      const { first, last, country, route, lowestPhone, highestPhone } = batchesOf(501, numbers, groups);
      let next = 501;
      first.forEach((from, i) => {
        assert.equal(from, next);
        const held = each.slice(from - 501, last[i]! - 500);
        assert.ok(held.length >= 1 && held.length <= batchSize);
        for (const its of held) assert.deepEqual([its.route, its.country], [route[i], country[i]]);
        const theirs = numbers.slice(from - 501, last[i]! - 500);
        assert.deepEqual([lowestPhone[i], highestPhone[i]], [Math.min(...theirs), Math.max(...theirs)]);
        next = last[i]! + 1;
      });
      assert.equal(next, 501 + each.length);
      assert.equal(
        first.length,
        groups.reduce((sum, { size }) => sum + Math.ceil(size / batchSize), 0),
      );
    }),
    { numRuns: 30 },
  );
});

test('a number without a country makes a batch without one', () => {
  const given = recipientsOf([800_123_456_789, 34_600_000_000]);
  const { recipients, groups } = groupRecipients(given, null, true);
  assert.deepEqual(batchesOf(1, recipients.numbers, groups).country, [null, 'ES']);
});
