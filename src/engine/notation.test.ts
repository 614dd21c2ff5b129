import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decimalToHex, hexToDecimal, otherNotations } from './notation.ts';

test('an id in decimal is found from its hexadecimal form, in either case and with 0x, and the other way round', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (id) => {
      const decimal = id.toString();
      const hex = id.toString(16);
      assert.equal(hexToDecimal(hex), decimal);
      assert.equal(hexToDecimal(hex.toUpperCase()), decimal);
      assert.equal(hexToDecimal(`0x${hex}`), decimal);
      assert.equal(decimalToHex(decimal), hex);
      for (const written of [hex, hex.toUpperCase(), `0X${hex}`.toLowerCase()]) {
        if (written !== decimal) assert.ok(otherNotations(written).includes(decimal), written);
      }
      if (hex !== decimal) assert.ok(otherNotations(decimal).includes(hex));
      if (hex.toUpperCase() !== decimal) assert.ok(otherNotations(decimal).includes(hex.toUpperCase()));
    }),
  );
});

test('what is no number has no other notation, and no id is its own', () => {
  for (const id of ['', 'xyz', '12-34', '0x', 'a'.repeat(17), '1'.repeat(21), 'é']) {
    assert.deepEqual(otherNotations(id), [], id);
  }
  fc.assert(fc.property(fc.string(), (id) => !otherNotations(id).includes(id)));
  assert.equal(hexToDecimal('g1'), null);
  assert.equal(decimalToHex('1a'), null);
});
