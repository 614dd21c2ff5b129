// The bodies and parameters of the account and key operations of the admin API.

import { Type } from 'typebox';
import {
  AmountInput,
  AmountNumber,
  Currency,
  Data,
  Id,
  MaybeMoment,
  Meta,
  Moment,
  pageParameters,
  scopes,
} from '../http/index.ts';

export const IdPath = Type.Object({ id: Id });

const Role = Type.Enum(['customer', 'admin']);
const Moderation = Type.Enum(['off', 'first', 'always'], {
  description:
    'Which campaigns wait for a moderator: none, the first of each sender, or all; rules may hold more',
});
const SenderPolicy = Type.Enum(['refuse', 'moderate', 'allow'], {
  description: 'What becomes of a campaign whose sender is not registered',
});
const Limit = (description: string) =>
  Type.Union([Type.Integer({ minimum: 1, maximum: 2_147_483_647 }), Type.Null()], {
    description: `${description}; null: no limit`,
  });
const TariffCode = Type.Integer({
  minimum: 0,
  maximum: 9,
  description: 'A code of GET /api/accounts/tariff',
});
const Name = Type.String({ minLength: 1, maxLength: 100 });
const DefaultSender = Type.Union([Type.String({ minLength: 1, maxLength: 15 }), Type.Null()]);

const settings = {
  moderation: Moderation,
  sender_policy: SenderPolicy,
  messages_per_second: Limit('Messages that are sent per second'),
  messages_per_day: Limit('Messages that are accepted per day (UTC)'),
  retention_days: Type.Union([Type.Integer({ minimum: 1, maximum: 36_500 }), Type.Null()], {
    description:
      'Days after the end of a campaign that its messages keep their numbers, own texts and references; null: for ever',
  }),
  default_sender: DefaultSender,
};

export const Account = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  role: Role,
  currency: Currency,
  tariff_id: Type.Integer(),
  balance: AmountNumber,
  credit: AmountNumber,
  ...settings,
  created_at: Moment,
});
export const AccountAnswer = Data(Account);
export const AccountList = Type.Object({ data: Type.Array(Account), meta: Meta });

export const AccountQuery = Type.Object({
  ...pageParameters(1),
  'search[name]': Type.Optional(
    Type.String({ maxLength: 100, description: 'Found anywhere in the name, in any case of letters' }),
  ),
});

export const NewAccount = Type.Object(
  {
    name: Name,
    role: Type.Optional(Role),
    currency: Type.Optional(
      Type.String({
        pattern: '^[A-Z]{3}$',
        description: 'Of its tariff; EUR unless given',
        examples: ['EUR'],
      }),
    ),
    credit: Type.Optional(AmountInput('How far the balance may fall below zero.')),
  },
  { additionalProperties: false, examples: [{ name: 'acme', credit: '20' }] },
);

export const AccountChange = Type.Partial(
  Type.Object({
    name: Name,
    tariff_code: TariffCode,
    credit: AmountInput('How far the balance may fall below zero.'),
    ...settings,
  }),
  { additionalProperties: false, examples: [{ messages_per_second: 100 }] },
);

export const TopUp = Type.Object(
  {
    amount: AmountInput('What is added to the balance, more than zero.'),
    note: Type.Optional(Type.String({ maxLength: 500, description: 'Why, for the ledger' })),
  },
  { additionalProperties: false, examples: [{ amount: '100', note: 'invoice 17' }] },
);

export const Adjustment = Type.Object(
  {
    amount: AmountInput('What is added to the balance, or taken where it is negative.'),
    note: Type.String({ minLength: 1, maxLength: 500, description: 'Why, for the ledger' }),
  },
  { additionalProperties: false, examples: [{ amount: '-12.5', note: 'booked twice' }] },
);

const KeyKind = Type.Enum(['live', 'test'], {
  description: '`test` reaches the simulator only, and costs nothing',
});
const Scopes = Type.Array(Type.Enum([...scopes]), { minItems: 1, uniqueItems: true });

const keyFields = {
  account_id: Type.Integer(),
  kind: KeyKind,
  name: Type.Union([Type.String(), Type.Null()]),
  scopes: Scopes,
  addresses: Type.Array(Type.String(), {
    description: 'CIDR ranges it may be used from; none: from anywhere',
  }),
  requests_per_minute: Type.Union([Type.Integer(), Type.Null()], {
    description: 'For each process of the API; null: no limit',
  }),
  created_at: Moment,
  last_used_at: Type.Union(MaybeMoment.anyOf, { description: 'To the minute' }),
  revoked_at: MaybeMoment,
};

const Key = Type.Object({
  id: Type.Integer(),
  hint: Type.String({ description: 'Its first characters, to tell it from others' }),
  ...keyFields,
});
export const KeyAnswer = Data(Key);
export const KeyList = Type.Object({ data: Type.Array(Key), meta: Meta });
export const NewKeyAnswer = Data(
  Type.Object({
    ...Key.properties,
    key: Type.String({ description: 'The key itself, which is shown here and never again' }),
  }),
);

export const KeyQuery = Type.Object({ ...pageParameters(1), 'filter[account_id]': Type.Optional(Id) });

export const NewKey = Type.Object(
  {
    account_id: Id,
    kind: Type.Optional(KeyKind),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'What it is for' })),
    scopes: Type.Optional(Scopes),
    addresses: Type.Optional(Type.Array(Type.String({ maxLength: 50 }), { maxItems: 50 })),
    requests_per_minute: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  },
  {
    additionalProperties: false,
    examples: [{ account_id: 2, kind: 'live', scopes: ['send', 'read'], addresses: ['10.0.0.0/8'] }],
  },
);
