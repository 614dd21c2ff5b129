// Random choices from a seed, so that whatever a fuzz finds can be found again. Every input has a generator of its own,
// made of the run's seed and the input's number: one input is replayed without those before it. Used by all of fuzz/.

export class Random {
  #state: number;

  /** The generator of input `index` of the run with this seed. */
  constructor(seed: number, index = 0) {
    // Two numbers that differ in one bit give states that differ in half of them.
    this.#state = mix((mix(seed | 0) + Math.imul(index | 0, 0x9e37_79b9)) | 0);
  }

  /** Any 32 bits, as an unsigned integer (splitmix32). */
  bits(): number {
    this.#state = (this.#state + 0x9e37_79b9) | 0;
    return mix(this.#state) >>> 0;
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor((this.bits() / 0x1_0000_0000) * limit);
  }

  /** A whole number from `from` to `to`, both possible. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  /** True once in so many times. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  /** So many characters of an alphabet. */
  text(length: number, alphabet: string): string {
    let text = '';
    for (let i = 0; i < length; i += 1) text += alphabet[this.below(alphabet.length)];
    return text;
  }

  /** So many random octets. */
  bytes(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let i = 0; i < length; i += 1) bytes[i] = this.bits();
    return bytes;
  }
}

function mix(value: number): number {
  let z = value;
  z = Math.imul(z ^ (z >>> 16), 0x21f0_aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a_2d97);
  return z ^ (z >>> 15);
}
