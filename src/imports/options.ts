// Reads the fields of an import's form: those of the file and its columns here, those of a campaign by src/campaigns.
// Pure; called by upload.ts.

import type { FieldErrors } from '../http/index.ts';
import {
  type Delimiter,
  delimiters,
  type Encoding,
  encodings,
  type TableFormat,
  tableFormats,
} from '../tables/index.ts';

export const importKinds = ['campaign', 'contacts', 'stoplist'] as const;
export type ImportKind = (typeof importKinds)[number];

/** What is asked for; what is absent is detected, or is no. Stored as JSON with the import. */
export type ImportOptions = {
  format?: TableFormat;
  encoding?: Encoding;
  delimiter?: Delimiter;
  header?: boolean;
  /** The column of each thing: `phone`, `reference_id`, placeholders or contact fields; a name, or a number from 1. */
  mapping: Record<string, string | number>;
  /** Campaigns: leave out numbers on the stop list. */
  checkStopList: boolean;
  /** Contacts: make fields for columns that have none. */
  createFields: boolean;
  groups: number[];
  /** Campaigns: the text of every message, with placeholders. */
  text?: string;
  transliterate?: boolean;
};

/** A form's fields; those that are JSON have been parsed where their part said so. */
export type FormFields = Record<string, unknown>;

/** Fields of campaigns that are yes or no. */
const campaignFlags: readonly string[] = ['respect_curfew', 'transliterate', 'start'];

const fileFields = ['format', 'encoding', 'delimiter', 'header', 'mapping'];
export const campaignFields = [
  ...[
    'sender',
    'text',
    'tariff_code',
    'start_at',
    'validity',
    'validity_seconds',
    'callback_url',
    'uncertain',
  ],
  ...campaignFlags,
];

/** The fields that each kind of import has. */
export const fieldsOf: Record<ImportKind | 'preview', readonly string[]> = {
  campaign: [...fileFields, ...campaignFields, 'check_stop_list'],
  contacts: [...fileFields, 'create_fields', 'groups'],
  stoplist: fileFields,
  preview: fileFields,
};

const delimiterNames: Record<string, Delimiter> = {
  comma: ',',
  semicolon: ';',
  tab: '\t',
  '\\t': '\t',
  pipe: '|',
};

/** Reads the fields; `errors` gets an entry for each that is wrong. */
export function readOptions(
  kind: ImportKind | 'preview',
  fields: FormFields,
  errors: FieldErrors,
): ImportOptions {
  for (const name of Object.keys(fields)) {
    if (!fieldsOf[kind].includes(name))
      errors[name] = ['There is no such field: /docs lists those that there are.'];
  }
  const { format, encoding, delimiter, header } = fields;
  const options: ImportOptions = {
    mapping: readMapping(fields.mapping, errors),
    checkStopList: readFlag(fields, 'check_stop_list', errors) ?? true,
    createFields: readFlag(fields, 'create_fields', errors) ?? false,
    groups: readGroups(fields.groups, errors),
  };
  const chosenFormat = readWord(format, 'format', tableFormats, errors);
  if (chosenFormat !== undefined) options.format = chosenFormat;
  const chosenEncoding = readWord(encoding, 'encoding', encodings, errors);
  if (chosenEncoding !== undefined) options.encoding = chosenEncoding;
  if (present(delimiter)) {
    const mark = delimiterNames[String(delimiter)] ?? delimiters.find((each) => each === delimiter);
    if (mark === undefined) errors.delimiter = ['This must be one of , ; | tab.'];
    else options.delimiter = mark;
  }
  if (present(header)) {
    const flag = readFlag(fields, 'header', errors);
    if (flag !== undefined) options.header = flag;
  }
  if (typeof fields.text === 'string') options.text = fields.text;
  if (flagOf(fields.transliterate) === true) options.transliterate = true;
  return options;
}

/** A form's texts as the values that a JSON body of the same fields would have, for the readers of campaigns. */
export function asBody(fields: FormFields): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const name of campaignFields) {
    const value = fields[name];
    if (!present(value)) continue;
    if (['tariff_code', 'validity', 'validity_seconds'].includes(name))
      body[name] = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
    else if (campaignFlags.includes(name)) body[name] = flagOf(value) ?? value;
    else body[name] = value;
  }
  return body;
}

function present(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function flagOf(value: unknown): boolean | undefined {
  if (value === true || value === 'true' || value === '1' || value === 'on') return true;
  return value === false || value === 'false' || value === '0' || value === 'off' ? false : undefined;
}

function readFlag(fields: FormFields, name: string, errors: FieldErrors): boolean | undefined {
  if (!present(fields[name])) return undefined;
  const flag = flagOf(fields[name]);
  if (flag === undefined) errors[name] = ['This must be true or false.'];
  return flag;
}

function readWord<T extends string>(
  value: unknown,
  name: string,
  words: readonly T[],
  errors: FieldErrors,
): T | undefined {
  if (!present(value)) return undefined;
  const word = words.find((each) => each === String(value).toLowerCase());
  if (word === undefined) errors[name] = [`This must be one of: ${words.join(', ')}.`];
  return word;
}

function readJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function readMapping(given: unknown, errors: FieldErrors): Record<string, string | number> {
  const mapping: Record<string, string | number> = {};
  if (!present(given)) return mapping;
  const value = readJson(given);
  const right =
    'This must be a JSON object such as {"phone": "Mobile", "name": 2}: a column by its name or number.';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    errors.mapping = [right];
    return mapping;
  }
  const entries = Object.entries(value);
  for (const [name, column] of entries) {
    const isColumn =
      (typeof column === 'string' && column.length <= 200) || (Number.isInteger(column) && column > 0);
    if (!isColumn || name.includes('\0') || String(column).includes('\0') || !name.isWellFormed())
      errors.mapping = [right];
    else Object.defineProperty(mapping, name, { value: column, enumerable: true, configurable: true });
  }
  if (entries.length > 256) errors.mapping = ['There may be at most 256 columns in it.'];
  return mapping;
}

function readGroups(given: unknown, errors: FieldErrors): number[] {
  if (!present(given)) return [];
  const json =
    typeof given === 'string' && /^[\d,\s]+$/.test(given) ? given.split(',').map(Number) : readJson(given);
  const list = typeof json === 'number' ? [json] : json;
  if (Array.isArray(list) && list.length <= 100 && list.every((id) => Number.isSafeInteger(id) && id > 0))
    return [...new Set(list as number[])];
  errors.groups = ['This must be a JSON array of at most 100 ids of groups, such as [1, 2].'];
  return [];
}
