// Streams of PDUs as no honest peer would send them: valid ones, and what becomes of them when bits flip, lengths lie
// and ends are missing. Pure: an input is made of a seed and a number alone. Used by decoder.ts and sessions.ts.

import { Command, Tag } from '../src/smpp/constants.ts';
import {
  buildSubmitTemplate,
  type DeliverFields,
  type SubmitFields,
  tlv,
  writeBind,
  writeDeliver,
  writeHeaderOnly,
  writeSubmit,
  writeWithText,
} from '../src/smpp/encode.ts';
import { Outbox } from '../src/smpp/outbox.ts';
import type { Random } from './random.ts';

/** A PDU with what was put into it, to compare with what is read out of it. */
export type Made =
  | { kind: 'submit'; bytes: Buffer; fields: SubmitFields; destination: number | string }
  | { kind: 'deliver'; bytes: Buffer; fields: DeliverFields }
  | { kind: 'bind'; bytes: Buffer; fields: { systemId: string; password: string; systemType: string } }
  | { kind: 'text'; bytes: Buffer; text: string }
  | { kind: 'header'; bytes: Buffer };

const printable = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 +-_.:/\xe4\xff';
const digits = '0123456789';

const bodiless = [
  Command.enquireLink,
  Command.enquireLinkResp,
  Command.unbindResp,
  Command.genericNack,
  Command.submitSmResp,
  Command.deliverSmResp,
  Command.bindTransceiverResp,
  Command.alertNotification,
  Command.outbind,
];

/** A valid PDU of a kind that our sessions read. */
export function validPdu(random: Random): Made {
  const out = new Outbox();
  const sequence = random.between(1, 0x7fff_ffff);
  switch (random.below(6)) {
    case 0: {
      const fields = submitFields(random);
      const destination = random.oneIn(2)
        ? random.between(1, 9) * 10 ** random.between(0, 14)
        : random.text(random.below(21), printable);
      writeSubmit(out, buildSubmitTemplate(fields), destination, sequence);
      return { kind: 'submit', bytes: out.take()!, fields, destination };
    }
    case 1:
    case 2: {
      const fields = deliverFields(random);
      writeDeliver(out, fields, sequence);
      return { kind: 'deliver', bytes: out.take()!, fields };
    }
    case 3: {
      const fields = {
        systemId: random.text(random.below(16), printable),
        password: random.text(random.below(65), printable),
        systemType: random.text(random.below(13), printable),
      };
      const command = random.pick([Command.bindTransceiver, Command.bindTransmitter, Command.bindReceiver]);
      writeBind(out, command, fields, sequence);
      return { kind: 'bind', bytes: out.take()!, fields };
    }
    case 4: {
      const text = random.text(random.below(66), printable);
      writeWithText(out, Command.submitSmResp, random.below(256), sequence, text);
      return { kind: 'text', bytes: out.take()!, text };
    }
    default:
      writeHeaderOnly(out, random.pick(bodiless), random.below(256), sequence);
      return { kind: 'header', bytes: out.take()! };
  }
}

function submitFields(random: Random): SubmitFields {
  return {
    source: {
      ton: random.below(256),
      npi: random.below(256),
      addr: random.text(random.below(21), printable),
    },
    dest: { ton: random.below(256), npi: random.below(256) },
    esmClass: random.below(256),
    validityPeriod: random.oneIn(2) ? '' : '000002000000000R',
    registeredDelivery: random.below(256),
    dataCoding: random.below(256),
    shortMessage: random.bytes(random.oneIn(50) ? random.below(3000) : random.below(255)),
  };
}

function deliverFields(random: Random): DeliverFields {
  const isReceipt = !random.oneIn(3);
  return {
    sourceTon: random.below(256),
    sourceNpi: random.below(256),
    source: random.text(random.below(21), printable),
    destinationTon: random.below(256),
    destinationNpi: random.below(256),
    destination: random.text(random.below(16), digits),
    esmClass: isReceipt ? 4 : random.below(256),
    dataCoding: random.below(256),
    shortMessage: isReceipt ? receiptText(random) : random.bytes(random.below(255)),
    optional: Buffer.concat(Array.from({ length: random.below(4) }, () => optionalParameter(random))),
  };
}

const knownTags = Object.values(Tag);

function optionalParameter(random: Random): Buffer {
  const tag = random.oneIn(4) ? random.below(0x1_0000) : random.pick(knownTags);
  if (tag === Tag.messageState && !random.oneIn(4)) return tlv(tag, Buffer.from([random.below(10)]));
  if (tag === Tag.networkErrorCode && !random.oneIn(4)) return tlv(tag, random.bytes(3));
  if (tag === Tag.receiptedMessageId && !random.oneIn(4)) {
    return tlv(tag, Buffer.from(`${random.text(random.below(66), printable)}\0`, 'latin1'));
  }
  return tlv(tag, random.bytes(random.below(random.oneIn(20) ? 2000 : 20)));
}

