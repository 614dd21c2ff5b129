// The SQL of what is shown of inbound messages, and of the numbers of ours that belong to accounts. Called by the routes
// and the command line.

import { recordAudit } from '../audit/index.ts';
import { conditions, type Db, transaction } from '../db/index.ts';
import { type Identity, invalid, notFound, type Page, Refusal } from '../http/index.ts';
import { addressKey } from './address.ts';
import type { Encoding } from './content.ts';
import type { Action } from './words.ts';

/** An inbound message with the names of what it belongs to. */
export type InboundRow = {
  id: number;
  accountId: number | null;
  accountName: string | null;
  operatorName: string | null;
  phone: number | null;
  source: string;
  destination: string;
  text: string;
  encoding: Encoding;
  dataCoding: number;
  parts: number;
  complete: boolean;
  action: Action | null;
  receivedAt: Date;
};

/** What a list may be narrowed to; undefined does not narrow. `accountId` null: those of nobody. */
export type InboundFilter = {
  accountId?: number | null | undefined;
  phone?: number | undefined;
  destination?: string | undefined;
  action?: Action | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  search?: string | undefined;
};

/** A page of inbound messages, the newest first, and how many there are. */
export async function listInbound(
  db: Db,
  filter: InboundFilter,
  page: Page,
): Promise<{ rows: InboundRow[]; total: number }> {
  const chosen = conditions();
  const { where } = chosen;
  if (filter.accountId === null) where((p) => `m.account_id is null and ${p}`, true);
  else where((p) => `m.account_id = ${p}`, filter.accountId);
  where((p) => `m.phone = ${p}`, filter.phone);
  where((p) => `m.address = ${p}`, filter.destination && addressKey(filter.destination));
  where((p) => `m.action = ${p}`, filter.action);
  where((p) => `m.received_at >= ${p}`, filter.from);
  where((p) => `m.received_at <= ${p}`, filter.to);
  where((p) => `strpos(lower(m.text), lower(${p})) > 0`, filter.search);
  const [limit, offset] = [`$${chosen.values.length + 1}`, `$${chosen.values.length + 2}`];
  const [{ rows }, counted] = await Promise.all([
    db.pool.query<InboundRow>(
      `select m.id, m.account_id as "accountId", a.name as "accountName", o.name as "operatorName", m.phone, m.source,
         m.destination, m.text, m.encoding, m.data_coding as "dataCoding", coalesce(cardinality(m.parts), 1) as parts,
         m.complete, m.action, m.received_at as "receivedAt"
       from (
         select * from inbound_message m where ${chosen.sql} order by id desc limit ${limit} offset ${offset}
       ) as m
       left join account a on a.id = m.account_id left join operator o on o.id = m.operator_id
       order by m.id desc`,
      [...chosen.values, page.limit, page.offset],
    ),
    db.pool.query<{ n: number }>(
      `select count(*)::integer as n from inbound_message m where ${chosen.sql}`,
      chosen.values,
    ),
  ]);
  return { rows, total: counted.rows[0]!.n };
}

/** A number of ours, and the account that its messages belong to. */
export type InboundNumber = {
  id: number;
  address: string;
  accountId: number;
  accountName: string;
  createdAt: Date;
};

type Actor = Pick<Identity, 'accountId' | 'keyId'> | null;

const numberColumns = `n.id, n.address, n.account_id as "accountId", a.name as "accountName",
  n.created_at as "createdAt" from inbound_number n join account a on a.id = n.account_id`;

/** A page of the numbers in their order, and how many there are. */
export async function listNumbers(
  db: Db,
  accountId: number | undefined,
  page: Page,
): Promise<{ numbers: InboundNumber[]; total: number }> {
  const [{ rows }, counted] = await Promise.all([
    db.pool.query<InboundNumber>(
      `select ${numberColumns} where $1::bigint is null or n.account_id = $1 order by n.address limit $2 offset $3`,
      [accountId, page.limit, page.offset],
    ),
    db.pool.query<{ n: number }>(
      'select count(*)::integer as n from inbound_number where $1::bigint is null or account_id = $1',
      [accountId],
    ),
  ]);
  return { numbers: rows, total: counted.rows[0]!.n };
}

/** SMPP's longest address; a plus is not kept. */
const longestAddress = 20;

/**
 * Gives a number of ours to an account, for messages from now on. Refuses an address that cannot be one, an account that
 * there is not, and an address that is given already.
 */
export async function addNumber(
  db: Db,
  identity: Actor,
  { address, accountId }: { address: string; accountId: number },
): Promise<InboundNumber> {
  const key = addressKey(address);
  if (key.length > longestAddress || !/^[\x20-\x7e]+$/.test(key)) {
    throw invalid({
      address: ['This must be a short code, a number or a sender name of up to 20 characters.'],
    });
  }
  return transaction(db, async (client) => {
    const account = await client.query('select from account where id = $1', [accountId]);
    if (account.rowCount === 0) throw invalid({ account_id: ['There is no such account.'] });
    const { rows } = await client.query<{ id: number }>(
      `insert into inbound_number (address, account_id) values ($1, $2) on conflict (address) do nothing returning id`,
      [key, accountId],
    );
    if (rows[0] === undefined) {
      throw new Refusal(
        409,
        'inbound_number_exists',
        `${key} belongs to an account already: remove it first.`,
      );
    }
    await recordAudit(client, {
      ...{
        identity,
        action: 'inbound_number.add',
        subject: `inbound-number/${rows[0].id}`,
        ownerId: accountId,
      },
      details: { address: key },
    });
    return (await client.query<InboundNumber>(`select ${numberColumns} where n.id = $1`, [rows[0].id]))
      .rows[0]!;
  });
}

/** Takes a number from its account, by its id or its address; 404 where it is nobody's. */
export async function removeNumber(db: Db, identity: Actor, which: number | string): Promise<InboundNumber> {
  return transaction(db, async (client) => {
    const column = typeof which === 'number' ? 'n.id' : 'n.address';
    const { rows } = await client.query<InboundNumber>(`select ${numberColumns} where ${column} = $1`, [
      typeof which === 'number' ? which : addressKey(which),
    ]);
    const number = rows[0];
    if (number === undefined) throw notFound('inbound number');
    await client.query('delete from inbound_number where id = $1', [number.id]);
    await recordAudit(client, {
      ...{ identity, action: 'inbound_number.remove', subject: `inbound-number/${number.id}` },
      ...{ ownerId: number.accountId, details: { address: number.address } },
    });
    return number;
  });
}
