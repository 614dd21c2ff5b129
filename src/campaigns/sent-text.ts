// A text as it will be sent: what is wrong with it, and how many parts it takes. Called by order.ts for the text of a
// campaign, and for every message that has one of its own.

import { isGsm, measure, transliterate } from '../text/index.ts';
import { limits } from './limits.ts';

/** A text as it will be sent, and its segments. */
export type SentText = { text: string; parts: number };

/** What is wrong with the value of a text's field before anything is made of it; undefined where it is a text. */
export function textProblem(text: unknown): string | undefined {
  if (text === undefined || text === null) return 'This field is required.';
  if (typeof text !== 'string') return 'The text must be a string.';
  if (text.trim() === '') return 'The text must not be empty.';
  if (text.includes('\0') || !text.isWellFormed()) {
    return 'The text must be valid Unicode without the character U+0000.';
  }
  return undefined;
}

/** A text, in the GSM alphabet where `gsmOnly`, with its parts; or what is wrong: it is too long. */
export function checkText(text: string, gsmOnly: boolean): SentText | { wrong: string } {
  const sent = gsmOnly ? transliterate(text) : text;
  const { encoding, units, segments } = measure(sent);
  const limit = encoding === 'gsm7' ? limits.text.gsm : limits.text.ucs2;
  if (units <= limit) return { text: sent, parts: segments };
  return {
    wrong:
      `The text has ${units} characters as ${encoding === 'gsm7' ? 'GSM 7-bit' : 'UCS-2'}, and at most ${limit} ` +
      `are possible${isGsm(sent) ? '' : `; with the GSM alphabet alone (transliterate: true), ${limits.text.gsm}`}.`,
  };
}
