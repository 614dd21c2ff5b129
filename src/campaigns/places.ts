// Where each phone number of a request stands, to find those that come twice. A table of our own because a Map keeps
// every number beyond 31 bits as an object of its own: this costs a twentieth of it. Used by recipients.ts.

/** The table is at least twice as large as what it holds, so that a look ends after a step or two. */
const room = 2;

/** Multiplies to bits that depend on all digits: 2^32 divided by the golden ratio. */
const golden = 0x9e3779b1;

export class Places {
  readonly #numbers: Float64Array;
  readonly #places: Int32Array;
  readonly #shift: number;

  /** @param most how many numbers it will have to hold */
  constructor(most: number) {
    const bits = Math.max(1, Math.ceil(Math.log2(Math.max(1, most) * room)));
    this.#numbers = new Float64Array(2 ** bits);
    this.#places = new Int32Array(2 ** bits);
    this.#shift = 32 - bits;
  }

  /** The place of a number (a positive integer below 2^53) that was put before; otherwise puts it there, and gives -1. */
  put(number: number, place: number): number {
    const mask = this.#numbers.length - 1;
    const folded = (number % 0x1_0000_0000) ^ (number / 0x1_0000_0000);
    let at = Math.imul(folded, golden) >>> this.#shift;
    while (this.#numbers[at] !== 0) {
      if (this.#numbers[at] === number) return this.#places[at]!;
      at = (at + 1) & mask;
    }
    this.#numbers[at] = number;
    this.#places[at] = place;
    return -1;
  }
}
