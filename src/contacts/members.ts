// Puts contacts into groups and takes them out. Called by the routes.

import type pg from 'pg';
import { type FieldErrors, invalid } from '../http/index.ts';
import { unknownId } from './errors.ts';
import { lockGroups } from './groups.ts';
import { insertMembers } from './write.ts';

export type Membership = { contacts: readonly number[]; groups: readonly number[] };

/** Puts all of these contacts into all of these groups, in the caller's transaction. Refuses ids that there are not. */
export async function attach(client: pg.ClientBase, accountId: number, given: Membership): Promise<void> {
  const { contacts, groups } = await locked(client, accountId, given);
  await insertMembers(client, groups, contacts);
}

/** Takes all of these contacts out of all of these groups; those in none of them stay as they are. */
export async function detach(client: pg.ClientBase, accountId: number, given: Membership): Promise<void> {
  const { contacts, groups } = await locked(client, accountId, given);
  await client.query('delete from contact_group_member where group_id = any($1) and contact_id = any($2)', [
    groups,
    contacts,
  ]);
}

/** Locks the groups and then the contacts, so that none of them is deleted meanwhile. */
async function locked(client: pg.ClientBase, accountId: number, given: Membership): Promise<Membership> {
  const groups = await lockGroups(client, accountId, given.groups);
  const { rows } = await client.query<{ id: number }>(
    'select id from contact where account_id = $1 and id = any($2) order by id for key share',
    [accountId, given.contacts],
  );
  const contacts = rows.map((row) => row.id);
  const errors: FieldErrors = {};
  given.groups.forEach((id, i) => {
    if (!groups.includes(id)) errors[`groups.${i}`] = [unknownId('group', id)];
  });
  given.contacts.forEach((id, i) => {
    if (!contacts.includes(id)) errors[`contacts.${i}`] = [unknownId('contact', id)];
  });
  if (Object.keys(errors).length > 0) throw invalid(errors);
  return { contacts, groups };
}
