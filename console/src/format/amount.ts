// Exact amounts of money and numbers as people read them. Pure; used by useFormat.
import type { Amount } from '../api/json.ts';
import { once } from './once.ts';

/** The digits of an amount, without an exponent. */
export function decimal(amount: Amount): string {
  if (typeof amount === 'string') return amount;
  const digits = String(amount);
  return digits.includes('e') ? amount.toFixed(7) : digits;
}

/** An amount of a currency with two to seven decimals, in words of the locale; nothing is rounded. */
export function formatMoney(amount: Amount, currency: string, locale: string): string {
  return formatterOf(currency, locale)(decimal(amount) as `${number}`);
}

const formatterOf = once((currency: string, locale: string) => {
  const options = { minimumFractionDigits: 2, maximumFractionDigits: 7 };
  try {
    const formatter = new Intl.NumberFormat(locale, { ...options, style: 'currency', currency });
    return (digits: `${number}`) => formatter.format(digits);
  } catch {
    // Not a code that Intl takes as a currency.
    const formatter = new Intl.NumberFormat(locale, options);
    return (digits: `${number}`) => `${formatter.format(digits)} ${currency}`;
  }
});
