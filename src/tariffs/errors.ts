// What tariffs refuse, each with a stable code and a message that says what would be right.

import { Refusal } from '../http/index.ts';

/** Invalid data of one field, said in words for the command line too. */
const field = (name: string, message: string) =>
  new Refusal(422, 'invalid_data', message, { [name]: [message] });

export const refused = {
  noTariff: (code: number) => new Refusal(404, 'no_tariff', `There is no tariff ${code}.`),
  codeTaken: (code: number) =>
    new Refusal(
      409,
      'tariff_code_taken',
      `There is already a tariff ${code}: choose another code from 0 to 9.`,
    ),
  badCode: () => field('code', 'The code of a tariff is a number from 0 to 9.'),
  badName: (max: number) => field('name', `The name of a tariff must have 1 to ${max} characters.`),
  badCurrency: (text: string) =>
    field('currency', `"${text}" is no currency: give its ISO code, such as EUR.`),
  defaultIsActive: () =>
    field('is_active', 'The default tariff must be active: make another one the default first.'),
  defaultStays: () =>
    field('is_default', 'One tariff must be the default: make another one the default instead.'),
  noRate: (id: number) => new Refusal(404, 'no_rate', `The tariff has no rate ${id}.`),
  rateTaken: (prefix: string) =>
    new Refusal(
      409,
      'rate_taken',
      `The tariff has a rate for the prefix ${prefix} from that moment: change it.`,
    ),
  badRate: (name: string, message: string) => field(name, message),
  unknownColumns: (unknown: readonly string[], columns: readonly string[]) =>
    field(
      'file',
      `The header names unknown columns (${unknown.slice(0, 5).map(quoted).join(', ')}): there are ${columns.join(', ')}.`,
    ),
  repeatedColumn: () => field('file', 'The header names a column twice.'),
  missingColumns: () =>
    field('file', 'The first line must be a header with the column price, and prefix or mcc.'),
  cardTooLong: (max: number) => field('file', `A rate card has at most ${max} lines: divide it.`),
};

const quoted = (text: string) => `"${text.slice(0, 40)}"`;
