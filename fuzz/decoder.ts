// The PDU decoder against hostile streams: one input is a stream, cut anywhere. Called by watched.ts, many inputs a call.
//
// What must hold for every input:
// 1. Nothing but PduError and StreamError is thrown.
// 2. However the stream is cut, the same PDUs come out of it, up to the same place.
// 3. What is read from a PDU depends on that PDU's octets alone, not on what lies around it in the buffer.
// 4. Nothing that is read lies outside of the PDU, and nothing is longer than it.
// 5. What the encoder wrote the decoder reads.
// 6. The text of a receipt is read the same whatever lies before and after it.
// That it comes to an end is watched from another thread.

import assert from 'node:assert/strict';
import { Command } from '../src/smpp/constants.ts';
import { type Bind, readBind, readMessageId, ShortMessage } from '../src/smpp/decode.ts';
import { PduError, StreamError } from '../src/smpp/errors.ts';
import { parseReceiptText, type Receipt, readReceipt } from '../src/smpp/receipt.ts';
import { readInt32, Splitter } from '../src/smpp/splitter.ts';
import { corpusOf, hostileStream, type Made, receiptText, validPdu } from './pdus.ts';
import { Random } from './random.ts';

/** What one PDU was read as: a status where it was refused. */
type Read =
  | number
  | Bind
  | string
  | { source: string; destination: string; validity: string; text: string; receipt: Receipt | null };

const message = new ShortMessage();

/** Reads a PDU as our sessions do, by its command. */
export function readPdu(bytes: Buffer, start: number, end: number): Read {
  const command = readInt32(bytes, start + 4);
  const body = start + 16;
  try {
    switch (command) {
      case Command.submitSm:
      case Command.deliverSm:
        message.read(bytes, body, end, readInt32(bytes, start + 12));
        return seen(message, body, end);
      case Command.bindReceiver:
      case Command.bindTransmitter:
      case Command.bindTransceiver:
        return readBind(bytes, body, end);
      default:
        return readMessageId(bytes, body, end);
    }
  } catch (error) {
    if (error instanceof PduError) return error.status;
    throw error;
  }
}

function seen(read: ShortMessage, start: number, end: number): Read {
  const { textStart, textEnd, source, destination, validityPeriod, destinationNumber, shortMessage } = read;
  if (!(textStart >= start && textStart <= textEnd && textEnd <= end)) assert.fail('the text lies outside');
  if (source.length + destination.length + validityPeriod.length > end - start) assert.fail('too long');
  if (!Number.isNaN(destinationNumber) && String(destinationNumber) !== destination) {
    assert.fail(`${destination} is not ${destinationNumber}`);
  }
  const receipt = readReceipt(read);
  if (receipt !== null) checkReceipt(receipt, end - start);
  return { source, destination, validity: validityPeriod, text: shortMessage.toString('latin1'), receipt };
}

function checkReceipt({ id, error }: Receipt, longest: number): void {
  if (id.length === 0 || id.length > longest) assert.fail(`an id of ${id.length} octets`);
  if (error !== null && !(Number.isInteger(error) && error >= 0 && error <= 0x7fff_ffff)) {
    assert.fail(`an error of ${error}`);
  }
}

/** The PDUs of a stream that comes in these chunks, one read after the other, and why it ended, if it did. */
function readStream(chunks: readonly Buffer[]): { pdus: Read[]; octets: number; fatal: boolean } {
  const pdus: Read[] = [];
  let octets = 0;
  const splitter = new Splitter();
  const sink = {
    pdu(bytes: Buffer, start: number, end: number) {
      octets += end - start;
      pdus.push(readPdu(bytes, start, end));
    },
  };
  try {
    for (const chunk of chunks) splitter.push(chunk, sink);
  } catch (error) {
    if (!(error instanceof StreamError)) throw error;
    return { pdus, octets, fatal: true };
  }
  return { pdus, octets, fatal: false };
}

/** Cuts a stream at up to seven places, anywhere; sometimes octet by octet. */
function cut(random: Random, stream: Buffer): Buffer[] {
  if (stream.length < 100 && random.oneIn(10)) {
    return Array.from(stream, (_, i) => stream.subarray(i, i + 1));
  }
  const chunks: Buffer[] = [];
  let from = 0;
  for (let pieces = random.between(1, 7); pieces > 0 && from < stream.length; pieces -= 1) {
    const to = random.between(from, stream.length);
    chunks.push(stream.subarray(from, to));
    from = to;
  }
  chunks.push(stream.subarray(from));
  return chunks;
}

