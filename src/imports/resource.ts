// Imports as the API shows them. Called by the routes.

import { formatMaybe, formatMoment } from '../http/index.ts';
import type { FileFormat, ImportRow } from './store.ts';

/** How a file is written. */
export function formatResource({ format, gzip, encoding, delimiter, header, columns }: FileFormat) {
  return { format, gzip, encoding, delimiter, header, columns };
}

export function importResource(row: ImportRow) {
  const { id, kind, state, bytes, bytesRead, lines, error } = row;
  return {
    ...{ id, kind, state, file_name: row.fileName, campaign_id: row.campaignId },
    // By bytes: what rows there are is known at the end only.
    progress: state === 'done' ? 1 : bytes === 0 ? 0 : Math.floor((bytesRead / bytes) * 1000) / 1000,
    ...{ bytes, bytes_read: bytesRead, max_rows: lines, rows_read: row.rowsRead },
    ...{ accepted: row.accepted, rejected: row.rejected, duplicates: row.duplicates },
    ...{ stopped: row.stopped, created: row.created, error },
    format: formatResource(row.format),
    created_at: formatMoment(row.createdAt),
    started_at: formatMaybe(row.startedAt),
    finished_at: formatMaybe(row.finishedAt),
  };
}
