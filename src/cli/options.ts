// How option values are read: each reader says what would be right.
import { InvalidArgumentError } from 'commander';

/** One of a few words. */
export function choice<T extends string>(...words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((each) => each === text);
    if (word === undefined) throw new InvalidArgumentError(`Choose ${words.join(' or ')}.`);
    return word;
  };
}

/** A whole number within limits. */
export function whole(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= from && value <= to))
      throw new InvalidArgumentError(`Give a whole number from ${from} to ${to}.`);
    return value;
  };
}

/** Several of what `read` understands, with commas between. */
export function list<T>(read: (text: string) => T): (text: string) => T[] {
  return (text) => text.split(',').map((each) => read(each.trim()));
}

/** Anything that `read` understands, with its error as the message. */
export function readBy<T>(read: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}
