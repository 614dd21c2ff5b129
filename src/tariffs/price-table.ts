// The prices of a tariff in memory, so that a campaign of thousands of numbers is priced without the database.
// Called for every campaign that is created or priced.

import type { Db } from '../db/index.ts';
import { prefixTable } from '../phones/index.ts';
import { type Price, ratesInForce, ratesState } from './store.ts';

export type PriceTable = {
  /** The price of one segment to a number, and when it is charged; undefined where no prefix of the tariff fits. */
  priceOf(msisdn: number): Price | undefined;
};

/** How long a table is used before it is asked whether rates have changed: a change is in force that much later. */
const freshMs = 5_000;

/** A table with the version of the rates it was made of, and when a rate of the future begins. */
type Loaded = { table: PriceTable; version: number; nextChange: Date | null };

type Cached = { until: number; loaded: Promise<Loaded> };

/** By tariff (there are ten at most), for as long as the database is open. */
const cache = new WeakMap<Db, Map<number, Cached>>();

/** The prices of a tariff that are in force, at most a few seconds old. */
export async function loadPriceTable(db: Db, tariffId: number): Promise<PriceTable> {
  let tariffs = cache.get(db);
  if (tariffs === undefined) {
    tariffs = new Map();
    cache.set(db, tariffs);
  }
  const known = tariffs.get(tariffId);
  if (known !== undefined && known.until > performance.now()) return (await known.loaded).table;
  const loading: Cached = {
    until: performance.now() + freshMs,
    loaded: known === undefined ? readTable(db, tariffId) : refreshed(db, tariffId, known.loaded),
  };
  tariffs.set(tariffId, loading);
  try {
    return (await loading.loaded).table;
  } catch (error) {
    if (tariffs.get(tariffId) === loading) tariffs.delete(tariffId);
    throw error;
  }
}

/** The table as it is where no rate has changed since: a hundred thousand rates are not read every few seconds. */
async function refreshed(db: Db, tariffId: number, earlier: Promise<Loaded>): Promise<Loaded> {
  const loaded = await earlier;
  const state = await ratesState(db, tariffId, false);
  const same =
    state?.version === loaded.version && (loaded.nextChange === null || state.now < loaded.nextChange);
  return same ? loaded : readTable(db, tariffId);
}

async function readTable(db: Db, tariffId: number): Promise<Loaded> {
  // The version first: rates that change in between are then read again, not missed.
  const state = await ratesState(db, tariffId, true);
  const table = prefixTable(await ratesInForce(db, tariffId));
  return {
    table: { priceOf: table.find },
    version: state?.version ?? 0,
    nextChange: state?.nextChange ?? null,
  };
}
