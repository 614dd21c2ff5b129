// All that the contact book knows of one number, to show it or to forget it. Called by the privacy commands.

import type pg from 'pg';
import type { Queryable } from './sql.ts';
import { deleteContacts } from './write.ts';

/** What one account knows of a number. */
export type KnownContact = {
  accountId: number;
  contactId: number;
  createdAt: Date;
  /** Values by the names of their fields. */
  fields: Record<string, string>;
  /** Names of its groups. */
  groups: string[];
};

export type KnownStop = {
  accountId: number;
  createdAt: Date;
  source: string;
  sms: boolean;
  viber: boolean;
  rcs: boolean;
  whatsapp: boolean;
};

/** The contacts and stop list entries of a number, of one account or of all. */
export async function contactsOfPhone(
  sql: Queryable,
  phone: number,
  accountId?: number,
): Promise<{ contacts: KnownContact[]; stops: KnownStop[] }> {
  const { rows: contacts } = await sql.query<KnownContact>(
    `select c.account_id as "accountId", c.id as "contactId", c.created_at as "createdAt",
       coalesce((
         select jsonb_object_agg(f.name, v.value order by f.id)
         from jsonb_each_text(c.fields) as v join contact_field f on f.id = v.key::bigint
       ), '{}') as fields,
       array(
         select g.name from contact_group_member m join contact_group g on g.id = m.group_id
         where m.contact_id = c.id order by g.id
       ) as groups
     from account a join contact c on c.account_id = a.id and c.phone = $1
     where $2::bigint is null or a.id = $2 order by c.id`,
    [phone, accountId ?? null],
  );
  const { rows: stops } = await sql.query<KnownStop>(
    `select s.account_id as "accountId", s.created_at as "createdAt", s.source, s.sms, s.viber, s.rcs, s.whatsapp
     from account a join stop_entry s on s.account_id = a.id and s.phone = $1
     where $2::bigint is null or a.id = $2 order by s.id`,
    [phone, accountId ?? null],
  );
  return { contacts, stops };
}

/**
 * Forgets a number in the contact book of one account or of all, in the caller's transaction. Its stop list entries are
 * kept unless `stopList` says otherwise: without them the number could be written to again.
 */
export async function eraseContact(
  client: pg.ClientBase,
  phone: number,
  options: { accountId?: number; stopList?: boolean } = {},
): Promise<{ contacts: number; stops: number }> {
  const { contacts, stops } = await contactsOfPhone(client, phone, options.accountId);
  let erased = 0;
  for (const { accountId, contactId } of contacts) {
    erased += await deleteContacts(client, accountId, [contactId]);
  }
  if (options.stopList !== true) return { contacts: erased, stops: 0 };
  for (const { accountId } of stops) {
    await client.query('delete from stop_entry where account_id = $1 and phone = $2', [accountId, phone]);
  }
  return { contacts: erased, stops: stops.length };
}
