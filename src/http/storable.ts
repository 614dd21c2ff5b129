// Finds what PostgreSQL cannot hold in a request's JSON: the character U+0000, and halves of surrogate pairs. Checked
// once for all bodies, as every text of ours ends in a column or in the audit log. Called by server.ts.

import type { FieldErrors } from './errors.ts';

/** JSON can hold such a character only as an escape, so a body without these has none. */
const suspicious = /\\u(0000|d[89a-f])/i;

/** Wrong fields that one answer names. */
const namedFields = 20;

/** What is wrong with the texts of a body, by their fields; undefined where nothing is. */
export function unstorable(json: string, body: unknown): FieldErrors | undefined {
  if (!suspicious.test(json)) return undefined;
  const errors: FieldErrors = {};
  look(body, '', errors);
  return Object.keys(errors).length > 0 ? errors : undefined;
}

function look(value: unknown, path: string, errors: FieldErrors): void {
  if (Object.keys(errors).length >= namedFields) return;
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  if (typeof value === 'string') {
    if (!isStorable(value)) {
      errors[path === '' ? 'body' : path] = ['This must be valid Unicode without the character U+0000.'];
    }
  } else if (Array.isArray(value)) {
    value.forEach((item, i) => {
      look(item, at(String(i)), errors);
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      if (isStorable(name)) look(item, at(name), errors);
      else errors[path === '' ? 'body' : path] = ['A name in it is not valid Unicode without U+0000.'];
    }
  }
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
