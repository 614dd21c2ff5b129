// The bodies and parameters of the sender operations: those below /api field by field as the One-API publishes them.

import { Type } from 'typebox';
import { Data, Id, MaybeMoment, Meta, Moment, pageParameters, SortWay } from '../http/index.ts';
import { senderForms } from './name.ts';
import { requestStatuses } from './request-status.ts';
import { maxReasonLength } from './requests.ts';
import { senderStatuses } from './senders.ts';

/** A text of 1 to `maxLength` characters; PostgreSQL takes no U+0000. */
const Words = (maxLength: number, description: string) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[^\\0]*$', description });

const SenderName = Type.String({ description: senderForms, examples: ['Carillon'] });
const CountryCode = Type.String({ description: 'ISO 3166-1 alpha-2', examples: ['ES'] });
const MaybeCountry = Type.Union([CountryCode, Type.Null()], { description: 'Null: every country' });
const RequestStatus = Type.Enum([...requestStatuses]);
const RequestType = Type.Enum(['sms', 'viber'], { default: 'sms', description: '`sms` only' });

/** What every request tells; the limits are the One-API's. */
const about = {
  code_of_company: Words(30, "The company's number in its register"),
  description: Words(1000, 'What the messages are about, with an example'),
  informing_purpose: Words(1000, 'Why they are sent'),
};
const optional = {
  site_url: Type.Optional(Type.String({ minLength: 7, maxLength: 150, description: 'http:// or https://' })),
  comment: Type.Optional(Type.Union([Words(1000, 'Anything else'), Type.Null()])),
};
const legal = {
  legal_name: Type.Optional(Words(100, 'Required; `juridical_name` is taken in its place')),
  juridical_name: Type.Optional(Words(100, 'Another name of `legal_name`')),
  address: Type.Optional(Words(200, 'Required; `juridical_address` is taken in its place')),
  juridical_address: Type.Optional(Words(200, 'Another name of `address`')),
  tax_number: Words(30, 'The VAT or tax number'),
};

export const LegalRequest = Type.Object(
  { country_code: CountryCode, type: RequestType, sender: SenderName, ...about, ...legal, ...optional },
  {
    examples: [
      {
        ...{ country_code: 'ES', type: 'sms', sender: 'Carillon', code_of_company: '12345678' },
        ...{ tax_number: 'ESB12345678', legal_name: 'Carillon SL', address: 'Calle Mayor 1, Madrid' },
        ...{ description: 'Your order 17 is ready', informing_purpose: 'News of orders' },
      },
    ],
  },
);

export const NaturalRequest = Type.Object({
  country_code: CountryCode,
  type: RequestType,
  sender: SenderName,
  name: Words(100, 'The name of the person'),
  ...about,
  ...optional,
});

/** A request of either kind; what the other kind has is absent. */
const SenderRequest = Type.Object({
  id: Type.Integer(),
  sender: Type.String(),
  status: RequestStatus,
  type: RequestType,
  created_at: Moment,
  registered_at: MaybeMoment,
  status_changed_at: MaybeMoment,
  country_code: Type.String(),
  name: Type.Optional(Type.String()),
  legal_name: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
  tax_number: Type.Optional(Type.String()),
  code_of_company: Type.String(),
  site_url: Type.Optional(Type.String()),
  informing_purpose: Type.String(),
  description: Type.String(),
  comment: Type.Union([Type.String(), Type.Null()]),
  rejection_reason: Type.Union([Type.String(), Type.Null()]),
});

export const RequestAnswer = Data(SenderRequest);
export const RequestList = Type.Object({ data: Type.Array(SenderRequest), meta: Meta });

const listParameters = {
  sort: Type.Enum(['id', 'sender', 'status', 'country_code', 'created_at'], { default: 'id' }),
  way: SortWay,
  'filter[status]': Type.Optional(RequestStatus),
  'filter[id]': Type.Optional(Type.Integer()),
  'filter[country_code]': Type.Optional(CountryCode),
  'filter[sender]': Type.Optional(
    Type.String({ maxLength: 100, description: 'Part of the name, in any case of letters' }),
  ),
  'filter[created_at]': Type.Optional(
    Type.String({
      description:
        'A day (YYYY-MM-DD, UTC), or a second (YYYY-MM-DD hh:mm:ss, UTC, or ISO 8601 with an offset)',
    }),
  ),
};

export const RequestQuery = Type.Object({ ...pageParameters(30), ...listParameters });

const Sender = Type.Object({
  id: Type.Union([Type.Integer(), Type.Null()], { description: 'Null while it is only requested' }),
  status: Type.Enum([...senderStatuses]),
  country: MaybeCountry,
  sender: Type.String(),
  created_at: Moment,
  is_default: Type.Boolean(),
});

export const SenderList = Type.Object({ data: Type.Array(Sender), total: Type.Integer() });

/** Without a default, so that a request that leaves it out is told. */
export const SenderQuery = Type.Object({ type: Type.Enum(['sms', 'viber'], { description: '`sms` only' }) });

// ─── Admin API ─────────────────────────────────────────────────────────────────────────────────────────────────────

const Party = Type.Object({ id: Type.Integer(), name: Type.String() });

export const IdPath = Type.Object({ id: Id });

const AnyRequest = Type.Intersect([
  SenderRequest,
  Type.Object({ account: Party, kind: Type.Enum(['legal', 'natural']) }),
]);

export const AnyRequestAnswer = Data(AnyRequest);
export const AnyRequestList = Type.Object({ data: Type.Array(AnyRequest), meta: Meta });

export const AnyRequestQuery = Type.Object({
  ...pageParameters(1),
  ...listParameters,
  'filter[account_id]': Type.Optional(Id),
});

export const RequestChange = Type.Object(
  {
    status: Type.Enum(requestStatuses.filter((status) => status !== 'new')),
    reason: Type.Optional(
      Words(maxReasonLength, 'Needed where the status is `rejected`; the customer reads it'),
    ),
  },
  { examples: [{ status: 'registered' }] },
);

const AnySender = Type.Object({
  id: Type.Integer(),
  account: Party,
  status: Type.Enum([...senderStatuses]),
  country: MaybeCountry,
  sender: Type.String(),
  created_at: Moment,
  is_default: Type.Boolean(),
});

export const AnySenderAnswer = Data(AnySender);
export const AnySenderList = Type.Object({ data: Type.Array(AnySender), meta: Meta });

export const AnySenderQuery = Type.Object({
  ...pageParameters(1),
  'filter[account_id]': Type.Optional(Id),
  'filter[status]': Type.Optional(Type.Enum([...senderStatuses])),
});

export const NewSender = Type.Object(
  { account_id: Id, sender: SenderName, country: Type.Optional(MaybeCountry) },
  { examples: [{ account_id: 2, sender: 'Carillon', country: null }] },
);

export const SenderChange = Type.Object({
  status: Type.Optional(Type.Enum(['active', 'blocked'])),
  is_default: Type.Optional(Type.Boolean()),
});
