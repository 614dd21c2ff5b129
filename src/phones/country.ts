// Which country a number belongs to. libphonenumber knows, but takes microseconds a number; here its metadata is
// turned, when this file loads, into one table of prefixes: a calling code that one country has is a prefix, one
// that several share (1, 7, 44, …) is divided by its national numbering patterns.

import metadata from 'libphonenumber-js/max/metadata';
import { type Pattern, type PatternReader, patternReader } from './pattern.ts';
import { prefixTable } from './prefix-table.ts';

/** A country by its ISO 3166-1 alpha-2 code, and digits that its numbers begin with. */
export type CountryPrefix = { country: string; prefix: string };

// The parts of a country's row in the minified metadata (format version 4) that are read here.
const leadingDigitsColumn = 10;
const typesColumn = 11;

/**
 * Country calling codes, a row per country: the countries that share a code each have a row with it, the main
 * one first.
 */
export function callingCodes(): CountryPrefix[] {
  return Object.entries(metadata.country_calling_codes).flatMap(([prefix, countries]) =>
    countries.map((country) => ({ country, prefix })),
  );
}

const prefixes = Object.entries(metadata.country_calling_codes).flatMap(([code, countries]) => {
  const [main = ''] = countries;
  const finer = countries.length === 1 ? [] : divide(code, countries);
  return [{ country: main, prefix: code }, ...finer];
});

/** All prefixes that tell countries apart, the longest of a number counts: 1 is US, 1204 CA, 1242 BS. */
export function countryPrefixes(): readonly CountryPrefix[] {
  return prefixes;
}

const table = prefixTable(prefixes.map(({ country, prefix }) => [prefix, country] as const));

/**
 * The ISO 3166-1 alpha-2 code of the number's country, or undefined where its first digits belong to none (800
 * and other codes without a country). A number that a shared code has not assigned counts to its main country.
 */
export function countryOf(msisdn: number): string | undefined {
  return table.find(msisdn);
}

/**
 * The prefixes of the countries that share a calling code, apart from the main one. Of countries whose patterns
 * both fit, the first in the metadata's order counts, as in libphonenumber.
 */
function divide(code: string, countries: readonly string[]): CountryPrefix[] {
  const reader = patternReader();
  const starts = countries.map((country) => countryPattern(country, reader));
  const [main] = countries;
  const seen = new Map<string, Division>();

  function explore(patterns: readonly Pattern[]): Division {
    const open = countries.filter((_, i) => patterns[i] !== reader.nothing);
    const first = patterns.find((pattern) => pattern !== reader.nothing);
    if (open.length <= 1 || first === reader.anything) return open[0];
    const key = patterns.map((pattern) => pattern.id).join();
    const known = seen.get(key);
    if (known !== undefined) return known;
    const next = Array.from({ length: 10 }, (_, digit) => explore(patterns.map((p) => p.after(digit))));
    const distinct = new Set(next.filter((division) => division !== undefined));
    const division =
      distinct.size > 1 ? next : ([...distinct][0] ?? countries.find((_, i) => patterns[i]!.mayEnd));
    if (division !== undefined) seen.set(key, division);
    return division;
  }

  function* list(division: Division, prefix: string): Generator<CountryPrefix> {
    if (typeof division === 'object') {
      for (const [digit, part] of division.entries()) yield* list(part, `${prefix}${digit}`);
    } else if (division !== undefined && division !== main) yield { country: division, prefix };
  }
  return [...list(explore(starts), code)];
}

/** One country's (or nobody's) numbers, or how they are divided by the next digit. */
type Division = string | undefined | readonly Division[];

/** National numbers of a country: what its leading digits begin, where it has them, or its numbers of all types. */
function countryPattern(country: string, reader: PatternReader): Pattern {
  const row: unknown[] | undefined = metadata.countries[country as keyof typeof metadata.countries];
  const leadingDigits = row?.[leadingDigitsColumn];
  if (typeof leadingDigits === 'string') return reader.read(leadingDigits, reader.anything);
  const types = row?.[typesColumn];
  if (!Array.isArray(types)) throw new Error(`libphonenumber has no numbering patterns of ${country}`);
  const sources = types.map((type: unknown) => (Array.isArray(type) ? type[0] : undefined));
  return reader.either(
    sources.filter((source) => typeof source === 'string' && source !== '').map((s) => reader.read(s)),
  );
}
