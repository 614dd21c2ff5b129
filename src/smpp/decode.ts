// Reads PDU bodies. A submit_sm and a deliver_sm have one form, read in one pass into offsets; nothing is copied and
// no field becomes a string before somebody asks for it.

import { Esme, maxAddressLength, Tag } from './constants.ts';
import { PduError } from './errors.ts';

const empty = Buffer.alloc(0);

/** Which part of a text a message is (5.3.2.22 to 24); parts count from 1. */
export interface Sar {
  reference: number;
  total: number;
  part: number;
}

/** A submit_sm or deliver_sm as it lies in its buffer. May be read again for another PDU, or kept. */
export class ShortMessage {
  sequence = 0;
  sourceTon = 0;
  sourceNpi = 0;
  destinationTon = 0;
  destinationNpi = 0;
  esmClass = 0;
  registeredDelivery = 0;
  dataCoding = 0;
  bytes: Buffer = empty;
  #source = 0;
  #sourceEnd = 0;
  #destination = 0;
  #destinationEnd = 0;
  #validity = 0;
  #validityEnd = 0;
  /** Where the text lies in `bytes`: short_message, or message_payload where there is one. */
  textStart = 0;
  textEnd = 0;
  /** Where the optional parameters lie in `bytes`. */
  #optional = 0;
  #end = 0;
  /** Where the values of the receipt's optional parameters lie; 0 where there is none. */
  receiptedId = 0;
  receiptedIdEnd = 0;
  messageState = 0;
  networkError = 0;

  /** Reads the body that lies in `bytes` from `start` to `end`. Throws PduError when it is malformed. */
  read(bytes: Buffer, start: number, end: number, sequence: number): void {
    this.bytes = bytes;
    this.sequence = sequence;
    let at = afterNul(bytes, start, end); // service_type
    this.sourceTon = bytes[at]!;
    this.sourceNpi = bytes[at + 1]!;
    this.#source = at + 2;
    at = afterNul(bytes, at + 2, end);
    this.#sourceEnd = at - 1;
    this.destinationTon = bytes[at]!;
    this.destinationNpi = bytes[at + 1]!;
    this.#destination = at + 2;
    at = afterNul(bytes, at + 2, end);
    this.#destinationEnd = at - 1;
    this.esmClass = bytes[at]!;
    at = afterNul(bytes, at + 3, end); // protocol_id, priority_flag, schedule_delivery_time
    this.#validity = at;
    at = afterNul(bytes, at, end);
    this.#validityEnd = at - 1;
    if (at + 5 > end) throw new PduError(Esme.ESME_RINVCMDLEN, 'the PDU ends before sm_length');
    this.registeredDelivery = bytes[at]!;
    this.dataCoding = bytes[at + 2]!;
    this.textStart = at + 5;
    this.textEnd = at + 5 + bytes[at + 4]!;
    if (this.textEnd > end)
      throw new PduError(Esme.ESME_RINVMSGLEN, 'short_message is shorter than sm_length');
    this.#optional = this.textEnd;
    this.#end = end;
    this.receiptedId = 0;
    this.messageState = 0;
    this.networkError = 0;
    if (this.textEnd < end) this.#readOptional(bytes, this.textEnd, end);
  }

