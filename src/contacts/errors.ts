// What the contact book refuses, each with a stable code and a message that says what would be right.

import { notFound, Refusal } from '../http/index.ts';
import { limits } from './limits.ts';

/** The text of an error at a group, contact or field that the account has not. */
export const unknownId = (what: 'group' | 'contact' | 'field', id: number) =>
  `There is no ${what} ${id} in this account.`;

const field = (code: string, name: string, message: string) =>
  new Refusal(422, code, 'The given data was invalid.', { [name]: [message] });

export const refused = {
  noContact: () => notFound('contact'),
  noGroup: () => notFound('group'),
  noField: () => notFound('field'),

  phoneThere: () =>
    field('phone_taken', 'phone', 'There is a contact with this phone already: change that one instead.'),

  fieldThere: (name: string) =>
    field(
      'field_taken',
      'name',
      `There is a field '${name}' already, in some case of letters: choose another name.`,
    ),

  tooManyFields: () =>
    field('too_many_fields', 'name', `An account has ${limits.fields.max} fields at most: delete one first.`),

  tooManyGroups: () =>
    field('too_many_groups', 'name', `An account has ${limits.groups.max} groups at most: delete one first.`),
};
