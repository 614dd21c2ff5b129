// What the beginning of a file says: how it is written, and whether it has the columns that its import needs. Called by
// the upload, before the rest of the file is read, and by the preview.

import { readPersonalText } from '../campaigns/index.ts';
import type { FieldErrors } from '../http/index.ts';
import { type BadRow, openTable, type TableChunk, TableError } from '../tables/index.ts';
import { columnOf, phoneColumn, unknownColumns } from './columns.ts';
import { refused } from './errors.ts';
import type { ImportKind, ImportOptions } from './options.ts';
import type { FileFormat } from './store.ts';

/** The beginning of a file, read. */
export type Head = {
  format: FileFormat;
  /** Its first rows, column by column. */
  first: TableChunk[];
  /** The place of the column of the phones, or -1. */
  phone: number;
};

/** Reads the beginning of a file; `complete` where that is all of it. Refuses what cannot be read at all. */
export async function readHead(bytes: Buffer, complete: boolean, options: ImportOptions): Promise<Head> {
  try {
    const table = await openTable(once(bytes), { ...options, partial: !complete });
    const first: TableChunk[] = [];
    for await (const chunk of table.chunks) first.push(chunk);
    const names = [...(first.at(-1)?.names ?? table.names)];
    const { format, gzip, delimiter, header } = table;
    return {
      format: { format, gzip, encoding: table.encoding(), delimiter, header, columns: names },
      first,
      phone: phoneColumn(names, options.mapping, sampleOf(first)),
    };
  } catch (error) {
    if (error instanceof TableError) throw refused.badFile(error.message);
    throw error;
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** Rows that tell phones from other columns. */
const sampleRows = 50;

function sampleOf([chunk]: readonly TableChunk[]): string[][] {
  return (chunk?.columns ?? []).map((column) => column.slice(0, sampleRows));
}

export function badRows(head: Head): BadRow[] {
  return head.first.flatMap(({ bad }) => bad);
}

/** Notes in `errors` which columns the import needs and the file has not. */
export function checkColumns(
  kind: ImportKind,
  head: Head,
  options: ImportOptions,
  errors: FieldErrors,
): void {
  const { columns: names, format } = head.format;
  const listed = names.length === 0 ? 'none' : names.slice(0, 20).join(', ').slice(0, 500);
  if (head.phone === -1) {
    const field = options.mapping.phone === undefined ? 'file' : 'mapping.phone';
    errors[field] = [
      `The file has no such column of phone numbers: name it in mapping.phone. Its columns: ${listed}.`,
    ];
  }
  // Objects of NDJSON may have later what the first ones have not.
  if (format === 'ndjson') return;
  for (const field of unknownColumns(names, options.mapping)) {
    errors[field] ??= [`The file has no such column. Its columns: ${listed}.`];
  }
  if (kind !== 'campaign' || options.text === undefined) return;
  const text = readPersonalText(options.text, false);
  if ('wrong' in text) return;
  const missing = text.written.filter(
    (name, i) => text.optional[i] !== true && columnOf(names, options.mapping, name) === -1,
  );
  if (missing.length > 0) {
    errors.text = [
      `The file has no column for ${missing.map((name) => `{${name}}`).join(', ')}: name it in mapping, or give a ` +
        `default such as {${missing[0]}|friend}. Its columns: ${listed}.`,
    ];
  }
}
