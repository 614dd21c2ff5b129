// Writes PDUs straight into an outbox. What is the same for many messages is bytes before the first is sent
// (SubmitTemplate); what differs is written digit by digit, because small native calls cost more than that.

import { Command, headerLength, maxAddressLength, maxPduLength, maxShortMessage, Tag } from './constants.ts';
import type { Outbox } from './outbox.ts';

/** A submit_sm but for its sequence number and destination_addr: the octets before and after them. */
export interface SubmitTemplate {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** The fields of a submit_sm (4.4.1) that a template fixes. Times are in the formats of 7.1.1, or ''. */
export interface SubmitFields {
  source: { ton: number; npi: number; addr: string };
  dest: { ton: number; npi: number };
  esmClass: number;
  validityPeriod: string;
  registeredDelivery: number;
  dataCoding: number;
  /** Longer than 254 octets, it goes into message_payload. */
  shortMessage: Buffer;
  serviceType?: string;
  protocolId?: number;
  priority?: number;
  replaceIfPresent?: number;
  scheduleTime?: string;
}

/** The fields of a deliver_sm (4.6.1) that differ between deliveries; the others are 0 or empty. */
export interface DeliverFields {
  sourceTon: number;
  sourceNpi: number;
  source: number | string;
  destinationTon: number;
  destinationNpi: number;
  destination: number | string;
  esmClass: number;
  dataCoding: number;
  /** At most 254 octets; copied. */
  shortMessage: Uint8Array;
  /** Optional parameters, already encoded by `tlv`; copied. */
  optional: Uint8Array;
}

/** The fields of a bind (4.1). */
export interface BindFields {
  systemId: string;
  password: string;
  systemType: string;
}

/** Some operators give longer passwords than the 8 octets of the specification, but none a book. */
const maxPasswordLength = 64;
const interfaceVersion = 0x34;

/**
 * Encodes everything of a submit_sm that does not depend on its destination.
 * Throws RangeError when a field does not fit (4.4.1), or the text not into one PDU.
 */
export function buildSubmitTemplate(fields: SubmitFields): SubmitTemplate {
  const payload = fields.shortMessage.length > maxShortMessage;
  const head = Buffer.concat([
    Buffer.alloc(headerLength),
    cOctets('service_type', fields.serviceType ?? '', 5),
    Buffer.from([fields.source.ton, fields.source.npi]),
    cOctets('source_addr', fields.source.addr, maxAddressLength),
    Buffer.from([fields.dest.ton, fields.dest.npi]),
  ]);
  head.writeInt32BE(Command.submitSm, 4);
  const tail = Buffer.concat([
    Buffer.from([0, fields.esmClass, fields.protocolId ?? 0, fields.priority ?? 0]),
    time('schedule_delivery_time', fields.scheduleTime ?? ''),
    time('validity_period', fields.validityPeriod),
    Buffer.from([fields.registeredDelivery, fields.replaceIfPresent ?? 0, fields.dataCoding, 0]),
    payload ? Buffer.from([0]) : Buffer.from([fields.shortMessage.length]),
    payload ? tlv(Tag.messagePayload, fields.shortMessage) : fields.shortMessage,
  ]);
  if (head.length + maxAddressLength + tail.length > maxPduLength) {
    throw new RangeError(`a text of ${fields.shortMessage.length} octets does not fit into one PDU`);
  }
  return { head, tail };
}

/** A validity_period of whole seconds from now, in the relative format of 7.1.1; up to 30 days. */
export function relativeTime(seconds: number): string {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 30 * 86_400) {
    throw new RangeError('a relative time is from 1 second to 30 days, in whole seconds');
  }
  const two = (n: number) => String(n).padStart(2, '0');
  const parts = [seconds / 86_400, (seconds / 3600) % 24, (seconds / 60) % 60, seconds % 60];
  return `0000${parts.map((part) => two(Math.floor(part))).join('')}000R`;
}

/** One optional parameter (5.3.1): tag, length, value. */
export function tlv(tag: number, value: Uint8Array): Buffer {
  if (value.length > 0xffff) throw new RangeError('an optional parameter holds at most 65535 octets');
  const bytes = Buffer.allocUnsafe(4 + value.length);
  bytes.writeUInt16BE(tag, 0);
  bytes.writeUInt16BE(value.length, 2);
  bytes.set(value, 4);
  return bytes;
}

/** Appends a submit_sm. Throws RangeError, with nothing written, when the destination is not an address. */
export function writeSubmit(
  out: Outbox,
  template: SubmitTemplate,
  destination: number | string,
  sequence: number,
): void {
  const { head, tail } = template;
  const start = out.room(head.length + maxAddressLength + tail.length);
  const bytes = out.bytes;
  bytes.set(head, start);
  let at = writeAddress(bytes, start + head.length, destination);
  bytes.set(tail, at);
  at += tail.length;
  writeInt32(bytes, start, at - start);
  writeInt32(bytes, start + 12, sequence);
  out.end = at;
}

/** Appends a PDU that is only a header. */
export function writeHeaderOnly(out: Outbox, command: number, status: number, sequence: number): void {
  const start = out.room(headerLength);
  writeHeader(out.bytes, start, headerLength, command, status, sequence);
  out.end = start + headerLength;
}

