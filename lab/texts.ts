// What was said to each number, as an operator heard it: for the judge, who compares it with what was ordered.
import type { ShortMessage } from '../src/smpp/index.ts';
import { gsmText } from '../src/text/index.ts';

/** Of a text in parts: the octets of the header before each. */
const headerLength = 6;

export class Texts {
  /** The different parts that came, by number: each as its place and its text. */
  readonly #parts = new Map<number, Map<string, string>>();

  /** Takes in a submit; a copy that is sent again says the same once more. All texts of the laboratory are GSM. */
  hear({ destinationNumber: phone, shortMessage: octets }: ShortMessage): void {
    const inParts = octets[0] === headerLength - 1 && octets[1] === 0;
    const place = inParts ? octets[headerLength - 1]! : 1;
    const text = gsmText(inParts ? octets.subarray(headerLength) : octets);
    let parts = this.#parts.get(phone);
    if (parts === undefined) {
      parts = new Map();
      this.#parts.set(phone, parts);
    }
    parts.set(`${String(place).padStart(3, '0')} ${text}`, text);
  }

  /** The parts that a number was sent, in their order; one too many where two texts were. */
  of(phone: number): string[] {
    const parts = this.#parts.get(phone) ?? new Map<string, string>();
    return [...parts.keys()].sort().map((key) => parts.get(key)!);
  }
}
