// Puts a campaign's recipients into groups and cuts those into batches, the unit of dispatch. A batch holds messages to
// the same operators, so that the engine can send to some while others are away (docs/decisions/0007-lanes-by-route.md),
// and, where its campaign respects quiet hours, to one country, so that it can be held by that. Pure; called by
// create.ts.

import { countryOf, type PrefixTable } from '../phones/index.ts';
import type { Recipients } from './recipients.ts';

/** Messages of a batch: a lease's worth of work, and one group of an outcome journal. */
export const batchSize = 1000;

/**
 * Ways of one campaign that are kept apart: the largest; all others share one. Each is a lane of the dispatcher, with a
 * batch leased and some messages in memory, and its last batch is seldom full. Ways differ by operators, not by
 * prefixes, so hardly any installation has as many.
 */
export const wayLimit = 32;

/** The way of those that are not kept apart. */
const shared = '';

/** Consecutive recipients of one way and one country; null where quiet hours do not matter, or there is no country. */
export type RecipientGroup = { route: string; country: string | null; size: number };

/** Batches of consecutive message ids. Struct of arrays. */
export type Batches = {
  first: number[];
  last: number[];
  country: (string | null)[];
  route: string[];
  /** Between which its numbers lie: how lists by number find their page (src/messages/by-phone.ts). */
  lowestPhone: number[];
  highestPhone: number[];
};

/**
 * The recipients with those of each group together, each group's in their order.
 *
 * @param ways which operators a number goes to; null where that is the same for all
 * @param perCountry whether countries are kept apart
 */
export function groupRecipients(
  recipients: Recipients,
  ways: PrefixTable<string> | null,
  perCountry: boolean,
): { recipients: Recipients; groups: RecipientGroup[] } {
  const { numbers } = recipients;
  const routeOf = ways === null ? () => shared : routesOf(numbers, ways);
  const groups = new Map<string, RecipientGroup & { places: number[] }>();
  for (let i = 0; i < numbers.length && (ways !== null || perCountry); i += 1) {
    const route = routeOf(numbers[i]!);
    const country = perCountry ? (countryOf(numbers[i]!) ?? null) : null;
    const key = country === null ? route : `${route} ${country}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { route, country, size: 1, places: [i] });
    else group.size = group.places.push(i);
  }
  if (groups.size < 2) {
    const [{ route, country } = { route: shared, country: null }] = groups.values();
    return { recipients, groups: [{ route, country, size: numbers.length }] };
  }
  const order = [...groups.values()].flatMap(({ places }) => places);
  return {
    recipients: {
      numbers: order.map((i) => numbers[i]!),
      references: order.map((i) => recipients.references[i]),
      positions: order.map((i) => recipients.positions[i]!),
      hasReferences: recipients.hasReferences,
    },
    groups: [...groups.values()].map(({ route, country, size }) => ({ route, country, size })),
  };
}

// Where all go one way, that needs no name: the shared one. Numbers without a route share it too: they fail at once.
function routesOf(numbers: readonly number[], ways: PrefixTable<string>): (number: number) => string {
  const sizes = new Map<string, number>();
  for (const number of numbers) {
    const way = ways.find(number);
    if (way !== undefined) sizes.set(way, (sizes.get(way) ?? 0) + 1);
  }
  if (sizes.size < 2) return () => shared;
  if (sizes.size > wayLimit) {
    const largest = [...sizes].sort((a, b) => b[1] - a[1]).slice(0, wayLimit - 1);
    const kept = new Set(largest.map(([way]) => way));
    return (number) => {
      const way = ways.find(number);
      return way !== undefined && kept.has(way) ? way : shared;
    };
  }
  return (number) => ways.find(number) ?? shared;
}

/** The batches of a campaign whose messages, to these numbers in these groups, have the ids from `firstId` on. */
export function batchesOf(
  firstId: number,
  numbers: readonly number[],
  groups: readonly RecipientGroup[],
): Batches {
  const batches: Batches = {
    first: [],
    last: [],
    country: [],
    route: [],
    lowestPhone: [],
    highestPhone: [],
  };
  let next = firstId;
  for (const { route, country, size } of groups) {
    const end = next + size;
    while (next < end) {
      const after = Math.min(next + batchSize, end);
      batches.first.push(next);
      batches.last.push(after - 1);
      batches.country.push(country);
      batches.route.push(route);
      let lowest = numbers[next - firstId]!;
      let highest = lowest;
      for (let i = next - firstId + 1; i < after - firstId; i += 1) {
        const number = numbers[i]!;
        if (number < lowest) lowest = number;
        else if (number > highest) highest = number;
      }
      batches.lowestPhone.push(lowest);
      batches.highestPhone.push(highest);
      next = after;
    }
  }
  return batches;
}
