// The tariff that every installation begins with, so that a first campaign has a price. Called at start, and
// before an account is created.

import { readFile } from 'node:fs/promises';
import type { Db } from '../db/index.ts';
import { parseAmount } from '../money/index.ts';
import { defaultTariff, insertDefaultTariff, type Rate, type Tariff } from './store.ts';

const settings = { code: 0, name: 'Default', currency: 'EUR', billOn: 'sent' } as const;

/** Columns prefix,country,price. The path holds from src/tariffs/ and from dist/tariffs/ alike. */
const ratesFile = new URL('../../src/tariffs/default-rates.csv', import.meta.url);
const header = 'prefix,country,price';

/**
 * The default tariff, created with its rates if the installation has none: a price for every country. May be
 * called at any time and by several processes at once. Throws where no tariff is the default and code 0 is taken.
 */
export async function ensureDefaultTariff(db: Db): Promise<Tariff> {
  const present = await defaultTariff(db);
  if (present !== undefined) return present;
  await insertDefaultTariff(db, settings, parseRates(await readFile(ratesFile, 'utf8')));
  const created = await defaultTariff(db);
  if (created === undefined) {
    throw new Error(
      `no tariff is the default, and code ${settings.code} is taken: make one the default ` +
        '(update tariff set is_default = true where code = …)',
    );
  }
  return created;
}

/** Rates from CSV text with a header line and without quotes; throws on the first line that is none, with its number. */
export function parseRates(csv: string): Rate[] {
  const [first, ...lines] = csv.trimEnd().split('\n');
  if (first !== header) throw new Error(`rates begin with the line ${header}, not ${first}`);
  return lines.map((line, i) => {
    const [, prefix, country, price] = /^([0-9]{1,15}),([A-Z]{2}),([0-9.]+)$/.exec(line) ?? [];
    if (prefix === undefined || country === undefined || price === undefined) {
      throw new Error(`line ${i + 2} of the rates is not ${header}: ${line}`);
    }
    return { prefix, country, price: parseAmount(price) };
  });
}
