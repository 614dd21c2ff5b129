// A file that becomes a campaign: each row a message, with the text rendered for it. Called by run.ts.

import {
  type FillChunk,
  fillCampaign,
  fillLimit,
  type PersonalText,
  readPersonalText,
} from '../campaigns/index.ts';
import { selectStopped } from '../contacts/index.ts';
import type { Db } from '../db/index.ts';
import type { Table, TableChunk } from '../tables/index.ts';
import { columnOf, phoneColumn } from './columns.ts';
import { readPhone, wrongPhone } from './phone.ts';
import { deleteRejections } from './rejections.ts';
import type { ImportRow } from './store.ts';
import { Tracker } from './tracker.ts';

/** Where the things of a row stand; -1 where it has none. */
type Places = { phone: number; reference: number; values: number[] };

/**
 * Writes the campaign of an import in one transaction, from the first row: a try that failed has left nothing but its
 * rejected rows, which are deleted first. Throws what fillCampaign throws.
 */
export async function importCampaign(
  db: Db,
  row: ImportRow,
  table: Table,
  signal: AbortSignal,
): Promise<void> {
  await deleteRejections(db, row.id);
  const tracker = new Tracker(db, row.id);
  const text = readPersonalText(row.options.text, row.options.transliterate === true);
  if ('wrong' in text) throw new Error(`the text of import ${row.id} was right when it came: ${text.wrong}`);
  const checksStopList = row.options.checkStopList && (await hasStopList(db, row.accountId));
  /** The chunk that is being written, for those of its rows that are left out. */
  let current: TableChunk | undefined;

  async function* chunks(): AsyncGenerator<FillChunk> {
    let places: Places | undefined;
    let known = -1;
    for await (const chunk of table.chunks) {
      signal.throwIfAborted();
      current = chunk;
      tracker.read(chunk);
      if (chunk.names.length !== known) {
        known = chunk.names.length;
        places = placesIn(chunk.names, row, text as PersonalText);
      }
      const filled = rowsOf(chunk, places!, text as PersonalText, tracker);
      if (checksStopList) await leaveOutStopped(db, row.accountId, chunk, filled, tracker);
      if (filled.phones.length > 0) yield filled;
      await tracker.saveNow();
    }
    // All is known now but the commit.
    await tracker.saveNow('always');
  }

  const filled = await fillCampaign(db, row.campaignId!, chunks(), {
    rowLimit: Math.min(row.lines, fillLimit),
    onRejected(line, reason, why) {
      if (why === 'duplicate') tracker.progress.duplicates += 1;
      const place = current === undefined ? -1 : placeOfLine(current.lines, line);
      const isFull = tracker.reject(line, reason, place === -1 ? '' : current!.raw(place));
      return isFull ? tracker.flush() : undefined;
    },
  });
  tracker.progress.accepted = filled.messages;
  await tracker.saveNow('always');
}

function placesIn(names: readonly string[], { options }: ImportRow, text: PersonalText): Places {
  const { mapping } = options;
  return {
    phone: phoneColumn(names, mapping, []),
    reference: columnOf(names, mapping, 'reference_id'),
    values: text.written.map((name) => columnOf(names, mapping, name)),
  };
}

/** Struct of arrays that are filled row by row. */
type Filling = {
  lines: number[];
  phones: number[];
  texts: (string | null)[];
  senders: null;
  references: (string | undefined)[] | null;
  /** Which row of the chunk each is. */
  rows: number[];
};

function rowsOf(chunk: TableChunk, places: Places, text: PersonalText, tracker: Tracker): Filling {
  const { lines, columns } = chunk;
  const references = places.reference === -1 ? null : columns[places.reference]!;
  const phones = columns[places.phone] ?? [];
  const values = places.values.map((place) => (place === -1 ? undefined : columns[place]!));
  const filled: Filling = {
    ...{ lines: [], phones: [], texts: [], senders: null, rows: [] },
    references: references === null ? null : [],
  };
  const given: (string | undefined)[] = new Array(values.length);
  for (let i = 0; i < lines.length; i += 1) {
    const phone = readPhone(phones[i] ?? '');
    if (phone === undefined) {
      tracker.reject(lines[i]!, wrongPhone(phones[i] ?? ''), chunk.raw(i));
      continue;
    }
    for (let k = 0; k < values.length; k += 1) given[k] = values[k]?.[i];
    const rendered = text.render(given);
    if (rendered === undefined) {
      tracker.reject(lines[i]!, missing(text, given), chunk.raw(i));
      continue;
    }
    filled.lines.push(lines[i]!);
    filled.phones.push(phone);
    filled.texts.push(rendered);
    filled.rows.push(i);
    filled.references?.push(references![i]!.trim() || undefined);
  }
  return filled;
}

function missing(text: PersonalText, values: readonly (string | undefined)[]): string {
  const names = text.written.filter((_, k) => text.optional[k] !== true && (values[k] ?? '').trim() === '');
  return `It has no value for ${names.map((name) => `{${name}}`).join(', ')}, and the text no default.`;
}

/** Takes the rows of stopped numbers out. */
async function leaveOutStopped(
  db: Db,
  accountId: number,
  chunk: TableChunk,
  filled: Filling,
  tracker: Tracker,
): Promise<void> {
  if (filled.phones.length === 0) return;
  const stopped = await selectStopped(db.pool, accountId, filled.phones);
  if (stopped.size === 0) return;
  const kept = filled.phones.map((phone) => !stopped.has(phone));
  filled.phones.forEach((_, k) => {
    if (kept[k]) return;
    tracker.progress.stopped += 1;
    tracker.reject(filled.lines[k]!, 'The number is on the stop list.', chunk.raw(filled.rows[k]!));
  });
  const keep = <T>(list: T[]): T[] => list.filter((_, k) => kept[k]);
  filled.lines = keep(filled.lines);
  filled.phones = keep(filled.phones);
  filled.texts = keep(filled.texts);
  filled.rows = keep(filled.rows);
  if (filled.references !== null) filled.references = keep(filled.references);
}

/** Most accounts stop few numbers or none: then nothing need be asked for each chunk. */
async function hasStopList(db: Db, accountId: number): Promise<boolean> {
  const { rows } = await db.pool.query<{ there: boolean }>(
    'select exists (select from stop_entry where account_id = $1 and sms) as there',
    [accountId],
  );
  return rows[0]!.there;
}

/** The place of a line among those of a chunk, which are in order; -1 where it is not there. */
function placeOfLine(lines: readonly number[], line: number): number {
  let low = 0;
  let high = lines.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = lines[middle]!;
    if (found === line) return middle;
    if (found < line) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
