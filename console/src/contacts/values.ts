// Values of fields as people read them. Pure.
import type { Format } from '../format/useFormat.ts';
import type { Field } from './api.ts';

/** A day stays the day that was given; a moment is shown in the user's zone; numbers keep every digit. */
export function showValue({ type }: Field, value: string, format: Format): string {
  if (type !== 'date') return value;
  if (/^\d{4}-\d\d-\d\d$/.test(value)) {
    return new Intl.DateTimeFormat(format.locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(
      new Date(`${value}T00:00:00Z`),
    );
  }
  return format.moment(value);
}
