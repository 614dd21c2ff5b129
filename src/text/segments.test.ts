// Proves encoding and segmentation: against a decoder written from the standard here, and against Twilio's
// sms-segments-calculator.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';
import { encodeSegments, isGsm, limits, measure, type Segments } from './index.ts';

// The tables of 3GPP TS 23.038 by code point, independent of alphabet.ts: the first two columns of the default
// alphabet, then where it differs from ASCII.
const defaultAlphabet = (
  '0040 00a3 0024 00a5 00e8 00e9 00f9 00ec 00f2 00c7 000a 00d8 00f8 000d 00c5 00e5 ' +
  '0394 005f 03a6 0393 039b 03a9 03a0 03a8 03a3 0398 039e 001b 00c6 00e6 00df 00c9'
)
  .split(' ')
  .map((codePoint) => String.fromCharCode(Number.parseInt(codePoint, 16)));
for (let septet = 0x20; septet < 0x80; septet += 1) defaultAlphabet.push(String.fromCharCode(septet));
for (const [septet, character] of Object.entries({
  ...{ 36: '\u00a4', 64: '\u00a1', 91: '\u00c4', 92: '\u00d6', 93: '\u00d1', 94: '\u00dc' },
  ...{ 95: '\u00a7', 96: '\u00bf', 123: '\u00e4', 124: '\u00f6', 125: '\u00f1', 126: '\u00fc' },
  ...{ 127: '\u00e0' },
})) {
  defaultAlphabet[Number(septet)] = character;
}
const extensionTable: Record<number, string> = {
  10: '\f',
  20: '^',
  40: '{',
  41: '}',
  47: '\\',
  60: '[',
  61: '~',
  62: ']',
  64: '|',
  101: '\u20ac',
};

function decodePart(part: Buffer, { dataCoding, udh }: Segments): string {
  const body = udh ? part.subarray(part[0]! + 1) : part;
  if (dataCoding === 8) {
    let text = '';
    for (let i = 0; i < body.length; i += 2) text += String.fromCharCode(body.readUInt16BE(i));
    return text;
  }
  let text = '';
  for (let i = 0; i < body.length; i += 1) {
    const character = body[i] === 0x1b ? extensionTable[body[++i]!] : defaultAlphabet[body[i]!];
    assert.ok(character, `octet ${body[i]} is a character`);
    text += character;
  }
  return text;
}

const gsmCharacters = [...defaultAlphabet.filter((c) => c !== '\x1b'), ...Object.values(extensionTable)];
const gsmText = fc.string({ unit: fc.constantFrom(...gsmCharacters), maxLength: 800, size: 'max' });
// Many extension characters, so that escape pairs meet segment borders.
const bracketText = fc.string({ unit: fc.constantFrom('a', '[', '€', 'b'), maxLength: 800, size: 'max' });
const emojiText = fc.string({ unit: fc.constantFrom('a', 'ж', '😀', '€', '𝒜'), maxLength: 400, size: 'max' });
// Lone halves of surrogate pairs too: they are no characters, but must not be lost.
const anyText = fc.oneof(
  gsmText,
  bracketText,
  emojiText,
  fc.string({ unit: 'binary', maxLength: 400, size: 'max' }),
  fc.string({ unit: fc.constantFrom('\ud83d', '\ude00', 'a'), maxLength: 300, size: 'max' }),
);
const reference = fc.integer({ min: 0, max: 2 ** 40 });

test('what is encoded decodes to the text', () => {
  fc.assert(
    fc.property(anyText, reference, (text, ref) => {
      const encoded = encodeSegments(text, ref);
      assert.equal(encoded.parts.map((part) => decodePart(part, encoded)).join(''), text);
      assert.equal(encoded.dataCoding, measure(text).encoding === 'gsm7' ? 0 : 8);
      assert.equal(isGsm(text), encoded.dataCoding === 0);
    }),
    { numRuns: 1000 },
  );
});

