// Cuts the chunks of a TCP stream into PDUs, whole, merged or split anywhere. Used by the connection of both sides.

import { headerLength, maxPduLength } from './constants.ts';
import { StreamError } from './errors.ts';

/** Takes each PDU as a region of a buffer. The region is valid for as long as it is referred to. */
export interface PduSink {
  pdu(bytes: Buffer, start: number, end: number): void;
}

/** Four octets, most significant first, as a signed 32-bit integer. */
export function readInt32(bytes: Buffer, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

/** Splits one stream. PDUs that lie whole in a chunk are not copied; the one that straddles two chunks is. */
export class Splitter {
  #partial: Buffer | null = null;
  #filled = 0;

  /**
   * Gives every PDU that `chunk` completes to `sink`, in order.
   * Throws StreamError when a command_length is below 16 or above maxPduLength; the stream is then useless.
   */
  push(chunk: Buffer, sink: PduSink): void {
    const size = chunk.length;
    let at = 0;
    if (this.#partial !== null) {
      at = this.#fill(chunk, 0);
      if (this.#partial !== null && this.#filled === 4 && this.#partial.length === 4) {
        const whole = Buffer.allocUnsafe(checkedLength(this.#partial, 0));
        this.#partial.copy(whole, 0);
        this.#partial = whole;
        at = this.#fill(chunk, at);
      }
      const partial = this.#partial;
      if (partial.length === 4 || this.#filled < partial.length) return;
      this.#partial = null;
      sink.pdu(partial, 0, partial.length);
    }
    while (size - at >= 4) {
      const end = at + checkedLength(chunk, at);
      if (end > size) break;
      sink.pdu(chunk, at, end);
      at = end;
    }
    if (at < size) {
      this.#partial = Buffer.allocUnsafe(size - at >= 4 ? checkedLength(chunk, at) : 4);
      this.#filled = 0;
      this.#fill(chunk, at);
    }
  }

  #fill(chunk: Buffer, at: number): number {
    const partial = this.#partial!;
    const n = chunk.copy(partial, this.#filled, at);
    this.#filled += n;
    return at + n;
  }
}

function checkedLength(bytes: Buffer, at: number): number {
  const length = readInt32(bytes, at) >>> 0;
  if (length < headerLength || length > maxPduLength) {
    throw new StreamError(
      `command_length ${length} is not between ${headerLength} and ${maxPduLength}: not an SMPP stream`,
    );
  }
  return length;
}
