// Exact amounts of money and numbers as people read them. Pure; used by useFormat.
import type { Amount } from '../api/json.ts';

/** The digits of an amount, without an exponent. */
export function decimal(amount: Amount): string {
  if (typeof amount === 'string') return amount;
  const digits = String(amount);
  return digits.includes('e') ? amount.toFixed(7) : digits;
}

/** An amount of a currency with two to seven decimals, in words of the locale; nothing is rounded. */
export function formatMoney(amount: Amount, currency: string, locale: string): string {
  const digits = decimal(amount) as `${number}`;
  const options = { minimumFractionDigits: 2, maximumFractionDigits: 7 };
  try {
    return new Intl.NumberFormat(locale, { ...options, style: 'currency', currency }).format(digits);
  } catch {
    // Not a code that Intl takes as a currency.
    return `${new Intl.NumberFormat(locale, options).format(digits)} ${currency}`;
  }
}
