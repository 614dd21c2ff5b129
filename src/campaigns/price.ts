// What a campaign costs: segments times the price of each number's prefix. Pure; used by create.ts and by the price
// operation.

import { type AmountE7, amount, times, zero } from '../money/index.ts';
import type { Price } from '../tariffs/index.ts';

/** Finds the price of one segment to a number; undefined where its prefix has none. */
export type Prices = { priceOf(msisdn: number): Price | undefined };

export type Quote = {
  /** One for each number: the price of its message; undefined where it has none and cannot be sent. */
  prices: (Price | undefined)[];
  /** Numbers without a price. */
  unpriced: number;
  total: AmountE7;
  /** The messages that are charged when they are delivered, and their part of the total. */
  onDelivery: { count: number; price: AmountE7 };
};

/** What a message of a test key costs. */
const free: Price = { price: zero, onDelivery: false };

/** Prices one text of `parts` segments to every number. With `test`, as for test keys, every price is 0. */
export function quote(numbers: readonly number[], parts: number, table: Prices, test: boolean): Quote {
  const perMessage = new Map<Price, Price>();
  const prices = new Array<Price | undefined>(numbers.length).fill(undefined);
  let unpriced = 0;
  let total = 0n;
  let delivery = 0n;
  let deliveries = 0;
  for (let i = 0; i < numbers.length; i += 1) {
    const segment = table.priceOf(numbers[i]!);
    if (segment === undefined) {
      unpriced += 1;
      continue;
    }
    let message = test ? free : perMessage.get(segment);
    if (message === undefined) {
      message = { price: times(segment.price, parts), onDelivery: segment.onDelivery };
      perMessage.set(segment, message);
    }
    prices[i] = message;
    total += message.price;
    if (message.onDelivery) {
      deliveries += 1;
      delivery += message.price;
    }
  }
  return {
    prices,
    unpriced,
    total: amount(total),
    onDelivery: { count: deliveries, price: amount(delivery) },
  };
}
