// What JSON can say and the database cannot keep: text with U+0000 or with half a surrogate pair, and whole numbers that
// JavaScript has rounded already. Called for every body that its schema has let through.

import type { FieldErrors } from './errors.ts';

/** The fields of a body that could not be kept, by their dotted path. */
export function unstorable(body: unknown): FieldErrors {
  const errors: FieldErrors = {};
  walk(body, '', errors);
  return errors;
}

function walk(value: unknown, path: string, errors: FieldErrors): void {
  if (typeof value === 'string') {
    if (!isText(value)) errors[path || 'body'] = ['This must not contain U+0000 or half a surrogate pair.'];
  } else if (typeof value === 'number') {
    if (Number.isInteger(value) && !Number.isSafeInteger(value))
      errors[path || 'body'] = [
        `This must be between ${Number.MIN_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}.`,
      ];
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      if (isText(name)) walk(inner, path === '' ? name : `${path}.${name}`, errors);
      else errors[path || 'body'] = ['The name of a field must not contain U+0000 or half a surrogate pair.'];
    }
  }
}

function isText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
