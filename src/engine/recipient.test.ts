import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { endsAsOneOf, isOneOf, numberIn } from './recipient.ts';

const phones = fc.integer({ min: 10_000_000_000, max: 999_999_999_999_999 });

test('a number is read with a plus, with zeros in front, and as it is; names and masked or short numbers are none', () => {
  fc.assert(
    fc.property(phones, (phone) => {
      for (const written of [`${phone}`, `+${phone}`, `00${phone}`]) assert.equal(numberIn(written), phone);
    }),
  );
  for (const none of ['', '+', 'Shop', '12345', '38050***4567', '380 50', '-380501234567', '1'.repeat(16)]) {
    assert.equal(numberIn(none), 0, none);
  }
});

test('a national number is that of the message, and another number is not', () => {
  const receipt = { phone: numberIn('0501234567'), other: numberIn('Shop') };
  assert.ok(endsAsOneOf(380_501_234_567, receipt));
  assert.ok(!isOneOf(380_501_234_567, receipt));
  assert.ok(!endsAsOneOf(380_501_234_568, receipt));
  assert.ok(endsAsOneOf(79_501_234_567, { phone: numberIn('89501234567'), other: 0 }), 'a trunk prefix');
  assert.ok(
    endsAsOneOf(380_501_234_567, { phone: 380_441_112_233, other: 380_501_234_567 }),
    'unchanged addresses',
  );
  assert.ok(!endsAsOneOf(380_500_000_000, { phone: 0, other: 0 }), 'what is no number ends as none');
});
