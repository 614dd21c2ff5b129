// Writes contacts with all that hangs on them: values in their order, what searches look for, and groups. The only
// place that does, for one contact of a request as for ten thousand of an import.

import type pg from 'pg';
import { type FieldType, orderOf } from './field-types.ts';
import { selectFields } from './fields.ts';
import { addPhone, addText } from './grams.ts';
import { lockGroups } from './groups.ts';
import { limits } from './limits.ts';

/** Values by the id of their field, as `contact.fields` holds them. */
export type Values = Record<string, string>;

/** Contacts of an import. Struct of arrays: `values[k]` is the column of `fieldIds[k]`, with an entry for each phone. */
export type ContactRows = {
  phones: readonly number[];
  fieldIds: readonly number[];
  /** As `checkValue` gives them; null leaves what is stored. */
  values: readonly (readonly (string | null)[])[];
};

/**
 * Makes the contacts that are not there, gives those that are the values that come, and puts all into the groups. In
 * the caller's transaction, up to 10,000 rows a call; where a phone comes twice, the later values win. A group or field
 * that the account has not is passed over: ask `groupsOf` and `selectFields` first.
 *
 * @returns how many were made, and how many were there
 */
export async function upsertContacts(
  client: pg.ClientBase,
  accountId: number,
  rows: ContactRows,
  groupIds: readonly number[],
): Promise<{ created: number; updated: number }> {
  const { phones, fieldIds, values } = rows;
  if (phones.length > limits.chunk) throw new RangeError(`${phones.length} contacts in one call`);
  const given = new Map<number, Values>();
  for (let i = 0; i < phones.length; i += 1) {
    const phone = phones[i]!;
    const change = given.get(phone) ?? {};
    given.set(phone, change);
    for (let k = 0; k < fieldIds.length; k += 1) {
      const value = values[k]![i];
      if (value !== null && value !== undefined) change[fieldIds[k]!] = value;
    }
  }
  const groups = await lockGroups(client, accountId, groupIds);
  const types = typesOf(await selectFields(client, accountId));
  const ids: number[] = [];
  let created = 0;
  // A phone that another transaction adds meanwhile is there in the next round.
  for (let rest = given; rest.size > 0; ) {
    const there = await selectForUpdate(client, accountId, [...rest.keys()]);
    await updateFields(
      client,
      accountId,
      there.map((row) => ({ ...row, change: rest.get(row.phone)! })),
      types,
    );
    for (const { id, phone } of there) {
      ids.push(id);
      rest.delete(phone);
    }
    const added = await insertContacts(client, accountId, rest, types);
    created += added.length;
    for (const { id, phone } of added) {
      ids.push(id);
      rest.delete(phone);
    }
  }
  await insertMembers(client, groups, ids);
  return { created, updated: ids.length - created };
}

/** The types of an account's fields by their ids. */
export type Types = ReadonlyMap<string, FieldType>;

export function typesOf(fields: readonly { id: number; type: FieldType }[]): Types {
  return new Map(fields.map(({ id, type }) => [String(id), type]));
}

/** Inserts contacts whose phones are not there, and gives those that it did. Values of unknown fields are dropped. */
export async function insertContacts(
  client: pg.ClientBase,
  accountId: number,
  contacts: ReadonlyMap<number, Values>,
  types: Types,
): Promise<{ id: number; phone: number }[]> {
  if (contacts.size === 0) return [];
  const phones: number[] = [];
  const fields: string[] = [];
  const grams: string[] = [];
  const orders = emptyOrders();
  for (const [phone, values] of contacts) {
    const known = knownValues(values, types);
    phones.push(phone);
    fields.push(JSON.stringify(known));
    grams.push(gramsOf(accountId, phone, known, types));
    addOrders(orders, phone, known, types);
  }
  // In the order of the index that refuses what is there, so that two imports of the same phones do not lock each other.
  const { rows } = await client.query<{ id: number; phone: number }>({
    name: 'insert-contacts',
    text: `
with added as (
    insert into contact (account_id, phone, fields, grams)
    select $1, phone, fields::jsonb, grams::integer[]
    from unnest($2::bigint[], $3::text[], $4::text[]) as t (phone, fields, grams) order by phone
    on conflict (account_id, phone) do nothing
    returning id, phone
  ),
  ordered as (
    insert into contact_value (field_id, value, contact_id)
    select t.field_id, t.value, a.id
    from unnest($5::bigint[], $6::numeric[], $7::bigint[]) as t (field_id, value, phone) join added a using (phone)
  )
select id, phone from added order by id`,
    values: [accountId, phones, fields, grams, orders.fields, orders.values, orders.owners],
  });
  return rows;
}

/** A contact as it is stored, locked by the transaction. */
export type StoredContact = { id: number; phone: number; fields: Values };

/** Locks the contacts of these phones, in the order of their ids. */
async function selectForUpdate(
  client: pg.ClientBase,
  accountId: number,
  phones: readonly number[],
): Promise<StoredContact[]> {
  const { rows } = await client.query<StoredContact>(
    `select id, phone, fields from contact where account_id = $1 and phone = any($2) order by id for update`,
    [accountId, phones],
  );
  return rows;
}

/**
 * Locks contacts of an account, and before them these groups and all that one of the contacts is in: the order in which
 * everybody locks them. A contact that joins a group between the two is noticed: the locks are given back and taken
 * again, with that group.
 *
 * @returns what of both there is
 */
