import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Part } from './part.ts';
import { Waiting } from './waiting.ts';

/** As much of a part as waiting looks at. */
const part = (attempts = 1) => ({ attempts, batch: { closing: false } }) as unknown as Part;

test('a retry is due after a second, more or less a quarter, and twice as long with each further try', () => {
  for (const [attempts, wait] of [
    [1, 1000],
    [2, 2000],
    [4, 8000],
  ] as const) {
    const waiting = new Waiting();
    const retried = part(attempts);
    waiting.retry(retried, 5000);
    assert.deepEqual(waiting.due(5000 + 0.75 * wait - 1), []);
    assert.deepEqual(waiting.due(5000 + 1.25 * wait), [retried]);
    assert.deepEqual(waiting.all(), []);
  }
});

test('the homeless are looked at each time, and a retry at once when its batch is given back', () => {
  const waiting = new Waiting();
  const [retried, homeless] = [part(), part()];
  waiting.retry(retried, 0);
  waiting.homeless(homeless);
  assert.deepEqual(waiting.due(1), [homeless]);
  waiting.homeless(homeless);
  retried.batch.closing = true;
  assert.deepEqual(waiting.due(2), [homeless, retried]);
  waiting.homeless(homeless);
  waiting.retry(retried, 3);
  assert.deepEqual(new Set(waiting.all()), new Set([homeless, retried]));
  assert.deepEqual(waiting.due(1e9), []);
});
