// Phone numbers as people paste them: one a line or with commas, with plus, spaces and hyphens. Pure.

/** The most that one campaign takes when it is not a file. */
export const mostNumbers = 10_000;
/** As many as are named of those that are no numbers. */
const named = 5;

export type PastedNumbers = {
  /** Each once, in their order. */
  numbers: number[];
  /** How often a number came again. */
  repeated: number;
  /** How many entries are no numbers, and the first of them. */
  wrong: number;
  wrongOnes: string[];
};

/** Reads what was pasted. Numbers are international, with 9 to 15 digits. */
export function readNumbers(text: string): PastedNumbers {
  const numbers = new Set<number>();
  let repeated = 0;
  let wrong = 0;
  const wrongOnes: string[] = [];
  for (const entry of text.split(/[\n\r,;\t]+/)) {
    const written = entry.trim();
    if (written === '') continue;
    const digits = written.replace(/[\s().\-/\u00A0]/g, '').replace(/^(\+|00)/, '');
    if (!/^[1-9]\d{8,14}$/.test(digits)) {
      wrong += 1;
      if (wrongOnes.length < named) wrongOnes.push(written.slice(0, 40));
      continue;
    }
    const number = Number(digits);
    if (numbers.has(number)) repeated += 1;
    else numbers.add(number);
  }
  return { numbers: [...numbers], repeated, wrong, wrongOnes };
}
