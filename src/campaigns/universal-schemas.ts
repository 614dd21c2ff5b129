// The bodies of the universal sends, field by field as the One-API publishes them. They document; universal.ts checks.

import { Type } from 'typebox';
import { limits } from './limits.ts';
import { SmsSend } from './schemas.ts';

const { phones, reference, validitySeconds } = limits;
const { sender, text, transliterate, short_links, tariff_code, validity, start_at, callback_url } =
  SmsSend.properties;

const Phone = Type.Object({
  number: Type.String({
    minLength: 9,
    maxLength: 15,
    description: 'International, 9 to 15 digits without plus',
    examples: ['34600000000'],
  }),
  reference_id: Type.Optional(
    Type.String({
      maxLength: reference.length,
      pattern: reference.pattern.source,
      description: 'Your own id of the message, unique within the account',
    }),
  ),
});

const Channels = Type.Array(Type.Enum(['sms', 'rcs', 'viber', 'voice', 'telegram']), {
  minItems: 1,
  maxItems: 2,
  description: 'Only `sms` is available: another one is refused',
});

const Sms = Type.Object({
  sender,
  text,
  transliterate,
  short_links,
  unsubscribe_caption: Type.Optional(Type.String({ maxLength: 50, description: 'Not supported yet' })),
});

const Other = (channel: string) =>
  Type.Optional(Type.Object({}, { description: `Fields of the channel ${channel}, which is not available` }));

const common = {
  channels: Channels,
  sms: Type.Optional(Sms),
  rcs: Other('rcs'),
  viber: Other('viber'),
  voice: Other('voice'),
  telegram: Other('telegram'),
  tariff_code,
  validity,
  add_to_contact_book: Type.Optional(
    Type.Boolean({ default: true, description: 'Taken, without effect yet: there is no contact book' }),
  ),
  check_stop_list: Type.Optional(
    Type.Boolean({ default: true, description: 'Leave out the numbers that are on the stop list' }),
  ),
  dry_run: Type.Optional(
    Type.Union([Type.Boolean(), Type.Null()], {
      default: false,
      description: 'Check and price the request as if it were sent, and create nothing: the answer has no id',
    }),
  ),
};

export const UniversalCampaign = Type.Object(
  {
    ...common,
    recipients: Type.Object({
      phones: Type.Optional(
        Type.Array(Phone, {
          minItems: 1,
          maxItems: phones.max,
          description: 'A number that comes twice gets one message, with its first reference_id',
        }),
      ),
      groups: Type.Optional(
        Type.Array(Type.Integer(), {
          minItems: 1,
          maxItems: 1000,
          description:
            'Ids of groups: each of their contacts gets one message. The text may then have placeholders',
        }),
      ),
    }),
    start_at,
  },
  {
    examples: [
      {
        channels: ['sms'],
        recipients: { phones: [{ number: '34600000000', reference_id: 'order17' }] },
        sms: { sender: 'Carillon', text: 'Hello from Carillon' },
      },
    ],
  },
);

export const UniversalMessage = Type.Object(
  {
    ...common,
    phone: Phone,
    callback_url,
    validity_seconds: Type.Optional(
      Type.Integer({
        minimum: validitySeconds.min,
        maximum: validitySeconds.max,
        description: 'For how many seconds the operator tries to deliver; instead of validity',
      }),
    ),
    respect_curfew: Type.Optional(
      Type.Boolean({ default: false, description: "Wait for the end of the account's quiet hours" }),
    ),
  },
  {
    examples: [
      {
        channels: ['sms'],
        phone: { number: '34600000000', reference_id: 'order17' },
        sms: { sender: 'Carillon', text: 'Your code is 1234' },
      },
    ],
  },
);
