// Writes inbound messages down, a group in one transaction: whose they are, their text, and what they do to the stop
// list. Called by the engine's inbox, which acknowledges them to the operator after that; and by its clock, for messages
// that were nobody's when they came.

import type pg from 'pg';
import { type Arrival, arrivalOf } from './arrival.ts';
import { readText } from './content.ts';
import { ownersOf } from './owner.ts';
import { type Joined, join, lockOf, partsKey, readParts, type Stored } from './parts.ts';
import { applyActions, type Decided } from './stops.ts';
import { type Action, actionOf, wordsOf } from './words.ts';

export { type Arrival, arrivalOf };

/** Parts of a text come within this; after it an operator's reference may be another text's. */
const partsLife = `interval '1 day'`;
/** How long a message that is nobody's is looked at again, and how many at once. */
const openLife = `interval '1 hour'`;
const openLimit = 500;

/** A row of inbound_message as it will be. */
type Row = {
  arrival: Arrival;
  /** Of a text in parts. */
  joined: Joined | null;
  text: string;
  encoding: string;
  complete: boolean;
  accountId: number | null;
  open: boolean;
  action: Action | null;
};

/**
 * Commits a group of messages in the order of their arrival, atomically, and with it what their words do to the stop
 * list. May be repeated: what a lost commit has written is not written again.
 */
export async function keepInbound(client: pg.ClientBase, group: readonly Arrival[]): Promise<void> {
  await client.query('begin');
  const fresh = await withoutKept(client, group);
  const rows: Row[] = fresh
    .filter(({ place }) => place === null)
    .map((arrival) => ({ arrival, joined: null, ...readText(arrival.octets, arrival.dataCoding), ...whole }));
  const parts = fresh.filter(({ place }) => place !== null);
  if (parts.length > 0) {
    for (const joined of join(parts, await storedParts(client, parts))) {
      const { text, encoding, complete } = readParts(joined.parts, joined.first.dataCoding);
      rows.push({ arrival: joined.first, joined, text, encoding, ...whole, complete });
    }
  }
  await decide(client, rows);
  await insertRows(
    client,
    rows.filter(({ joined }) => joined === null || joined.id === null),
  );
  await updateJoined(
    client,
    rows.filter(({ joined }) => joined !== null && joined.id !== null),
  );
  await applyActions(client, rows.flatMap(decidedBy));
  await client.query('commit');
}

const whole = { complete: true, accountId: null, open: false, action: null };

function decidedBy({ accountId, arrival: { phone }, action }: Row): Decided[] {
  return accountId === null || phone === null || action === null ? [] : [{ accountId, phone, action }];
}

// The answer to an earlier try may have been lost with its connection.
async function withoutKept(client: pg.ClientBase, group: readonly Arrival[]): Promise<Arrival[]> {
  const { rows } = await client.query<{ arrival: string }>({
    name: 'kept-inbound',
    text: 'select arrival from inbound_message where arrival = any($1::uuid[])',
    values: [group.map(({ key }) => key)],
  });
  const kept = new Set(rows.map(({ arrival }) => arrival));
  return group.filter(({ key }) => !kept.has(key));
}

// Parts of one text may arrive at two processes at once: the second waits here for the first, and sees its part.
async function storedParts(client: pg.ClientBase, parts: readonly Arrival[]): Promise<Stored[]> {
  const byKey = new Map(parts.map((part) => [partsKey(part), part]));
  const locks = [...new Set([...byKey.keys()].map(lockOf))].sort((a, b) => a - b);
  for (const lock of locks) {
    await client.query("select pg_advisory_xact_lock(hashtext('inbound_parts'), $1::integer)", [lock]);
  }
  const wanted = [...byKey.values()];
  const { rows } = await client.query<Omit<Stored, 'key'> & { ord: number }>({
    name: 'stored-parts',
    text: `
select i.ord::integer, m.id, m.parts
from unnest($1::text[], $2::text[], $3::integer[], $4::integer[]) with ordinality
  as i (source, address, reference, total, ord)
join inbound_message m on m.source = i.source and m.address = i.address and m.reference = i.reference
  and m.parts is not null and cardinality(m.parts) = i.total and m.received_at > now() - ${partsLife}
order by m.id`,
    values: [
      wanted.map(({ source }) => source),
      wanted.map(({ address }) => address),
      wanted.map(({ place }) => place!.reference),
      wanted.map(({ place }) => place!.total),
    ],
  });
  return rows.map(({ ord, id, parts: there }) => ({ id, parts: there, key: partsKey(wanted[ord - 1]!) }));
}

