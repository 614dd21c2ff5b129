// Cancels an import that is not over. Called by the routes.

import { actOn } from '../campaigns/index.ts';
import { type Db, transaction } from '../db/index.ts';
import { refused } from './errors.ts';
import { findImport, finishImport, type ImportRow } from './store.ts';

/**
 * Ends an import; its campaign is stopped. What it has put into the contact book or on the stop list stays. Refuses one
 * that is over, which a campaign is as soon as its messages are there.
 */
export async function cancelImport(db: Db, accountId: number, id: number): Promise<ImportRow> {
  const row = await findImport(db.pool, accountId, id);
  await transaction(db, async (client) => {
    if (row.campaignId !== null) {
      const stopped = await actOn(client, 'abandon', {
        id: row.campaignId,
        reason: 'Its import was cancelled.',
      });
      const { rows } = await client.query<{ n: number }>(
        'select message_count as n from campaign where id = $1',
        [row.campaignId],
      );
      if (!stopped && rows[0]!.n > 0) throw refused.over('done');
    }
    if (!(await finishImport(client, id, 'cancelled', 'It was cancelled.'))) throw refused.over(row.state);
  });
  return findImport(db.pool, accountId, id);
}
