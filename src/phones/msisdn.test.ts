// Proves which integers pass as phone numbers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMsisdn } from './index.ts';

test('a number has nine to fifteen digits', () => {
  for (const good of [100_000_000, 491512345678, 999_999_999_999_999])
    assert.ok(isMsisdn(good), String(good));
  for (const bad of [
    99_999_999,
    10 ** 15,
    491512345678.5,
    -491512345678,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ]) {
    assert.ok(!isMsisdn(bad), String(bad));
  }
});
