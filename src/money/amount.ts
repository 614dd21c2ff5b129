// The amount type, its arithmetic and its texts. Used wherever a price or a balance is read, written or shown.

declare const unit: unique symbol;

/** An amount in units of 10^-7 of a currency unit. Add and compare as any bigint; `amount` brands the result. */
export type AmountE7 = bigint & { readonly [unit]: 'E7' };

/** What `JSON.stringify` prints as it is (the JSON.parse source text access proposal, ES2026). */
export type RawJson = { readonly rawJSON: string };

/** Digits after the point: the finest price the One-API shows. */
const decimals = 7;
const one = 10n ** BigInt(decimals);

/** The largest amount, either way: what a PostgreSQL bigint column holds (about 922 thousand million units). */
const limit = 2n ** 63n - 1n;

// TypeScript's library does not declare JSON.rawJSON yet; Node has it since 21.
const { rawJSON: rawJson } = JSON as typeof JSON & { rawJSON(text: string): RawJson };

/** Nothing. */
export const zero = 0n as AmountE7;

/**
 * An amount from a count of 10^-7 units: a bigint, a safe integer, or the text of an int8 column.
 * Throws RangeError when it is no integer or does not fit a bigint column.
 */
export function amount(units: bigint | number | string): AmountE7 {
  if (typeof units === 'number' && !Number.isSafeInteger(units)) {
    throw new RangeError(`an amount is an exact integer of 10^-7 units, not ${units}`);
  }
  if (typeof units === 'string' && !/^-?[0-9]+$/.test(units)) {
    throw new RangeError(`an amount is an integer of 10^-7 units, not '${units.slice(0, 40)}'`);
  }
  const value = BigInt(units);
  if (value > limit || value < -limit) throw new RangeError(`the amount ${value} does not fit 64 bits`);
  return value as AmountE7;
}

/**
 * Reads a decimal such as '12.5', '-0.0000001' or '3': digits, at most seven of them after a point.
 * Throws RangeError on anything else and on what does not fit a bigint column.
 */
export function parseAmount(text: string): AmountE7 {
  const match = /^(-?)([0-9]{1,12})(?:\.([0-9]{1,7}))?$/.exec(text);
  if (match === null) {
    throw new RangeError(
      `'${text.slice(0, 40)}' is not an amount: digits with at most ${decimals} decimals, as 12.5`,
    );
  }
  const [, sign, whole = '', fraction = ''] = match;
  const units = BigInt(whole) * one + BigInt(fraction.padEnd(decimals, '0'));
  return amount(sign === '-' ? -units : units);
}

/** The amount with all seven decimals and a point, as reports show it: '12.5000000'. */
export function formatAmount(value: AmountE7): string {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/**
 * The amount as a JSON number that `JSON.stringify` prints exactly and in its shortest form: 12.5, 0, -0.0000001.
 * A compiled serialiser must hand it to JSON.stringify: as a JavaScript number it could lose digits.
 */
export function jsonAmount(value: AmountE7): RawJson {
  return rawJson(formatAmount(value).replace(/\.?0+$/, ''));
}

/** The amount taken `count` times, such as a price per segment for all segments. `count` is an integer. */
export function times(value: AmountE7, count: number | bigint): AmountE7 {
  return amount(value * BigInt(count));
}