test('what is priced is what is sent: as many segments, and none longer than a short message', () => {
  fc.assert(
    fc.property(anyText, reference, (text, ref) => {
      const { encoding, units, segments } = measure(text);
      const { parts, udh } = encodeSegments(text, ref);
      assert.equal(parts.length, segments);
      assert.equal(udh, segments > 1);
      const octets = parts.reduce((sum, part) => sum + part.length - (udh ? 6 : 0), 0);
      assert.equal(octets, encoding === 'gsm7' ? units : 2 * units);
      const longest = encoding === 'gsm7' ? (udh ? 6 + 153 : 160) : 140;
      assert.ok(parts.every((part) => part.length <= longest));
    }),
    { numRuns: 1000 },
  );
});

test('no escape pair and no surrogate pair is split between parts', () => {
  fc.assert(
    fc.property(fc.oneof(bracketText, emojiText), (text) => {
      const encoded = encodeSegments(text, 1);
      for (const part of encoded.parts) {
        if (encoded.dataCoding === 0) assert.notEqual(part.at(-1), 0x1b);
        else assert.ok(decodePart(part, encoded).isWellFormed());
      }
    }),
    { numRuns: 1000 },
  );
});

test('the parts carry a concatenation header with an 8-bit reference', () => {
  const { parts } = encodeSegments('a'.repeat(400), 0x1_02_ab);
  assert.deepEqual(
    parts.map((part) => [...part.subarray(0, 6)]),
    [1, 2, 3].map((part) => [5, 0, 3, 0xab, 3, part]),
  );
});

test('segments hold 160 or 153 septets, and 70 or 67 code units', () => {
  const segments = (text: string) => measure(text).segments;
  assert.deepEqual(measure(''), { encoding: 'gsm7', units: 0, segments: 1 });
  assert.deepEqual([segments('a'.repeat(160)), segments('a'.repeat(161))], [1, 2]);
  assert.deepEqual([segments('a'.repeat(306)), segments('a'.repeat(307))], [2, 3]);
  assert.deepEqual([segments('€'.repeat(80)), segments(`${'€'.repeat(80)}a`)], [1, 2]);
  assert.deepEqual([segments('ж'.repeat(70)), segments('ж'.repeat(71))], [1, 2]);
  assert.deepEqual([segments('ж'.repeat(134)), segments('ж'.repeat(135))], [2, 3]);
  // 152 septets and a pair that does not fit: the pair moves on, and the last unit needs a third segment.
  assert.deepEqual(measure(`${'a'.repeat(152)}€${'a'.repeat(152)}`), {
    encoding: 'gsm7',
    units: 306,
    segments: 3,
  });
  assert.equal(segments('a'.repeat(limits.gsmUnits)), 5);
  assert.equal(segments('ж'.repeat(limits.ucs2Units)), 5);
});

test('a text of more parts than the header can count is refused', () => {
  assert.equal(encodeSegments('a'.repeat(153 * 255), 0).parts.length, 255);
  assert.throws(() => encodeSegments('a'.repeat(153 * 255 + 1), 0), RangeError);
});

// Twilio's calculator keeps grapheme clusters (an accent written apart, family emoji, flags) in one segment and so
// may count one more; networks do not, and phones join the parts before they show them. So it is asked about
// texts whose clusters are single characters.
test("Twilio's calculator finds the same encoding and number of segments", () => {
  const single = fc.oneof(
    gsmText,
    bracketText,
    fc.string({
      unit: fc.constantFrom('a', 'ж', '€', '你', 'ß', '[', '…', '😀', '𝒜'),
      maxLength: 400,
      size: 'max',
    }),
  );
  fc.assert(
    fc.property(single, (text) => {
      const twilio = new SegmentedMessage(text, 'auto', false);
      const { encoding, units, segments } = measure(text);
      assert.equal(encoding, twilio.encodingName === 'GSM-7' ? 'gsm7' : 'ucs2');
      assert.equal(segments, twilio.segmentsCount);
      assert.equal(units, twilio.messageSize / (encoding === 'gsm7' ? 7 : 16));
    }),
    { numRuns: 300 },
  );
  for (const character of Array.from({ length: 0xd800 }, (_, code) => String.fromCharCode(code))) {
    const twilio = new SegmentedMessage(character).encodingName === 'GSM-7';
    assert.equal(isGsm(character), twilio, JSON.stringify(character));
  }
});
