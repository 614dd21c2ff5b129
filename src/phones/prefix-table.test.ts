// Proves that the digit trie is a longest-prefix look-up, against a plain search.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { prefixTable } from './index.ts';

const prefix = fc.stringMatching(/^[0-9]{0,6}$/);
const msisdn = fc.integer({ min: 1, max: 10 ** 15 - 1 });

test('the longest prefix of a number is found', () => {
  fc.assert(
    fc.property(fc.dictionary(prefix, fc.nat()), msisdn, (prices, number) => {
      const fitting = Object.keys(prices).filter((start) => String(number).startsWith(start));
      const longest = fitting.sort((a, b) => b.length - a.length)[0];
      const found = prefixTable(Object.entries(prices)).find(number);
      assert.equal(found, longest === undefined ? undefined : prices[longest]);
    }),
    { numRuns: 1000 },
  );
});

test('every digit of a number of any length is read exactly', () => {
  fc.assert(
    fc.property(msisdn, (number) => {
      const digits = String(number);
      const table = prefixTable(Array.from(digits, (_, i) => [digits.slice(0, i + 1), i] as const));
      assert.equal(table.find(number), digits.length - 1);
    }),
  );
  const nines = 10 ** 15 - 1;
  assert.equal(prefixTable([['9'.repeat(15), 'all']]).find(nines), 'all');
});

test('the empty prefix fits every number, and the last of two equal prefixes counts', () => {
  const table = prefixTable([
    ['', 'anywhere'],
    ['49', 'old'],
    ['49', 'new'],
  ]);
  assert.equal(table.find(33612345678), 'anywhere');
  assert.equal(table.find(491512345678), 'new');
  assert.equal(prefixTable([]).find(491512345678), undefined);
});

test('what is no prefix is refused', () => {
  for (const bad of ['+49', '49 ', 'x', '1'.repeat(16)]) {
    assert.throws(() => prefixTable([[bad, 0]]), RangeError, bad);
  }
});
