// Finds what PostgreSQL cannot hold in a request's JSON: the character U+0000, halves of surrogate pairs, and whole
// numbers that JavaScript has rounded already. Checked once for all bodies, as every text of ours ends in a column or in
// the audit log. Called by server.ts.

import type { FieldErrors } from './errors.ts';

/** JSON writes such characters as escapes only, and such numbers with 16 digits or an exponent: a body without has none. */
const suspicious = /\\u(0000|d[89a-f])|\d{16}|\d[eE]/i;

/** Wrong fields that one answer names. */
const namedFields = 20;

/** What is wrong with the values of a body, by their fields; null where nothing is. */
export function unstorable(json: string, body: unknown): FieldErrors | null {
  if (!suspicious.test(json)) return null;
  const errors: FieldErrors = Object.create(null); // a field may be called __proto__
  look(body, '', errors);
  return Object.keys(errors).length > 0 ? errors : null;
}

function look(value: unknown, path: string, errors: FieldErrors): void {
  if (Object.keys(errors).length >= namedFields) return;
  const wrong = (message: string) => {
    errors[path === '' ? 'body' : path] = [message];
  };
  if (typeof value === 'string') {
    if (!isStorable(value)) wrong('This must be valid Unicode without the character U+0000.');
  } else if (typeof value === 'number') {
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      wrong(`This must be between ${Number.MIN_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}.`);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      if (isStorable(name)) look(item, path === '' ? name : `${path}.${name}`, errors);
      else wrong('A name in it is not valid Unicode without U+0000.');
    }
  }
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
