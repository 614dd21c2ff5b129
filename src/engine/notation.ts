// Operators write one message id in two ways: often decimal in the response and hexadecimal in the receipt. Called by
// the dispatcher for responses, and by the matcher and its statements for receipts.

/**
 * The longest id that is kept, in characters. SMPP 3.4 allows 64; what an index of the database cannot hold must not
 * stop the journal.
 */
export const idLimit = 255;

/** The decimal form of an id in hexadecimal (with or without 0x), or null where it is none. */
export function hexToDecimal(id: string): string | null {
  const match = /^(?:0x)?([0-9a-f]{1,16})$/i.exec(id);
  return match === null ? null : BigInt(`0x${match[1]}`).toString();
}

/** The hexadecimal form of an id in decimal, or null where it is none. */
export function decimalToHex(id: string): string | null {
  return /^\d{1,20}$/.test(id) ? BigInt(id).toString(16) : null;
}

/** Every other way to write an id that operators are known to use, likeliest first. */
export function otherNotations(id: string): string[] {
  const notations = new Set<string>();
  const decimal = hexToDecimal(id);
  if (decimal !== null) notations.add(decimal);
  const hex = decimalToHex(id);
  if (hex !== null) notations.add(hex).add(hex.toUpperCase());
  notations.delete(id);
  return [...notations];
}