/** Appends a response whose body is one C-octet string: a message_id or system_id, a number in decimal. */
export function writeWithText(
  out: Outbox,
  command: number,
  status: number,
  sequence: number,
  text: number | string,
): void {
  const start = out.room(headerLength + (typeof text === 'number' ? 16 : text.length) + 1);
  const bytes = out.bytes;
  let at = start + headerLength;
  at = typeof text === 'number' ? writeDigits(bytes, at, text) : writeAscii(bytes, at, text);
  bytes[at++] = 0;
  writeHeader(bytes, start, at - start, command, status, sequence);
  out.end = at;
}

/** Appends a deliver_sm. Throws RangeError, with nothing written, when an address or the text is too long. */
export function writeDeliver(out: Outbox, fields: DeliverFields, sequence: number): void {
  const { shortMessage, optional } = fields;
  if (shortMessage.length > maxShortMessage) throw new RangeError('a short_message is at most 254 octets');
  const start = out.room(headerLength + 64 + shortMessage.length + optional.length);
  const bytes = out.bytes;
  let at = start + headerLength;
  bytes[at] = 0; // service_type
  bytes[at + 1] = fields.sourceTon;
  bytes[at + 2] = fields.sourceNpi;
  at = writeAddress(bytes, at + 3, fields.source);
  bytes[at] = 0;
  bytes[at + 1] = fields.destinationTon;
  bytes[at + 2] = fields.destinationNpi;
  at = writeAddress(bytes, at + 3, fields.destination);
  bytes[at] = 0;
  bytes[at + 1] = fields.esmClass;
  bytes[at + 2] = 0; // protocol_id
  bytes[at + 3] = 0; // priority_flag
  bytes[at + 4] = 0; // schedule_delivery_time
  bytes[at + 5] = 0; // validity_period
  bytes[at + 6] = 0; // registered_delivery
  bytes[at + 7] = 0; // replace_if_present_flag
  bytes[at + 8] = fields.dataCoding;
  bytes[at + 9] = 0; // sm_default_msg_id
  bytes[at + 10] = shortMessage.length;
  at += 11;
  bytes.set(shortMessage, at);
  at += shortMessage.length;
  if (optional.length > 0) {
    bytes.set(optional, at);
    at += optional.length;
  }
  writeHeader(bytes, start, at - start, Command.deliverSm, 0, sequence);
  out.end = at;
}

/** Appends a bind_receiver, bind_transmitter or bind_transceiver. Throws RangeError when a field is too long. */
export function writeBind(out: Outbox, command: number, fields: BindFields, sequence: number): void {
  const body = Buffer.concat([
    cOctets('system_id', fields.systemId, 15),
    cOctets('password', fields.password, maxPasswordLength),
    cOctets('system_type', fields.systemType, 12),
    Buffer.from([interfaceVersion, 0, 0, 0]), // addr_ton, addr_npi and address_range are left to the operator
  ]);
  const start = out.room(headerLength + body.length);
  writeHeader(out.bytes, start, headerLength + body.length, command, 0, sequence);
  out.bytes.set(body, start + headerLength);
  out.end = start + headerLength + body.length;
}

function writeHeader(
  bytes: Buffer,
  at: number,
  length: number,
  command: number,
  status: number,
  sequence: number,
): void {
  writeInt32(bytes, at, length);
  writeInt32(bytes, at + 4, command);
  writeInt32(bytes, at + 8, status);
  writeInt32(bytes, at + 12, sequence);
}

function writeInt32(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

function writeAddress(bytes: Buffer, at: number, address: number | string): number {
  if (typeof address === 'number') return writeDigits(bytes, at, address);
  if (address.length > maxAddressLength) {
    throw new RangeError(`an address is at most ${maxAddressLength} characters`);
  }
  return writeAscii(bytes, at, address);
}

function writeAscii(bytes: Buffer, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0 || code > 0xff) throw new RangeError('an SMPP field holds characters from 1 to 255 only');
    bytes[at + i] = code;
  }
  return at + text.length;
}

const tenToThe8 = 100_000_000;

/** Writes a whole number in decimal, and returns the offset after it. Two halves, so that both are small integers. */
export function writeDigits(bytes: Uint8Array, at: number, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('not a whole number');
  const high = Math.floor(value / tenToThe8);
  if (high === 0) return writeHalf(bytes, at, value, digitsOf(value));
  return writeHalf(bytes, writeHalf(bytes, at, high, digitsOf(high)), value - high * tenToThe8, 8);
}

function writeHalf(bytes: Uint8Array, at: number, value: number, digits: number): number {
  let rest = value | 0;
  for (let i = at + digits - 1; i >= at; i--) {
    const next = (rest / 10) | 0;
    bytes[i] = 0x30 + rest - next * 10;
    rest = next;
  }
  return at + digits;
}

function digitsOf(value: number): number {
  if (value < 10_000) return value < 100 ? (value < 10 ? 1 : 2) : value < 1000 ? 3 : 4;
  if (value < 1_000_000) return value < 100_000 ? 5 : 6;
  return value < 10_000_000 ? 7 : 8;
}

function cOctets(name: string, text: string, longest: number): Buffer {
  if (text.length > longest) throw new RangeError(`${name} is at most ${longest} characters`);
  const bytes = Buffer.alloc(text.length + 1);
  try {
    writeAscii(bytes, 0, text);
  } catch {
    throw new RangeError(`${name} holds a character that SMPP cannot carry`);
  }
  return bytes;
}

function time(name: string, text: string): Buffer {
  if (text !== '' && !/^\d{15}[R+-]$/.test(text)) {
    throw new RangeError(`${name} must be empty or a time like 000002000000000R`);
  }
  return cOctets(name, text, 16);
}
