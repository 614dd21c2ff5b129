import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decimalToHex, foldId, hexToDecimal, noted } from './notation.ts';

const numbers = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

test('ids that differ in letter case, leading zeros or 0x only are one when folded, and others are not', () => {
  fc.assert(
    fc.property(numbers, fc.nat(6), (number, zeros) => {
      const hex = number.toString(16);
      const padded = '0'.repeat(zeros) + hex;
      for (const written of [hex, hex.toUpperCase(), padded, `0x${padded}`, `0X${padded.toUpperCase()}`]) {
        assert.equal(foldId(written), hex, written);
      }
    }),
  );
  fc.assert(fc.property(numbers, numbers, (a, b) => a === b || foldId(`${a}`) !== foldId(`${b}`)));
  for (const [written, folded] of [
    ['0E999F21-81EF-4974-A414-3DE98174E3C7', 'e999f21-81ef-4974-a414-3de98174e3c7'],
    ['04062581461565934000241', '4062581461565934000241'],
    ['0', '0'],
    ['000', '0'],
    ['0x', 'x'],
    ['0xyz', 'xyz'],
    [' 17 ', '17'],
    ['', ''],
    ['SAR-1-EEDF', 'sar-1-eedf'],
  ] as const) {
    assert.equal(foldId(written), folded, written);
  }
});

test('what is folded stays as it is', () => {
  fc.assert(fc.property(fc.string({ maxLength: 70 }), (id) => foldId(foldId(id)) === foldId(id)));
});

test('a number in hexadecimal is found from its decimal form and the other way round', () => {
  fc.assert(
    fc.property(numbers, (number) => {
      assert.equal(noted(number.toString(16), 'decimal'), number.toString());
      assert.equal(noted(number.toString(), 'hex'), number.toString(16));
      assert.equal(noted(number.toString(), 'same'), number.toString());
    }),
  );
});

test('what is no number has no other notation', () => {
  for (const id of ['', 'xyz', '12-34', 'a'.repeat(17), '1'.repeat(21), 'é']) {
    assert.equal(hexToDecimal(id), null, id);
    assert.equal(decimalToHex(id), null, id);
  }
  assert.equal(hexToDecimal('g1'), null);
  assert.equal(decimalToHex('1a'), null);
});