// Whose each is, and what it does by that account's words: a text in parts once it is complete.
async function decide(
  client: pg.ClientBase,
  rows: (Pick<Row, 'text' | 'complete' | 'accountId' | 'open' | 'action'> & { arrival: Sender })[],
): Promise<void> {
  if (rows.length === 0) return;
  const owners = await ownersOf(
    client,
    rows.map(({ arrival }) => arrival),
  );
  const accountIds = owners.flatMap(({ accountId }) => (accountId === null ? [] : [accountId]));
  const words = await wordsOf(client, [...new Set(accountIds)]);
  rows.forEach((row, i) => {
    const { accountId, open } = owners[i]!;
    row.accountId = accountId;
    row.open = open;
    row.action = accountId === null || !row.complete ? null : actionOf(row.text, words.get(accountId)!);
  });
}

type Sender = Pick<Arrival, 'phone' | 'address'>;

async function insertRows(client: pg.ClientBase, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query({
    name: 'keep-inbound',
    text: `
insert into inbound_message (account_id, operator_id, phone, source, destination, address, text, encoding, data_coding,
  action, arrival, reference, parts, complete, open)
select r.account_id, r.operator_id, r.phone, r.source, r.destination, r.address, r.text, r.encoding, r.data_coding,
  r.action, r.arrival, r.reference,
  case when r.parts is not null then array(
    select decode(p #>> '{}', 'hex') from jsonb_array_elements(r.parts) with ordinality as e (p, at) order by at
  ) end, r.complete, r.open
from jsonb_to_recordset($1::jsonb) as r (account_id bigint, operator_id integer, phone bigint, source text,
  destination text, address text, text text, encoding text, data_coding smallint, action text, arrival uuid,
  reference integer, parts jsonb, complete boolean, open boolean)`,
    values: [
      JSON.stringify(
        rows.map(({ arrival, joined, text, encoding, complete, accountId, open, action }) => ({
          ...{ account_id: accountId, operator_id: arrival.operatorId, phone: arrival.phone },
          ...{ source: arrival.source, destination: arrival.destination, address: arrival.address },
          ...{ text, encoding, data_coding: arrival.dataCoding, action, complete, open },
          arrival: joined === null ? arrival.key : null,
          reference: arrival.place?.reference ?? null,
          parts: joined === null ? null : hexadecimal(joined.parts),
        })),
      ),
    ],
  });
}

// Few, and each with an array of its own: one statement each.
async function updateJoined(client: pg.ClientBase, rows: readonly Row[]): Promise<void> {
  for (const { joined, text, encoding, complete, accountId, open, action } of rows) {
    await client.query({
      name: 'join-inbound',
      text: `
update inbound_message set text = $2, encoding = $3, complete = $4, parts = $5::bytea[], action = $6,
  account_id = coalesce($7, account_id), open = $8 where id = $1`,
      values: [joined!.id, text, encoding, complete, joined!.parts, action, accountId, open],
    });
  }
}

function hexadecimal(parts: readonly (Buffer | null)[]): (string | null)[] {
  return parts.map((part) => part?.toString('hex') ?? null);
}

/**
 * Looks again whose the messages are that nobody had when they came: what was sent to them may be sorted by now. In one
 * transaction; processes side by side take different messages.
 *
 * @returns how many found their account
 */
export async function takeOpen(client: pg.ClientBase): Promise<number> {
  await client.query('begin');
  const { rows } = await client.query<Sender & { id: number; text: string; complete: boolean; old: boolean }>(
    `select id, phone, address, text, complete, received_at < now() - ${openLife} as old
     from inbound_message where open order by id limit ${openLimit} for update skip locked`,
  );
  const looked = rows.map(
    (row) => ({ ...row, arrival: row, accountId: null, open: false, action: null }) as Opened,
  );
  await decide(client, looked);
  for (const { id, accountId, open, action, old } of looked) {
    if (accountId === null && open && !old) continue;
    await client.query(
      'update inbound_message set account_id = $2, action = $3, open = false where id = $1',
      [...[id, accountId, action]],
    );
  }
  await applyActions(
    client,
    looked.flatMap(({ accountId, phone, action }) =>
      accountId === null || phone === null || action === null ? [] : [{ accountId, phone, action }],
    ),
  );
  await client.query('commit');
  return looked.filter(({ accountId }) => accountId !== null).length;
}

type Opened = Sender & {
  id: number;
  arrival: Sender;
  text: string;
  complete: boolean;
  accountId: number | null;
  open: boolean;
  action: Action | null;
  old: boolean;
};
