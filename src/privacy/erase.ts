// Erases one number everywhere, in one transaction: a crash leaves all of it or nothing. What is counted stays as it
// was: messages keep their states, times and prices. Called by the routes and the command line.

import type pg from 'pg';
import { type AuditRecord, recordAudit } from '../audit/index.ts';
import { eraseContact } from '../contacts/index.ts';
import { type Db, transaction } from '../db/index.ts';
import { maskPhone } from '../mask.ts';
import { lockMessagesOfPhone, redactCampaignTexts, redactMessages } from '../messages/index.ts';
import { refuseUndecided, refuseUnread } from './obstacles.ts';
import { eraseExports, eraseInbound, eraseOrphans, eraseRejections } from './places.ts';

export type EraseOptions = {
  /** Only what this account knows; null: everywhere. */
  accountId: number | null;
  /** Whether its stop list entries go too: then it may be written to again. */
  stopList: boolean;
};

/** How much was erased of each kind. */
export type Erased = {
  messages: number;
  contacts: number;
  stopList: number;
  inbound: number;
  rejections: number;
  orphans: number;
  exports: number;
};

/** Whoever redacts waits for the other: both write the bounds of batches. */
export async function lockPrivacy(client: pg.ClientBase): Promise<void> {
  await client.query("select pg_advisory_xact_lock(hashtext('privacy'))");
}

const deadlock = '40P01';
const tries = 5;

/**
 * Erases a number. Throws a Refusal (409) that names what is in the way, and then has changed nothing.
 *
 * @param by who asks, for the audit log; null: the command line
 */
export async function erasePhone(
  db: Db,
  phone: number,
  options: EraseOptions,
  by: AuditRecord['identity'],
): Promise<Erased> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction(db, (client) => erase(client, phone, options, by));
    } catch (error) {
      // The engine may write a late receipt of the same messages; nothing has been changed yet.
      if ((error as { code?: string }).code !== deadlock || attempt === tries) throw error;
    }
  }
}

async function erase(
  client: pg.ClientBase,
  phone: number,
  { accountId, stopList }: EraseOptions,
  identity: AuditRecord['identity'],
): Promise<Erased> {
  await lockPrivacy(client);
  await refuseUnread(client, accountId);
  const ids = await lockMessagesOfPhone(client, phone, accountId);
  await refuseUndecided(client, ids);
  const { campaigns, owners } = await campaignsOf(client, ids);
  const messages = await redactMessages(client, ids, phone);
  await redactCampaignTexts(client, campaigns);
  const book = await eraseContact(client, phone, { ...(accountId === null ? {} : { accountId }), stopList });
  const erased: Erased = {
    messages,
    contacts: book.contacts,
    stopList: book.stops,
    inbound: await eraseInbound(client, phone, accountId),
    rejections: await eraseRejections(client, phone, accountId),
    orphans: accountId === null ? await eraseOrphans(client, phone) : 0,
    exports: await eraseExports(client, phone, owners, accountId),
  };
  const masked = maskPhone(phone);
  await recordAudit(client, {
    ...{ identity, action: 'privacy.erase', subject: `phone/${masked}`, ownerId: accountId },
    details: erased,
  });
  return erased;
}

async function campaignsOf(
  client: pg.ClientBase,
  ids: readonly number[],
): Promise<{ campaigns: number[]; owners: number[] }> {
  const { rows } = await client.query<{ campaigns: number[]; owners: number[] }>(
    `select coalesce(array_agg(distinct c.id), '{}') as campaigns,
       coalesce(array_agg(distinct c.account_id), '{}') as owners
     from unnest($1::bigint[]) as i (id)
     cross join lateral (select campaign_id from message where id = i.id offset 0) as m
     join campaign c on c.id = m.campaign_id`,
    [ids],
  );
  return rows[0]!;
}
