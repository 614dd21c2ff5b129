// Proves that a pattern advanced digit by digit fits what the regular expression fits.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { patternReader } from './pattern.ts';

const atom = fc.constantFrom('1', '7', '\\d', '[2-57]', '[0-9]', '[13579]');
const repeat = fc.constantFrom('', '', '?', '{2}', '{1,3}');
const { pattern } = fc.letrec<{ pattern: string; item: string }>((tie) => ({
  item: fc
    .tuple(
      fc.oneof(
        { maxDepth: 3 },
        atom,
        tie('pattern').map((inner) => `(?:${inner})`),
      ),
      repeat,
    )
    .map((parts) => parts.join('')),
  pattern: fc
    .array(
      fc.array(tie('item'), { maxLength: 4 }).map((items) => items.join('')),
      { minLength: 1, maxLength: 3 },
    )
    .map((alternatives) => alternatives.join('|')),
}));
const digits = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 6 });

test('a pattern fits the numbers its regular expression fits', () => {
  fc.assert(
    fc.property(pattern, digits, (source, number) => {
      const rest = number.reduce((left, digit) => left.after(digit), patternReader().read(source));
      assert.equal(rest.mayEnd, new RegExp(`^(?:${source})$`).test(number.join('')));
    }),
    { numRuns: 500 },
  );
});

test('what may follow is shared between patterns, and nothing follows digits that do not fit', () => {
  const reader = patternReader();
  assert.equal(reader.read('1[23]').after(1), reader.read('4|5[23]').after(5));
  assert.equal(reader.read('12').after(3), reader.nothing);
  assert.equal(reader.read('12', reader.anything).after(1).after(2), reader.anything);
});

test('syntax that the metadata does not use is refused', () => {
  const { read } = patternReader();
  for (const source of ['1+', '1*', '(1)', '(?:1', '1)', '^1', '1{99}', 'a']) {
    assert.throws(() => read(source), SyntaxError, source);
  }
});
