// Operators write one message id in several ways: in the receipt otherwise than in the response, in hexadecimal or
// decimal, with or without leading zeros or 0x, in capitals. Called for responses by the statement that writes down
// submissions, and for receipts by the matcher and its statements.

/**
 * The longest id that is kept, in characters. SMPP 3.4 allows 64; what an index of the database cannot hold must not
 * stop the journal.
 */
export const idLimit = 255;

/** Ids that are folded already, as nearly all decimal ones are: told in one look. */
const folded = /^[1-9a-z][0-9a-z-]*$/;

/**
 * The one form of all ids that differ only in letter case, leading zeros or a leading 0x. Submissions are kept and
 * looked for by it; where two messages' ids differ in no more than that, their phones and the id as it was written
 * tell them apart.
 */
export function foldId(id: string): string {
  if (folded.test(id)) return id;
  return id
    .trim()
    .toLowerCase()
    .replace(/^0x(?=[0-9a-f]+$)/, '')
    .replace(/^0+(?=.)/, '');
}

/** How the id of a response is made out of that of a receipt: it is the same, or in decimal, or in hexadecimal. */
export type Notation = 'same' | 'decimal' | 'hex';

/** Every other notation than the same, likeliest first. */
export const otherNotations: readonly Notation[] = ['decimal', 'hex'];

/** A folded id in another notation, or null where it has none. */
export function noted(id: string, notation: Notation): string | null {
  if (notation === 'decimal') return hexToDecimal(id);
  return notation === 'hex' ? decimalToHex(id) : id;
}

/** The decimal form of a folded id in hexadecimal, or null where it is none. */
export function hexToDecimal(id: string): string | null {
  return /^[0-9a-f]{1,16}$/.test(id) ? BigInt(`0x${id}`).toString() : null;
}

/** The hexadecimal form of a folded id in decimal, or null where it is none. */
export function decimalToHex(id: string): string | null {
  return /^\d{1,20}$/.test(id) ? BigInt(id).toString(16) : null;
}
