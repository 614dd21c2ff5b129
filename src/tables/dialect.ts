// How a CSV file is written: its separator, and whether its first row names the columns. Called by read.ts with the
// beginning of a file.

import { CsvScanner } from './csv.ts';
import { type Delimiter, delimiters } from './table.ts';

/** Characters and rows that are looked at. */
const sampleLength = 64 * 1024;
const sampleRows = 100;

export type Dialect = {
  delimiter: Delimiter;
  header: boolean;
  /** The names of the columns: those of the header, or 1, 2, 3. */
  names: string[];
};

/** What the caller knows already. */
export type KnownDialect = { delimiter?: Delimiter | undefined; header?: boolean | undefined };

/** Looks at the beginning of a file; `complete` where that is all of it. */
export function dialectOf(text: string, complete: boolean, known: KnownDialect): Dialect {
  const sample = text.slice(0, sampleLength);
  const all = complete && sample.length === text.length;
  const delimiter = known.delimiter ?? bestDelimiter(sample, all);
  const rows = rowsOf(sample, all, delimiter);
  const header = known.header ?? (rows.length > 0 && isHeader(rows[0]!));
  return { delimiter, header, names: header ? namesOf(rows[0] ?? []) : numbersFor(rows) };
}

function rowsOf(sample: string, complete: boolean, delimiter: Delimiter): string[][] {
  const scanner = new CsvScanner(delimiter);
  const rows: string[][] = [];
  for (let at = 0; at < sample.length && rows.length < sampleRows; at = scanner.after) {
    if (!scanner.next(sample, at, complete)) break;
    if (scanner.error === undefined && scanner.end > at) rows.push(scanner.fields.slice(0, scanner.count));
  }
  return rows;
}

/**
 * The separator that splits most rows into as many fields as the first row has, at least two, and leaves cells that
 * are numbers as a whole, as the text of a message may well have commas. With only one column it is a comma.
 */
function bestDelimiter(sample: string, complete: boolean): Delimiter {
  let best: Delimiter = ',';
  let bestScore = 0;
  for (const delimiter of delimiters) {
    const rows = rowsOf(sample, complete, delimiter);
    const width = rows[0]?.length ?? 0;
    if (width < 2) continue;
    const same = rows.filter((row) => row.length === width).length / rows.length;
    const numbers = rows.filter((row) => row.some(isNumber)).length / rows.length;
    // More columns decide where all else is equal.
    const score = same + numbers + Math.min(width, 1000) / 1e6;
    if (score > bestScore) [best, bestScore] = [delimiter, score];
  }
  return best;
}

/** Digits as people write phone numbers. */
function isNumber(cell: string): boolean {
  return /^\s*[+(]?\d[\d\s().-]{4,}$/.test(cell);
}

/** A header has words, and no cell that is a number. */
function isHeader(row: readonly string[]): boolean {
  return row.some((cell) => /\p{L}/u.test(cell)) && !row.some(isNumber);
}

function namesOf(row: readonly string[]): string[] {
  const names = row.map((name) => name.trim());
  // A separator at the end of each line makes an empty last column.
  while (names.length > 1 && names.at(-1) === '') names.pop();
  return names;
}

/** Names for the columns of a file without a header: as many as most rows have. */
function numbersFor(rows: readonly string[][]): string[] {
  const counts = new Map<number, number>();
  for (const row of rows) {
    let width = row.length;
    while (width > 1 && row[width - 1] === '' && rows.every((each) => (each[width - 1] ?? '') === ''))
      width -= 1;
    counts.set(width, (counts.get(width) ?? 0) + 1);
  }
  const [width = 0] = [...counts].toSorted(([a, n], [b, m]) => m - n || b - a)[0] ?? [];
  return Array.from({ length: width }, (_, i) => String(i + 1));
}
