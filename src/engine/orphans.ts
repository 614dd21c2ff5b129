// Receipts whose message nobody knows (yet): kept, and looked at again, for the submission may become known later: when
// a process that slept commits it, or when a person has said how its operator writes ids. Called by the matcher.

import type pg from 'pg';
import type { SmscAccount } from '../operators/index.ts';
import { arrayLiteral, textArrayLiteral } from './arrays.ts';
import { findSubmissions } from './find.ts';
import type { Arrival } from './matcher.ts';
import { type Known, writeArrivals } from './receipts.ts';
import { numberIn } from './recipient.ts';

/** How long an orphan is kept. */
const orphanLife = `interval '30 days'`;
/** How many orphans one look takes; the next look goes on behind them. */
const orphanLimit = 2000;

/** Keeps receipts. */
export async function keepOrphans(pool: pg.Pool, arrivals: readonly Arrival[]): Promise<void> {
  await pool.query({
    name: 'keep-orphans',
    text: `
insert into orphan_receipt (connector_id, smsc_message_id, phone, destination, status, error)
select * from unnest($1::integer[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::integer[])`,
    values: [
      arrayLiteral(arrivals.map((a) => a.connector.id)),
      textArrayLiteral(arrivals.map((a) => a.named)),
      textArrayLiteral(arrivals.map((a) => a.source)),
      textArrayLiteral(arrivals.map((a) => a.destination)),
      arrayLiteral(arrivals.map((a) => a.status)),
      arrayLiteral(arrivals.map((a) => a.error)),
    ],
  });
}

type Orphan = {
  id: number;
  connectorId: number;
  named: string;
  source: string;
  destination: string;
  status: number;
  error: number;
};

/**
 * Commits orphans whose message has become known since, and forgets the oldest.
 *
 * @param after the last orphan that was looked at before; 0 to begin with the first
 * @returns how many found their message, and the last that was looked at, or 0 at the end
 */
export async function takeOrphans(
  pool: pg.Pool,
  accounts: readonly SmscAccount[],
  after: number,
  slot: number,
): Promise<{ matched: number; seen: number }> {
  const { rows } = await pool.query<Orphan>({
    name: 'look-at-orphans',
    text: `
select id, connector_id as "connectorId", smsc_message_id as named, phone as source, destination, status, error
from orphan_receipt where id > $1
order by id limit ${orphanLimit}`,
    values: [after],
  });
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const found =
    rows.length === 0
      ? []
      : await findSubmissions(
          pool,
          rows.map((o) => sought(o, byId)),
          true,
        );
  const known = new Map<number, Known>();
  rows.forEach(({ id, status, error }, i) => {
    if (found[i] !== undefined) known.set(id, { ...found[i], status, error });
  });
  const matched = known.size === 0 ? 0 : await take(pool, known, slot);
  await pool.query(`delete from orphan_receipt where at < now() - ${orphanLife}`);
  return { matched, seen: rows.length < orphanLimit ? 0 : rows.at(-1)!.id };
}

// Two dispatchers may have found the same: who deletes a row writes its receipt down.
async function take(pool: pg.Pool, known: ReadonlyMap<number, Known>, slot: number): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query<{ id: number }>(
      'delete from orphan_receipt where id = any($1::bigint[]) returning id',
      [arrayLiteral([...known.keys()])],
    );
    await writeArrivals(
      client,
      rows.map(({ id }) => known.get(id)!),
      slot,
    );
    await client.query('commit');
    return rows.length;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}

function sought({ connectorId, named, source, destination }: Orphan, byId: Map<number, SmscAccount>) {
  const { messageIdFormat, siblings } = byId.get(connectorId) ?? {
    messageIdFormat: 'auto' as const,
    siblings: [connectorId],
  };
  return {
    receipt: {
      named,
      format: messageIdFormat,
      fromTlv: false,
      phone: numberIn(source),
      other: numberIn(destination),
    },
    connectorIds: siblings,
    usual: 'same' as const,
  };
}
