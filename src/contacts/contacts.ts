// Contacts one by one: reading a page of them, making, changing and deleting. Called by the routes.

import type pg from 'pg';
import { type Db, transaction } from '../db/index.ts';
import { type FieldErrors, invalid } from '../http/index.ts';
import { refused, unknownId } from './errors.ts';
import { checkValue, valueForms } from './field-types.ts';
import { type Field, selectFields } from './fields.ts';
import { type Group, groupsOf, lockGroups } from './groups.ts';
import { limits } from './limits.ts';
import type { Queryable } from './sql.ts';
import {
  deleteContacts,
  insertContacts,
  insertMembers,
  lockContacts,
  typesOf,
  updateFields,
  type Values,
} from './write.ts';

export type ContactRow = {
  id: number;
  phone: number;
  values: Values;
  createdAt: Date;
  groups: Omit<Group, 'stopped'>[];
};

/** These contacts of the account with their groups, in this order. */
export async function selectContacts(
  sql: Queryable,
  accountId: number,
  ids: readonly number[],
): Promise<ContactRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql.query<Omit<ContactRow, 'groups'>>(
    `select c.id, c.phone, c.fields as "values", c.created_at as "createdAt"
     from unnest($2::bigint[]) with ordinality as t (id, place) join contact c on c.account_id = $1 and c.id = t.id
     order by t.place`,
    [accountId, ids],
  );
  const { rows: members } = await sql.query<Omit<Group, 'stopped'> & { contactId: number }>(
    `select m.contact_id as "contactId", g.id, g.name, g.description, g.is_default as "isDefault", g.items,
       g.created_at as "createdAt"
     from contact_group_member m join contact_group g on g.id = m.group_id
     where m.contact_id = any($1) order by m.contact_id, g.id`,
    [rows.map((row) => row.id)],
  );
  const groups = Map.groupBy(members, (member) => member.contactId);
  return rows.map((row) => ({ ...row, groups: groups.get(row.id) ?? [] }));
}

/** One contact; 404 where the account has none of this id. */
export async function findContact(sql: Queryable, accountId: number, id: number): Promise<ContactRow> {
  const [contact] = await selectContacts(sql, accountId, [id]);
  if (contact === undefined) throw refused.noContact();
  return contact;
}

/** A contact as a request gives it; see schemas.ts. */
export type ContactInput = {
  phone: number;
  groups?: (number | { id: number })[];
  fields?: Record<string, unknown>[];
};

/** Makes a contact, in the caller's transaction; gives its id. */
export async function createContact(
  client: pg.ClientBase,
  accountId: number,
  input: ContactInput,
): Promise<number> {
  const { groupIds, values, fields } = await read(client, accountId, input);
  const groups = await lockGroups(client, accountId, groupIds ?? []);
  const added = await insertContacts(client, accountId, new Map([[input.phone, values]]), typesOf(fields));
  if (added.length === 0) throw refused.phoneThere();
  await insertMembers(client, groups, [added[0]!.id]);
  return added[0]!.id;
}

/** Gives a contact this phone, these values, and where they are given, exactly these groups. */
export async function changeContact(
  db: Db,
  accountId: number,
  id: number,
  input: ContactInput,
): Promise<void> {
  await transaction(db, async (client) => {
    const { groupIds, values, fields } = await read(client, accountId, input);
    const { contacts, groups } = await lockContacts(client, accountId, [id], groupIds);
    const [stored] = contacts;
    if (stored === undefined) throw refused.noContact();
    try {
      await updateFields(
        client,
        accountId,
        [{ ...stored, change: values, newPhone: input.phone }],
        typesOf(fields),
      );
    } catch (error) {
      // A deadlock is two contacts that want each other's phone: whichever came first would have been refused.
      if (['23505', '40P01'].includes((error as { code?: string }).code ?? '')) throw refused.phoneThere();
      throw error;
    }
    if (groupIds === undefined) return;
    await client.query('delete from contact_group_member where contact_id = $1 and group_id <> all($2)', [
      id,
      groupIds,
    ]);
    const inside = groups.filter((group) => groupIds.includes(group));
    await insertMembers(client, inside, [id]);
  });
}

/** Deletes a contact. */
export async function deleteContact(db: Db, accountId: number, id: number): Promise<void> {
  const deleted = await transaction(db, (client) => deleteContacts(client, accountId, [id]));
  if (deleted === 0) throw refused.noContact();
}

/**
 * Deletes these contacts, and all in these groups; ids that the account has not are passed over. Groups stay. In steps of
 * 10,000, so that nobody waits for a million: what is interrupted is finished when it is asked again.
 */
export async function deleteMany(
  db: Db,
  accountId: number,
  { contactIds, groupIds }: { contactIds: readonly number[]; groupIds: readonly number[] },
): Promise<void> {
  const remove = (ids: readonly number[]) =>
    transaction(db, (client) => deleteContacts(client, accountId, ids));
  if (contactIds.length > 0) await remove(contactIds);
  const groups = [...(await groupsOf(db.pool, accountId, groupIds))];
  if (groups.length === 0) return;
  for (;;) {
    const { rows } = await db.pool.query<{ id: number }>(
      `select distinct c.id from contact_group_member m join contact c on c.account_id = $1 and c.id = m.contact_id
       where m.group_id = any($2) limit ${limits.chunk}`,
      [accountId, groups],
    );
    if (rows.length === 0) return;
    await remove(rows.map((row) => row.id));
  }
}

type Read = { groupIds: number[] | undefined; values: Values; fields: Field[] };

/** Checks a request's values and groups against what the account has. */
async function read(
  sql: Queryable,
  accountId: number,
  { groups, fields: given = [] }: ContactInput,
): Promise<Read> {
  const errors: FieldErrors = Object.create(null); // a field may be called __proto__
  const fields = await selectFields(sql, accountId);
  const values: Values = {};
  given.forEach((item, i) => {
    const pairs = Object.hasOwn(item, 'id') ? [[String(item.id), item.value] as const] : Object.entries(item);
    if (pairs.length === 0)
      errors[`fields.${i}`] = ['This must be an object such as {"id": 12, "value": "Anna"}.'];
    for (const [id, value] of pairs) {
      const at = Object.hasOwn(item, 'id') ? { id: `fields.${i}.id`, value: `fields.${i}.value` } : undefined;
      const field = fields.find((each) => String(each.id) === id);
      if (field === undefined) {
        errors[at?.id ?? `fields.${i}.${id}`] = [`There is no field ${id} in this account.`];
        continue;
      }
      const text = value === null || value === undefined ? '' : String(value);
      const checked = text === '' ? '' : typeof value === 'object' ? undefined : checkValue(field.type, text);
      if (checked === undefined) {
        errors[at?.value ?? `fields.${i}.${id}`] = [`This must be ${valueForms[field.type]}.`];
      } else values[id] = checked;
    }
  });
  const groupIds = groups?.map((group) => (typeof group === 'number' ? group : group.id));
  if (groupIds !== undefined && groupIds.length > 0) {
    const known = await groupsOf(sql, accountId, groupIds);
    groupIds.forEach((id, i) => {
      if (!known.has(id)) errors[`groups.${i}`] = [unknownId('group', id)];
    });
  }
  if (Object.keys(errors).length > 0) throw invalid(errors);
  return { groupIds, values, fields };
}
