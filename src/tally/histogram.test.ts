import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Histogram } from './histogram.ts';

test('every value is counted once, in the first bucket whose bound it does not exceed', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(1, 2, 64),
      fc.integer({ min: 1, max: 30 }),
      fc.array(
        fc.oneof(fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.double({ min: 0, max: 5000, noNaN: true })),
      ),
      (first, bounds, values) => {
        const histogram = new Histogram(first, bounds);
        for (const value of values) histogram.add(value);
        const snapshot = histogram.snapshot();
        assert.equal(snapshot.counts.length, snapshot.bounds.length + 1);
        const expected = new Array(bounds + 1).fill(0);
        for (const value of values) {
          const at = snapshot.bounds.findIndex((bound) => value <= bound);
          expected[at < 0 ? bounds : at]++;
        }
        assert.deepEqual(snapshot.counts, expected);
      },
    ),
  );
});

test('many equal values are counted at once, and a snapshot is in the unit that is asked for', () => {
  const histogram = new Histogram(1, 3);
  histogram.add(3, 10);
  histogram.add(-5);
  histogram.add(1e12);
  const { bounds, counts, sum } = histogram.snapshot(0.001);
  assert.deepEqual(bounds, [0.001, 0.002, 0.004]);
  assert.deepEqual(counts, [1, 0, 10, 1]);
  assert.ok(Math.abs(sum - 1e9 - 0.03) < 1e-6);
});
