// Proves how texts are read: the header of parts, every data_coding, and nothing that PostgreSQL could not keep.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeSegments } from '../text/index.ts';
import { phoneIn } from './address.ts';
import { readText, splitHeader } from './content.ts';
import { readParts } from './parts.ts';

test('texts by their data_coding', () => {
  const read = (octets: Buffer, dataCoding: number) => readText(octets, dataCoding);
  assert.deepEqual(read(Buffer.from([0x48, 0x69, 0x00, 0x1b, 0x65]), 0), { text: 'Hi@€', encoding: 'gsm7' });
  assert.deepEqual(read(Buffer.from('été', 'latin1'), 0), { text: 'été', encoding: 'latin1' });
  assert.deepEqual(read(Buffer.from('été', 'latin1'), 3), { text: 'été', encoding: 'latin1' });
  assert.deepEqual(read(Buffer.from('0421', 'hex'), 8), { text: 'С', encoding: 'ucs2' });
  assert.deepEqual(read(Buffer.from('fffe2104', 'hex'), 8), { text: 'С', encoding: 'ucs2' });
  assert.deepEqual(read(Buffer.from('0421', 'hex'), 0x18), { text: 'С', encoding: 'ucs2' });
  assert.deepEqual(read(Buffer.from('c1', 'hex'), 6), { text: 'С', encoding: 'cyrillic' });
  assert.deepEqual(read(Buffer.from('00ff', 'hex'), 4), { text: '00ff', encoding: 'binary' });
  assert.deepEqual(read(Buffer.from('00ff', 'hex'), 0xf5), { text: '00ff', encoding: 'binary' });
  assert.deepEqual(read(Buffer.from('ABC\0\0'), 1), { text: 'ABC', encoding: 'latin1' });
});

test('whatever comes can be stored', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(255), fc.boolean(), (bytes, dataCoding, header) => {
      const octets = Buffer.from(bytes);
      const { text } = readText(header ? splitHeader(octets).body : octets, dataCoding);
      assert.ok(text.isWellFormed() && !text.includes('\0'));
    }),
    { numRuns: 2000 },
  );
});

test('what the dispatcher would send in parts reads as the text, in whatever order the parts come', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', '€', '[', 'ж', '😀', '\n'),
    minLength: 1,
    maxLength: 900,
  });
  fc.assert(
    fc.property(text, fc.nat(255), (its, reference) => {
      const { parts, dataCoding, udh } = encodeSegments(its, reference);
      const split = parts.map((part) => (udh ? splitHeader(part) : { body: part, place: null }));
      if (udh) {
        assert.deepEqual(
          split.map(({ place }) => place),
          parts.map((_, i) => ({ reference, total: parts.length, part: i + 1 })),
        );
      }
      const bodies = split.map(({ body }) => body);
      assert.deepEqual(readParts(bodies, dataCoding).text, its.toWellFormed());
    }),
    { numRuns: 500 },
  );
});

test('a part that has not come leaves a mark, and the others can be read', () => {
  const parts = ['one ', null, null, 'four'].map((part) => (part === null ? null : Buffer.from(part)));
  assert.deepEqual(readParts(parts, 0), { text: 'one …four', encoding: 'gsm7', complete: false });
});

test('a header that lies is no header', () => {
  for (const octets of ['', 'ff', '0500030102', '0400090102', '03000501']) {
    const all = Buffer.from(octets, 'hex');
    assert.deepEqual(splitHeader(all), { body: all, place: null }, octets);
  }
  assert.equal(splitHeader(Buffer.from('0500030102036869', 'hex')).place, null, 'part 3 of 2');
  assert.deepEqual(splitHeader(Buffer.from('060804ffee0302', 'hex')).place, {
    ...{ reference: 0xffee, total: 3, part: 2 },
  });
});

test('phone numbers among addresses', () => {
  assert.equal(phoneIn('+380501112233'), 380501112233);
  assert.equal(phoneIn('00380501112233'), 380501112233);
  for (const other of ['0501112233', '3838', 'Shop', '', '1234567890123456'])
    assert.equal(phoneIn(other), null);
});
