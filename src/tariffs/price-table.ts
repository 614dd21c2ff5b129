// The prices of a tariff in memory, so that a campaign of thousands of numbers is priced without the database.
// Called for every campaign that is created or priced.

import type { Db } from '../db/index.ts';
import type { AmountE7 } from '../money/index.ts';
import { prefixTable } from '../phones/index.ts';
import { ratesInForce } from './store.ts';

export type PriceTable = {
  /** The price of one segment to a number, or undefined where no prefix of the tariff fits. */
  priceOf(msisdn: number): AmountE7 | undefined;
};

/** How long a table is used before the rates are read again: a new rate is in force that much later at most. */
const freshMs = 5_000;

type Cached = { until: number; table: Promise<PriceTable> };

/** By tariff (there are ten at most), for as long as the database is open. */
const cache = new WeakMap<Db, Map<number, Cached>>();

/** The prices of a tariff that are in force, at most a few seconds old. */
export function loadPriceTable(db: Db, tariffId: number): Promise<PriceTable> {
  let tariffs = cache.get(db);
  if (tariffs === undefined) {
    tariffs = new Map();
    cache.set(db, tariffs);
  }
  const known = tariffs.get(tariffId);
  if (known !== undefined && known.until > performance.now()) return known.table;
  const loading: Cached = { until: performance.now() + freshMs, table: readTable(db, tariffId) };
  tariffs.set(tariffId, loading);
  loading.table.catch(() => {
    if (tariffs.get(tariffId) === loading) tariffs.delete(tariffId);
  });
  return loading.table;
}

async function readTable(db: Db, tariffId: number): Promise<PriceTable> {
  const table = prefixTable(await ratesInForce(db, tariffId));
  return { priceOf: table.find };
}
