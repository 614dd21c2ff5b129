// The parameters and the answer of the message search, field by field as the One-API publishes them.

import { Type } from 'typebox';
import {
  AmountString,
  Currency,
  MaybeMoment,
  Meta,
  Moment,
  MomentInput,
  pageParameters,
  SortWay,
} from '../http/index.ts';
import { leastDigits } from './by-number.ts';
import { publishedStatuses } from './status.ts';

export const MessageQuery = Type.Object({
  ...pageParameters(15),
  sort: Type.Enum(['id', 'phone', 'delivered'], {
    default: 'id',
    description: '`delivered`: by `delivered_at`; messages without one come last, in both ways, by their id',
  }),
  way: SortWay,
  'filter[id]': Type.Optional(Type.Integer({ minimum: 1 })),
  'filter[campaign_id]': Type.Optional(Type.Integer()),
  'filter[reference_id]': Type.Optional(
    Type.String({ description: 'The reference_id that was sent with it' }),
  ),
  'filter[from]': Type.Optional(MomentInput('Messages of campaigns that start at this time or later.')),
  'filter[to]': Type.Optional(MomentInput('Messages of campaigns that start at this time or earlier.')),
  'filter[status]': Type.Optional(
    Type.Array(Type.Enum([...publishedStatuses]), {
      minItems: 1,
      maxItems: publishedStatuses.length,
      description:
        'Messages in this state; given several times, in any of them. The total is that of the campaign’s report. Needs filter[campaign_id], and takes no other order than by id. An extension of Carillon.',
    }),
  ),
  'filter[phone]': Type.Optional(
    Type.String({
      description: `Messages to this number, or to those that begin with these digits, ${leastDigits} at least. Needs filter[campaign_id], and takes no other order than by id. An extension of Carillon.`,
    }),
  ),
});

export const Message = Type.Object({
  id: Type.Integer(),
  campaign_id: Type.Integer(),
  reference_id: Type.Optional(Type.String({ description: 'Absent where none was sent' })),
  type: Type.Enum(['sms', 'viber', 'hlr', 'rcs', 'whatsapp']),
  source: Type.Enum(['web', 'rest', 'smpp', 'xml', 'twoway', 'twoway_api', '2fa', 'voicebot']),
  text: Type.String(),
  phone: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Null where it was erased: an extension of Carillon',
  }),
  validity: Type.Integer({ description: 'Hours' }),
  status: Type.Enum([...publishedStatuses]),
  amount: Type.Object({ value: AmountString, currency: Currency }),
  sender: Type.String(),
  created_at: Moment,
  sent_at: MaybeMoment,
  delivered_at: Type.Union(MaybeMoment.anyOf, { description: 'When the final delivery receipt came' }),
  country: Type.Optional(Type.String({ description: 'ISO 3166-1 alpha-2; absent where it is not known' })),
  parts: Type.Integer({ description: 'SMS segments' }),
  alternative_channels: Type.Null(),
  error: Type.Union([Type.String(), Type.Null()], {
    description: 'Why it was not delivered, in words. An extension of Carillon.',
  }),
});

export const MessageList = Type.Object({ data: Type.Array(Message), meta: Meta });
