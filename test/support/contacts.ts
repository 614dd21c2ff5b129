// A contact book in one line: a group with its contacts, and the fields that they have. Used by tests of campaigns.
import { selectFields, upsertContacts } from '../../src/contacts/index.ts';
import { type Db, transaction } from '../../src/db/index.ts';

/** A contact: its phone, and values by the names of text fields. */
export type TestContact = { phone: number } & Record<string, string | number | null>;

/** Makes a group of these contacts, with the fields that are missing, and gives its id. */
export async function makeGroup(
  db: Db,
  accountId: number,
  contacts: readonly TestContact[],
): Promise<number> {
  const names = [...new Set(contacts.flatMap((contact) => Object.keys(contact)))].filter(
    (n) => n !== 'phone',
  );
  for (const name of names) {
    await db.pool.query(
      `insert into contact_field (account_id, name, folded, type) values ($1, $2, lower($2), 'text')
       on conflict do nothing`,
      [accountId, name],
    );
  }
  const ids = new Map((await selectFields(db.pool, accountId)).map((field) => [field.name, field.id]));
  const { rows } = await db.pool.query<{ id: number }>(
    `insert into contact_group (account_id, name) values ($1, 'group') returning id`,
    [accountId],
  );
  const groupId = rows[0]!.id;
  await transaction(db, (client) =>
    upsertContacts(
      client,
      accountId,
      {
        phones: contacts.map((contact) => contact.phone),
        fieldIds: names.map((name) => ids.get(name)!),
        values: names.map((name) => contacts.map((contact) => (contact[name] ?? null) as string | null)),
      },
      [groupId],
    ),
  );
  return groupId;
}
