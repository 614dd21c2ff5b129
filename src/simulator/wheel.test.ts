// Proves that the wheel is never early, keeps order, and loses nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Wheel } from './wheel.ts';

test('items fall due once each, never early, and in order where their delay is the same', async () => {
  const done = Promise.withResolvers<void>();
  const items = Array.from({ length: 500 }, (_, i) => ({ i, delay: (i * 7) % 60 }));
  const seen: { i: number; delay: number }[] = [];
  const start = performance.now();
  const wheel = new Wheel<{ i: number; delay: number }>(
    (item) => {
      assert.ok(performance.now() - start >= item.delay);
      seen.push(item);
    },
    () => {
      if (seen.length === items.length) done.resolve();
    },
  );
  for (const item of items) wheel.add(item, start, item.delay);
  await done.promise;
  assert.equal(new Set(seen).size, items.length);
  for (const delay of new Set(items.map((item) => item.delay))) {
    const order = seen.filter((item) => item.delay === delay).map((item) => item.i);
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
  }
});

test('what is added while a bucket falls due falls due later, and after a rest', async () => {
  const done = Promise.withResolvers<void>();
  let turns = 0;
  const wheel = new Wheel<string>(
    (item) => {
      if (item === 'first') wheel.add('second', performance.now(), 0);
      else if (item === 'second') setTimeout(() => wheel.add('third', performance.now(), 1), 20);
      else done.resolve();
    },
    () => turns++,
  );
  wheel.add('first', performance.now(), 0);
  await done.promise;
  assert.ok(turns >= 2);
});

test('a stopped wheel forgets its items', async () => {
  const wheel = new Wheel<string>(
    () => assert.fail('fell due'),
    () => {},
  );
  wheel.add('item', performance.now(), 1);
  wheel.stop();
  const later = Promise.withResolvers<void>();
  new Wheel<string>(
    () => later.resolve(),
    () => {},
  ).add('item', performance.now(), 20);
  await later.promise;
});
