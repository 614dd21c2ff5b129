// Numbers, money and times in the locale and the zone of the user. Used by every page.
import type { Amount } from '../api/json.ts';
import { useLocale } from '../session/locale.ts';
import { formatMoney } from './amount.ts';
import { parseMoment } from './moment.ts';
import { once } from './once.ts';

export type Format = ReturnType<typeof makeFormat>;

/** The functions for the user who is signed in, or for the browser. */
export function useFormat(): Format {
  const { locale, zone } = useLocale();
  return formatOf(locale, zone);
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

const formatOf = once(makeFormat);

/** The functions for a locale and an IANA zone. */
function makeFormat(locale: string, zone: string) {
  const at = (options: Intl.DateTimeFormatOptions) => {
    const formatter = once(() => new Intl.DateTimeFormat(locale, { timeZone: zone, ...options }));
    return (value: string | Date) =>
      formatter().format(typeof value === 'string' ? parseMoment(value) : value);
  };
  const figure = (options: Intl.NumberFormatOptions) => {
    const formatter = once(() => new Intl.NumberFormat(locale, options));
    return (value: number) => formatter().format(value);
  };
  const share = figure({ style: 'percent', maximumFractionDigits: 1 });
  const bytes = byteUnits.map((unit) => figure({ style: 'unit', unit, maximumFractionDigits: 1 }));

  return {
    locale,
    zone,
    /** Date and time to the minute: of a string of the server, or a Date. */
    moment: at({ dateStyle: 'medium', timeStyle: 'short' }),
    /** Date and time to the second. */
    exact: at({ dateStyle: 'medium', timeStyle: 'medium' }),
    day: at({ dateStyle: 'medium' }),
    time: at({ timeStyle: 'medium' }),
    shortTime: at({ timeStyle: 'short' }),
    shortMoment: at({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }),
    number: figure({}),
    /** To one decimal: rates and durations. */
    rounded: figure({ maximumFractionDigits: 1 }),
    /** `part` of `whole` as a percentage; nothing of nothing is 0 %. */
    share: (part: number, whole: number) => share(whole === 0 ? 0 : part / whole),
    /** All digits of an amount. */
    money: (amount: Amount, currency: string) => formatMoney(amount, currency, locale),
    bytes: (value: number) => {
      const power = Math.min(byteUnits.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
      return bytes[power]!(value / 1000 ** power);
    },
  };
}
