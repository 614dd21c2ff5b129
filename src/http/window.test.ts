// Proves how events are counted in spans of time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Window } from './window.ts';

test('as many events as the limit pass in a span, and more wait for its end', () => {
  let now = 5000;
  const window = new Window(60_000, () => now);
  assert.deepEqual(
    [1, 2, 3].map(() => window.take('a', 2)),
    [0, 0, 60],
  );
  assert.equal(window.take('b', 2), 0);
  now += 59_500;
  assert.deepEqual([window.wait('a', 2), window.take('a', 2)], [1, 1]);
  now += 500;
  assert.deepEqual(
    [1, 2, 3].map(() => window.take('a', 2)),
    [0, 0, 60],
  );
});
