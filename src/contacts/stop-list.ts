// The stop list: numbers that want no more messages. Changing it and asking it; called by the routes, by campaigns and
// by what reads inbound messages. The lists that people look at are in stop-search.ts.

import type { Queryable } from './sql.ts';

export const channels = ['sms', 'viber', 'rcs', 'whatsapp'] as const;

export type Channel = (typeof channels)[number];

/** Where an entry came from. */
export type StopSource = 'api' | 'inbound' | 'console' | 'import';

/** Which of these numbers are on the stop list of SMS. */
export async function selectStopped(
  sql: Queryable,
  accountId: number,
  phones: readonly number[],
): Promise<Set<number>> {
  const { rows } = await sql.query<{ phone: number }>({
    name: 'select-stopped',
    text: 'select phone from stop_entry where account_id = $1 and phone = any($2) and sms',
    values: [accountId, phones],
  });
  return new Set(rows.map((row) => row.phone));
}

/** Puts numbers on the stop list of SMS. Those that are on it stay as they are. */
export async function addToStopList(
  sql: Queryable,
  accountId: number,
  phones: readonly number[],
  source: StopSource,
): Promise<void> {
  await stopChannels(sql, accountId, phones, ['sms'], source);
}

/** Takes numbers off the stop list of SMS. */
export async function removeFromStopList(
  sql: Queryable,
  accountId: number,
  phones: readonly number[],
): Promise<void> {
  await allowChannels(sql, accountId, 'phone', phones, ['sms']);
}

/** Stops these channels for numbers, besides those that are stopped already. */
export async function stopChannels(
  sql: Queryable,
  accountId: number,
  phones: readonly number[],
  stopped: readonly Channel[],
  source: StopSource,
): Promise<void> {
  const columns = channels.join(', ');
  const flags = channels.map((channel) => stopped.includes(channel)).join(', ');
  // In the order of the phones, so that two at once do not lock each other.
  await sql.query(
    `insert into stop_entry as s (account_id, phone, source, ${columns})
     select $1, phone, $3, ${flags} from (select distinct unnest($2::bigint[]) as phone) as t order by phone
     on conflict (account_id, phone) do update set
       ${channels.map((c) => `${c} = s.${c} or excluded.${c}`).join(', ')}
     where ${channels.map((c) => `(excluded.${c} and not s.${c})`).join(' or ')}`,
    [accountId, phones, source],
  );
}

/**
 * Allows these channels again. An entry without a stopped channel is deleted, in the same statement: where two take
 * different channels off one entry at once, the second sees what the first has left.
 */
export async function allowChannels(
  sql: Queryable,
  accountId: number,
  by: 'phone' | 'id',
  keys: readonly number[],
  allowed: readonly Channel[],
): Promise<void> {
  const cleared = channels.filter((channel) => allowed.includes(channel));
  if (cleared.length === 0) return;
  const rest = channels.filter((channel) => !allowed.includes(channel)).join(' or ') || 'false';
  await sql.query(
    `merge into stop_entry s
     using (select id from stop_entry where account_id = $1 and ${by} = any($2) order by id) as t
     on s.account_id = $1 and s.id = t.id
     when matched and not (${rest}) then delete
     when matched then update set ${cleared.map((channel) => `${channel} = false`).join(', ')}`,
    [accountId, keys],
  );
}