const keys = ['id', 'sub', 'dlvrd', 'submit date', 'done date', 'stat', 'err', 'text', 'Text', 'ID', 'foo'];
const states = ['DELIVRD', 'EXPIRED', 'UNDELIV', 'REJECTD', 'ACCEPTD', 'ENROUTE', 'delivered', '', '?'];

/** The text of a receipt; sometimes by the book, and sometimes of the same words in any order. */
export function receiptText(random: Random): Buffer {
  const id = random.text(random.between(0, 30), digits);
  const text = random.oneIn(2)
    ? `id:${id} sub:001 dlvrd:001 submit date:2601311200 done date:2601311201 ` +
      `stat:${random.pick(states)} err:${random.text(3, digits)} text:${random.text(random.below(20), printable)}`
    : Array.from({ length: random.below(12) }, () => {
        const key = random.pick(keys);
        const gap = random.pick(['', ' ', '  ', '\t', '\0']);
        const value = random.oneIn(2) ? random.pick(states) : random.text(random.below(12), printable);
        return `${key}${gap}:${gap}${value}`;
      }).join(random.pick([' ', '', '\n', ':', '\0']));
  return Buffer.from(text.slice(0, 254), 'latin1');
}

/** Valid PDUs to begin with: making one costs ten times as much as changing one. */
export function corpusOf(random: Random, size = 400): Buffer[] {
  return Array.from({ length: size }, () => validPdu(random).bytes);
}

/** Octets that lie on the edge of something. */
const edges = [0, 1, 4, 15, 16, 17, 0x1e, 0x20, 0x3a, 0x7f, 0x80, 0xfe, 0xff];

/** Lengths that lie on the edge of something. */
const lengths = [
  0, 1, 4, 15, 16, 17, 255, 256, 65_535, 65_536, 65_537, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
];

/** Spoils a copy of a PDU in one of the ways of broken peers and of hostile ones. The result may have any length. */
export function spoil(random: Random, pdu: Buffer): Buffer {
  let bytes: Buffer = Buffer.from(pdu);
  for (let times = random.between(1, 3); times > 0; times -= 1) bytes = spoilOnce(random, bytes);
  return bytes;
}

function spoilOnce(random: Random, bytes: Buffer): Buffer {
  const { length } = bytes;
  if (length < 16) return Buffer.concat([bytes, random.bytes(16)]);
  const at = random.below(length);
  switch (random.below(10)) {
    case 0: // a bit flips
      bytes[at]! ^= 1 << random.below(8);
      return bytes;
    case 1: // an octet of the body becomes one on an edge: sm_length and the lengths of parameters among them
      bytes[16 + random.below(Math.max(1, length - 16))] = random.pick(edges);
      return bytes;
    case 2: // it ends early, and says so
      return withLength(bytes.subarray(0, Math.max(16, at)));
    case 3: // it ends early, and its length lies: what comes next is taken for its rest
      return bytes.subarray(0, at);
    case 4: // command_length lies
      bytes.writeUInt32BE(random.oneIn(2) ? random.pick(lengths) : random.below(2 * length + 2), 0);
      return bytes;
    case 5: // no string has an end any more
      for (let i = 16; i < length; i += 1) if (bytes[i] === 0) bytes[i] = 0x41;
      return bytes;
    case 6: // an octet is missing
      return withLength(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]));
    case 7: // octets too many
      return withLength(
        Buffer.concat([bytes.subarray(0, at), random.bytes(random.between(1, 40)), bytes.subarray(at)]),
      );
    case 8: // another command, so that a body is read as one of another kind
      bytes.writeInt32BE(random.pick(Object.values(Command)), 4);
      return bytes;
    default: // an optional parameter whose length lies
      return withLength(
        Buffer.concat([bytes, Buffer.from([0, random.pick(edges), random.pick(edges), random.pick(edges)])]),
      );
  }
}

/** Makes command_length true again, so that the body is read and not the stream given up. */
function withLength(bytes: Buffer): Buffer {
  if (bytes.length < 16) return bytes;
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(copy.length, 0);
  return copy;
}

/** A stream of one to four PDUs, most of them spoilt, or of no PDU at all. */
export function hostileStream(random: Random, corpus: readonly Buffer[]): Buffer {
  if (random.oneIn(25)) return random.bytes(random.below(200));
  if (random.oneIn(2000)) return largest(random, corpus);
  const parts: Buffer[] = [];
  for (let n = random.between(1, 4); n > 0; n -= 1) {
    const pdu = random.pick(corpus);
    parts.push(random.oneIn(4) ? pdu : spoil(random, pdu));
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

/** A PDU of 64 KiB, the longest that is taken: a parameter fills it, or a string without an end. */
function largest(random: Random, corpus: readonly Buffer[]): Buffer {
  const bytes = Buffer.alloc(65_536, random.pick([0, 0x41, 0x3a, 0x20]));
  random.pick(corpus).copy(bytes, 0);
  bytes.writeUInt32BE(bytes.length, 0);
  return bytes;
}
