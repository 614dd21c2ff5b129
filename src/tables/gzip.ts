// The plain bytes of a file that may be compressed with gzip, with a bound on what they may become. Called by read.ts,
// and by the upload of an import.

import { Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { TableError } from './table.ts';

export type PlainLimits = {
  /** Bytes that a file may have when it is unpacked. */
  maxBytes: number;
  /** The bytes are the beginning of a longer file: packed data may end anywhere. */
  partial?: boolean;
};

/** A list of numbers shrinks to a third, the same line again and again to a hundredth; beyond that it is a bomb. */
const maxRatio = 300;
/** Where the ratio begins to count: a small file may be of one line. */
const ratioFrom = 16 * 1024 * 1024;

/** A file's bytes, unpacked where they were packed. */
export type Plain = {
  gzip: boolean;
  bytes: AsyncIterable<Buffer>;
};

/**
 * Looks at the first bytes of `source` and unpacks it where they are those of gzip. The bytes throw a TableError where
 * they are more than the limits allow, or where the packed data is broken or incomplete.
 */
export async function plainBytes(source: AsyncIterable<Uint8Array>, limits: PlainLimits): Promise<Plain> {
  const iterator = source[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let size = 0;
  while (size < 2) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    head.push(value);
    size += value.length;
  }
  const all = again(Buffer.concat(head), iterator);
  const [first, second] = Buffer.concat(head);
  const gzip = first === 0x1f && second === 0x8b;
  return { gzip, bytes: gzip ? unpacked(all, limits) : limited(all, limits) };
}

/** What was looked at, and then the rest. Ends the source when its reader ends early. */
async function* again(head: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    for (;;) {
      const { done, value } = await rest.next();
      if (done === true) return;
      yield buffer(value);
    }
  } finally {
    await rest.return?.();
  }
}

function buffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

async function* limited(source: AsyncIterable<Buffer>, { maxBytes }: PlainLimits): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const bytes of source) {
    size += bytes.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    yield bytes;
  }
}

async function* unpacked(
  source: AsyncIterable<Buffer>,
  { maxBytes, partial = false }: PlainLimits,
): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({
    chunkSize: 256 * 1024,
    ...(partial ? { finishFlush: constants.Z_SYNC_FLUSH } : {}),
  });
  let packed = 0;
  let size = 0;
  let failure: unknown;
  const input = Readable.from(
    (async function* counted() {
      for await (const bytes of source) {
        packed += bytes.length;
        yield bytes;
      }
    })(),
  );
  // An error of the source is thrown as it is, one of the packed data in words.
  input.once('error', (error) => {
    failure = error;
    gunzip.destroy(error);
  });
  input.pipe(gunzip);
  try {
    for await (const bytes of gunzip as AsyncIterable<Buffer>) {
      size += bytes.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      if (size > ratioFrom && size > packed * maxRatio)
        throw new TableError(`the file unpacks to more than ${maxRatio} times its size: pack a smaller one`);
      yield bytes;
    }
  } catch (error) {
    if (failure !== undefined || error instanceof TableError) throw failure ?? error;
    throw new TableError(`the packed file is broken or not complete (${(error as Error).message})`);
  } finally {
    input.destroy();
    gunzip.destroy();
  }
}

function tooLarge(maxBytes: number): TableError {
  return new TableError(`the file has more than ${maxBytes.toLocaleString('en')} bytes: split it`);
}