export async function lockContacts(
  client: pg.ClientBase,
  accountId: number,
  ids: readonly number[],
  groupIds: readonly number[] = [],
): Promise<{ contacts: StoredContact[]; groups: number[] }> {
  const wanted = new Set(groupIds);
  const joined = async () => {
    const { rows } = await client.query<{ id: number }>(
      `select distinct m.group_id as id from contact c join contact_group_member m on m.contact_id = c.id
       where c.account_id = $1 and c.id = any($2)`,
      [accountId, ids],
    );
    return new Set(rows.map((row) => row.id));
  };
  for (let seen = await joined(); ; ) {
    for (const id of seen) wanted.add(id);
    await client.query('savepoint locks');
    const groups = await lockGroups(client, accountId, [...wanted]);
    const { rows: contacts } = await client.query<StoredContact>(
      'select id, phone, fields from contact where account_id = $1 and id = any($2) order by id for update',
      [accountId, ids],
    );
    seen = await joined();
    const missed = !seen.isSubsetOf(wanted);
    await client.query(missed ? 'rollback to savepoint locks' : 'release savepoint locks');
    if (!missed) return { contacts, groups };
  }
}

/** What becomes of a locked contact: another phone, other values (an empty one takes the value away). */
export type ContactChange = StoredContact & { change: Values; newPhone?: number };

/** Gives locked contacts what changes of them; those of which nothing does are not written. */
export async function updateFields(
  client: pg.ClientBase,
  accountId: number,
  contacts: readonly ContactChange[],
  types: Types,
): Promise<void> {
  const ids: number[] = [];
  const phones: number[] = [];
  const fields: string[] = [];
  const grams: string[] = [];
  const [gone, come] = [emptyOrders(), emptyOrders()];
  for (const { id, phone, newPhone = phone, fields: stored, change } of contacts) {
    const before = knownValues(stored, types);
    const after = knownValues({ ...before, ...change }, types);
    const changed = Object.keys(change).some((key) => before[key] !== after[key]);
    if (!changed && newPhone === phone) continue;
    ids.push(id);
    phones.push(newPhone);
    fields.push(JSON.stringify(after));
    grams.push(gramsOf(accountId, newPhone, after, types));
    addOrders(gone, id, before, types);
    addOrders(come, id, after, types);
  }
  if (ids.length === 0) return;
  await client.query({
    name: 'delete-contact-values',
    text: `delete from contact_value v
      using unnest($1::bigint[], $2::numeric[], $3::bigint[]) as t (field_id, value, contact_id)
      where v.field_id = t.field_id and v.value = t.value and v.contact_id = t.contact_id`,
    values: [gone.fields, gone.values, gone.owners],
  });
  await client.query({
    name: 'update-contacts',
    text: `
with changed as (
    update contact c set phone = t.phone, fields = t.fields::jsonb, grams = t.grams::integer[]
    from unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[]) as t (id, phone, fields, grams)
    where c.account_id = $1 and c.id = t.id
  )
insert into contact_value (field_id, value, contact_id)
select * from unnest($6::bigint[], $7::numeric[], $8::bigint[])`,
    values: [accountId, ids, phones, fields, grams, come.fields, come.values, come.owners],
  });
}

/** Puts contacts into groups that the transaction has locked; those in one already stay. */
export async function insertMembers(
  client: pg.ClientBase,
  groupIds: readonly number[],
  contactIds: readonly number[],
): Promise<void> {
  if (groupIds.length === 0 || contactIds.length === 0) return;
  await client.query({
    name: 'insert-members',
    text: `insert into contact_group_member (group_id, contact_id)
      select g, c from unnest($1::bigint[]) as g cross join unnest($2::bigint[]) as c order by g, c
      on conflict do nothing`,
    values: [groupIds, contactIds],
  });
}

/** Deletes contacts of an account with all that hangs on them, in the caller's transaction. Gives how many there were. */
export async function deleteContacts(
  client: pg.ClientBase,
  accountId: number,
  ids: readonly number[],
): Promise<number> {
  const { contacts: rows } = await lockContacts(client, accountId, ids);
  const found = rows.map((row) => row.id);
  const types = typesOf(await selectFields(client, accountId));
  const orders = emptyOrders();
  for (const { id, fields } of rows) addOrders(orders, id, fields, types);
  await client.query('delete from contact_group_member where contact_id = any($1)', [found]);
  await client.query(
    `delete from contact_value v
     using unnest($1::bigint[], $2::numeric[], $3::bigint[]) as t (field_id, value, contact_id)
     where v.field_id = t.field_id and v.value = t.value and v.contact_id = t.contact_id`,
    [orders.fields, orders.values, orders.owners],
  );
  await client.query('delete from contact where account_id = $1 and id = any($2)', [accountId, found]);
  return found.length;
}

/** The values that there are, of fields that there are. */
function knownValues(values: Values, types: Types): Values {
  const known: Values = {};
  for (const id in values) if (values[id] !== '' && types.has(id)) known[id] = values[id]!;
  return known;
}

function gramsOf(accountId: number, phone: number, values: Values, types: Types): string {
  const grams = new Set<number>();
  addPhone(grams, accountId, String(phone));
  for (const id in values) if (types.get(id) === 'text') addText(grams, Number(id), values[id]!);
  return `{${[...grams].join(',')}}`;
}

/** Rows of contact_value; `owners` are contacts, by id or by phone. */
type Orders = { fields: number[]; values: string[]; owners: number[] };

const emptyOrders = (): Orders => ({ fields: [], values: [], owners: [] });

function addOrders(orders: Orders, owner: number, values: Values, types: Types): void {
  for (const id in values) {
    const type = types.get(id);
    if (type !== 'number' && type !== 'date') continue;
    orders.fields.push(Number(id));
    orders.values.push(orderOf(type, values[id]!));
    orders.owners.push(owner);
  }
}
