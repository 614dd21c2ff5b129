// Reads CSV strictly (RFC 4180): fields with or without quotes, "" for a quote, CR, LF or CRLF. What is not well formed
// is a bad record with its line, not a guess. The hot path of imports: called by read.ts for every row of a file, and
// by readers of small files for whole texts.

import { type Delimiter, maxRowLength } from './table.ts';

const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;

export const csvErrors = {
  stray: 'a quote stands within a field: put the whole field in quotes, and write "" for a quote',
  after: 'something follows the closing quote of a field',
  open: 'a quoted field does not end',
  long: `it is longer than ${maxRowLength.toLocaleString('en')} characters`,
} as const;

/**
 * Takes records out of a text, one with each call of `next`. It is one object with plain fields that every record
 * overwrites, as an object for each of ten million records would cost more than reading them.
 */
export class CsvScanner {
  /** The fields of the record: the first `count` of the array. */
  readonly fields: string[] = [];
  count = 0;
  /** Why the record has no fields. */
  error: string | undefined;
  /** Where the record ends, without its line end, and where the next begins. */
  end = 0;
  after = 0;
  /** The line ends that it has, its own included. */
  breaks = 0;
  /** The rest of an over-long line is still to come and must be skipped. */
  cut = false;
  readonly #delimiter: number;

  constructor(delimiter: Delimiter) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /**
   * Reads the record that begins at `from`. False where the text ends before the record does, and more may come: call
   * it again with that record and what follows it. At the `last` text its end is the end of the record.
   */
  next(text: string, from: number, last: boolean): boolean {
    const delimiter = this.#delimiter;
    const { fields } = this;
    const { length } = text;
    let count = 0;
    let at = from;
    let start = from;
    this.error = undefined;
    this.breaks = 0;
    this.cut = false;
    for (;;) {
      const code = at < length ? text.charCodeAt(at) : -1;
      if (code === delimiter) {
        fields[count] = text.slice(start, at);
        count += 1;
        at += 1;
        start = at;
      } else if (code > quote) {
        at += 1;
      } else if (code === quote) {
        if (at !== start) return this.#bad(text, from, at, csvErrors.stray, last);
        at = this.#quoted(text, start, last);
        if (at < 0) return this.#unclosed(text, from, start, last);
        const behind = at < length ? text.charCodeAt(at) : -1;
        if (behind === delimiter) {
          fields[count] = this.#value;
          count += 1;
          at += 1;
          start = at;
          continue;
        }
        if (behind === -1 && !last) return this.#wait(text, from);
        if (behind !== lineFeed && behind !== carriageReturn && behind !== -1)
          return this.#broken(text, from, start, csvErrors.after, last);
        fields[count] = this.#value;
        this.count = count + 1;
        return this.#ended(text, from, at, last);
      } else if (code === lineFeed || code === carriageReturn || code === -1) {
        if (at - from > maxRowLength) return this.#bad(text, from, at, csvErrors.long, last);
        if (code === -1 && !last) return false;
        fields[count] = text.slice(start, at);
        this.count = count + 1;
        return this.#ended(text, from, at, last);
      } else {
        at += 1;
      }
    }
  }

  /** The value of the quoted field that was read last. */
  #value = '';

  /** Reads the quoted field that begins at `start`; gives what follows its closing quote, or -1 where it has none. */
  #quoted(text: string, start: number, last: boolean): number {
    const { length } = text;
    let doubled = false;
    this.#openBreaks = this.breaks;
    for (let at = start + 1; at < length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === quote) {
        if (at + 1 === length && !last) return -1;
        if (text.charCodeAt(at + 1) !== quote) {
          const value = text.slice(start + 1, at);
          this.#value = doubled ? value.replaceAll('""', '"') : value;
          return at + 1;
        }
        doubled = true;
        at += 1;
      } else if (code === lineFeed) {
        if (text.charCodeAt(at - 1) !== carriageReturn) this.breaks += 1;
      } else if (code === carriageReturn) {
        this.breaks += 1;
      }
    }
    return -1;
  }

  /** The line ends of the record before the quoted field that was read last. */
  #openBreaks = 0;

  /** A quoted field has no end: where more may come, wait. */
  #unclosed(text: string, from: number, start: number, last: boolean): boolean {
    if (!last && text.length - from <= maxRowLength) return false;
    return this.#broken(text, from, start, csvErrors.open, last);
  }

  /** A quoted field is wrong: its end may be that of another. The line it began in is bad, and the next is read. */
  #broken(text: string, from: number, start: number, error: string, last: boolean): boolean {
    this.breaks = this.#openBreaks;
    return this.#bad(text, from, start, error, last);
  }

  /** A record that has not ended, where more may come: a bad one if it is too long already. */
  #wait(text: string, from: number): boolean {
    return text.length - from > maxRowLength
      ? this.#bad(text, from, text.length, csvErrors.long, false)
      : false;
  }

  /** The record ends at `at`, at a line end or the end of the text. */
  #ended(text: string, from: number, at: number, last: boolean): boolean {
    const { length } = text;
    this.end = at;
    if (at >= length) {
      this.after = length;
    } else if (text.charCodeAt(at) === carriageReturn) {
      // The LF of a CRLF may be in the next text.
      if (at + 1 === length && !last) return false;
      this.after = text.charCodeAt(at + 1) === lineFeed ? at + 2 : at + 1;
    } else {
      this.after = at + 1;
    }
    if (at - from > maxRowLength) {
      this.error = csvErrors.long;
      this.count = 0;
    }
    this.breaks += 1;
    return true;
  }

  /** The record is bad at `at`: it ends with that line. A line that is too long for memory is cut. */
  #bad(text: string, from: number, at: number, error: string, last: boolean): boolean {
    const end = lineEnd(text, at);
    if (end === text.length && !last) {
      if (end - from <= maxRowLength) return false;
      this.end = end;
      this.after = end;
      this.cut = true;
      this.breaks += 1;
    } else if (!this.#ended(text, from, end, last)) {
      return false;
    }
    this.count = 0;
    this.error = error;
    return true;
  }
}

/** Where the line that holds `at` ends: at its CR or LF, or at the end of the text. */
export function lineEnd(text: string, at: number): number {
  for (let i = at; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === lineFeed || code === carriageReturn) return i;
  }
  return text.length;
}

/** A record with the number of its first line, from 1; `error` says why it has no fields. */
export type CsvRecord = { line: number; fields: string[]; error?: string };

/** The records of a whole text, one after the other; empty lines are none. A byte order mark is skipped. */
export function* csvRecords(text: string, delimiter: Delimiter): Generator<CsvRecord> {
  const scanner = new CsvScanner(delimiter);
  let line = 1;
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length; at = scanner.after) {
    scanner.next(text, at, true);
    const { count, error, end } = scanner;
    if (error !== undefined) yield { line, fields: [], error };
    else if (end > at) yield { line, fields: scanner.fields.slice(0, count) };
    line += scanner.breaks;
  }
}