/** Checks one stream, cut as `random` says. */
export function checkStream(random: Random, stream: Buffer): void {
  const whole = readStream([stream]);
  const pieces = readStream(cut(random, stream));
  // Cheaper than deepEqual, and as exact for what is strings and numbers only.
  if (JSON.stringify(whole) !== JSON.stringify(pieces)) assert.deepEqual(pieces, whole);
  let at = 0;
  for (const read of whole.pdus) {
    const length = readInt32(stream, at);
    const alone = readPdu(Buffer.from(stream.subarray(at, at + length)), 0, length);
    if (JSON.stringify(read) !== JSON.stringify(alone)) assert.deepEqual(read, alone);
    at += length;
  }
}

/** Checks that the decoder reads what the encoder wrote. */
export function checkRoundTrip(made: Made): void {
  const { bytes } = made;
  assert.equal(readInt32(bytes, 0), bytes.length);
  const read = readPdu(bytes, 0, bytes.length);
  if (made.kind === 'bind') {
    assert.deepEqual(read, { ...made.fields, interfaceVersion: 0x34 });
  } else if (made.kind === 'text') {
    assert.equal(read, made.text);
  } else if (made.kind === 'submit') {
    const { fields, destination } = made;
    checkFields(read, fields.source.addr, String(destination), fields.shortMessage);
    assert.deepEqual(
      [message.sourceTon, message.sourceNpi, message.destinationTon, message.destinationNpi],
      [fields.source.ton, fields.source.npi, fields.dest.ton, fields.dest.npi],
    );
    assert.deepEqual(
      [message.esmClass, message.registeredDelivery, message.dataCoding, message.validityPeriod],
      [fields.esmClass, fields.registeredDelivery, fields.dataCoding, fields.validityPeriod],
    );
  } else if (made.kind === 'deliver') {
    const { fields } = made;
    // A message_payload takes the place of the text, which is compared only where there is none.
    const text = Buffer.from(fields.optional).includes(Buffer.from([0x04, 0x24]))
      ? null
      : fields.shortMessage;
    checkFields(read, String(fields.source), String(fields.destination), text);
    assert.deepEqual([message.esmClass, message.dataCoding], [fields.esmClass, fields.dataCoding]);
  }
}

function checkFields(read: Read, source: string, destination: string, text: Uint8Array | null): void {
  assert.ok(typeof read === 'object' && 'text' in read, `it was not read: ${JSON.stringify(read)}`);
  assert.deepEqual([read.source, read.destination], [source, destination]);
  if (text !== null) assert.equal(read.text, Buffer.from(text).toString('latin1'));
}

/** The valid PDUs of a run; made once for each seed. */
let corpus: { seed: number; pdus: Buffer[] } | undefined;

/** Input `index` of the run with this seed: a stream for the decoder. */
export function streamOf(seed: number, index: number): { random: Random; stream: Buffer } {
  if (corpus?.seed !== seed) corpus = { seed, pdus: corpusOf(new Random(seed)) };
  const random = new Random(seed, index + 1);
  return { random, stream: hostileStream(random, corpus.pdus) };
}

/** The text of a receipt between two others, cut short anywhere: only its own octets may count. */
function checkReceiptText(random: Random): void {
  const [before, after] = [receiptText(random), receiptText(random)];
  const text = receiptText(random).subarray(0, random.oneIn(2) ? random.below(255) : undefined);
  const end = before.length + text.length;
  const within = parseReceiptText(Buffer.concat([before, text, after]), before.length, end);
  const alone = parseReceiptText(text, 0, text.length);
  if (JSON.stringify(within) !== JSON.stringify(alone)) assert.deepEqual(within, alone);
  const { id, state, error } = alone;
  if (id !== null && id !== '')
    checkReceipt({ id, error, state: state ?? 'UNKNOWN', fromTlv: false }, text.length);
}

/** Every so many inputs, a PDU is made to be read again. */
const roundTripEvery = 10;

/** Tries one input. Throws where something does not hold. */
export function tryInput(seed: number, index: number): void {
  const { random, stream } = streamOf(seed, index);
  checkStream(random, stream);
  checkReceiptText(random);
  if (index % roundTripEvery === 0) checkRoundTrip(validPdu(random));
}

/** What is shown of an input that fails. */
export function describeInput(seed: number, index: number): string {
  return `stream ${streamOf(seed, index).stream.toString('hex')}`;
}
