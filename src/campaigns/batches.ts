// Cuts a campaign's messages into batches, the unit of dispatch; where it respects quiet hours, each to one country,
// so that the engine can hold them by country. Pure; called by order.ts and create.ts.

import { countryOf } from '../phones/index.ts';
import type { Recipients } from './recipients.ts';

/** Messages of a batch: a lease's worth of work, and one group of an outcome journal. */
export const batchSize = 1000;

/** Batches of consecutive message ids. Struct of arrays; a country is null where quiet hours do not matter. */
export type Batches = { first: number[]; last: number[]; country: (string | null)[] };

/** The recipients of each country together, each country's in their order. */
export function byCountry(recipients: Recipients): Recipients {
  const perCountry = new Map<string | undefined, number[]>();
  recipients.numbers.forEach((number, i) => {
    const country = countryOf(number);
    const places = perCountry.get(country);
    if (places === undefined) perCountry.set(country, [i]);
    else places.push(i);
  });
  const order = [...perCountry.values()].flat();
  return {
    numbers: order.map((i) => recipients.numbers[i]!),
    references: order.map((i) => recipients.references[i]),
    positions: order.map((i) => recipients.positions[i]!),
    hasReferences: recipients.hasReferences,
  };
}

/**
 * The batches of a campaign whose messages have the ids from `firstId` on. With `perCountry` the numbers are in the
 * order of byCountry; a number without a country has no local time and is never held.
 */
export function batchesOf(firstId: number, numbers: readonly number[], perCountry: boolean): Batches {
  const batches: Batches = { first: [], last: [], country: [] };
  for (let from = 0; from < numbers.length; ) {
    const most = Math.min(from + batchSize, numbers.length);
    const country = perCountry ? countryOf(numbers[from]!) : undefined;
    let to = perCountry ? from + 1 : most;
    while (to < most && countryOf(numbers[to]!) === country) to += 1;
    batches.first.push(firstId + from);
    batches.last.push(firstId + to - 1);
    batches.country.push(country ?? null);
    from = to;
  }
  return batches;
}
