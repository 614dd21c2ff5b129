import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Throttle } from './throttle.ts';

test('never more leaves than the rate allows and one and a tenth of a second’s burst, however time passes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20_000 }),
      fc.array(fc.record({ ms: fc.double({ min: 0, max: 3000, noNaN: true }), wish: fc.nat(50_000) })),
      (perSecond, steps) => {
        const throttle = new Throttle(perSecond);
        const start = 12_345.678;
        let now = start;
        let left = 0;
        for (const { ms, wish } of steps) {
          now += ms;
          const n = Math.min(wish, throttle.available(now));
          assert.ok(n >= 0 && Number.isInteger(n));
          throttle.take(n);
          left += n;
          const allowed = ((now - start) * perSecond) / 1000 + 1 + perSecond * 0.1;
          assert.ok(left <= allowed + 1e-6, `${left} of ${allowed}`);
        }
      },
    ),
  );
});

test('whoever asks often enough gets the whole rate', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20_000 }), (perSecond) => {
      const throttle = new Throttle(perSecond);
      let left = 0;
      for (let now = 10; now <= 10_000; now += 10) {
        const n = throttle.available(now);
        throttle.take(n);
        left += n;
      }
      assert.ok(left >= perSecond * 9.9 - 1, `${left} in 10 s at ${perSecond}/s`);
    }),
  );
});

test('without a limit everything leaves, except while the operator asked for a pause', () => {
  const throttle = new Throttle(null);
  assert.equal(throttle.available(0), Number.POSITIVE_INFINITY);
  throttle.take(1_000_000);
  throttle.refused(100);
  assert.equal(throttle.available(100), 0);
  assert.equal(throttle.paused(119), true);
  assert.equal(throttle.available(120), Number.POSITIVE_INFINITY);
});

test('pauses double up to two seconds while refusals go on, and begin anew after an accepted message', () => {
  const throttle = new Throttle(null);
  let now = 0;
  const pauses: number[] = [];
  for (let i = 0; i < 9; i++) {
    throttle.refused(now);
    throttle.refused(now); // the same burst
    const from = now;
    while (throttle.paused(now)) now++;
    pauses.push(now - from);
  }
  assert.deepEqual(pauses, [20, 40, 80, 160, 320, 640, 1280, 2000, 2000]);
  throttle.accepted(now);
  throttle.refused(now);
  assert.equal(throttle.paused(now + 19), true);
  assert.equal(throttle.paused(now + 20), false);
});

test('an answer from before the pause does not end it', () => {
  const throttle = new Throttle(null);
  throttle.refused(0);
  throttle.accepted(5);
  assert.equal(throttle.paused(10), true);
});

test('a rate that changes counts from then on, and what a higher one had saved is lost', () => {
  const throttle = new Throttle(1000);
  throttle.setRate(100);
  assert.equal(throttle.available(0), 11, 'one and a tenth of a second');
  throttle.take(11);
  assert.equal(throttle.available(100), 10);
  throttle.setRate(1000);
  assert.equal(throttle.available(150), 60);
});
