// The door of tables: CSV and NDJSON from any stream of bytes, in chunks of rows.
export { type CsvRecord, csvRecords } from './csv.ts';
export { type PlainLimits, plainBytes } from './gzip.ts';
export { openTable, type Table, type TableOptions } from './read.ts';
export {
  type BadRow,
  type Delimiter,
  delimiters,
  type Encoding,
  encodings,
  maxColumns,
  rawLength,
  type TableChunk,
  TableError,
  type TableFormat,
  tableFormats,
} from './table.ts';
