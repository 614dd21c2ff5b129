// The bodies and parameters of the campaign operations, field by field as the One-API publishes them. They document
// every operation; what a request may contain is checked by order.ts, which reports all errors of 10,000 numbers at
// once and at a fraction of a schema's cost.

import { Type } from 'typebox';
import {
  AmountString,
  Currency,
  Data,
  MaybeAmountNumber,
  MaybeMoment,
  Meta,
  Moment,
  MomentInput,
  pageParameters,
  SortWay,
} from '../http/index.ts';
import { publishedStatuses } from '../messages/index.ts';
import { campaignStatuses } from './lifecycle.ts';
import { limits } from './limits.ts';

const { phones, text, validity, callbackUrl, reference } = limits;

const PhoneNumber = Type.Integer({
  minimum: 100_000_000,
  maximum: 999_999_999_999_999,
  description: 'International, 9 to 15 digits without plus; a string of digits is taken too',
  examples: [34600000000],
});

const Sender = Type.String({
  description: '1 to 11 letters and digits, or 3 to 15 digits',
  examples: ['Carillon'],
});

const Text = Type.String({
  minLength: 1,
  maxLength: text.gsm,
  description: `Up to ${text.gsm} characters of the GSM 7-bit alphabet (those of its extension count twice), or ${text.ucs2} of UCS-2 where others occur`,
  examples: ['Hello from Carillon'],
});

const TariffCode = Type.Integer({
  minimum: 0,
  maximum: 9,
  description: 'A code of GET /api/accounts/tariff; without it, the tariff of the account',
});

export const SmsSend = Type.Object(
  {
    phones: Type.Array(
      Type.Object({
        number: PhoneNumber,
        reference_id: Type.Optional(
          Type.String({
            maxLength: reference.length,
            pattern: reference.pattern.source,
            description: 'Your own id of the message, unique within the account',
          }),
        ),
      }),
      {
        minItems: 1,
        maxItems: phones.max,
        description: 'A number that comes twice gets one message, with its first reference_id',
      },
    ),
    sender: Sender,
    text: Text,
    tariff_code: Type.Optional(TariffCode),
    validity: Type.Optional(
      Type.Integer({
        minimum: validity.min,
        maximum: validity.max,
        default: validity.max,
        description: 'For how many hours the operator tries to deliver',
      }),
    ),
    start_at: Type.Optional(
      MomentInput(
        `When to send, up to ${limits.start.aheadDays} days ahead; at once when absent or up to an hour ago.`,
      ),
    ),
    transliterate: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Write the text in the GSM alphabet, so that it takes fewer parts',
      }),
    ),
    callback_url: Type.Optional(
      Type.String({ maxLength: callbackUrl.length, description: 'http:// or https://' }),
    ),
    short_links: Type.Optional(Type.Array(Type.Unknown(), { description: 'Not supported yet' })),
    respect_curfew: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          "Hold messages while it is quiet where they go, by the account's quiet hours. An extension of Carillon here.",
      }),
    ),
    uncertain: Type.Optional(
      Type.Enum(['resend', 'unknown'], {
        default: 'resend',
        description:
          'What happens to messages that were perhaps sent when a server died: `resend` sends them again (at least once), `unknown` never does (at most once). An extension of Carillon.',
      }),
    ),
  },
  {
    examples: [
      {
        phones: [{ number: 34600000000, reference_id: 'order17' }],
        sender: 'Carillon',
        text: 'Hello from Carillon',
      },
    ],
  },
);

export const PriceRequest = Type.Object(
  {
    sender: Sender,
    text: Text,
    tariff_code: Type.Optional(TariffCode),
    groups: Type.Optional(
      Type.Array(Type.Integer(), {
        description: 'Ids of groups, whose contacts count once; the text may then have placeholders',
      }),
    ),
    messages: Type.Optional(Type.Array(Type.Object({ phone: PhoneNumber }), { maxItems: phones.max })),
  },
  { examples: [{ sender: 'Carillon', text: 'Hello', messages: [{ phone: 34600000000 }] }] },
);

export const Price = Type.Object({
  price: MaybeAmountNumber,
  currency: Currency,
  unpriced: Type.Integer({
    description:
      'Numbers without a price: their messages would fail and cost nothing. An extension of Carillon.',
  }),
});

const Status = Type.Enum([...campaignStatuses]);
const MessageType = Type.Enum(['sms', 'viber', 'hlr', 'rcs', 'whatsapp']);

const RejectionReason = Type.Optional(
  Type.String({
    description:
      'Why a moderator rejected it (`spam`), or why its messages could not be written (`stopped`). An extension of Carillon.',
  }),
);

const TestMark = Type.Optional(
  Type.Literal(true, {
    description:
      'Made with a test_ key: it reached the simulator only, and was free. An extension of Carillon.',
  }),
);

const ConfirmationMark = Type.Optional(
  Type.Literal(true, {
    description:
      'Made with `start: false`: nothing of it leaves before it is resumed. An extension of Carillon.',
  }),
);

export const Campaign = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  sender: Type.String(),
  status: Status,
  message_type: MessageType,
  start_at: Moment,
  real_start_at: MaybeMoment,
  finished_at: MaybeMoment,
  created_at: Moment,
  statistics: Type.Object({ delivered: Type.Integer(), sent: Type.Integer() }),
  calculated_price: MaybeAmountNumber,
  currency: Currency,
  reason: RejectionReason,
  test: TestMark,
  unconfirmed: ConfirmationMark,
});

export const CampaignAnswer = Data(Campaign);

export const CampaignList = Type.Object({ data: Type.Array(Campaign), meta: Meta });

const Statistics = Type.Object(
  Object.fromEntries(publishedStatuses.map((status) => [status, Type.Integer()])) as Record<
    (typeof publishedStatuses)[number],
    ReturnType<typeof Type.Integer>
  >,
  { description: 'How many messages are in each state; their sum is total_messages' },
);

export const ReportAnswer = Data(
  Type.Object({
    id: Type.Integer(),
    name: Type.String(),
    sender: Type.String(),
    status: Status,
    type: MessageType,
    start_date: Moment,
    start_at: Moment,
    started_at: Moment,
    actual_start_at: MaybeMoment,
    finished_at: MaybeMoment,
    created_at: Moment,
    creation_at: Moment,
    statistics: Statistics,
    alternative_channels: Type.Null({ description: 'For other channels than SMS' }),
    total_messages: Type.Integer(),
    total_phones: Type.Integer(),
    total_price: AmountString,
    currency: Currency,
    reason: RejectionReason,
    test: TestMark,
    unconfirmed: ConfirmationMark,
  }),
);

export const CampaignPath = Type.Object({ id: Type.Integer({ minimum: 1 }) });

export const CampaignQuery = Type.Object({
  ...pageParameters(30),
  sort: Type.Enum(['id', 'sender', 'type', 'date', 'status'], {
    default: 'id',
    description: '`date` is start_at',
  }),
  way: SortWay,
  'filter[from]': Type.Optional(MomentInput('Campaigns that start at this time or later.')),
  'filter[to]': Type.Optional(MomentInput('Campaigns that start at this time or earlier.')),
  'filter[type]': Type.Optional(Type.Enum(['sms', 'rcs', 'whatsapp'])),
  'search[field]': Type.Optional(
    Type.Enum(['sender', 'taskname'], { description: '`taskname` is the name' }),
  ),
  'search[value]': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'Found anywhere in the field, in any case of letters',
    }),
  ),
});
