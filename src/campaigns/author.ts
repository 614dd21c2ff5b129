// Who made a campaign: a user of the console, or an API key. Called by the routes of the console and of administrators.

import type pg from 'pg';
import { Type } from 'typebox';

/** A key by its name, and by how it begins where it has none; never the key itself. */
export type Author = { type: 'user' | 'key'; id: number; name: string };

export const MaybeAuthor = Type.Union(
  [
    Type.Object({
      type: Type.Enum(['user', 'key']),
      id: Type.Integer(),
      name: Type.String(),
    }),
    Type.Null(),
  ],
  { description: 'Who made it: a user of the console or an API key; null where that was not written down' },
);

/** The authors of campaigns by their ids; those that were not written down are left out. */
export async function selectAuthors(
  sql: Pick<pg.ClientBase, 'query'>,
  ids: readonly number[],
): Promise<Map<number, Author>> {
  const { rows } = await sql.query<Author & { campaignId: number }>({
    name: 'select-authors',
    text: `select c.id as "campaignId", case when c.user_id is null then 'key' else 'user' end as type,
         coalesce(u.id, k.id) as id, coalesce(u.name, nullif(k.name, ''), k.hint || '…') as name
       from campaign c
       left join app_user u on u.id = c.user_id
       left join api_key k on k.id = c.api_key_id
       where c.id = any($1) and coalesce(u.id, k.id) is not null`,
    values: [ids],
  });
  return new Map(rows.map(({ campaignId, ...author }) => [campaignId, author]));
}
