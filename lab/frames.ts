// Where PDUs begin in a stream that passes by in chunks, so that garbage can be put between two of them, and a
// connection cut in the middle of one. Used by link.ts for the connections to operators.

/** A PDU begins with its length in four octets, which counts themselves. */
const lengthOctets = 4;

export class Frames {
  /** Octets of the current PDU that are still to come, once its length is known. */
  #left = 0;
  #length = 0;
  #lengthRead = 0;

  /** Whether the last chunk ended with the end of a PDU. */
  get between(): boolean {
    return this.#left === 0 && this.#lengthRead === 0;
  }

  /** Follows a chunk; returns the offset in it at which the first PDU begins, or -1 where none does. */
  follow(chunk: Buffer): number {
    let first = -1;
    let at = 0;
    while (at < chunk.length) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, chunk.length - at);
        this.#left -= taken;
        at += taken;
        continue;
      }
      if (this.#lengthRead === 0 && first === -1) first = at;
      this.#length = this.#length * 256 + chunk[at++]!;
      if (++this.#lengthRead < lengthOctets) continue;
      this.#left = Math.max(0, this.#length - lengthOctets);
      this.#length = 0;
      this.#lengthRead = 0;
    }
    return first;
  }
}
