// Numbers, money and times in the locale and the zone of the user. Used by every page.
import { useMemo } from 'react';
import type { Amount } from '../api/json.ts';
import { useLocale } from '../session/locale.ts';
import { formatMoney } from './amount.ts';
import { parseMoment } from './moment.ts';

export type Format = ReturnType<typeof makeFormat>;

/** The functions for the user who is signed in, or for the browser. */
export function useFormat(): Format {
  const { locale, zone } = useLocale();
  return useMemo(() => makeFormat(locale, zone), [locale, zone]);
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

/** The functions for a locale and an IANA zone. */
export function makeFormat(locale: string, zone: string) {
  const at = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
  const moment = at({ dateStyle: 'medium', timeStyle: 'short' });
  const exact = at({ dateStyle: 'medium', timeStyle: 'medium' });
  const day = at({ dateStyle: 'medium' });
  const time = at({ timeStyle: 'medium' });
  const shortTime = at({ timeStyle: 'short' });
  const shortMoment = at({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
  const number = new Intl.NumberFormat(locale);
  const rounded = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const bytes = (unit: string) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 1 });
  const read = (value: string | Date) => (typeof value === 'string' ? parseMoment(value) : value);

  return {
    locale,
    zone,
    /** Date and time to the minute: of a string of the server, or a Date. */
    moment: (value: string | Date) => moment.format(read(value)),
    /** Date and time to the second. */
    exact: (value: string | Date) => exact.format(read(value)),
    day: (value: string | Date) => day.format(read(value)),
    time: (value: string | Date) => time.format(read(value)),
    shortTime: (value: string | Date) => shortTime.format(read(value)),
    shortMoment: (value: string | Date) => shortMoment.format(read(value)),
    number: (value: number) => number.format(value),
    /** To one decimal: rates and durations. */
    rounded: (value: number) => rounded.format(value),
    /** `part` of `whole` as a percentage; nothing of nothing is 0 %. */
    share: (part: number, whole: number) => share.format(whole === 0 ? 0 : part / whole),
    /** All digits of an amount. */
    money: (amount: Amount, currency: string) => formatMoney(amount, currency, locale),
    bytes: (value: number) => {
      const power = Math.min(byteUnits.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
      return bytes(byteUnits[power]!).format(value / 1000 ** power);
    },
  };
}
