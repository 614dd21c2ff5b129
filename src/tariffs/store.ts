// The SQL of tariffs and their rates. Called by the files beside it and, through index.ts, by accounts and
// campaigns.

import type pg from 'pg';
import type { Db } from '../db/index.ts';
import { type AmountE7, amount } from '../money/index.ts';

/** A pool or a connection in a transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

/** Whether a message is charged when it is sent or only when it is delivered. */
export type BillOn = 'sent' | 'delivered';

export type Tariff = {
  id: number;
  /** 0 to 9: what a request calls `tariff_code`. */
  code: number;
  name: string;
  /** ISO 4217. */
  currency: string;
  /** For rates that do not say it themselves. */
  billOn: BillOn;
  /** Whether campaigns may still name it. */
  isActive: boolean;
  /** Whether new accounts get it; one tariff has this. */
  isDefault: boolean;
};

/** What something costs, and whether that is charged only when it is delivered. */
export type Price = { readonly price: AmountE7; readonly onDelivery: boolean };

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

/** The tariffs that campaigns in a currency may name, by code. */
export async function nameableTariffs(
  db: Db,
  currency: string,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ tariffs: Tariff[]; total: number }> {
  const chosen = 'from tariff where is_active and currency = $1';
  const [page, count] = await Promise.all([
    db.pool.query<Tariff>(`select ${columns} ${chosen} order by code offset $2 limit $3`, [
      currency,
      offset,
      limit,
    ]),
    db.pool.query<{ total: number }>(`select count(*) as total ${chosen}`, [currency]),
  ]);
  return { tariffs: page.rows, total: count.rows[0]!.total };
}

/** The tariff of a code, active or not; a transaction locks it by that against other changes. */
export async function selectTariff(sql: Queryable, code: number): Promise<Tariff | undefined> {
  const { rows } = await sql.query<Tariff>(
    `select ${columns} from tariff where code = $1 for no key update`,
    [code],
  );
  return rows[0];
}

/** The new tariff, or undefined where its code is taken. */
export async function insertTariff(
  sql: Queryable,
  tariff: Pick<Tariff, 'code' | 'name' | 'currency' | 'billOn' | 'isDefault'>,
): Promise<Tariff | undefined> {
  const { rows } = await sql.query<Tariff>(
    `insert into tariff (code, name, currency, bill_on, is_default) values ($1, $2, $3, $4, $5)
     on conflict (code) do nothing returning ${columns}`,
    [tariff.code, tariff.name, tariff.currency, tariff.billOn, tariff.isDefault],
  );
  return rows[0];
}

export async function updateTariff(sql: Queryable, tariff: Tariff): Promise<void> {
  await sql.query(
    'update tariff set name = $2, bill_on = $3, is_active = $4, is_default = $5 where id = $1',
    [tariff.id, tariff.name, tariff.billOn, tariff.isActive, tariff.isDefault],
  );
}

/** Takes the mark of the default from whichever tariff has it, in a transaction that gives it to another. */
export async function takeDefault(sql: Queryable): Promise<void> {
  await sql.query('update tariff set is_default = false where is_default');
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
     insert into rate (tariff_id, prefix, country, price_e7, bill_on)
     select created.id, r.*, $4 from created, unnest($5::text[], $6::text[], $7::bigint[]) as r`,
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

/** Which rates a tariff has in force: the same answer means the same rates. */
export type RatesState = { version: number; now: Date; nextChange: Date | null };

/** The version of a tariff's rates and the clock; with `next`, when a rate of the future begins, which reads them all. */
export async function ratesState(db: Db, tariffId: number, next: boolean): Promise<RatesState | undefined> {
  const nextChange = next
    ? '(select min(valid_from) from rate where tariff_id = $1 and valid_from > now())'
    : 'null::timestamptz';
  const { rows } = await db.pool.query<RatesState>(
    `select rates_version as version, now() as now, ${nextChange} as "nextChange" from tariff where id = $1`,
    [tariffId],
  );
  return rows[0];
}

/**
 * The price of every prefix of a tariff that is in force now: of the rates of a prefix the newest whose time has
 * come. Reads the index (tariff_id, prefix, valid_from) in order.
 */
export async function ratesInForce(db: Db, tariffId: number): Promise<[prefix: string, price: Price][]> {
  const { rows } = await db.pool.query<{ prefix: string; price: string; onDelivery: boolean }>(
    `select distinct on (prefix) prefix, price_e7::text as price, bill_on = 'delivered' as "onDelivery"
     from rate where tariff_id = $1 and valid_from <= now()
     order by prefix, valid_from desc`,
    [tariffId],
  );
  return rows.map(({ prefix, price, onDelivery }) => [prefix, { price: amount(price), onDelivery }]);
}
