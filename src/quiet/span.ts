// Quiet spans as people and the database write them: "22:00-08:00", and times of a day.

import type { QuietSpan } from './quiet.ts';

const time = /^([01]\d|2[0-3]):([0-5]\d)(?::00)?$/;

/** Minutes since midnight of "22:00" (or PostgreSQL's "22:00:00"), or undefined where it is no time of a day. */
export function parseTime(text: string): number | undefined {
  const found = time.exec(text);
  return found === null ? undefined : Number(found[1]) * 60 + Number(found[2]);
}

/** "22:00" */
export function formatTime(minutes: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The span between two times; throws an error in words. */
export function spanOf(from: string, to: string): QuietSpan {
  const span = { from: parseTime(from), to: parseTime(to) };
  if (span.from === undefined || span.to === undefined || span.from === span.to) {
    throw new RangeError('Quiet hours are two different times of a day, such as 22:00 and 08:00.');
  }
  return { from: span.from, to: span.to };
}

/** "22:00-08:00" as a span; throws an error in words. */
export function parseSpan(text: string): QuietSpan {
  const [from = '', to = '', ...rest] = text.split('-');
  return spanOf(rest.length > 0 ? '' : from.trim(), to.trim());
}

/** "22:00-08:00" */
export function formatSpan({ from, to }: QuietSpan): string {
  return `${formatTime(from)}-${formatTime(to)}`;
}
