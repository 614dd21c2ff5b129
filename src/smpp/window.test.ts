// Proves that the window gives every token back exactly once, whatever the order of answers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maxSequence } from './constants.ts';
import { Window } from './window.ts';

test('a window behaves like a map from sequence numbers to tokens, even where they wrap', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: maxSequence - 50, max: maxSequence }),
      fc.array(fc.nat({ max: 99 }), { maxLength: 300 }),
      (size, first, steps) => {
        const window = new Window<number>(size, first);
        const model = new Map<number, number>();
        for (const [token, step] of steps.entries()) {
          if (step < 55 && model.size < size) {
            const sequence = window.add(token);
            assert.ok(sequence >= 1 && sequence <= maxSequence && !model.has(sequence));
            model.set(sequence, token);
          } else if (step < 60) {
            assert.ok(!model.has(window.nextSequence()));
          } else if (model.size > 0) {
            const [sequence, expected] = [...model][step % model.size]!;
            assert.ok(window.has(sequence));
            assert.equal(window.take(sequence), expected);
            assert.ok(!window.has(sequence));
            model.delete(sequence);
          }
          assert.equal(window.count, model.size);
        }
        assert.deepEqual(window.drain(), [...model.values()]);
        assert.equal(window.count, 0);
      },
    ),
  );
});

test('tokens expire oldest first, and only those older than asked', () => {
  const window = new Window<string>(10);
  window.add('a');
  window.tick();
  window.add('b');
  window.add('c');
  window.tick();
  assert.deepEqual(window.expire(1), ['a']);
  window.tick();
  assert.deepEqual(window.expire(1), ['b', 'c']);
  assert.deepEqual(window.expire(1), []);
});

test('a full window and an impossible size are refused', () => {
  const window = new Window<string>(1);
  window.add('a');
  assert.throws(() => window.add('b'), RangeError);
  for (const size of [0, -1, 1.5, 1_000_001]) assert.throws(() => new Window(size), RangeError);
});

test('sequence numbers that were never given out are unknown', () => {
  const window = new Window<string>(4);
  const sequence = window.add('a');
  for (const stranger of [0, -1, sequence + 1, sequence + 16, maxSequence]) assert.ok(!window.has(stranger));
});

test('an expired token is remembered once, and no more of them than the limit', () => {
  const window = new Window<number>(20_000);
  const sequences = Array.from({ length: 15_000 }, (_, i) => window.add(i));
  window.tick();
  window.tick();
  assert.equal(window.expire(1).length, 15_000);
  assert.equal(window.takeLate(sequences[0]!), undefined, 'the oldest are forgotten');
  assert.equal(window.takeLate(sequences[14_999]!), 14_999);
  assert.equal(window.takeLate(sequences[14_999]!), undefined);
  assert.equal(window.takeLate(sequences[5000]!), 5000);
  window.drain();
  assert.equal(window.takeLate(sequences[14_998]!), undefined, 'an ended session has none');
});
