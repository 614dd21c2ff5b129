// The numbers that a campaign has so far, to leave out those that come again: millions of them in memory, eight octets
// each. A table of our own, as places.ts says; this one grows. Used by fill.ts.

/** Numbers that an empty table has room for. */
const smallest = 1024;

/** Multiplies to bits that depend on all digits: 2^32 divided by the golden ratio. */
const golden = 0x9e3779b1;

export class SeenNumbers {
  #numbers = new Float64Array(smallest * 2);
  #shift = 32 - Math.log2(smallest * 2);
  #size = 0;

  /** Notes a number (a positive integer below 2^53); false where it was noted before. */
  add(number: number): boolean {
    const at = place(this.#numbers, this.#shift, number);
    if (this.#numbers[at] === number) return false;
    this.#numbers[at] = number;
    this.#size += 1;
    // At two thirds a look ends after two steps in the mean; ten million numbers then take 128 MB.
    if (this.#size * 3 > this.#numbers.length * 2) this.#grow();
    return true;
  }

  #grow(): void {
    const larger = new Float64Array(this.#numbers.length * 2);
    const shift = this.#shift - 1;
    for (const number of this.#numbers) if (number !== 0) larger[place(larger, shift, number)] = number;
    this.#numbers = larger;
    this.#shift = shift;
  }
}

/** Where a number stands in a table, or where it would. */
function place(numbers: Float64Array, shift: number, number: number): number {
  const mask = numbers.length - 1;
  const folded = (number % 0x1_0000_0000) ^ (number / 0x1_0000_0000);
  let at = Math.imul(folded, golden) >>> shift;
  while (numbers[at] !== 0 && numbers[at] !== number) at = (at + 1) & mask;
  return at;
}
