// Proves which address ranges are understood, and which addresses lie in them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressRange, withinRanges } from './addresses.ts';

test('addresses and ranges of both families are read, and what is neither is not', () => {
  assert.equal(addressRange('10.0.0.0/8'), '10.0.0.0/8');
  assert.equal(addressRange('203.0.113.7'), '203.0.113.7/32');
  assert.equal(addressRange('2001:db8::/32'), '2001:db8::/32');
  assert.equal(addressRange('::1'), '::1/128');
  assert.equal(addressRange('0.0.0.0/0'), '0.0.0.0/0');
  for (const text of [
    '',
    '10.0.0.0/33',
    '10.0.0.1/8',
    '2001:db8::1/32',
    '::/129',
    '10.0.0',
    'localhost',
    '1/1',
  ]) {
    assert.equal(addressRange(text), undefined, text);
  }
});

test('an address lies in a range of its family, also when it comes over an IPv6 socket', () => {
  const ranges = ['10.0.0.0/8', '203.0.113.7/32', '2001:db8::/32'];
  for (const inside of ['10.255.0.1', '::ffff:10.1.2.3', '203.0.113.7', '2001:db8:ffff::1']) {
    assert.ok(withinRanges(inside, ranges), inside);
  }
  for (const outside of ['11.0.0.1', '203.0.113.8', '2001:db9::1', '::1', '', 'unix']) {
    assert.ok(!withinRanges(outside, ranges), outside);
  }
});
