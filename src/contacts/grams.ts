// What searches by text look for: every contact carries the hashes of the pairs of characters of its texts, of its whole
// texts, and of the triples of digits of its phone, in one array under one GIN index. Each hash is of one field (or of
// one account's phones), so other fields and accounts do not mix in; a contact that a hash finds by chance is refused by
// the look at its value that follows. Works for every alphabet and language of the database. Pure; used by write.ts and
// search.ts.

/** Characters of a text that are hashed together: a search for less cannot use them. */
export const textGram = 2;

/** And digits of a phone, of which there are but ten. */
export const phoneGram = 3;

/**
 * A text without upper case, character by character, so that a part of a text becomes a part of the folded text. As
 * PostgreSQL does it in the collation pg_c_utf8, with which searches compare.
 */
export function fold(text: string): string {
  let folded = '';
  for (const character of text) folded += character === 'İ' ? 'i' : character.toLowerCase();
  return folded;
}

/** Adds the hashes of a text of a field. */
export function addText(grams: Set<number>, fieldId: number, text: string): void {
  const folded = fold(text);
  addParts(grams, seed(part, fieldId), folded, textGram);
  grams.add(wholeText(fieldId, folded));
}

/** Adds the hashes of a phone of an account. */
export function addPhone(grams: Set<number>, accountId: number, digits: string): void {
  addParts(grams, seed(phone, accountId), digits, phoneGram);
}

/** The hashes that every contact has whose field has `folded` as a part; none where it is too short. */
export function textParts(fieldId: number, folded: string): number[] {
  const grams = new Set<number>();
  addParts(grams, seed(part, fieldId), folded, textGram);
  return [...grams];
}

/** The hash of those that have it as the whole text. */
export function wholeText(fieldId: number, folded: string): number {
  return hash(seed(whole, fieldId), folded, 0, folded.length);
}

/** The hashes of those whose phone has these digits in a row; none where they are too few. */
export function phoneParts(accountId: number, digits: string): number[] {
  const grams = new Set<number>();
  addPhone(grams, accountId, digits);
  return [...grams];
}

const part = 1;
const whole = 2;
const phone = 3;

function addParts(grams: Set<number>, start: number, text: string, length: number): void {
  for (let at = 0; at + length <= text.length; at += 1) grams.add(hash(start, text, at, length));
}

function seed(kind: number, id: number): number {
  return mixed(mixed(kind, id), Math.floor(id / 0x1_0000_0000));
}

function hash(start: number, text: string, at: number, length: number): number {
  let state = start;
  for (let i = at; i < at + length; i += 1) state = mixed(state, text.charCodeAt(i));
  return state;
}

/** One round of MurmurHash3: an integer of 32 bits, as a column `integer` holds it. */
function mixed(state: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  const h = state ^ Math.imul(k, 0x1b873593);
  const spread = Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64;
  return (spread ^ (spread >>> 16)) | 0;
}
