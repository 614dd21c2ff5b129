// The contacts of groups as the recipients of a campaign: counted before it is made, and streamed while it is. Called
// by campaigns.

import type pg from 'pg';
import type { Queryable } from './sql.ts';

/** A part of the recipients. Struct of arrays: `values[k]` is the column of `fieldIds[k]`, null where there is none. */
export type RecipientChunk = { ids: number[]; phones: number[]; values: (string | null)[][] };

/** Contacts of a chunk: some hundred kB. */
const chunkSize = 5000;

let cursors = 0;

/**
 * The contacts of any of these groups, each once, in the order of their ids, read through a cursor of the caller's
 * transaction: memory stays flat, and nothing else may be asked on the connection between two chunks but what the caller
 * awaits. With `stopList`, those on the stop list of SMS are left out.
 */
export async function* streamRecipients(
  client: pg.ClientBase,
  accountId: number,
  groupIds: readonly number[],
  { stopList, fieldIds }: { stopList: boolean; fieldIds: readonly number[] },
): AsyncGenerator<RecipientChunk, void, undefined> {
  cursors += 1;
  const cursor = `contact_recipients_${cursors}`;
  const columns = fieldIds.map((id) => `, c.fields ->> '${checkedId(id)}'`).join('');
  // All of it will be read: not the plan that gives the first rows soonest.
  await client.query('set local cursor_tuple_fraction = 1');
  await client.query(
    `declare ${cursor} no scroll cursor for
     select c.id, c.phone${columns}
     from contact c
     where c.account_id = ${checkedId(accountId)} and c.id in (${membersOf(groupIds)})
       ${stopList ? `and not exists (${stopOf('c')})` : ''}
     order by c.id`,
  );
  for (;;) {
    const { rows } = await client.query<(number | string | null)[]>({
      text: `fetch ${chunkSize} from ${cursor}`,
      rowMode: 'array',
    });
    if (rows.length === 0) break;
    const chunk: RecipientChunk = { ids: [], phones: [], values: fieldIds.map(() => []) };
    for (const row of rows) {
      chunk.ids.push(row[0] as number);
      chunk.phones.push(row[1] as number);
      for (let k = 0; k < fieldIds.length; k += 1) chunk.values[k]!.push(row[k + 2] as string | null);
    }
    yield chunk;
    if (rows.length < chunkSize) break;
  }
  await client.query(`close ${cursor}`);
}

export type RecipientCounts = {
  /** Contacts in any of the groups, each once. */
  contacts: number;
  /** Of them on the stop list of SMS. */
  stopped: number;
  /** By field: contacts that are not stopped and have no value. */
  missing: Record<number, number>;
};

/** Counts the contacts of any of these groups, and for the given fields how many have no value. */
export async function countRecipients(
  sql: Queryable,
  accountId: number,
  groupIds: readonly number[],
  fieldIds: readonly number[] = [],
): Promise<RecipientCounts> {
  const missing = fieldIds.map(
    (id) => `, count(*) filter (where s.phone is null and not c.fields ? '${checkedId(id)}')`,
  );
  const { rows } = await sql.query<number[]>({
    text: `select count(*), count(s.phone)${missing.join('')}
      from contact c
      left join stop_entry s on s.account_id = c.account_id and s.phone = c.phone and s.sms
      where c.account_id = ${checkedId(accountId)} and c.id in (${membersOf(groupIds)})`,
    rowMode: 'array',
  });
  const [contacts = 0, stopped = 0, ...without] = rows[0]!;
  return { contacts, stopped, missing: Object.fromEntries(fieldIds.map((id, k) => [id, without[k]!])) };
}

/** Ids are written into the statements: a cursor takes no parameters. */
function checkedId(id: number): number {
  if (!Number.isSafeInteger(id)) throw new RangeError(`${id} is no id`);
  return id;
}

function membersOf(groupIds: readonly number[]): string {
  return `select contact_id from contact_group_member where group_id = any('{${groupIds.map(checkedId).join(',')}}'::bigint[])`;
}

const stopOf = (contact: string) =>
  `select from stop_entry s where s.account_id = ${contact}.account_id and s.phone = ${contact}.phone and s.sms`;
