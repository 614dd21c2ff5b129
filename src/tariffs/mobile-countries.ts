// Which countries a mobile country code (ITU-T E.212) stands for, and which prefixes their numbers begin with: what a
// line of a rate card means that names an MCC and no prefix. Called by rate-file.ts.

import { readFileSync } from 'node:fs';
import { countryPrefixes } from '../phones/index.ts';

/** Columns mcc,country; a code that several countries share has a line for each. The path holds from dist/ too. */
const file = new URL('../../src/tariffs/mobile-countries.csv', import.meta.url);

let known: ReadonlyMap<string, readonly string[]> | undefined;

/** The ISO 3166-1 alpha-2 codes of the countries of an MCC; none where it is not assigned to any. */
export function countriesOfMcc(mcc: string): readonly string[] {
  known ??= read();
  return known.get(mcc) ?? [];
}

/** The first MCC of each country, for lists that show one. */
export function mccOfCountry(country: string): string | undefined {
  known ??= read();
  for (const [mcc, countries] of known) if (countries.includes(country)) return mcc;
  return undefined;
}

/** Every prefix that tells numbers of a country from those of others: 380 for UA; 1204, 1226, … for CA. */
export function prefixesOfCountry(country: string): { country: string; prefix: string }[] {
  return countryPrefixes().filter((each) => each.country === country);
}

function read(): Map<string, string[]> {
  const countries = new Map<string, string[]>();
  const [, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  for (const line of lines) {
    const [mcc = '', country = ''] = line.split(',');
    countries.set(mcc, [...(countries.get(mcc) ?? []), country]);
  }
  return countries;
}
