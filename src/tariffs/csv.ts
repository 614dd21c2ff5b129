// Reads CSV strictly (RFC 4180): fields with or without quotes, "" for a quote, CRLF or LF, commas or semicolons. What
// is not well formed is a bad record with its line, not a guess. Called by rate-file.ts.

/** The separators that files come with. */
export type Delimiter = ',' | ';';

/** A record with the number of its first line, from 1; `error` says why it has no fields. */
export type CsvRecord = { line: number; fields: string[]; error?: string };

/** The separator of a file: the one that its header has more of. */
export function delimiterOf(text: string): Delimiter {
  const header = /^[^\r\n]*/.exec(text)![0];
  const count = (mark: Delimiter) => header.split(mark).length;
  return count(';') > count(',') ? ';' : ',';
}

/**
 * The records of a text, one after the other; empty lines are none. After a record that is not well formed it goes on
 * with the next line.
 */
export function* readCsv(text: string, delimiter: Delimiter): Generator<CsvRecord> {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const first = line;
    const end = lineEnd(text, at);
    // Nearly every line has no quotes, and is taken apart as a whole.
    const plain = text.slice(at, end);
    if (!plain.includes('"')) {
      at = afterLine(text, end);
      line += 1;
      if (plain !== '') yield { line: first, fields: plain.split(delimiter) };
      continue;
    }
    const record = readQuoted(text, at, delimiter);
    for (let i = at; i < record.end; i += 1) if (text.charCodeAt(i) === lineFeed) line += 1;
    line += 1;
    at = afterLine(text, record.end);
    yield record.error === undefined
      ? { line: first, fields: record.fields }
      : { line: first, fields: [], error: record.error };
  }
}

const lineFeed = 10;

/** Where the line that holds `at` ends: at its CR or LF, or at the end of the text. */
function lineEnd(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  if (feed === -1) return text.length;
  return feed > at && text[feed - 1] === '\r' ? feed - 1 : feed;
}

function afterLine(text: string, end: number): number {
  return text[end] === '\r' ? end + 2 : end + 1;
}

/** One record with quotes somewhere, and where it ends; after an error that is the end of the line it was found in. */
function readQuoted(
  text: string,
  start: number,
  delimiter: Delimiter,
): { fields: string[]; end: number; error?: string } {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    if (text[at] === '"') {
      let value = '';
      let from = at + 1;
      for (;;) {
        const quote = text.indexOf('"', from);
        if (quote === -1) {
          return { fields, end: lineEnd(text, at), error: 'a quoted field does not end' };
        }
        value += text.slice(from, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        value += '"';
        from = at + 1;
      }
      fields.push(value);
    } else {
      const end = lineEnd(text, at);
      const mark = text.indexOf(delimiter, at);
      const stop = mark === -1 || mark > end ? end : mark;
      const value = text.slice(at, stop);
      if (value.includes('"')) {
        return {
          fields,
          end,
          error: 'a quote stands within a field: put the whole field in quotes, and write "" for a quote',
        };
      }
      fields.push(value);
      at = stop;
    }
    const end = lineEnd(text, at);
    if (at === end) return { fields, end };
    if (text[at] !== delimiter)
      return { fields, end, error: 'something follows the closing quote of a field' };
    at += 1;
  }
}
