// Proves that the splitter finds the same PDUs however the stream is cut.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maxPduLength } from './constants.ts';
import { StreamError } from './errors.ts';
import { Splitter } from './splitter.ts';

function pduOf(body: Uint8Array): Buffer {
  const pdu = Buffer.concat([Buffer.alloc(16), body]);
  pdu.writeUInt32BE(pdu.length, 0);
  return pdu;
}

function split(chunks: Buffer[]): Buffer[] {
  const found: Buffer[] = [];
  const splitter = new Splitter();
  const sink = { pdu: (bytes: Buffer, start: number, end: number) => found.push(bytes.subarray(start, end)) };
  for (const chunk of chunks) splitter.push(chunk, sink);
  return found;
}

function cut(stream: Buffer, points: number[]): Buffer[] {
  const at = [0, ...points.map((point) => point % (stream.length + 1)).sort((a, b) => a - b), stream.length];
  return at.slice(1).map((end, i) => stream.subarray(at[i]!, end));
}

test('any chunking of a stream gives its PDUs whole and in order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 }),
      fc.array(fc.nat(), { maxLength: 30 }),
      (bodies, points) => {
        const pdus = bodies.map(pduOf);
        assert.deepEqual(split(cut(Buffer.concat(pdus), points)), pdus);
      },
    ),
  );
});

test('a stream octet by octet gives its PDUs', () => {
  const pdus = [pduOf(Buffer.alloc(0)), pduOf(Buffer.from('abc')), pduOf(Buffer.alloc(500, 1))];
  const stream = Buffer.concat(pdus);
  assert.deepEqual(split([...stream].map((octet) => Buffer.from([octet]))), pdus);
});

test('the longest PDU allowed passes', () => {
  const pdu = pduOf(Buffer.alloc(maxPduLength - 16));
  assert.deepEqual(split(cut(pdu, [2, 5, 40_000])), [pdu]);
});

for (const length of [0, 15, maxPduLength + 1, 0xffff_ffff]) {
  test(`a command_length of ${length} is fatal, wherever it is cut, after the PDUs before it`, () => {
    const bad = Buffer.alloc(16);
    bad.writeUInt32BE(length, 0);
    const good = pduOf(Buffer.from('good'));
    for (let at = 0; at <= 20; at++) {
      const found: Buffer[] = [];
      const splitter = new Splitter();
      const sink = {
        pdu: (bytes: Buffer, start: number, end: number) => found.push(bytes.subarray(start, end)),
      };
      assert.throws(() => {
        for (const chunk of cut(Buffer.concat([good, bad]), [good.length + at])) splitter.push(chunk, sink);
      }, StreamError);
      assert.deepEqual(found, [good]);
    }
  });
}
