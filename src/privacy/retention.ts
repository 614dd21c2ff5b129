// Takes numbers, own texts and references out of what is older than its account keeps them: messages of campaigns that
// ended so long ago, and what subscribers wrote, rows that imports left out, and exports of that age. Run by the clock.
//
// In steps of a transaction each, in the order of ids, so that it may be killed anywhere: what is redacted is passed over
// by the bounds of its batches, and a campaign that is through is marked. A campaign with messages that still wait for a
// receipt is left alone: a time-out decides them. Its figures by country are computed and kept before its numbers go.

import { selectCampaign } from '../campaigns/index.ts';
import { type Db, transaction } from '../db/index.ts';
import { FigureSource } from '../figures/index.ts';
import type { Job } from '../jobs/index.ts';
import { redactBatches, redactCampaignTexts, Status } from '../messages/index.ts';
import { lockPrivacy } from './erase.ts';

/** Campaigns that one look finds, and rows that one statement deletes. */
const campaignsPerLook = 200;
const rowsPerStep = 5000;

/** What a run has done. */
export type Redaction = { campaigns: number; messages: number; rows: number };

/** Does all that is due, until the signal says to stop. */
export async function redactOld({ db, log, signal }: Pick<Job, 'db' | 'log' | 'signal'>): Promise<Redaction> {
  const done = { campaigns: 0, messages: 0, rows: 0 };
  const figures = new FigureSource(db);
  for (let due = await dueCampaigns(db); due.length > 0; due = await dueCampaigns(db)) {
    for (const id of due) {
      signal.throwIfAborted();
      await keepFigures(id);
      done.messages += await redactCampaign(db, id, signal);
      done.campaigns += 1;
    }
  }
  for (const sql of aged) {
    let deleted: number;
    do {
      signal.throwIfAborted();
      deleted = (await db.pool.query(sql)).rowCount ?? 0;
      done.rows += deleted;
    } while (deleted === rowsPerStep);
  }
  if (done.campaigns > 0 || done.rows > 0) log.info(done, 'what was kept long enough is redacted');
  return done;

  async function keepFigures(id: number): Promise<void> {
    try {
      await figures.of((await selectCampaign(db.pool, 'every', id))!);
    } catch (error) {
      if ((error as { code?: string }).code !== 'figures_late') throw error;
      log.warn({ campaign: id }, 'redacted without its figures by country, which took too long');
    }
  }
}

/** Campaigns that ended before their account's days, with nothing undecided, and are not redacted. */
async function dueCampaigns(db: Db): Promise<number[]> {
  const { rows } = await db.pool.query<{ id: number }>(
    `select c.id
     from account a
     cross join lateral (
       select id from campaign c
       where c.account_id = a.id and c.redacted_at is null
         and c.finished_at < now() - make_interval(days => a.retention_days)
         and not exists (
           select from campaign_count k
           where k.campaign_id = c.id and k.status in (${Status.queued}, ${Status.sent}, ${Status.accepted})
           group by k.campaign_id having sum(k.n) > 0)
       order by c.finished_at limit ${campaignsPerLook}
     ) as c
     where a.retention_days is not null
     order by c.id limit ${campaignsPerLook}`,
  );
  return rows.map(({ id }) => id);
}

/** Redacts a campaign to its end; returns how many messages had numbers. */
async function redactCampaign(db: Db, campaignId: number, signal: AbortSignal): Promise<number> {
  let messages = 0;
  for (let after = 0; ; ) {
    signal.throwIfAborted();
    const step = await transaction(db, async (client) => {
      await lockPrivacy(client);
      return redactBatches(client, campaignId, after);
    });
    if (step === undefined) break;
    after = step.last;
    messages += step.messages;
  }
  await transaction(db, async (client) => {
    await lockPrivacy(client);
    await redactCampaignTexts(client, [campaignId]);
    await client.query('update campaign set redacted_at = now() where id = $1', [campaignId]);
  });
  return messages;
}

const old = (moment: string) => `${moment} < now() - make_interval(days => a.retention_days)`;

/** What is deleted by its own age, a step each. */
const aged = [
  `delete from inbound_message where id in (
     select m.id from account a join inbound_message m on m.account_id = a.id and ${old('m.received_at')}
     limit ${rowsPerStep})`,
  `delete from import_rejection where (import_id, line) in (
     select r.import_id, r.line
     from account a join import i on i.account_id = a.id and ${old('i.finished_at')}
       join import_rejection r on r.import_id = i.id
     limit ${rowsPerStep})`,
  `delete from export_job where id in (
     select j.id from account a join export_job j on j.account_id = a.id and ${old('j.finished_at')}
     limit ${rowsPerStep})`,
];
