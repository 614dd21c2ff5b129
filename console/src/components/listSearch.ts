// What lists keep in the address after `?`: page, order and filters, so that a list can be linked to and gone back to.
// Wrong values fall back to the usual ones.

/** How many rows a page of a list has. */
export const pageSize = 50;

/** One of the words, or undefined. */
export function oneOf<T extends string>(words: readonly T[], value: unknown): T | undefined {
  return words.find((word) => word === value);
}

/** A text that is not empty, or undefined; the router reads digits as a number. */
export function text(value: unknown): string | undefined {
  const given = typeof value === 'number' ? String(value) : value;
  return typeof given === 'string' && given !== '' ? given : undefined;
}

/** A whole number from `least` on, or undefined. */
export function whole(value: unknown, least = 0): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= least ? (value as number) : undefined;
}

/** The same object without what is undefined, as addresses are kept short. */
export function defined<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as never;
}
