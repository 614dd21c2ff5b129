// The statement of an account: every row of its ledger with the balance after it. Called by the admin API and by
// `carillon account statement`.

import type { Db } from '../db/index.ts';
import { type AmountE7, amount } from '../money/index.ts';

/** What a row of the ledger is; architecture.md says what each does to the balance and to what is held. */
export type LedgerKind = 'hold' | 'charge' | 'refund' | 'top_up' | 'adjustment';

export type LedgerEntry = {
  id: number;
  at: Date;
  kind: LedgerKind;
  campaignId: number | null;
  /** How many messages it is about. */
  messages: number;
  /** What it adds to the balance, and to what is held. */
  amount: AmountE7;
  held: AmountE7;
  /** The balance, and what is held for undecided messages, after it. */
  balance: AmountE7;
  totalHeld: AmountE7;
  note: string | null;
};

/** From a moment (inclusive) to another (exclusive). */
export type Period = { from?: Date | undefined; to?: Date | undefined };

export type Statement = {
  entries: LedgerEntry[];
  /** Rows of the period, of which `entries` is a page. */
  total: number;
  /** Before the first and after the last row of the period. */
  opening: AmountE7;
  closing: AmountE7;
};

type Row = {
  id: number;
  at: Date;
  kind: LedgerKind;
  campaign_id: number | null;
  messages: number;
  amount: string;
  held: string;
  balance: string;
  total_held: string;
  note: string | null;
};

// Running sums over all rows of the account, in the order in which they were written: what a row says does not depend
// on the period or the page. Reads the index (account_id, id); a row is a journal group, not a message.
const runningSql = `
with running as (
  select *, sum(amount_e7) over w as balance, sum(held_e7) over w as total_held
  from ledger where account_id = $1
  window w as (order by id)
), chosen as (
  select * from running
  where ($2::timestamptz is null or at >= $2) and ($3::timestamptz is null or at < $3)
)`;

/** A page of an account's statement, in the order of its rows. An account without rows has an empty statement. */
export async function statementOf(
  db: Db,
  accountId: number,
  period: Period,
  page: { offset: number; limit: number },
): Promise<Statement> {
  const values = [accountId, period.from ?? null, period.to ?? null];
  const [{ rows }, summary] = await Promise.all([
    db.pool.query<Row>(
      `${runningSql}
       select id, at, kind, campaign_id, messages, amount_e7::text as amount, held_e7::text as held,
         balance::text, total_held::text, note
       from chosen order by id limit $4 offset $5`,
      [...values, page.limit, page.offset],
    ),
    db.pool.query<{ total: number; opening: string; closing: string }>(
      `${runningSql}, ends as (select count(*) as total, min(id) as first, max(id) as last from chosen)
       select total,
         coalesce((select balance - amount_e7 from chosen where id = ends.first), before.balance, 0)::text as opening,
         coalesce((select balance from chosen where id = ends.last), before.balance, 0)::text as closing
       from ends left join lateral (
         select balance from running where at < coalesce($2, $3) order by id desc limit 1
       ) as before on true`,
      values,
    ),
  ]);
  const { total, opening, closing } = summary.rows[0]!;
  return { entries: rows.map(entryOf), total, opening: amount(opening), closing: amount(closing) };
}

function entryOf(row: Row): LedgerEntry {
  return {
    id: row.id,
    at: row.at,
    kind: row.kind,
    campaignId: row.campaign_id,
    messages: row.messages,
    amount: amount(row.amount),
    held: amount(row.held),
    balance: amount(row.balance),
    totalHeld: amount(row.total_held),
    note: row.note,
  };
}
