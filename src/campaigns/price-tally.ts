// What the messages of a campaign cost and how they begin, found message by message while they are written. Messages of
// one rate and one number of parts cost the same, so a kind is made for each and counted. Called by fill.ts.

import { Reason, Status } from '../messages/index.ts';
import { amount, times } from '../money/index.ts';
import type { Price } from '../tariffs/index.ts';
import type { Accepted } from './insert.ts';
import type { Prices } from './price.ts';

/** Messages that cost the same and take as many parts. */
type Kind = { price: bigint; onDelivery: boolean; count: number; fate: string };

export class PriceTally {
  readonly #test: boolean;
  readonly #kinds = new Map<Price | undefined, Kind[]>();

  /** @param test as for test keys: every price is 0 */
  constructor(test: boolean) {
    this.#test = test;
  }

  /**
   * Counts a message of `parts` segments to a number, and gives the columns of its row that follow from that, for COPY:
   * price_e7, on_delivery, status, error, parts. One without a price has failed.
   */
  add(phone: number, parts: number, table: Prices): string {
    const segment = table.priceOf(phone);
    let kinds = this.#kinds.get(segment);
    if (kinds === undefined) {
      kinds = [];
      this.#kinds.set(segment, kinds);
    }
    kinds[parts] ??= this.#kindOf(segment, parts);
    const kind = kinds[parts]!;
    kind.count += 1;
    return kind.fate;
  }

  /** The sums of all that was counted. */
  sums(): Pick<Accepted, 'price' | 'onDelivery' | 'failedCount' | 'messageCount'> {
    let messageCount = 0;
    let total = 0n;
    const onDelivery = { count: 0, price: 0n };
    for (const kind of [...this.#kinds.values()].flatMap(Object.values<Kind>)) {
      const price = kind.price * BigInt(kind.count);
      messageCount += kind.count;
      total += price;
      if (!kind.onDelivery) continue;
      onDelivery.count += kind.count;
      onDelivery.price += price;
    }
    const unpriced = Object.values<Kind>(this.#kinds.get(undefined) ?? []);
    return {
      messageCount,
      price: amount(total),
      onDelivery: { count: onDelivery.count, price: amount(onDelivery.price) },
      failedCount: unpriced.reduce((sum, { count }) => sum + count, 0),
    };
  }

  #kindOf(segment: Price | undefined, parts: number): Kind {
    if (segment === undefined) {
      const fate = `0\tf\t${Status.failed}\t${Reason.noPrice}\t${parts}`;
      return { price: 0n, onDelivery: false, count: 0, fate };
    }
    const price = this.#test ? 0n : times(segment.price, parts);
    const onDelivery = !this.#test && segment.onDelivery;
    const fate = `${price}\t${onDelivery ? 't' : 'f'}\t${Status.queued}\t\\N\t${parts}`;
    return { price, onDelivery, count: 0, fate };
  }
}
