// Reads up to 10,000 phone numbers with their references in one tight loop: a schema's visit of every item costs
// several times as much. Called by order.ts.

import type { FieldErrors } from '../http/index.ts';
import { isMsisdn } from '../phones/index.ts';
import { limits } from './limits.ts';
import { Places } from './places.ts';

/** The numbers of a request without duplicates, in their order. Struct of arrays. */
export type Recipients = {
  numbers: number[];
  /** One for each number. */
  references: (string | undefined)[];
  /** Where each reference stood in the request, for errors. */
  positions: number[];
  hasReferences: boolean;
};

export const wrongNumber =
  'The number must have 9 to 15 digits, in international form without plus, such as 34600000000.';
export const wrongReference = 'The reference_id must have 1 to 32 characters of A to Z, a to z and 0 to 9.';

/** `list` is the request's field `path`, whose items have their number in `key`. */
export function readRecipients(list: unknown, path: string, key: string, errors: FieldErrors): Recipients {
  const found: Recipients = { numbers: [], references: [], positions: [], hasReferences: false };
  if (!Array.isArray(list)) {
    errors[path] = [
      list === undefined || list === null ? 'This field is required.' : 'This must be an array.',
    ];
    return found;
  }
  const max = limits.phones.max;
  if ((list.length === 0 && path === 'phones') || list.length > max) {
    errors[path] = [`There must be 1 to ${max} numbers in a request, not ${list.length}.`];
    return found;
  }
  const wrong = wrongItems(path, errors);
  const { numbers, references, positions } = found;
  const places = new Places(list.length);
  const owners = new Map<string, number>();
  for (let i = 0; i < list.length; i += 1) {
    const item: unknown = list[i];
    if (typeof item !== 'object' || item === null) {
      wrong(`${i}`, `This must be an object such as {"${key}": 34600000000}.`);
      continue;
    }
    const { [key]: given, reference_id: reference } = item as Record<string, unknown>;
    const number = readNumber(given);
    if (number === undefined) {
      wrong(`${i}.${key}`, given === undefined ? 'This field is required.' : wrongNumber);
      continue;
    }
    let place = places.put(number, numbers.length);
    if (place === -1) {
      place = numbers.length;
      numbers.push(number);
      references.push(undefined);
      positions.push(i);
    }
    if (reference === undefined || reference === null || references[place] !== undefined) continue;
    if (typeof reference !== 'string' || !limits.reference.pattern.test(reference)) {
      wrong(`${i}.reference_id`, wrongReference);
      continue;
    }
    const owner = owners.get(reference);
    if (owner !== undefined) {
      wrong(`${i}.reference_id`, `The reference_id must be unique: ${path}.${owner} has the same.`);
      continue;
    }
    owners.set(reference, i);
    references[place] = reference;
    positions[place] = i;
    found.hasReferences = true;
  }
  wrong.finish();
  return found;
}

/** A phone number from a number or a string of digits; undefined where it is none. */
export function readNumber(given: unknown): number | undefined {
  const number = typeof given === 'string' && /^[1-9][0-9]{8,14}$/.test(given) ? Number(given) : given;
  return typeof number === 'number' && isMsisdn(number) ? number : undefined;
}

/** Notes wrong items up to the limit, and says how many more there were. */
export function wrongItems(path: string, errors: FieldErrors) {
  let count = 0;
  const note = (place: string, message: string): void => {
    count += 1;
    if (count <= limits.namedPhones) errors[`${path}.${place}`] = [message];
  };
  note.finish = (): void => {
    const more = count - limits.namedPhones;
    if (more > 0) errors[path] = [`There are ${more} more errors in this list.`];
  };
  return note;
}
