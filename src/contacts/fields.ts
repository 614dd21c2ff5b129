// The fields of an account's contacts: reading them, which everything here needs, and changing them. Called by the
// routes and by other features.

import type pg from 'pg';
import { type Db, transaction } from '../db/index.ts';
import { refused } from './errors.ts';
import type { FieldType } from './field-types.ts';
import { limits } from './limits.ts';
import type { Queryable } from './sql.ts';

/** A field of an account's contacts. */
export type Field = {
  id: number;
  name: string;
  type: FieldType;
  /** Null where it has none. */
  description: string | null;
  isVisible: boolean;
};

const columns = `id, name, type, description, is_visible as "isVisible"`;

/** The fields of an account, in the order in which they were made. */
export async function selectFields(sql: Queryable, accountId: number): Promise<Field[]> {
  const { rows } = await sql.query<Field>(
    `select ${columns} from contact_field where account_id = $1 order by id`,
    [accountId],
  );
  return rows;
}

/** One field; 404 where the account has none of this id. */
export async function findField(sql: Queryable, accountId: number, id: number): Promise<Field> {
  const { rows } = await sql.query<Field>(
    `select ${columns} from contact_field where account_id = $1 and id = $2`,
    [accountId, id],
  );
  if (rows[0] === undefined) throw refused.noField();
  return rows[0];
}

/**
 * Makes a field, in the caller's transaction. Refuses a name that the account has, in any case of letters, and more
 * fields than the limit.
 */
export async function createField(
  client: pg.ClientBase,
  accountId: number,
  field: Omit<Field, 'id'>,
): Promise<Field> {
  // Two at once: the second waits here, and then counts the first.
  await client.query('select from account where id = $1 for no key update', [accountId]);
  const { rows: there } = await client.query<{ n: number }>(
    'select count(*) as n from contact_field where account_id = $1',
    [accountId],
  );
  if (there[0]!.n >= limits.fields.max) throw refused.tooManyFields();
  const { rows } = await client.query<Field>(
    `insert into contact_field (account_id, name, folded, type, description, is_visible)
     values ($1, $2, $3, $4, $5, $6) on conflict (account_id, folded) do nothing returning ${columns}`,
    [accountId, field.name, folded(field.name), field.type, field.description, field.isVisible],
  );
  if (rows[0] === undefined) throw refused.fieldThere(field.name);
  return rows[0];
}

/** What of a field can be changed: not its type, which its values have. */
export type FieldChange = {
  name: string | undefined;
  description: string | undefined;
  isVisible: boolean | undefined;
};

/** Changes what is given. */
export async function changeField(
  db: Db,
  accountId: number,
  id: number,
  change: FieldChange,
): Promise<Field> {
  const { name, description, isVisible } = change;
  return transaction(db, async (client) => {
    await client.query('select from account where id = $1 for no key update', [accountId]);
    if (name !== undefined) {
      const { rows } = await client.query(
        'select from contact_field where account_id = $1 and folded = $2 and id <> $3',
        [accountId, folded(name), id],
      );
      if (rows.length > 0) throw refused.fieldThere(name);
    }
    const { rows } = await client.query<Field>(
      `update contact_field set name = coalesce($3, name), folded = coalesce($4, folded),
         description = coalesce($5, description), is_visible = coalesce($6, is_visible)
       where account_id = $1 and id = $2 returning ${columns}`,
      [accountId, id, name, name === undefined ? undefined : folded(name), description, isVisible],
    );
    if (rows[0] === undefined) throw refused.noField();
    return rows[0];
  });
}

/**
 * Deletes fields with their values; ids that the account has not are passed over. The values in `contact.fields` stay
 * unseen until the contact is written again: rewriting a million contacts would take a minute.
 */
export async function deleteFields(db: Db, accountId: number, ids: readonly number[]): Promise<void> {
  await transaction(db, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      'delete from contact_field where account_id = $1 and id = any($2) returning id',
      [accountId, ids],
    );
    await client.query('delete from contact_value where field_id = any($1)', [rows.map((row) => row.id)]);
  });
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
