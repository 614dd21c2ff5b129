// A campaign that is written bit by bit: first its row, in `creation`, then its messages (fill.ts). It is seen in lists
// and reports meanwhile, with no messages, and can be stopped. Called by the import of files and by sends to large lists.

import type pg from 'pg';
import type { Db } from '../db/index.ts';
import { type FieldErrors, formatMoment, invalid } from '../http/index.ts';
import { senderStanding } from '../senders/index.ts';
import type { Tariff } from '../tariffs/index.ts';
import { actOn } from './actions.ts';
import { type Buyer, tariffFor } from './create.ts';
import { insertOpenCampaign, type OpenCampaign, takeMessageBlock } from './insert.ts';
import {
  type Body,
  booleanWords,
  present,
  readObject,
  readSender,
  readTariffCode,
  readTerms,
  refuseUnbuilt,
  type Terms,
} from './order.ts';
import { type PersonalText, readPersonalText } from './personal-text.ts';

/** What a campaign's row says before its messages are there. */
export type DraftRow = Omit<OpenCampaign, 'firstMessageId'>;

/** Everything that is known of a campaign before its messages. */
export type Draft = { row: DraftRow; text: PersonalText };

/**
 * Reads the fields of a campaign that any send has, except its recipients: sender, text (with placeholders),
 * transliterate, tariff_code, validity, validity_seconds, start_at, callback_url, uncertain, respect_curfew; and `start`,
 * an extension: false where its author wants to see it first, and confirms it by resuming it.
 *
 * @param errors gets an entry for each field that is wrong; the caller adds its own, and refuses the request
 * @returns undefined where there are errors
 */
export async function readDraft(
  db: Db,
  buyer: Buyer,
  body: unknown,
  errors: FieldErrors,
  now = new Date(),
): Promise<Draft | undefined> {
  const fields: Body = readObject(body, errors);
  const text = readPersonalText(fields.text, fields.transliterate === true);
  if ('wrong' in text) errors.text = [text.wrong];
  const sender = readSender(fields, errors);
  const terms = readTerms(fields, now, errors);
  if (present(fields.start) && typeof fields.start !== 'boolean') errors.start = [booleanWords];
  refuseUnbuilt(fields, errors);
  const [tariff] = await Promise.all([
    tariffFor(db, buyer, readTariffCode(fields, errors), errors),
    errors.sender === undefined ? refuseSender(db, buyer.accountId, sender, errors) : undefined,
  ]);
  if (tariff === undefined || 'wrong' in text || Object.keys(errors).length > 0) return undefined;
  return {
    text,
    row: {
      ...draftRow(buyer, { sender, text: text.stored, tariff, terms }, now),
      unconfirmed: fields.start === false,
    },
  };
}

/** The row of a campaign of this account. */
export function draftRow(
  { accountId, keyId, userId, kind }: Buyer,
  { sender, text, tariff, terms }: { sender: string; text: string; tariff: Tariff; terms: Terms },
  now: Date,
): DraftRow {
  return {
    ...{ accountId, keyId, userId: userId ?? null, sender, text },
    name: `SMS ${formatMoment(now)}`,
    test: kind === 'test',
    startAt: terms.startAt ?? null,
    validityHours: terms.validityHours,
    validitySeconds: terms.validitySeconds ?? null,
    tariffId: tariff.id,
    currency: tariff.currency,
    callbackUrl: terms.callbackUrl ?? null,
    uncertain: terms.uncertain,
    respectCurfew: terms.respectCurfew,
    unconfirmed: false,
  };
}

/** What can be said of a sender before the countries are known: fillCampaign judges it for each of them. */
async function refuseSender(db: Db, accountId: number, sender: string, errors: FieldErrors): Promise<void> {
  const { refusal } = await senderStanding(db, accountId, sender, () => new Set());
  if (refusal !== undefined) errors.sender = [refusal];
}

/**
 * Creates the row of a campaign in `creation`, by the fields of a request (see readDraft). Its messages come by
 * fillCampaign, from this process or another; until then it has none and holds no money.
 *
 * @returns its id, and its text, to render those of its messages with
 * @throws Refusal 422 with everything that is wrong with the fields
 */
export async function openCampaign(
  db: Db,
  buyer: Buyer,
  body: unknown,
  now = new Date(),
): Promise<{ id: number; text: PersonalText }> {
  const errors: FieldErrors = {};
  const draft = await readDraft(db, buyer, body, errors, now);
  if (draft === undefined) throw invalid(errors);
  return { id: await insertDraft(db, draft), text: draft.text };
}

/** Inserts the row of a draft, in the caller's transaction where it has one, and returns the campaign's id. */
export async function insertDraft(
  db: Db,
  { row }: Draft,
  sql: Pick<pg.ClientBase, 'query'> = db.pool,
): Promise<number> {
  // An id of its own where its messages would begin, so that no other campaign is taken for it.
  const firstMessageId = await takeMessageBlock(db, 1);
  return insertOpenCampaign(sql, { ...row, firstMessageId });
}

/**
 * Stops a campaign whose messages cannot be written, and notes why for its author, who reads it as `reason` of the
 * campaign.
 *
 * @returns false where it has left `creation` already: its author has stopped it, or it is written
 */
export async function abandonCampaign(db: Db, id: number, reason: string): Promise<boolean> {
  return actOn(db.pool, 'abandon', { id, reason });
}
