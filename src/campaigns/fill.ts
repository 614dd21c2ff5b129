// Writes the messages of a campaign as they come, up to ten million, each with a text and a sender of its own where it
// has one: in one transaction, in memory that does not grow with them but for eight octets a number. Either the
// campaign is there with all its messages, its money held, or nothing has happened. Called by the import of files and by
// the sends to lists and of individual messages; a send of one text to some numbers is create.ts.

import type pg from 'pg';
import { copyIn, type Db, transaction } from '../db/index.ts';
import { holdCampaign, Review } from '../moderation/index.ts';
import type { AmountE7 } from '../money/index.ts';
import { loadWays } from '../operators/index.ts';
import { loadPriceTable } from '../tariffs/index.ts';
import { type Transact, whatIsShort } from './create.ts';
import { refused } from './errors.ts';
import {
  type FillChunk,
  type FillOptions,
  FillRows,
  type Plan,
  type Target,
  type Work,
} from './fill-rows.ts';
import { acceptFilled, insertOpenCampaign, takeMessageBlock } from './insert.ts';
import { initialStatus, statesFor, unconfirmedStatus } from './lifecycle.ts';
import type { DraftRow } from './open.ts';
import { insertWrittenReferences } from './references.ts';
import { filling, writing } from './writing.ts';

/** The most messages of one campaign. */
export const fillLimit = 10_000_000;

/** What was written. */
export type Filled = {
  messages: number;
  /** Of the messages, those whose number has no price: they fail at once and cost nothing. */
  failed: number;
  /** Rows that were left out because something is wrong with them. */
  rejected: number;
  /** Rows that were left out because their number has a message already. */
  duplicates: number;
  /** What is held for all messages. */
  price: AmountE7;
};

/**
 * Writes the messages of a campaign that openCampaign has made, and sends it on its way: to be sent, to moderation, or to
 * wait for its author.
 * One transaction from the first row to the last. May be tried again when it has failed.
 *
 * @param chunks must not end before the last row; what it throws ends it all, and nothing is written
 * @throws Refusal: not_in_creation where the campaign was stopped (looked at now and then) or is written already,
 *   insufficient_balance, day_limit, reference_taken, no_recipients, or that the campaign's sender may not be used
 */
export async function fillCampaign(
  db: Db,
  campaignId: number,
  chunks: AsyncIterable<FillChunk>,
  options: FillOptions,
): Promise<Filled> {
  const target = await selectOpen(db, campaignId);
  const plan = await prepare(db, target, options.rowLimit);
  const stillOpen = async () => void (await selectOpen(db, campaignId));
  return filling(() =>
    transaction(db, (client) => write(db, client, { target, ...plan, chunks, options, stillOpen })),
  );
}

/** Creates a campaign and writes its messages at once, by `transact`. The same refusals. */
export async function createFilled(
  db: Db,
  row: DraftRow,
  chunks: AsyncIterable<FillChunk>,
  options: FillOptions,
  transact: Transact = (work) => transaction(db, work),
): Promise<{ id: number } & Filled> {
  const plan = await prepare(db, row, options.rowLimit);
  let filled: Filled | undefined;
  const id = await writing(() =>
    transact(async (client) => {
      const target = {
        ...row,
        id: await insertOpenCampaign(client, { ...row, firstMessageId: plan.firstId }),
      };
      filled = await write(db, client, { target, ...plan, chunks, options, stillOpen: async () => {} });
      return target.id;
    }),
  );
  return { id, ...filled! };
}

/** The campaign, unless it is in `creation` no more. */
async function selectOpen(db: Db, id: number): Promise<Target> {
  const { rows } = await db.pool.query<Target>(
    `select id, account_id as "accountId", sender, text, test, tariff_id as "tariffId", currency,
       respect_curfew as "respectCurfew", unconfirmed
     from campaign where id = $1 and status = any($2)`,
    [id, statesFor('schedule')],
  );
  if (rows[0] === undefined) throw refused.notInCreation(id);
  return rows[0];
}

async function prepare(
  db: Db,
  { accountId, test }: Pick<Target, 'accountId' | 'test'>,
  rowLimit: number,
): Promise<Plan> {
  if (!(rowLimit >= 1 && rowLimit <= fillLimit)) throw new RangeError(`a campaign of ${rowLimit} messages`);
  const [firstId, ways, review] = await Promise.all([
    takeMessageBlock(db, rowLimit),
    // Simulators only: nothing has to be kept apart.
    test ? null : loadWays(db),
    Review.open(db, { accountId, test }),
  ]);
  return { firstId, ways, review };
}

async function write(db: Db, client: pg.ClientBase, work: Work): Promise<Filled> {
  const { target, firstId, review } = work;
  const writer = new FillRows(db, work, await loadPriceTable(db, target.tariffId));
  await copyIn(
    client,
    `copy message (id, phone, campaign_id, price_e7, on_delivery, status, error, parts, reference_id, sender, text)
     from stdin`,
    writer.rows(),
  );
  const sums = writer.prices.sums();
  const { messageCount, failedCount, price } = sums;
  const { rejected, duplicates } = writer;
  if (messageCount === 0) throw refused.empty('phones', 'There is nobody to send to: no row is left.');
  if (writer.hasReferences) {
    await insertWrittenReferences(client, target.accountId, {
      first: firstId,
      last: firstId + messageCount - 1,
    });
  }
  const { accountId, test, currency } = target;
  const reasons = review.reasons(messageCount);
  const accepted = await acceptFilled(client, target.id, {
    ...{ accountId, test, firstMessageId: firstId, phoneCount: writer.phoneCount, ...sums },
    status: reasons.length > 0 ? 'moderation' : target.unconfirmed ? unconfirmedStatus : initialStatus,
    batches: writer.batches,
  });
  if (accepted === 'gone') throw refused.notInCreation(target.id);
  if (typeof accepted === 'string') {
    throw await whatIsShort(db, client, accepted, { accountId, currency, messageCount, failedCount, price });
  }
  if (reasons.length > 0) await holdCampaign(client, { campaignId: target.id, accountId, reasons });
  return { messages: messageCount, failed: failedCount, rejected, duplicates, price };
}
