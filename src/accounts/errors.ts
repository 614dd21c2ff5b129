// What accounts refuse, each with a stable code and a message that says what would be right.

import { Refusal, tooMany } from '../http/index.ts';

/** Invalid data of one field, said in words for the command line too. */
const field = (name: string, message: string) =>
  new Refusal(422, 'invalid_data', message, { [name]: [message] });

export const refused = {
  nameTaken: (name: string) =>
    new Refusal(
      409,
      'account_name_taken',
      `There is already an account named '${name}': choose another name.`,
    ),
  badName: () =>
    new Refusal(422, 'account_name_invalid', 'The name of an account must have 1 to 100 characters.'),
  noChange: () => field('body', 'Name at least one field to change.'),
  wrongTariff: (currency: string) =>
    field(
      'tariff_code',
      `There is no active tariff in ${currency} of that code: GET /admin/api/tariffs lists them.`,
    ),
  badCredit: (words: string) => field('credit', words),
  badAmount: (words: string) => field('amount', words),
  noToken: () => new Refusal(403, 'no_token', 'The session of a user has no token: use an API key.'),
  noKey: (id: number) => new Refusal(404, 'no_key', `There is no key ${id}.`),
  noTariff: (currency: string) =>
    new Refusal(422, 'no_tariff_in_currency', `There is no active tariff in ${currency}: create one first.`),
  noScope: () => field('scopes', 'A key needs at least one scope.'),
  beyondRights: () => field('scopes', 'A key may do no more than you: choose among your own permissions.'),
  adminScope: () =>
    field('scopes', 'The scopes moderate and admin are for keys of accounts with the role admin.'),
  badAddress: (text: string) =>
    field('addresses', `"${text}" is no address or CIDR range such as 203.0.113.7 or 10.0.0.0/8.`),
  tooManyAddresses: (max: number) => field('addresses', `A key takes at most ${max} address ranges.`),
  tooManyLogins: (seconds: number) =>
    tooMany(
      'too_many_logins',
      `Too many failed logins from this address: try again in ${seconds} s.`,
      seconds,
    ),
  noAccount: (id: number) => new Refusal(404, 'no_account', `There is no account ${id}.`),
};