  #readOptional(bytes: Buffer, from: number, end: number): void {
    let at = from;
    while (at < end) {
      const value = at + 4;
      const next = value + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
      if (value > end || next > end) {
        throw new PduError(Esme.ESME_RINVOPTPARSTREAM, 'an optional parameter is cut short');
      }
      const tag = (bytes[at]! << 8) | bytes[at + 1]!;
      const length = next - value;
      if (tag === Tag.receiptedMessageId) {
        this.receiptedId = value;
        this.receiptedIdEnd = value;
        while (this.receiptedIdEnd < next && bytes[this.receiptedIdEnd] !== 0) this.receiptedIdEnd++;
      } else if (tag === Tag.messageState && length === 1) {
        this.messageState = value;
      } else if (tag === Tag.networkErrorCode && length === 3) {
        this.networkError = value;
      } else if (tag === Tag.messagePayload) {
        this.textStart = value;
        this.textEnd = next;
      }
      at = next;
    }
  }

  /** The sar_* parameters that make it a part of a longer text; null where they are not all there. Seldom asked for. */
  get sar(): Sar | null {
    const { bytes } = this;
    let reference: number | undefined;
    let total: number | undefined;
    let part: number | undefined;
    for (let at = this.#optional; at < this.#end; ) {
      const value = at + 4;
      const length = bytes.readUInt16BE(at + 2);
      const tag = bytes.readUInt16BE(at);
      if (tag === Tag.sarReference && length === 2) reference = bytes.readUInt16BE(value);
      else if (tag === Tag.sarTotal && length === 1) total = bytes[value];
      else if (tag === Tag.sarPart && length === 1) part = bytes[value];
      at = value + length;
    }
    return reference === undefined || total === undefined || part === undefined
      ? null
      : { reference, total, part };
  }

  /** Whether both addresses keep to the length that the specification allows. */
  get addressesFit(): boolean {
    return (
      this.#sourceEnd - this.#source <= maxAddressLength &&
      this.#destinationEnd - this.#destination <= maxAddressLength
    );
  }

  get source(): string {
    return latin1(this.bytes, this.#source, this.#sourceEnd);
  }

  get destination(): string {
    return latin1(this.bytes, this.#destination, this.#destinationEnd);
  }

  /** The destination as a number, or NaN where it is not 1 to 15 digits that begin with 1 to 9. */
  get destinationNumber(): number {
    const digits = this.#destinationEnd - this.#destination;
    if (digits < 1 || digits > 15 || this.bytes[this.#destination] === 0x30) return Number.NaN;
    let number = 0;
    for (let at = this.#destination; at < this.#destinationEnd; at++) {
      const digit = this.bytes[at]! - 0x30;
      if (digit < 0 || digit > 9) return Number.NaN;
      number = number * 10 + digit;
    }
    return number;
  }

  get validityPeriod(): string {
    return latin1(this.bytes, this.#validity, this.#validityEnd);
  }

  /** The text's octets, a view of the buffer it came in. */
  get shortMessage(): Buffer {
    return this.bytes.subarray(this.textStart, this.textEnd);
  }
}

/** What a bind carries that is read here (4.1). */
export interface Bind {
  systemId: string;
  password: string;
  systemType: string;
  interfaceVersion: number;
}

/** Reads the body of a bind_*. Throws PduError when it is malformed. */
export function readBind(bytes: Buffer, start: number, end: number): Bind {
  const password = afterNul(bytes, start, end);
  const systemType = afterNul(bytes, password, end);
  const version = afterNul(bytes, systemType, end);
  if (version >= end) throw new PduError(Esme.ESME_RINVCMDLEN, 'the bind ends before interface_version');
  return {
    systemId: latin1(bytes, start, password - 1),
    password: latin1(bytes, password, systemType - 1),
    systemType: latin1(bytes, systemType, version - 1),
    interfaceVersion: bytes[version]!,
  };
}

/** The message_id of a response: up to its NUL, or to the end where an operator forgot it; '' in an empty body. */
export function readMessageId(bytes: Buffer, start: number, end: number): string {
  let at = start;
  while (at < end && bytes[at] !== 0) at++;
  return latin1(bytes, start, at);
}

/** Octets as a string, one character each. */
export function latin1(bytes: Buffer, start: number, end: number): string {
  return start === end ? '' : (bytes as SliceableBuffer).latin1Slice(start, end);
}

/** What Buffer.toString calls after its checks; documented nowhere, but stable since Node 0.x and half the cost. */
interface SliceableBuffer extends Buffer {
  latin1Slice(start: number, end: number): string;
}

function afterNul(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== 0) at++;
  if (at >= end) throw new PduError(Esme.ESME_RINVCMDLEN, 'the PDU ends within a string');
  return at + 1;
}
