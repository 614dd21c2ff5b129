// Groups of contacts: making and changing them, and who is in them. Called by the routes, and by everything that takes
// groups. Searching them is in group-search.ts.

import type pg from 'pg';
import { type Db, transaction } from '../db/index.ts';
import { refused } from './errors.ts';
import { limits } from './limits.ts';
import type { Queryable } from './sql.ts';

export type Group = {
  id: number;
  name: string;
  description: string | null;
  isDefault: boolean;
  /** Contacts in it. */
  items: number;
  /** Of them on the stop list of SMS. */
  stopped: number;
  createdAt: Date;
};

const columns = `g.id, g.name, g.description, g.is_default as "isDefault", g.items, g.created_at as "createdAt"`;

/** Which of these groups the account has. */
export async function groupsOf(
  sql: Queryable,
  accountId: number,
  groupIds: readonly number[],
): Promise<Set<number>> {
  const { rows } = await sql.query<{ id: number }>(
    'select id from contact_group where account_id = $1 and id = any($2)',
    [accountId, groupIds],
  );
  return new Set(rows.map((row) => row.id));
}

/** Locks groups before their contacts change, in the order of their ids; gives those that there are. */
export async function lockGroups(
  client: pg.ClientBase,
  accountId: number,
  groupIds: readonly number[],
): Promise<number[]> {
  if (groupIds.length === 0) return [];
  const { rows } = await client.query<{ id: number }>(
    `select id from contact_group where account_id = $1 and id = any($2) order by id for no key update`,
    [accountId, groupIds],
  );
  return rows.map((row) => row.id);
}

/** Groups of the account by their ids, in the order of these. */
export async function selectGroups(
  sql: Queryable,
  accountId: number,
  ids: readonly number[],
): Promise<Group[]> {
  const rows = await selectGroupRows(sql, accountId, ids);
  const filled = rows.filter((row) => row.items > 0).map((row) => row.id);
  const stopped = await countStopped(sql, accountId, filled);
  return rows.map((row) => ({ ...row, stopped: stopped.get(row.id) ?? 0 }));
}

/** The same without a look at the stop list. */
export async function selectGroupRows(
  sql: Queryable,
  accountId: number,
  ids: readonly number[],
): Promise<Omit<Group, 'stopped'>[]> {
  const { rows } = await sql.query<Omit<Group, 'stopped'>>(
    `select ${columns} from unnest($2::bigint[]) with ordinality as t (id, place) join contact_group g using (id)
     where g.account_id = $1 order by t.place`,
    [accountId, ids],
  );
  return rows;
}

/**
 * How many contacts of each group are on the stop list of SMS; groups without any are not in it. From the stop list,
 * which is the shorter side, by phone to the contacts and by their ids to the groups.
 */
async function countStopped(
  sql: Queryable,
  accountId: number,
  groupIds: readonly number[],
): Promise<Map<number, number>> {
  if (groupIds.length === 0) return new Map();
  const { rows } = await sql.query<{ id: number; n: number }>(
    `select m.group_id as id, count(*) as n
     from stop_entry s
     join contact c on c.account_id = s.account_id and c.phone = s.phone
     -- Offset: as a join, it would read all members of large groups.
     cross join lateral (select group_id from contact_group_member where contact_id = c.id offset 0) as m
     where s.account_id = $1 and s.sms and m.group_id = any($2)
     group by m.group_id`,
    [accountId, groupIds],
  );
  return new Map(rows.map((row) => [row.id, row.n]));
}

/** One group; 404 where the account has none of this id. */
export async function findGroup(sql: Queryable, accountId: number, id: number): Promise<Group> {
  const [group] = await selectGroups(sql, accountId, [id]);
  if (group === undefined) throw refused.noGroup();
  return group;
}

/** What a request says of a group. A default of undefined leaves it. */
export type GroupInput = {
  name: string;
  description: string | null | undefined;
  isDefault: boolean | undefined;
};

/** Makes a group; a new default one takes the place of the last. Gives its id. */
export async function createGroup(
  client: pg.ClientBase,
  accountId: number,
  group: GroupInput,
): Promise<number> {
  await client.query('select from account where id = $1 for no key update', [accountId]);
  const { rows: there } = await client.query<{ n: number }>(
    'select count(*) as n from contact_group where account_id = $1',
    [accountId],
  );
  if (there[0]!.n >= limits.groups.max) throw refused.tooManyGroups();
  if (group.isDefault === true) await clearDefault(client, accountId);
  const { rows } = await client.query<{ id: number }>(
    `insert into contact_group (account_id, name, description, is_default) values ($1, $2, $3, $4) returning id`,
    [accountId, group.name, group.description ?? null, group.isDefault === true],
  );
  return rows[0]!.id;
}

/** Changes a group. */
export async function changeGroup(db: Db, accountId: number, id: number, group: GroupInput): Promise<Group> {
  return transaction(db, async (client) => {
    await client.query('select from account where id = $1 for no key update', [accountId]);
    const { rows } = await client.query(
      'select from contact_group where account_id = $1 and id = $2 for no key update',
      [accountId, id],
    );
    if (rows.length === 0) throw refused.noGroup();
    if (group.isDefault === true) await clearDefault(client, accountId);
    await client.query(
      `update contact_group set name = $3, is_default = coalesce($5, is_default),
         description = case when $6 then $4 else description end
       where account_id = $1 and id = $2`,
      [accountId, id, group.name, group.description, group.isDefault, group.description !== undefined],
    );
    return findGroup(client, accountId, id);
  });
}

async function clearDefault(client: pg.ClientBase, accountId: number): Promise<void> {
  await client.query('update contact_group set is_default = false where account_id = $1 and is_default', [
    accountId,
  ]);
}

/** Deletes a group; its contacts stay. */
export async function deleteGroup(db: Db, accountId: number, id: number): Promise<void> {
  await transaction(db, async (client) => {
    // Without this lock, a contact that is added meanwhile would be left in a group that is not there.
    const { rows } = await client.query(
      'select from contact_group where account_id = $1 and id = $2 for update',
      [accountId, id],
    );
    if (rows.length === 0) throw refused.noGroup();
    await client.query('delete from contact_group_member where group_id = $1', [id]);
    await client.query('delete from contact_group where id = $1', [id]);
  });
}
