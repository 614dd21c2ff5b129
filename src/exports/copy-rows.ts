// Reads the binary form of COPY: the messages of a statement, a batch for each piece that comes from the socket. Three
// times as fast as rows of a cursor, and as flat. Called by select.ts, whose columns these are.

import type { Readable } from 'node:stream';

/** A message as it lies in the table. Times are milliseconds since 1970. */
export type MessageRecord = {
  id: number;
  campaignId: number;
  phone: number;
  status: number;
  parts: number;
  /** In units of 10^-7. */
  price: number;
  onDelivery: boolean;
  sentAt: number | null;
  doneAt: number | null;
  error: number | null;
  reference: string | null;
  sender: string | null;
  text: string | null;
};

/** The columns, in the order in which they are read here. */
export const columns = `m.id, m.campaign_id, m.phone, m.status, m.parts, m.price_e7, m.on_delivery, m.sent_at, m.done_at,
  m.error, m.reference_id, m.sender, m.text`;
const columnCount = 13;

/** Signature, flags, and the length of an extension, which no server has. */
const headerLength = 19;
/** PostgreSQL counts from 2000. */
const epochMs = Date.UTC(2000, 0, 1);

/** The messages of a COPY … (format binary), in batches. Throws where the stream is not what it should be. */
export async function* readRows(stream: Readable): AsyncGenerator<MessageRecord[]> {
  let rest: Buffer = Buffer.alloc(0);
  let skip = headerLength;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (skip > 0) {
      if (bytes.length < skip) {
        rest = bytes;
        continue;
      }
      bytes = bytes.subarray(skip);
      skip = 0;
    }
    const batch: MessageRecord[] = [];
    const end = readBatch(bytes, batch);
    rest = bytes.subarray(end);
    if (batch.length > 0) yield batch;
  }
}

const starts = new Int32Array(columnCount);
const lengths = new Int32Array(columnCount);

/** Reads whole rows, and returns where the first that is not whole begins. */
function readBatch(bytes: Buffer, batch: MessageRecord[]): number {
  let at = 0;
  while (at + 2 <= bytes.length) {
    const count = bytes.readInt16BE(at);
    if (count === -1) return at + 2;
    if (count !== columnCount) throw new Error(`a row of ${count} columns, not ${columnCount}`);
    let next = at + 2;
    for (let i = 0; i < columnCount; i++) {
      if (next + 4 > bytes.length) return at;
      const length = bytes.readInt32BE(next);
      next += 4;
      starts[i] = next;
      lengths[i] = length;
      if (length > 0) next += length;
      if (next > bytes.length) return at;
    }
    batch.push({
      id: int8(bytes, starts[0]!),
      campaignId: int8(bytes, starts[1]!),
      phone: int8(bytes, starts[2]!),
      status: bytes.readInt16BE(starts[3]!),
      parts: bytes.readInt16BE(starts[4]!),
      price: int8(bytes, starts[5]!),
      onDelivery: bytes[starts[6]!] === 1,
      sentAt: moment(bytes, 7),
      doneAt: moment(bytes, 8),
      error: lengths[9]! < 0 ? null : bytes.readInt32BE(starts[9]!),
      reference: text(bytes, 10),
      sender: text(bytes, 11),
      text: text(bytes, 12),
    });
    at = next;
  }
  return at;
}

/** Exact for safe integers, which ids, numbers and prices of one message are. */
function int8(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}

function moment(bytes: Buffer, column: number): number | null {
  if (lengths[column]! < 0) return null;
  return epochMs + Math.floor(int8(bytes, starts[column]!) / 1000);
}

function text(bytes: Buffer, column: number): string | null {
  const length = lengths[column]!;
  return length < 0 ? null : bytes.toString('utf8', starts[column]!, starts[column]! + length);
}
