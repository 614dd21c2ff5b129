// Imports a rate card into a tariff: all of it or nothing, with a report of what that changes. Called by `carillon
// rates import` and by the admin API.

import type { ClientBase } from 'pg';
import { recordAudit } from '../audit/index.ts';
import { type Db, transaction } from '../db/index.ts';
import { type AmountE7, amount } from '../money/index.ts';
import { type BadLine, type CardRate, readRateCard } from './rate-file.ts';
import type { BillOn, Tariff } from './store.ts';
import type { By } from './tariffs.ts';

/** A price and when it is charged. */
type Terms = { price: AmountE7; billed: BillOn };

/** A rate that is new (`old` is null) or takes the place of one that is in force at that time. */
export type RateChange = {
  prefix: string;
  country: string | null;
  operator: string | null;
  validFrom: Date;
  old: Terms | null;
  new: Terms;
};

export type ImportReport = {
  /** Whether it was done: not in a dry run, nor where lines are bad and were not to be skipped. */
  applied: boolean;
  lines: number;
  added: number;
  changed: number;
  unchanged: number;
  bad: number;
  /** The first of them, by prefix within each time. */
  changes: RateChange[];
  badLines: BadLine[];
};

export type ImportOptions = { dryRun?: boolean; skipBad?: boolean };

/** The largest card in bytes: about 500,000 lines. */
export const maxCardBytes = 32 * 1024 * 1024;

/** How many changes and bad lines a report names; it counts all. */
const listedLimit = 1000;

/** Rates a statement takes: large enough that round trips do not count. */
const chunkSize = 5000;

/** Ends the transaction of a dry run. */
class NotApplied extends Error {}

/**
 * Imports a card. What a line does not say (operator, MCC, MNC, when it is billed) stays as the prefix has it; a line
 * that says what is in force anyway changes nothing. Earlier rates are kept, and campaigns keep their prices.
 *
 * Throws a refusal where the text is no rate card at all; bad lines are in the report.
 */
export async function importRates(
  db: Db,
  tariff: Pick<Tariff, 'id' | 'code' | 'billOn'>,
  csv: string,
  options: ImportOptions = {},
  by: By = null,
): Promise<ImportReport> {
  const { lines, rates, bad } = readRateCard(csv);
  const report: ImportReport = {
    ...{ applied: false, lines, added: 0, changed: 0, unchanged: 0, bad: bad.length, changes: [] },
    badLines: bad.slice(0, listedLimit),
  };
  const apply = options.dryRun !== true && (bad.length === 0 || options.skipBad === true);
  try {
    await transaction(db, async (client) => {
      const now = await lockTariff(client, tariff.id);
      for (const chunk of chunksOf(rates, now)) {
        const changes = await writeRates(client, tariff, chunk);
        for (const change of changes) report[change.old === null ? 'added' : 'changed'] += 1;
        report.unchanged += chunk.length - changes.length;
        report.changes.push(...changes.slice(0, listedLimit - report.changes.length));
      }
      if (!apply) throw new NotApplied();
      const { added, changed, unchanged } = report;
      await recordAudit(client, {
        identity: by,
        action: 'tariff.import',
        subject: `tariff/${tariff.code}`,
        ownerId: null,
        details: { lines, added, changed, unchanged, bad: bad.length },
      });
    });
    report.applied = true;
  } catch (error) {
    if (!(error instanceof NotApplied)) throw error;
  }
  return report;
}

/**
 * Imports into one tariff go one after the other; campaigns that refer to it go on meanwhile. Returns from when rates
 * hold that do not say it: this second, which is how lists show it, so that a list can be imported again.
 */
async function lockTariff(client: ClientBase, tariffId: number): Promise<Date> {
  const { rows } = await client.query<{ now: Date }>(
    `select date_trunc('second', now()) as now from tariff where id = $1 for no key update`,
    [tariffId],
  );
  return rows[0]!.now;
}

type DatedRate = CardRate & { validFrom: Date };

