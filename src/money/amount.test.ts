// Proves that amounts are exact: their texts, their JSON and their sums.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type AmountE7, amount, formatAmount, jsonAmount, parseAmount, times, zero } from './index.ts';

const limit = 2n ** 63n - 1n;
const anyAmount = fc.bigInt({ min: -limit, max: limit }).map(amount);

test('an amount survives formatting and parsing', () => {
  fc.assert(fc.property(anyAmount, (value) => parseAmount(formatAmount(value)) === value));
});

test('an amount survives the text of its database column', () => {
  fc.assert(fc.property(anyAmount, (value) => amount(value.toString()) === value));
});

test('an amount is shown with seven decimals and a point', () => {
  assert.equal(formatAmount(parseAmount('12.5')), '12.5000000');
  assert.equal(formatAmount(parseAmount('-0.0000001')), '-0.0000001');
  assert.equal(formatAmount(zero), '0.0000000');
});

test('JSON carries exactly the amount, in its shortest form', () => {
  const print = (text: string) => JSON.stringify({ price: jsonAmount(parseAmount(text)) });
  assert.equal(print('12.5'), '{"price":12.5}');
  assert.equal(print('0'), '{"price":0}');
  assert.equal(print('100'), '{"price":100}');
  assert.equal(print('-0.0000001'), '{"price":-0.0000001}');
  assert.equal(print('922337203685.4775807'), '{"price":922337203685.4775807}');
  fc.assert(
    fc.property(anyAmount, (value) => {
      const text = JSON.stringify(jsonAmount(value));
      assert.match(text, /^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$/);
      assert.equal(parseAmount(text), value);
    }),
  );
});

test('sums and multiples are exact where floating point is not', () => {
  assert.equal(formatAmount(amount(parseAmount('0.1') + parseAmount('0.2'))), '0.3000000');
  const price = fc.bigInt({ min: 0n, max: 10n ** 9n }).map(amount);
  fc.assert(
    fc.property(fc.array(price, { maxLength: 50 }), fc.nat(10_000), (prices, count) => {
      const sum = prices.reduce<AmountE7>((total, next) => amount(total + next), zero);
      assert.equal(
        times(sum, count),
        prices.reduce((total, next) => total + times(next, count), 0n),
      );
    }),
  );
});

test('what is not an exact amount is refused', () => {
  for (const text of [
    '',
    '.5',
    '5.',
    '1,5',
    '+1',
    '1e3',
    ' 1',
    '1\n',
    '0.00000001',
    '--1',
    'NaN',
    '9'.repeat(13),
  ]) {
    assert.throws(() => parseAmount(text), RangeError, JSON.stringify(text));
  }
  assert.throws(() => parseAmount('922337203685.4775808'), RangeError);
  for (const units of [0.5, Number.NaN, 2 ** 53, '1.5', '', ' 1', '0x10']) {
    assert.throws(() => amount(units), RangeError, String(units));
  }
  assert.throws(() => times(amount(limit), 2), RangeError);
});
