// What a campaign costs: segments times the price of each number's prefix. Pure; used by create.ts and by the price
// operation.

import { type AmountE7, amount, times, zero } from '../money/index.ts';

/** Finds the price of one segment to a number; undefined where its prefix has none. */
export type Prices = { priceOf(msisdn: number): AmountE7 | undefined };

export type Quote = {
  /** One for each number: the price of its message; undefined where it has none and cannot be sent. */
  prices: (AmountE7 | undefined)[];
  /** Numbers without a price. */
  unpriced: number;
  total: AmountE7;
};

/** Prices one text of `parts` segments to every number. With `free`, as for test keys, every price is 0. */
export function quote(numbers: readonly number[], parts: number, table: Prices, free: boolean): Quote {
  const perMessage = new Map<AmountE7, AmountE7>();
  const prices = new Array<AmountE7 | undefined>(numbers.length).fill(undefined);
  let unpriced = 0;
  let total = 0n;
  for (let i = 0; i < numbers.length; i += 1) {
    const segment = table.priceOf(numbers[i]!);
    if (segment === undefined) {
      unpriced += 1;
      continue;
    }
    let price = free ? zero : perMessage.get(segment);
    if (price === undefined) {
      price = times(segment, parts);
      perMessage.set(segment, price);
    }
    prices[i] = price;
    total += price;
  }
  return { prices, unpriced, total: amount(total) };
}
