// Which column of a file becomes what. Pure; used by the page of a new import.
import type { Field } from '../contacts/api.ts';
import type { Preview } from './api.ts';

/** What becomes of a column: nothing, the number, a new field of its name, or a field by its id. */
export type Choice = string;

/** What the columns most likely are, by the server's guess and by the names of fields; columns count from 1. */
export function firstChoices(
  { columns, phone_column: phone, header }: Preview,
  fields: readonly Field[],
  kind: 'contacts' | 'stoplist',
): Record<number, Choice> {
  return Object.fromEntries(
    columns.map((name, place) => {
      const column = place + 1;
      if (column === phone) return [column, 'phone'];
      if (kind === 'stoplist') return [column, 'skip'];
      const field = fields.find((each) => fold(each.name) === fold(name));
      if (field) return [column, String(field.id)];
      return [column, header && mayBeField(name) ? 'new' : 'skip'];
    }),
  );
}

/** Whether a field can have this name. */
export function mayBeField(name: string): boolean {
  return name.trim() !== '' && name.trim().length <= 30;
}

/** Whether a cell is a number in international form, as far as it can be told without the server. */
export function mayBePhone(cell: string): boolean {
  return /^[1-9]\d{8,14}$/.test(cell.replace(/[\s().\-/]/g, '').replace(/^(\+|00)/, ''));
}

/** The column of each thing, from 1, or by its name. */
export type Mapping = Record<string, number | string>;

export type Problem = 'noPhone' | 'twoPhones' | 'twice';

/** The mapping for the server, or what is wrong with the choices. */
export function mappingOf(
  { columns, format }: Preview,
  choices: Record<number, Choice>,
): { mapping: Mapping; problem: Problem | null } {
  const mapping: Mapping = {};
  let problem: Problem | null = null;
  for (const [at, choice] of Object.entries(choices)) {
    if (choice === 'skip') continue;
    const column = Number(at);
    const thing = choice === 'new' ? columns[column - 1]!.trim() : choice;
    if (thing in mapping) problem = thing === 'phone' ? 'twoPhones' : 'twice';
    // Columns of other forms have no places, only names.
    mapping[thing] = format === 'csv' ? column : columns[column - 1]!;
  }
  if (!('phone' in mapping)) problem = 'noPhone';
  return { mapping, problem };
}

const fold = (name: string) => name.trim().toLowerCase();