/**
 * Rates by their time, in chunks that hold no prefix twice: each is compared with what is in force at its time, and so
 * must see what was written for an earlier one.
 */
function* chunksOf(rates: readonly CardRate[], now: Date): Generator<DatedRate[]> {
  const dated = rates.map((rate) => ({ ...rate, validFrom: rate.validFrom ?? now }));
  dated.sort((a, b) => a.validFrom.getTime() - b.validFrom.getTime());
  let chunk: DatedRate[] = [];
  let prefixes = new Set<string>();
  for (const rate of dated) {
    if (chunk.length === chunkSize || prefixes.has(rate.prefix)) {
      yield chunk;
      chunk = [];
      prefixes = new Set();
    }
    chunk.push(rate);
    prefixes.add(rate.prefix);
  }
  if (chunk.length > 0) yield chunk;
}

// Compares and writes a chunk in one statement: a look into the index (tariff_id, prefix, valid_from) for each rate.
// The INSERT does not see its own rows, so a prefix may come only once.
const writeSql = `
with given as (
    select * from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[],
      $10::timestamptz[]) as g (prefix, country, operator, mcc, mnc, price_e7, bill_on, valid_from)
  ),
  compared as (
    select g.prefix, g.country, coalesce(g.operator, r.operator) as operator, coalesce(g.mcc, r.mcc) as mcc,
      coalesce(g.mnc, r.mnc) as mnc, g.price_e7, coalesce(g.bill_on, r.bill_on, $2) as bill_on, g.valid_from,
      r.country as old_country, r.operator as old_operator, r.mcc as old_mcc, r.mnc as old_mnc,
      r.price_e7 as old_price, r.bill_on as old_bill_on
    from given g left join lateral (
      select * from rate where tariff_id = $1 and prefix = g.prefix and valid_from <= g.valid_from
      order by valid_from desc limit 1
    ) as r on true
  ),
  different as (
    select * from compared
    where (price_e7, bill_on, country, operator, mcc, mnc)
      is distinct from (old_price, old_bill_on, old_country, old_operator, old_mcc, old_mnc)
  ),
  written as (
    insert into rate (tariff_id, prefix, country, operator, mcc, mnc, price_e7, bill_on, valid_from)
    select $1, prefix, country, operator, mcc, mnc, price_e7, bill_on, valid_from from different
    on conflict (tariff_id, prefix, valid_from) do update
      set country = excluded.country, operator = excluded.operator, mcc = excluded.mcc, mnc = excluded.mnc,
        price_e7 = excluded.price_e7, bill_on = excluded.bill_on
  )
select prefix, country, operator, valid_from as "validFrom", price_e7::text as price, bill_on as billed,
  old_price::text as "oldPrice", old_bill_on as "oldBilled"
from different order by prefix`;

type ChangeRow = Omit<RateChange, 'old' | 'new'> & {
  price: string;
  billed: BillOn;
  oldPrice: string | null;
  oldBilled: BillOn | null;
};

async function writeRates(
  client: ClientBase,
  tariff: Pick<Tariff, 'id' | 'billOn'>,
  rates: readonly DatedRate[],
): Promise<RateChange[]> {
  const { rows } = await client.query<ChangeRow>({
    name: 'write-rates',
    text: writeSql,
    values: [
      tariff.id,
      tariff.billOn,
      rates.map((rate) => rate.prefix),
      rates.map((rate) => rate.country),
      rates.map((rate) => rate.operator),
      rates.map((rate) => rate.mcc),
      rates.map((rate) => rate.mnc),
      rates.map((rate) => rate.price),
      rates.map((rate) => rate.billed),
      rates.map((rate) => rate.validFrom),
    ],
  });
  return rows.map(({ prefix, country, operator, validFrom, price, billed, oldPrice, oldBilled }) => ({
    ...{ prefix, country, operator, validFrom },
    old: oldPrice === null || oldBilled === null ? null : { price: amount(oldPrice), billed: oldBilled },
    new: { price: amount(price), billed },
  }));
}
