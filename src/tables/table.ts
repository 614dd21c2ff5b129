// What a table is made of, as the readers of this folder give it. Types and limits only.

/** The separators that files come with. */
export const delimiters = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof delimiters)[number];

/** The encodings that are detected, by the names that TextDecoder has for them. */
export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1251', 'windows-1252'] as const;
export type Encoding = (typeof encodings)[number];

export const tableFormats = ['csv', 'ndjson'] as const;
export type TableFormat = (typeof tableFormats)[number];

/** A row that could not be read: the number of its first line, why, and its beginning. */
export type BadRow = { line: number; reason: string; raw: string };

/** Some rows, column by column; element i of `lines` and of each column belong together. */
export type TableChunk = {
  /** The names of the columns: those of NDJSON grow from chunk to chunk, those of CSV stay. */
  names: readonly string[];
  /** The number of each row's first line, from 1. */
  lines: number[];
  /** One array for each name; what a row does not say is ''. */
  columns: string[][];
  /** Rows that could not be read. */
  bad: BadRow[];
  /** A row as it stood in the file. */
  raw(row: number): string;
};

/** Characters of a row: a text message has 765, and a contact's fields are short. Longer ones are bad rows. */
export const maxRowLength = 65_536;

/** Columns of a table. */
export const maxColumns = 256;

/** Characters of a bad row that are kept. */
export const rawLength = 500;

/** A file that cannot be read any further, in words for its author. */
export class TableError extends Error {}
