// Octets that an operator should not send: what scripts disturb a session by.

import { Tag, tlv } from '../smpp/index.ts';

/**
 * huge: a deliver_sm as long as a PDU may be. lyingInside: a deliver_sm whose text is shorter than its sm_length.
 * empty: a command_length of 0. lying: a command_length that swallows what follows.
 */
export type Garbage = 'huge' | 'lyingInside' | 'empty' | 'lying';

const deliverSm = 0x05;
const longest = 65_536;
const swallowed = 60_000;
/** A sequence number that the simulator's window does not reach in its life. */
const sequence = 0x7000_0000;

const octets: Record<Garbage, Buffer> = {
  huge: huge(),
  lyingInside: lyingInside(),
  empty: empty(),
  lying: lying(),
};

export function garbage(kind: Garbage): Uint8Array {
  return octets[kind];
}

function huge(): Buffer {
  const mandatory = deliver(0);
  const payload = tlv(Tag.messagePayload, Buffer.alloc(longest - mandatory.length - 4, 'x'));
  return withLength(Buffer.concat([mandatory, payload]), longest);
}

function lyingInside(): Buffer {
  const pdu = deliver(200);
  return withLength(pdu, pdu.length);
}

function empty(): Buffer {
  return Buffer.alloc(16);
}

function lying(): Buffer {
  return withLength(deliver(0), swallowed);
}

/** A message from a subscriber without a text, and whatever sm_length. */
function deliver(smLength: number): Buffer {
  const body = Buffer.from(`\0\x01\x01380501234567\0\x01\x01100\0\0\0\0\0\0\0\0\0\0`, 'latin1');
  const pdu = Buffer.concat([Buffer.alloc(16), body, Buffer.from([smLength])]);
  pdu.writeUInt32BE(deliverSm, 4);
  pdu.writeUInt32BE(sequence, 12);
  return pdu;
}

function withLength(pdu: Buffer, length: number): Buffer {
  pdu.writeUInt32BE(length, 0);
  return pdu;
}
