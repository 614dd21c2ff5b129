// The customer's own ids of messages, unique within an account: written with a campaign, and named where they are taken.
// Called by create.ts and fill.ts.

import pg from 'pg';
import type { Db } from '../db/index.ts';
import { refused } from './errors.ts';

/** The rows of references: one for each message that has one. Struct of arrays, as literals of PostgreSQL. */
function referenceArrays(firstId: number, references: readonly (string | undefined)[]) {
  const ids: number[] = [];
  const given: string[] = [];
  for (let i = 0; i < references.length; i += 1) {
    const reference = references[i];
    if (reference === undefined) continue;
    ids.push(firstId + i);
    given.push(reference);
  }
  // References have no character that an array literal would need to escape; the quotes keep NULL a reference.
  return { ids: `{${ids.join(',')}}`, given: `{"${given.join('","')}"}` };
}

/**
 * Inserts the customer's references, in their order, which fills the index page by page. Fails as a whole where the
 * account has used one before (see isReferenceTaken): `on conflict do nothing` would cost every campaign twice as
 * much. Two requests with the same reference wait for each other here.
 */
export async function insertReferences(
  client: pg.ClientBase,
  accountId: number,
  firstId: number,
  references: readonly (string | undefined)[],
): Promise<void> {
  const { ids, given } = referenceArrays(firstId, references);
  await client.query({
    name: 'insert-references',
    text: `insert into message_reference (account_id, reference_id, message_id)
      select $1, reference, id from unnest($2::text[], $3::bigint[]) as given (reference, id) order by reference`,
    values: [accountId, given, ids],
  });
}

/** Whether an error says that a reference was used before. */
export function isReferenceTaken(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.constraint === 'message_reference_pkey';
}

/** Which of these references the account has used before. */
export async function selectTaken(
  db: Db,
  accountId: number,
  references: readonly (string | undefined)[],
): Promise<Set<string>> {
  const { rows } = await db.pool.query<{ reference_id: string }>(
    'select reference_id from message_reference where account_id = $1 and reference_id = any($2::text[])',
    [accountId, referenceArrays(0, references).given],
  );
  return new Set(rows.map((row) => row.reference_id));
}

/** References that an answer names. */
const namedReferences = 20;

/**
 * Inserts the references of messages that are written already, from their rows. Throws a Refusal that names some of
 * those that come twice in the campaign or were used before in the account; the transaction must then be rolled back.
 */
export async function insertWrittenReferences(
  client: pg.ClientBase,
  accountId: number,
  ids: { first: number; last: number },
): Promise<void> {
  const { first, last } = ids;
  const written = 'from message where id between $1 and $2 and reference_id is not null';
  await client.query('savepoint before_references');
  try {
    await client.query(
      `insert into message_reference (account_id, reference_id, message_id)
       select $3, reference_id, id ${written} order by reference_id collate "C"`,
      [first, last, accountId],
    );
  } catch (error) {
    if (!isReferenceTaken(error)) throw error;
    await client.query('rollback to savepoint before_references');
    const { rows } = await client.query<{ reference_id: string }>(
      `select reference_id ${written}
       group by reference_id having count(*) > 1 or exists (
         select from message_reference r where r.account_id = $3 and r.reference_id = message.reference_id)
       order by min(id) limit ${namedReferences}`,
      [first, last, accountId],
    );
    throw refused.referencesRepeated(rows.map((row) => row.reference_id));
  }
}
