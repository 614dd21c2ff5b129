// Points in time as the One-API writes and reads them. Used by every route that shows or takes a date.

import type { FieldErrors } from './errors.ts';

/** `2026-01-31 09:30:00`, in UTC. */
export function formatMoment(moment: Date): string {
  return moment.toISOString().slice(0, 19).replace('T', ' ');
}

/** The same, where there may be no moment yet. */
export function formatMaybe(moment: Date | null): string | null {
  return moment === null ? null : formatMoment(moment);
}

/** What a date may look like, in the words of an error message. */
export const momentForms =
  'a date such as 2026-01-31 09:30:00 (UTC), or ISO 8601 with an offset such as 2026-01-31T09:30:00+03:00';

const plain = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/;
const offset = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})$/i;

/**
 * Reads `YYYY-MM-DD hh:mm:ss`, taken as UTC, or ISO 8601 with an offset; undefined for anything else, such as a
 * local time without an offset or the 30th of February.
 */
export function parseMoment(text: string): Date | undefined {
  const match = plain.exec(text) ?? offset.exec(text);
  if (match === null) return undefined;
  const [, day = '', time = '', zone = 'Z'] = match;
  // Date rolls 30 February over to March: the day must survive the round trip.
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return undefined;
  const colon = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
  const moment = new Date(`${day}T${time}${colon}`);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}

/** A date of a query string, or undefined where it is absent; a wrong one is noted in `errors`. */
export function momentField(text: string | undefined, field: string, errors: FieldErrors): Date | undefined {
  if (text === undefined) return undefined;
  const moment = parseMoment(text);
  if (moment === undefined) errors[field] = [`This must be ${momentForms}.`];
  return moment;
}
