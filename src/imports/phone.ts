// Phone numbers as people write them into files. Pure; called for every row of an import.

import { isMsisdn } from '../phones/index.ts';

const digits = /^[1-9]\d{8,14}$/;

/**
 * A number in international form: with or without + or 00 in front, with spaces, dashes, points, slashes and parentheses
 * within. Undefined where it is none: national numbers are not guessed at.
 */
export function readPhone(text: string): number | undefined {
  if (digits.test(text)) return Number(text);
  const bare = text
    .replace(/[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff().\-/\u2010-\u2014]/g, '')
    .replace(/^(\+|00)/, '');
  if (!digits.test(bare)) return undefined;
  const number = Number(bare);
  return isMsisdn(number) ? number : undefined;
}

/** Why a row with such a phone is rejected. */
export function wrongPhone(text: string): string {
  if (text.trim() === '') return 'It has no phone number.';
  if (/^\d([.,]\d+)?e\+?\d+$/i.test(text.trim()))
    return 'The phone number was rounded by a spreadsheet (it is written with an exponent): export it as text.';
  return 'The phone number must have 9 to 15 digits with the country code, such as +34 600 000 000.';
}
