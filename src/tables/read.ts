// Reads a table from bytes: finds out how it is written, then gives its rows in chunks. Memory stays at a few blocks,
// however long the file is. Called by whoever imports files.

import { dialectOf, type KnownDialect } from './dialect.ts';
import { decoded, type TextBlock } from './encoding.ts';
import { plainBytes } from './gzip.ts';
import { csvRows, ndjsonRows, type RowReader } from './rows.ts';
import {
  type Delimiter,
  type Encoding,
  maxColumns,
  type TableChunk,
  TableError,
  type TableFormat,
} from './table.ts';

/** What the caller knows of the file; the rest is detected. */
export type TableOptions = KnownDialect & {
  format?: TableFormat | undefined;
  encoding?: Encoding | undefined;
  /** Bytes that the file may have, unpacked. */
  maxBytes?: number | undefined;
  /** The bytes are the beginning of a longer file: what is unfinished at their end is no row. */
  partial?: boolean | undefined;
};

/** A file as it is written. */
export type Table = {
  format: TableFormat;
  gzip: boolean;
  /** What has been found so far: it is sure when the first character beyond ASCII has come. */
  encoding(): Encoding;
  /** Null for NDJSON. */
  delimiter: Delimiter | null;
  header: boolean;
  /** The columns: of NDJSON, those that its beginning has. */
  names: readonly string[];
  /** The rows; may be read once. Each chunk says how many bytes of the (unpacked) file were read for it. */
  chunks: AsyncGenerator<TableChunk & { bytes: number }>;
};

/**
 * Opens a table: reads its first block and finds out how it is written. Throws a TableError where it cannot be read;
 * so may its chunks. Any bytes can be read: what is no row is a bad row.
 */
export async function openTable(
  source: AsyncIterable<Uint8Array>,
  options: TableOptions = {},
): Promise<Table> {
  const { gzip, bytes } = await plainBytes(source, {
    maxBytes: options.maxBytes ?? Number.POSITIVE_INFINITY,
    partial: options.partial === true,
  });
  const { encoding, blocks } = decoded(bytes, options.encoding);
  const first = (await blocks.next()).value as TextBlock;
  const complete = first.last && options.partial !== true;
  const format = options.format ?? formatOf(first.text);
  if (format === 'ndjson') {
    const [firstLine] = /[^\r\n]+/.exec(first.text.slice(0, 65_536)) ?? [''];
    return {
      ...{ format, gzip, encoding, delimiter: null, header: false, names: namesOf(firstLine) },
      chunks: chunksOf(first, blocks, ndjsonRows(), options.partial === true),
    };
  }
  const dialect = dialectOf(first.text, complete, options);
  const { delimiter, header, names } = dialect;
  if (names.length > maxColumns) throw new TableError(`the table has more than ${maxColumns} columns`);
  return {
    ...{ format, gzip, encoding, delimiter, header, names },
    chunks: chunksOf(first, blocks, csvRows(delimiter, names, header), options.partial === true),
  };
}

async function* chunksOf(
  first: TextBlock,
  rest: AsyncIterable<TextBlock>,
  rows: RowReader,
  partial: boolean,
): AsyncGenerator<TableChunk & { bytes: number }> {
  const chunk = ({ text, last, bytes }: TextBlock) => ({
    ...rows.push(text, last && !partial),
    bytes,
  });
  yield chunk(first);
  for await (const block of rest) yield chunk(block);
}

/** NDJSON begins with an object; no CSV does, as its quotes would be wrong. */
function formatOf(text: string): TableFormat {
  return /^\s*\{\s*("|\})/.test(text) ? 'ndjson' : 'csv';
}

function namesOf(line: string): string[] {
  try {
    return Object.keys(JSON.parse(line) as object);
  } catch {
    return [];
  }
}
