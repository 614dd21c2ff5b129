import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Frames } from './frames.ts';

test('the first beginning of a PDU in each chunk is found, however the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 4, max: 40 }), { minLength: 1, maxLength: 20 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 30 })),
      (lengths, sizes) => {
        const stream = Buffer.concat(
          lengths.map((length) => {
            const pdu = Buffer.alloc(length, 0xaa);
            pdu.writeUInt32BE(length);
            return pdu;
          }),
        );
        const begins = new Set<number>();
        lengths.reduce((at, length) => {
          begins.add(at);
          return at + length;
        }, 0);
        const frames = new Frames();
        for (let at = 0; at < stream.length; ) {
          const chunk = stream.subarray(at, at + sizes.next().value);
          const offsets = [...chunk.keys()].filter((i) => begins.has(at + i));
          assert.equal(frames.follow(chunk), offsets[0] ?? -1);
          at += chunk.length;
          assert.equal(frames.between, at === stream.length || begins.has(at));
        }
      },
    ),
  );
});
