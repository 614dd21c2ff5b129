// Why a number cannot be erased yet. Used by obstacles.ts.

import { Refusal } from '../http/index.ts';

/** Ids that a message names. */
const named = 20;

const listed = (ids: readonly number[]) =>
  `${ids.slice(0, named).join(', ')}${ids.length > named ? ` and ${ids.length - named} more` : ''}`;

export const refused = {
  queued: (campaigns: readonly number[]) =>
    new Refusal(
      409,
      'number_queued',
      `Messages to this number wait to be sent, and nothing was erased: stop these campaigns first, or wait for their end: ${listed(campaigns)}.`,
    ),
  sent: (campaigns: readonly number[], until: Date | null) =>
    new Refusal(
      409,
      'number_undecided',
      `Messages to this number wait for their receipts${until === null ? '' : `, until ${until.toISOString()} at the latest`}, and nothing was erased: try again then. Campaigns: ${listed(campaigns)}.`,
    ),
  imports: (imports: readonly number[]) =>
    new Refusal(
      409,
      'import_unfinished',
      `Files that may hold this number are not read yet, and nothing was erased: wait for these imports, or cancel them: ${listed(imports)}.`,
    ),
  campaigns: (campaigns: readonly number[]) =>
    new Refusal(
      409,
      'campaign_unfinished',
      `Campaigns that may get this number are being made, and nothing was erased: wait for them, or stop them: ${listed(campaigns)}.`,
    ),
};
