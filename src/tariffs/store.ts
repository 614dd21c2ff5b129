// The SQL of tariffs and their rates. Called by the files beside it and, through index.ts, by accounts and
// campaigns.

import type { Db } from '../db/index.ts';
import { type AmountE7, amount } from '../money/index.ts';

/** Whether a message is charged when it is sent or only when it is delivered. */
export type BillOn = 'sent' | 'delivered';

export type Tariff = {
  id: number;
  /** 0 to 9: what a request calls `tariff_code`. */
  code: number;
  name: string;
  /** ISO 4217. */
  currency: string;
  billOn: BillOn;
  /** Whether campaigns may still name it. */
  isActive: boolean;
  /** Whether new accounts get it; one tariff has this. */
  isDefault: boolean;
};

/** The price of a segment to numbers that begin with `prefix`; `country` is ISO 3166-1 alpha-2. */
export type Rate = { prefix: string; country: string; price: AmountE7 };

const columns = `id, code, name, currency, bill_on as "billOn", is_active as "isActive", is_default as "isDefault"`;

/** A page of all tariffs by code, and how many there are. */
export async function listTariffs(
  db: Db,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ tariffs: Tariff[]; total: number }> {
  const [page, count] = await Promise.all([
    db.pool.query<Tariff>(`select ${columns} from tariff order by code offset $1 limit $2`, [offset, limit]),
    db.pool.query<{ total: number }>('select count(*) as total from tariff'),
  ]);
  return { tariffs: page.rows, total: count.rows[0]!.total };
}

/** The active tariff with this code, or without a code the default one; undefined where there is none. */
export async function tariffByCode(db: Db, code: number | undefined): Promise<Tariff | undefined> {
  const { rows } = await db.pool.query<Tariff>(
    `select ${columns} from tariff where case when $1::int is null then is_default else code = $1 end and is_active`,
    [code ?? null],
  );
  return rows[0];
}

/** The tariff of an account or campaign, active or not. */
export async function tariffById(db: Db, id: number): Promise<Tariff | undefined> {
  const { rows } = await db.pool.query<Tariff>(`select ${columns} from tariff where id = $1`, [id]);
  return rows[0];
}

/** The default tariff, or undefined on a database without one. */
export async function defaultTariff(db: Db): Promise<Tariff | undefined> {
  const { rows } = await db.pool.query<Tariff>(`select ${columns} from tariff where is_default`);
  return rows[0];
}

/**
 * Creates the default tariff with its rates, unless its code is taken or another tariff is the default. One
 * statement, so that no one sees it half made; of two processes at once the second waits for the first and then
 * changes nothing.
 */
export async function insertDefaultTariff(
  db: Db,
  tariff: Pick<Tariff, 'code' | 'name' | 'currency' | 'billOn'>,
  rates: readonly Rate[],
): Promise<void> {
  await db.pool.query(
    `with created as (
       insert into tariff (code, name, currency, bill_on, is_default) values ($1, $2, $3, $4, true)
       on conflict do nothing returning id
     )
     insert into rate (tariff_id, prefix, country, price_e7)
     select created.id, r.* from created, unnest($5::text[], $6::text[], $7::bigint[]) as r`,
    [
      tariff.code,
      tariff.name,
      tariff.currency,
      tariff.billOn,
      rates.map((rate) => rate.prefix),
      rates.map((rate) => rate.country),
      rates.map((rate) => rate.price),
    ],
  );
}

/**
 * The price of every prefix of a tariff that is in force now: of the rates of a prefix the newest whose time has
 * come. Reads the index (tariff_id, prefix, valid_from) in order.
 */
export async function ratesInForce(db: Db, tariffId: number): Promise<[prefix: string, price: AmountE7][]> {
  const { rows } = await db.pool.query<{ prefix: string; price: string }>(
    `select distinct on (prefix) prefix, price_e7::text as price
     from rate where tariff_id = $1 and valid_from <= now()
     order by prefix, valid_from desc`,
    [tariffId],
  );
  return rows.map(({ prefix, price }) => [prefix, amount(price)]);
}
