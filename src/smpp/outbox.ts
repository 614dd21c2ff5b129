// The bytes that wait for the next socket write: PDUs are encoded straight into it, one after the other, and leave
// as one buffer. Used by the connection; written by encode.ts.

/** The first slab, about 600 submit_sm. */
const firstSlab = 64 * 1024;

/** Slabs grow with what a turn writes, up to here; a turn that writes more gets a slab of its own size. */
const largestSlab = 1024 * 1024;

/** A slab is filled once from front to back and then left to the garbage collector, so bytes that the socket still
 * holds are never overwritten. */
export class Outbox {
  bytes: Buffer = Buffer.alloc(0);
  /** Where the next PDU begins. Encoders move it when they have written one. */
  end = 0;
  #start = 0;
  #slab = firstSlab;

  /** Makes sure that `length` octets fit, and returns the offset in `bytes` (read it afterwards) to write them at. */
  room(length: number): number {
    if (this.end + length > this.bytes.length) this.#renew(length);
    return this.end;
  }

  /** Octets that wait. */
  get length(): number {
    return this.end - this.#start;
  }

  /** Everything that waits, as one buffer, or null. It must reach the socket unchanged and is never touched again. */
  take(): Buffer | null {
    if (this.end === this.#start) return null;
    const taken = this.bytes.subarray(this.#start, this.end);
    this.#start = this.end;
    return taken;
  }

  #renew(length: number): void {
    const waiting = this.end - this.#start;
    while (this.#slab < largestSlab && this.#slab < 2 * (waiting + length)) this.#slab *= 2;
    const next = Buffer.allocUnsafeSlow(Math.max(this.#slab, 2 * (waiting + length)));
    this.bytes.copy(next, 0, this.#start, this.end);
    this.bytes = next;
    this.#start = 0;
    this.end = waiting;
  }
}
