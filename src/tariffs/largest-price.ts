// The largest price of a segment: a campaign of 10,000 texts of five segments each still costs less than the largest
// balance. Read by rates.ts and rate-file.ts.

import { amount, formatAmount } from '../money/index.ts';

/** A million units of the currency. */
export const largestPrice = amount(10n ** 13n);

/** What is said of a larger one. */
export const tooDear = `a price is at most ${formatAmount(largestPrice).replace(/\.0+$/, '')}`;
