// The prices of a tariff by country and operator, as the One-API lists them. Pure; called by the routes.

import type { TariffRate } from './rate-store.ts';

/** One line of a country's prices: an operator, or the country as a whole. */
export type PriceLine = Pick<TariffRate, 'id' | 'operator' | 'mcc' | 'mnc' | 'price' | 'billed'>;

/**
 * The rates in force by country, in the order of their codes. Prefixes of a country that have the same operator and
 * price are one line: an operator has many prefixes. Rates that belong to no country are left out.
 */
export function priceList(rates: readonly TariffRate[]): Map<string, PriceLine[]> {
  const countries = new Map<string, Map<string, PriceLine>>();
  for (const rate of rates) {
    if (rate.country === null) continue;
    const { id, operator, mcc, mnc, price, billed } = rate;
    const lines = countries.get(rate.country) ?? new Map<string, PriceLine>();
    countries.set(rate.country, lines);
    const key = `${mcc}/${mnc}/${operator}/${price}/${billed}`;
    const same = lines.get(key);
    if (same === undefined || id < same.id) lines.set(key, { id, operator, mcc, mnc, price, billed });
  }
  const byCode = [...countries].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    byCode.map(([country, lines]) => [country, [...lines.values()].sort((a, b) => a.id - b.id)] as const),
  );
}
