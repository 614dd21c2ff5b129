// The bodies of the sends whose messages differ, field by field as the One-API publishes them. They document; the
// readers of individual.ts and open.ts check.

import { Type } from 'typebox';
import { groupLimit } from './group-order.ts';
import { limits } from './limits.ts';
import { CampaignAnswer, SmsSend } from './schemas.ts';

const { phones, text, reference } = limits;
const {
  sender,
  transliterate,
  tariff_code,
  validity,
  start_at,
  callback_url,
  short_links,
  respect_curfew,
  uncertain,
} = SmsSend.properties;

export const SmsSendIndividual = Type.Object(
  {
    messages: Type.Array(
      Type.Object({
        phone: Type.Integer({
          minimum: 100_000_000,
          maximum: 999_999_999_999_999,
          description: 'International, 9 to 15 digits without plus; a string of digits is taken too',
          examples: [34600000000],
        }),
        text: Type.String({ minLength: 1, maxLength: text.gsm, examples: ['Your code is 1234'] }),
        sender,
        tariff_code: Type.Optional(
          Type.Integer({ minimum: 0, maximum: 9, description: "By which it is priced; else the campaign's" }),
        ),
        reference_id: Type.Optional(
          Type.String({
            maxLength: reference.length,
            pattern: reference.pattern.source,
            description: 'Your own id of the message, unique within the account',
          }),
        ),
        transliterate,
      }),
      {
        minItems: 1,
        maxItems: phones.max,
        description: 'A number may come several times: each message is sent',
      },
    ),
    ...{ tariff_code, validity, start_at, callback_url, respect_curfew, uncertain },
  },
  {
    examples: [
      {
        messages: [
          { phone: 34600000000, sender: 'Carillon', text: 'Your code is 1234', reference_id: 'order17' },
          { phone: 34600000001, sender: 'Carillon', text: 'Your code is 5678', reference_id: 'order18' },
        ],
      },
    ],
  },
);

const GroupIds = Type.Array(Type.Integer(), {
  minItems: 1,
  maxItems: groupLimit,
  description: 'Ids of groups: a contact that is in several gets one message',
});

export const SmsSendGroups = Type.Object(
  {
    groups: GroupIds,
    contacts: Type.Optional(
      Type.Array(Type.Integer(), {
        description: 'The same as groups, by the name that is published as required',
      }),
    ),
    sender,
    text: Type.String({
      minLength: 1,
      maxLength: text.gsm,
      description:
        'With placeholders: {name} is the value of the contact field of this name, in any case of letters, ' +
        '{name|friend} with a default for contacts without one, {phone} the number; {{ and }} are the braces ' +
        'themselves. Rendered, each text may be as long as that of any message.',
      examples: ['Hello {name|friend}, your table is ready'],
    }),
    ...{
      tariff_code,
      validity,
      start_at,
      callback_url,
      short_links,
      transliterate,
      respect_curfew,
      uncertain,
    },
    start: Type.Optional(
      Type.Boolean({
        default: true,
        description:
          'false: the campaign is written, its price held, and then paused: PATCH /api/campaigns/{id}/resume sends it. An extension',
      }),
    ),
  },
  { examples: [{ groups: [1], sender: 'Carillon', text: 'Hello {name|friend}' }] },
);

export const GroupsAnswer = Type.Object({
  ...CampaignAnswer.properties,
  meta: Type.Object(
    {
      recipients: Type.Integer({ description: 'Contacts that get a message' }),
      duplicates: Type.Integer({ description: 'How often a contact was in a further one of the groups' }),
      stop_listed: Type.Integer({
        description: 'Contacts that are left out: their number is on the stop list',
      }),
    },
    { description: 'Whom the campaign reaches. An extension of Carillon' },
  ),
});
