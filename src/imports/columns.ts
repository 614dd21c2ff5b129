// Which column of a table is which: by the mapping of the request, or else by the columns' names. Pure; called when a
// file begins to arrive, to refuse it, and again by the job, for every chunk that has new columns.

import { foldName } from '../text/index.ts';
import { readPhone } from './phone.ts';

export type Mapping = Readonly<Record<string, string | number>>;

/** What columns of phones are called. */
const phoneNames = new Set(
  [
    ...[
      'phone',
      'phones',
      'number',
      'msisdn',
      'mobile',
      'tel',
      'telephone',
      'phone number',
      'phone_number',
      'cell',
    ],
    ...[
      'телефон',
      'номер',
      'номер телефона',
      'номер телефону',
      'мобильный',
      'мобільний',
      'teléfono',
      'móvil',
    ],
    ...['téléphone', 'telefon', 'numer', 'telefone', 'handy', 'telefono'],
  ].map(foldName),
);

/** The place of a column, by its name (in any case of letters) or its number from 1; -1 where there is none. */
export function placeOf(names: readonly string[], column: string | number): number {
  if (typeof column === 'string') {
    const exact = names.indexOf(column);
    if (exact !== -1) return exact;
    const folded = foldName(column);
    const place = names.findIndex((name) => foldName(name) === folded);
    if (place !== -1 || !/^[1-9]\d{0,2}$/.test(column)) return place;
  }
  const number = Number(column);
  return number <= names.length ? number - 1 : -1;
}

/** The column of a thing: what the mapping says of it, or the column of its name. */
export function columnOf(names: readonly string[], mapping: Mapping, thing: string): number {
  const folded = foldName(thing);
  const key = Object.keys(mapping).find((each) => foldName(each) === folded);
  return placeOf(names, key === undefined ? thing : mapping[key]!);
}

/**
 * The column of the phones; `rows` are the first ones, column by column: without a mapping and a column of such a name,
 * the first column of which most are phones is it.
 */
export function phoneColumn(names: readonly string[], mapping: Mapping, rows: readonly string[][]): number {
  if (mapping.phone !== undefined) return placeOf(names, mapping.phone);
  const named = names.findIndex((name) => phoneNames.has(foldName(name)));
  if (named !== -1) return named;
  return rows.findIndex((column) => {
    const phones = column.filter((cell) => readPhone(cell) !== undefined).length;
    return phones > 0 && phones * 2 >= column.length;
  });
}

/** The columns that the mapping names and the table has not, as `mapping.<thing>`. */
export function unknownColumns(names: readonly string[], mapping: Mapping): string[] {
  return Object.entries(mapping)
    .filter(([, column]) => placeOf(names, column) === -1)
    .map(([thing]) => `mapping.${thing}`);
}
