// Files that fill the contact book or the stop list, a commit for each chunk with how far it is, so that a job that is
// begun again goes on behind what is committed. Called by run.ts; which columns are fields is also asked by the upload.

import type pg from 'pg';
import {
  addToStopList,
  checkValue,
  createField,
  type Field,
  selectFields,
  upsertContacts,
  valueForms,
} from '../contacts/index.ts';
import { type Db, transaction } from '../db/index.ts';
import type { FieldErrors } from '../http/index.ts';
import type { Table, TableChunk } from '../tables/index.ts';
import { foldName } from '../text/index.ts';
import { phoneColumn, placeOf } from './columns.ts';
import { limits } from './limits.ts';
import type { ImportOptions } from './options.ts';
import { readPhone, wrongPhone } from './phone.ts';
import type { FileFormat, ImportRow, Queryable } from './store.ts';
import { Tracker } from './tracker.ts';

/** Characters of a field's name. */
const longestName = 30;

/** A column that is a field of contacts; without the field where there is none of this name yet. */
export type FieldColumn = { name: string; column: string | number; field: Field | undefined };

/**
 * Which columns fill which fields: those that the mapping says; without one, every column that is named like a field,
 * and where fields may be made, all that have a name.
 */
export async function fieldColumns(
  sql: Queryable,
  accountId: number,
  options: ImportOptions,
  { columns, header, format }: FileFormat,
): Promise<FieldColumn[]> {
  const fields = await selectFields(sql, accountId);
  const byName = new Map(fields.map((field) => [foldName(field.name), field]));
  const byId = new Map(fields.map((field) => [String(field.id), field]));
  const find = (name: string) => byName.get(foldName(name)) ?? byId.get(name);
  const phone = phoneColumn(columns, options.mapping, []);
  const mapped = Object.entries(options.mapping).filter(([name]) => name !== 'phone');
  if (mapped.length > 0) return mapped.map(([name, column]) => ({ name, column, field: find(name) }));
  if (!header && format === 'csv') return [];
  return columns.flatMap((name, place) => {
    const field = byName.get(foldName(name));
    const isNew = options.createFields && name.trim() !== '' && columns.indexOf(name) === place;
    return place === phone || (field === undefined && !isNew) ? [] : [{ name, column: place + 1, field }];
  });
}

/** Notes in `errors` which fields the account has not and may not get. */
export async function checkFields(
  sql: Queryable,
  accountId: number,
  options: ImportOptions,
  format: FileFormat,
  errors: FieldErrors,
): Promise<void> {
  for (const { name, field } of await fieldColumns(sql, accountId, options, format)) {
    if (field !== undefined) continue;
    if (!options.createFields)
      errors[`mapping.${name}`] = ['There is no such field: make it first, or send create_fields: true.'];
    else if (name.trim() === '' || name.trim().length > longestName)
      errors[`mapping.${name}`] = [`A field's name has 1 to ${longestName} characters.`];
  }
}

/** Fills the contact book. */
export async function importContacts(
  db: Db,
  row: ImportRow,
  table: Table,
  signal: AbortSignal,
): Promise<void> {
  const { accountId, options } = row;
  const wanted = await fieldColumns(db.pool, accountId, options, row.format);
  const columns: { field: Field; column: string | number }[] = [];
  for (const { name, column, field } of wanted) {
    columns.push({ column, field: field ?? (await makeField(db, accountId, name.trim())) });
  }
  const fieldIds = columns.map(({ field }) => field.id);

  await inChunks(db, row, table, signal, async (client, chunk, tracker) => {
    const phones: number[] = [];
    const values = columns.map((): (string | null)[] => []);
    const given = columns.map(({ column }) => chunk.columns[placeOf(chunk.names, column)]);
    const write = async () => {
      const { created, updated } = await upsertContacts(
        client,
        accountId,
        { phones, fieldIds, values },
        options.groups,
      );
      tracker.progress.accepted += created + updated;
      tracker.progress.created += created;
      tracker.progress.duplicates += phones.length - created - updated;
      phones.length = 0;
      for (const column of values) column.length = 0;
    };
    const phoneCells = chunk.columns[phoneColumn(chunk.names, options.mapping, [])] ?? [];
    for (let i = 0; i < chunk.lines.length; i += 1) {
      const phone = readPhone(phoneCells[i] ?? '');
      const wrong = phone === undefined ? wrongPhone(phoneCells[i] ?? '') : undefined;
      const checked = wrong === undefined ? valuesOf(columns, given, i) : wrong;
      if (typeof checked === 'string') {
        tracker.reject(chunk.lines[i]!, checked, chunk.raw(i));
        continue;
      }
      phones.push(phone!);
      checked.forEach((value, k) => void values[k]!.push(value));
      if (phones.length === limits.contactsChunk) await write();
    }
    if (phones.length > 0) await write();
  });
}

/** The values of a row, or why it is rejected. An empty cell leaves what the contact has. */
function valuesOf(
  columns: readonly { field: Field }[],
  given: readonly (string[] | undefined)[],
  row: number,
): (string | null)[] | string {
  const values: (string | null)[] = [];
  for (let k = 0; k < columns.length; k += 1) {
    const cell = given[k]?.[row]?.trim() ?? '';
    const { name, type } = columns[k]!.field;
    const value = cell === '' ? null : checkValue(type, cell);
    if (value === undefined) return `The field ${name} must be ${valueForms[type]}.`;
    values.push(value);
  }
  return values;
}

/** Makes a text field, or takes the one that somebody has made meanwhile. */
async function makeField(db: Db, accountId: number, name: string): Promise<Field> {
  try {
    return await transaction(db, (client) =>
      createField(client, accountId, { name, type: 'text', description: null, isVisible: true }),
    );
  } catch (error) {
    const there = (await selectFields(db.pool, accountId)).find(
      (each) => foldName(each.name) === foldName(name),
    );
    if (there === undefined) throw error;
    return there;
  }
}

/** Fills the stop list. */
export function importStopList(db: Db, row: ImportRow, table: Table, signal: AbortSignal): Promise<void> {
  return inChunks(db, row, table, signal, async (client, chunk, tracker) => {
    const cells = chunk.columns[phoneColumn(chunk.names, row.options.mapping, [])] ?? [];
    const phones: number[] = [];
    chunk.lines.forEach((line, i) => {
      const phone = readPhone(cells[i] ?? '');
      if (phone === undefined) tracker.reject(line, wrongPhone(cells[i] ?? ''), chunk.raw(i));
      else phones.push(phone);
    });
    if (phones.length > 0) await addToStopList(client, row.accountId, phones, 'import');
    tracker.progress.accepted += phones.length;
  });
}

/** Works through a table with a transaction for each chunk, behind what an earlier try has committed. */
async function inChunks(
  db: Db,
  row: ImportRow,
  table: Table,
  signal: AbortSignal,
  work: (client: pg.ClientBase, chunk: TableChunk, tracker: Tracker) => Promise<void>,
): Promise<void> {
  const tracker = new Tracker(db, row.id, row);
  // A chunk is a block of the file of one size, so the next try meets the same ones.
  let toSkip = row.bytesRead;
  for await (const chunk of table.chunks) {
    signal.throwIfAborted();
    if (toSkip > 0) {
      toSkip -= chunk.bytes;
      continue;
    }
    tracker.read(chunk);
    await transaction(db, async (client) => {
      await work(client, chunk, tracker);
      await tracker.save(client);
    });
  }
}
