// Values of fields as people read them. Pure.
import { once } from '../format/once.ts';
import type { Format } from '../format/useFormat.ts';
import type { Field } from './api.ts';

const days = once((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }));

/** A day stays the day that was given; a moment is shown in the user's zone; numbers keep every digit. */
export function showValue({ type }: Field, value: string, format: Format): string {
  if (type !== 'date') return value;
  if (/^\d{4}-\d\d-\d\d$/.test(value)) {
    return days(format.locale).format(new Date(`${value}T00:00:00Z`));
  }
  return format.moment(value);
}
