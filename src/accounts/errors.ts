// What accounts refuse, each with a stable code and a message that says what would be right.

import { Refusal } from '../http/index.ts';

export const refused = {
  nameTaken: (name: string) =>
    new Refusal(
      409,
      'account_name_taken',
      `There is already an account named '${name}': choose another name.`,
    ),
  badName: () =>
    new Refusal(422, 'account_name_invalid', 'The name of an account must have 1 to 100 characters.'),
  noTariff: (currency: string) =>
    new Refusal(422, 'no_tariff_in_currency', `There is no active tariff in ${currency}: create one first.`),
  noAccount: (id: number) => new Refusal(404, 'no_account', `There is no account ${id}.`),
};
