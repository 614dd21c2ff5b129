// The SQL of single rates: listed, made, changed and removed by rates.ts; whole cards are import.ts.

import { conditions, type Db } from '../db/index.ts';
import { type AmountE7, amount } from '../money/index.ts';
import type { BillOn, Queryable } from './store.ts';

/** The price of a segment to numbers that begin with `prefix`, from a moment on. */
export type TariffRate = {
  id: number;
  prefix: string;
  /** ISO 3166-1 alpha-2. */
  country: string | null;
  operator: string | null;
  mcc: string | null;
  mnc: string | null;
  price: AmountE7;
  billed: BillOn;
  /** Null: always. */
  validFrom: Date | null;
};

/** What a list may be narrowed to; all that is given must hold. */
export type RateFilter = {
  /** Prefixes that begin so. */
  prefix?: string | undefined;
  country?: string | undefined;
  /** Prefixes that a number begins with. */
  number?: number | undefined;
  /** `now`: those in force; `all`: past and future ones too. Now unless given. */
  when?: 'now' | 'all' | undefined;
};

type Row = Omit<TariffRate, 'price'> & { price: string };

const columns = `id, prefix, country, operator, mcc, mnc, price_e7::text as price, bill_on as billed,
  nullif(valid_from, '-infinity') as "validFrom"`;

function rateOf(row: Row): TariffRate {
  return { ...row, price: amount(row.price) };
}

/** A page of a tariff's rates by prefix and time, and how many there are. */
export async function selectRates(
  db: Db,
  tariffId: number,
  filter: RateFilter,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ rates: TariffRate[]; total: number }> {
  const chosenBy = conditions();
  const { where, values } = chosenBy;
  where((p) => `tariff_id = ${p}`, tariffId);
  where((p) => `starts_with(prefix, ${p})`, filter.prefix);
  where((p) => `country = ${p}`, filter.country);
  where((p) => `prefix = any(${p})`, filter.number === undefined ? undefined : startsOf(filter.number));
  const chosen = chosenBy.sql;
  const rates =
    filter.when === 'all'
      ? `select * from rate where ${chosen}`
      : `select distinct on (prefix) * from rate where ${chosen} and valid_from <= now()
         order by prefix, valid_from desc`;
  const [page, count] = await Promise.all([
    db.pool.query<Row>(
      `select ${columns} from (${rates}) as rate order by prefix, rate.valid_from limit ${limit} offset ${offset}`,
      values,
    ),
    db.pool.query<{ total: number }>(`select count(*) as total from (${rates}) as rate`, values),
  ]);
  return { rates: page.rows.map(rateOf), total: count.rows[0]!.total };
}

/** 380, 38, 3 of 380. */
function startsOf(number: number): string[] {
  const digits = String(number);
  return Array.from({ length: digits.length }, (_, i) => digits.slice(0, i + 1));
}

export async function selectRate(
  sql: Queryable,
  tariffId: number,
  id: number,
): Promise<TariffRate | undefined> {
  const { rows } = await sql.query<Row>(
    `select ${columns} from rate where tariff_id = $1 and id = $2 for update`,
    [tariffId, id],
  );
  return rows[0] && rateOf(rows[0]);
}

/** The new rate, or undefined where the prefix has one from that moment. Without a moment it holds from now on. */
export async function insertRate(
  sql: Queryable,
  tariffId: number,
  rate: Omit<TariffRate, 'id'>,
): Promise<TariffRate | undefined> {
  const { rows } = await sql.query<Row>(
    `insert into rate (tariff_id, prefix, country, operator, mcc, mnc, price_e7, bill_on, valid_from)
     values ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9, date_trunc('second', now())))
     on conflict (tariff_id, prefix, valid_from) do nothing returning ${columns}`,
    [
      tariffId,
      rate.prefix,
      rate.country,
      rate.operator,
      rate.mcc,
      rate.mnc,
      rate.price,
      rate.billed,
      rate.validFrom,
    ],
  );
  return rows[0] && rateOf(rows[0]);
}

/** Writes all but the prefix and the time of a rate. */
export async function updateRate(sql: Queryable, rate: TariffRate): Promise<void> {
  await sql.query(
    `update rate set country = $2, operator = $3, mcc = $4, mnc = $5, price_e7 = $6, bill_on = $7 where id = $1`,
    [rate.id, rate.country, rate.operator, rate.mcc, rate.mnc, rate.price, rate.billed],
  );
}

export async function deleteRate(sql: Queryable, id: number): Promise<void> {
  await sql.query('delete from rate where id = $1', [id]);
}
