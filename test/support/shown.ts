// What a phone shows of the submits that it was sent. Used by tests of texts that differ from phone to phone.
import assert from 'node:assert/strict';
import { gsmText } from '../../src/text/index.ts';
import type { Submit } from './own-operator.ts';

const ucs2 = 8;

/** Sender and text: parts in their order without their headers. Fails where parts are missing or are of two texts. */
export function shown(submits: readonly Submit[]): { sender: string; text: string } {
  const parts = submits.map(({ shortMessage: octets, dataCoding }) => {
    const header = octets[0] === 5 && octets[1] === 0 && octets[2] === 3;
    const body = Buffer.from(header ? octets.subarray(6) : octets);
    return {
      part: header ? octets[5]! : 1,
      of: header ? octets[4]! : 1,
      reference: header ? octets[3]! : 0,
      text: dataCoding === ucs2 ? body.swap16().toString('utf16le') : gsmText(body),
    };
  });
  assert.equal(new Set(parts.map(({ reference }) => reference)).size, 1, 'one reference for all parts');
  for (const { of } of parts) assert.equal(of, parts.length);
  parts.sort((a, b) => a.part - b.part);
  return { sender: submits[0]!.sender, text: parts.map(({ text }) => text).join('') };
}
