// Proves that delays are read and drawn as written.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseDistribution, sampler, seeded } from './distribution.ts';

test('delays are read from a number, a range and a mean', () => {
  assert.equal(parseDistribution('5'), 5);
  assert.deepEqual(parseDistribution(' 2.5-20 '), { min: 2.5, max: 20 });
  assert.deepEqual(parseDistribution('exp:50'), { mean: 50 });
  for (const bad of ['', 'x', '-5', '20-5', '5-', 'exp:', '1e3', '99999999999']) {
    assert.throws(() => parseDistribution(bad), RangeError, bad);
  }
});

test('draws stay within their range, around their mean, and repeat for the same seed', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat({ max: 1000 }), fc.nat({ max: 1000 }), (seed, min, width) => {
      const draw = sampler({ min, max: min + width }, seeded(seed));
      const again = sampler({ min, max: min + width }, seeded(seed));
      for (let i = 0; i < 20; i++) {
        const value = draw();
        assert.ok(value >= min && value <= min + width);
        assert.equal(value, again());
      }
    }),
  );
  const exponential = sampler({ mean: 50 }, seeded(1));
  let sum = 0;
  for (let i = 0; i < 10_000; i++) sum += exponential();
  assert.ok(Math.abs(sum / 10_000 - 50) < 3);
  assert.equal(sampler(7, seeded(1))(), 7);
  assert.throws(() => sampler({ min: -1, max: 2 }, seeded(1)), RangeError);
});
