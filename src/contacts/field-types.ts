// The types of contact fields: what a value of each may look like, and where numbers and dates stand in their order.
// Used by everything that takes in values or searches for them. Pure.

import { formatMoment, momentForms, parseMoment } from '../http/index.ts';

export const fieldTypes = ['text', 'number', 'date'] as const;

export type FieldType = (typeof fieldTypes)[number];

/** Characters of a value: what fits into a message anyway. */
export const maxValueLength = 255;

/** More digits than any amount or id has; PostgreSQL would take more. */
const number = /^-?\d{1,20}(\.\d{1,10})?$/;

const day = /^\d{4}-\d{2}-\d{2}$/;

/** What a value must be, in the words of an error message. */
export const valueForms: Record<FieldType, string> = {
  text: `a text of 1 to ${maxValueLength} characters`,
  number: 'a decimal number such as -12.50, with up to 20 digits before the point and 10 after it',
  date: `a day such as 2026-01-31, or ${momentForms}`,
};

/**
 * The value as it is stored and shown, or undefined where it is none of the type. A number keeps the digits it was given
 * with; a date becomes `YYYY-MM-DD`, or `YYYY-MM-DD hh:mm:ss` in UTC where it has a time.
 */
export function checkValue(type: FieldType, text: string): string | undefined {
  switch (type) {
    case 'text': {
      const fits = text.length >= 1 && text.length <= maxValueLength;
      return fits && !text.includes('\0') && text.isWellFormed() ? text : undefined;
    }
    case 'number':
      return number.test(text) ? text : undefined;
    case 'date': {
      const from = parseSpan(text)?.from;
      if (from === undefined) return undefined;
      return day.test(text) ? text : formatMoment(from);
    }
  }
}

/** The moments that a date stands for: a day from 0 to 24 o'clock UTC, or a second. `upto` is not in it. */
export type Span = { from: Date; upto: Date };

/** Reads a day, or a moment to the second; undefined for anything else. Years are those of four digits, from 1. */
export function parseSpan(text: string): Span | undefined {
  const isDay = day.test(text);
  const moment = parseMoment(isDay ? `${text} 00:00:00` : text);
  if (moment === undefined) return undefined;
  const from = new Date(Math.floor(moment.getTime() / 1000) * 1000);
  if (!/^(?!0000)\d{4}-/.test(from.toISOString())) return undefined;
  return { from, upto: new Date(from.getTime() + (isDay ? 86_400_000 : 1000)) };
}

/** The place of a stored number or date in the order of its field, as `contact_value.value` holds it. */
export function orderOf(type: 'number' | 'date', value: string): string {
  return type === 'number' ? value : secondsOf(parseSpan(value)!.from);
}

/** A moment in seconds since 1970. */
export function secondsOf(moment: Date): string {
  return String(moment.getTime() / 1000);
}
