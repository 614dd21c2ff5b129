// The job of an import: reads its file from the spool and does what its kind does with the rows. Listed in src/tasks.ts.
//
// A job may be run again, after a restart or a failure of the database: a campaign is written in one transaction and
// begins anew, the contact book and the stop list go on behind their last commit. What is wrong with the file, or with
// the account, ends the import; everything else is tried again.

import { actOn } from '../campaigns/index.ts';
import { type Db, transaction } from '../db/index.ts';
import { Refusal } from '../http/index.ts';
import { openTable, type Table, TableError } from '../tables/index.ts';
import { importCampaign } from './campaign.ts';
import { importContacts, importStopList } from './contacts.ts';
import type { ImportKind } from './options.ts';
import { spooled } from './spool.ts';
import { finishImport, type ImportRow, startImport } from './store.ts';
import { Cancelled } from './tracker.ts';

const kinds: Record<
  ImportKind,
  (db: Db, row: ImportRow, table: Table, signal: AbortSignal) => Promise<void>
> = {
  campaign: importCampaign,
  contacts: importContacts,
  stoplist: importStopList,
};

/**
 * Runs an import to its end.
 *
 * @param signal ends it where it is; it is to be run again
 * @param last there will be no other try: what goes wrong ends the import
 */
export async function runImport(db: Db, id: number, signal: AbortSignal, last: boolean): Promise<void> {
  const row = await startImport(db.pool, id);
  if (row === undefined) return;
  if (await isFilled(db, row)) {
    await finishImport(db.pool, id, 'done');
    return;
  }
  try {
    const { encoding } = row.format;
    // What began as ASCII may be in any encoding further on.
    const forced = encoding === 'utf-8' ? {} : { encoding };
    const table = await openTable(spooled(db, id), { ...row.options, ...forced });
    await kinds[row.kind](db, row, table, signal);
    await finishImport(db.pool, id, 'done');
  } catch (error) {
    if (error instanceof Cancelled || isGone(error)) return end(db, row, 'cancelled', 'It was stopped.');
    if (error instanceof TableError)
      return end(db, row, 'failed', `The file cannot be read: ${error.message}.`);
    if (error instanceof Refusal && error.statusCode < 500) return end(db, row, 'failed', wordsOf(error));
    if (last && !signal.aborted)
      await end(db, row, 'failed', 'An error of the server: its log has the details.');
    throw error;
  }
}

/** A campaign that is there already: the process ended between its commit and that of the import. */
async function isFilled(db: Db, { campaignId }: ImportRow): Promise<boolean> {
  if (campaignId === null) return false;
  const { rows } = await db.pool.query<{ filled: boolean }>(
    'select message_count > 0 as filled from campaign where id = $1',
    [campaignId],
  );
  if (rows[0]?.filled !== true) return false;
  await db.pool.query(
    'update import i set accepted = c.message_count from campaign c where i.campaign_id = c.id and c.id = $1',
    [campaignId],
  );
  return true;
}

/** The campaign was stopped by its author. */
function isGone(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'not_in_creation';
}

async function end(db: Db, row: ImportRow, state: 'failed' | 'cancelled', reason: string): Promise<void> {
  await transaction(db, async (client) => {
    if (row.campaignId !== null) await actOn(client, 'abandon', { id: row.campaignId, reason });
    await finishImport(client, row.id, state, reason);
  });
}

function wordsOf(error: Refusal): string {
  return (
    Object.values(error.errors ?? {})
      .flat()
      .join(' ') || error.message
  );
}
