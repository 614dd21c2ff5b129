// Exact amounts of money for everything that prices, holds, charges or shows it: integers of 10^-7 of a currency
// unit, so that no sum is ever rounded.
export type { AmountE7, RawJson } from './amount.ts';
export { amount, formatAmount, jsonAmount, parseAmount, times, zero } from './amount.ts';
