// Turns text, block after block, into chunks of rows. One reader for each format; both keep what a block leaves
// unfinished for the next. Called by read.ts.

import { CsvScanner, lineEnd } from './csv.ts';
import {
  type BadRow,
  type Delimiter,
  maxColumns,
  maxRowLength,
  rawLength,
  type TableChunk,
} from './table.ts';

/** Takes a block of text and gives its rows; after the last block nothing is left. */
export type RowReader = { push(text: string, last: boolean): TableChunk };

/** Where the rows of a chunk stand in its text. */
class ChunkBuilder {
  readonly lines: number[] = [];
  readonly bad: BadRow[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly #text: string;
  /** Whether the text has characters that no row may have. */
  readonly suspicious: boolean;

  constructor(text: string) {
    this.#text = text;
    this.suspicious = text.includes('\ufffd') || text.includes('\0');
  }

  reject(line: number, start: number, end: number, reason: string): void {
    this.bad.push({ line, reason, raw: this.#text.slice(start, Math.min(end, start + rawLength)) });
  }

  add(line: number, start: number, end: number): void {
    this.lines.push(line);
    this.starts.push(start);
    this.ends.push(end);
  }

  chunk(names: readonly string[], columns: string[][]): TableChunk {
    const { lines, bad, starts, ends } = this;
    const text = this.#text;
    return {
      ...{ names, lines, columns, bad },
      raw: (row) => text.slice(starts[row]!, Math.min(ends[row]!, starts[row]! + rawLength)),
    };
  }
}

const wrongBytes = 'it has bytes that are no characters of the encoding';
const hasNul = 'it has the character U+0000';

/** What is wrong with the characters of a row. */
function wrongCharacters(text: string, start: number, end: number): string | undefined {
  const row = text.slice(start, end);
  if (row.includes('\ufffd')) return wrongBytes;
  return row.includes('\0') ? hasNul : undefined;
}

/** What both readers keep between two blocks. */
type Position = { rest: string; line: number; skipping: boolean };

/** Skips the rest of a line that was cut; where the next line begins, or -1 where that is still to come. */
function skipLine(text: string, last: boolean): number {
  const end = lineEnd(text, 0);
  if (end === text.length) return last ? end : -1;
  if (text[end] !== '\r') return end + 1;
  if (end + 1 === text.length && !last) return -1;
  return text[end + 1] === '\n' ? end + 2 : end + 1;
}

/**
 * Reads CSV. `header` rows are skipped: 1 or 0. A row with fewer fields than `names` is filled up, one with more is
 * bad unless what is too much is empty.
 */
export function csvRows(delimiter: Delimiter, names: readonly string[], header: boolean): RowReader {
  const scanner = new CsvScanner(delimiter);
  const width = names.length;
  const position: Position = { rest: '', line: 1, skipping: false };
  let toSkip = header ? 1 : 0;

  return {
    push(block, last) {
      const text = position.rest === '' ? block : position.rest + block;
      const built = new ChunkBuilder(text);
      const columns = names.map((): string[] => []);
      const { fields } = scanner;
      let { line } = position;
      let at = 0;
      if (position.skipping) {
        at = skipLine(text, last);
        position.skipping = at === -1;
        if (at === -1) {
          position.rest = text.endsWith('\r') ? '\r' : '';
          return built.chunk(names, columns);
        }
      }
      while (at < text.length && scanner.next(text, at, last)) {
        const { error, end, count } = scanner;
        const first = line;
        line += scanner.breaks;
        if (error !== undefined) {
          built.reject(first, at, end, error);
        } else if (end === at) {
          // An empty line is no row.
        } else if (toSkip > 0) {
          toSkip -= 1;
        } else {
          const wrong =
            (built.suspicious ? wrongCharacters(text, at, end) : undefined) ??
            (count > width ? tooMany(fields, count, width) : undefined);
          if (wrong !== undefined) {
            built.reject(first, at, end, wrong);
          } else {
            built.add(first, at, end);
            for (let i = 0; i < width; i += 1) columns[i]!.push(i < count ? fields[i]! : '');
          }
        }
        at = scanner.after;
        if (scanner.cut) position.skipping = true;
      }
      position.line = line;
      position.rest = text.slice(at);
      return built.chunk(names, columns);
    },
  };
}

function tooMany(fields: readonly string[], count: number, width: number): string | undefined {
  for (let i = width; i < count; i += 1) {
    if (fields[i]!.trim() !== '')
      return `it has ${count} fields, and the table ${width} columns: put a field with the separator in it in quotes`;
  }
  return undefined;
}

/** Reads NDJSON: an object of plain values on each line. Columns appear as their names do. */
export function ndjsonRows(): RowReader {
  const position: Position = { rest: '', line: 1, skipping: false };
  const places = new Map<string, number>();

  return {
    push(block, last) {
      const text = position.rest === '' ? block : position.rest + block;
      const built = new ChunkBuilder(text);
      const columns = Array.from(places, (): string[] => []);
      let at = 0;
      if (position.skipping) {
        at = skipLine(text, last);
        position.skipping = at === -1;
        if (at === -1) at = text.endsWith('\r') ? text.length - 1 : text.length;
      }
      while (at < text.length && !position.skipping) {
        const end = lineEnd(text, at);
        if (end === text.length && !last) {
          if (end - at <= maxRowLength) break;
          built.reject(position.line, at, end, tooLong);
          position.skipping = true;
          position.line += 1;
          at = end;
          break;
        }
        if (text[end] === '\r' && end + 1 === text.length && !last) break;
        const wrong = end - at > maxRowLength ? tooLong : addObject(text.slice(at, end));
        if (wrong === undefined) built.add(position.line, at, end);
        else if (wrong !== null) built.reject(position.line, at, end, wrong);
        position.line += 1;
        at = text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
      }
      position.rest = text.slice(at);
      return built.chunk([...places.keys()], columns);

      /** Adds the object of a line; what is wrong with it, or null where the line is empty. */
      function addObject(json: string): string | null | undefined {
        if (json.trim() === '') return null;
        if (built.suspicious) {
          const wrong = wrongCharacters(json, 0, json.length);
          if (wrong !== undefined) return wrong;
        }
        let value: unknown;
        try {
          value = JSON.parse(json);
        } catch (error) {
          return `it is no valid JSON: ${(error as Error).message.slice(0, 200)}`;
        }
        if (typeof value !== 'object' || value === null || Array.isArray(value))
          return 'it is no JSON object such as {"phone": 34600000000}';
        const row = Object.entries(value);
        for (const [name, item] of row) {
          if (typeof item === 'object' && item !== null)
            return `${name.slice(0, 100)} is no text, number or truth value`;
          if (typeof item === 'number' && Number.isInteger(item) && !Number.isSafeInteger(item))
            return `${name.slice(0, 100)} is beyond the exact integers: write it as a text`;
          const wrong = wrongCharacters(name + item, 0, Infinity) ?? halfCharacter(name, item);
          if (wrong !== undefined) return wrong;
          if (!places.has(name) && places.size >= maxColumns)
            return `the table has more than ${maxColumns} columns`;
        }
        const before = built.lines.length;
        for (const [name, item] of row) {
          let place = places.get(name);
          if (place === undefined) {
            place = places.size;
            places.set(name, place);
            columns.push(Array<string>(before).fill(''));
          }
          columns[place]!.push(item === null ? '' : String(item));
        }
        if (row.length < columns.length) {
          for (const column of columns) if (column.length === before) column.push('');
        }
        return undefined;
      }
    },
  };
}

const tooLong = `it is longer than ${maxRowLength.toLocaleString('en')} characters`;

/** JSON may write halves of surrogate pairs. */
function halfCharacter(name: string, item: unknown): string | undefined {
  return name.isWellFormed() && (typeof item !== 'string' || item.isWellFormed()) ? undefined : wrongBytes;
}
