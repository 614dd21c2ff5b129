import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Places } from './places.ts';

test('a number is found where it was put first, as in a Map', () => {
  const number = fc.oneof(
    fc.integer({ min: 100_000_000, max: 999_999_999_999_999 }),
    fc.integer({ min: 380_500_000_000, max: 380_500_000_020 }),
  );
  fc.assert(
    fc.property(fc.array(number, { maxLength: 300 }), (numbers) => {
      const places = new Places(numbers.length);
      const model = new Map<number, number>();
      numbers.forEach((n, i) => {
        assert.equal(places.put(n, i), model.get(n) ?? -1);
        if (!model.has(n)) model.set(n, i);
      });
    }),
  );
});
