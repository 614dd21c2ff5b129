// The bodies and parameters of the tariff operations: prices as the One-API publishes them, and our admin API.

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
  MomentInput,
  pageParameters,
} from '../http/index.ts';

// ─── Prices (One-API) ────────────────────────────────────────────────────────────────────────────────────────────

export const PriceQuery = Type.Object({
  product: Type.Enum(['sms', 'viber', 'otp', 'hlr'], { description: 'Carillon sells `sms`' }),
});

export const CountryPath = Type.Object({ countryCode: Type.String({ pattern: '^[A-Za-z]{2}$' }) });

const CorePrice = Type.Object({
  tariff: Type.Integer({ description: 'The id of the tariff, as in GET /api/accounts/tariff' }),
  limitation_info: Type.Null(),
  country_id: Type.String({ description: 'ISO 3166-1 alpha-2', examples: ['UA'] }),
  operators: Type.Array(
    Type.Object({
      id: Type.Integer(),
      mcc: Type.Integer({ description: '0 where it is not known' }),
      mnc: Type.Integer({ description: '0: the whole country' }),
      brand: Type.String(),
      name: Type.String(),
      price: AmountNumber,
      currency: Currency,
      price_type: Type.Enum(['Delivered', 'Sent'], { description: 'What is charged' }),
      sender_registration: Type.Boolean(),
    }),
  ),
});

export const CorePrices = Type.Object({ data: Type.Array(CorePrice) });
export const CorePriceAnswer = Data(CorePrice);

export const CountryQuery = Type.Object({ service: Type.Optional(Type.Enum(['sms', 'viber', 'twoway'])) });
export const Countries = Type.Object({ data: Type.Array(Type.Object({ id: Type.String() })) });

export const CurrencyQuery = Type.Object({
  currency_code: Type.Optional(Type.String({ minLength: 3, maxLength: 3 })),
});
export const Currencies = Type.Object({
  data: Type.Array(
    Type.Object({
      id: Currency,
      ratio: Type.Number({ description: 'In the currency of the account' }),
      nominal: Type.Integer(),
      date: Type.String({ examples: ['2026-01-31'] }),
    }),
  ),
});

// ─── Tariffs and rates (admin) ───────────────────────────────────────────────────────────────────────────────────

const BillOn = Type.Enum(['sent', 'delivered']);
const Code = Type.Integer({ minimum: 0, maximum: 9, description: 'What a request calls tariff_code' });
const Name = Type.String({ minLength: 1, maxLength: 100 });
const DefaultBilling = Type.Enum(['sent', 'delivered'], { description: 'For rates that do not say it' });

export const TariffPath = Type.Object({ code: Code });
export const RatePath = Type.Object({ code: Code, id: Id });

const Tariff = Type.Object({
  id: Type.Integer(),
  code: Code,
  name: Name,
  currency: Currency,
  bill_on: DefaultBilling,
  is_active: Type.Boolean(),
  is_default: Type.Boolean({ description: 'New accounts get it' }),
});
export const TariffAnswer = Data(Tariff);
export const TariffQuery = Type.Object(pageParameters(1));
export const TariffList = Type.Object({ data: Type.Array(Tariff), meta: Meta });

export const NewTariff = Type.Object(
  {
    code: Code,
    name: Name,
    currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217', examples: ['EUR'] }),
    bill_on: Type.Optional(DefaultBilling),
    is_default: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false, examples: [{ code: 1, name: 'Premium', currency: 'EUR' }] },
);

export const TariffChange = Type.Partial(
  Type.Object({ name: Name, bill_on: DefaultBilling, is_active: Type.Boolean(), is_default: Type.Boolean() }),
  { additionalProperties: false, examples: [{ name: 'Premium 2026' }] },
);

const Country = Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2', examples: ['UA'] });
const Operator = Type.String({ minLength: 1, maxLength: 100 });
const Mcc = Type.String({ pattern: '^[0-9]{3}$' });
const Mnc = Type.String({ pattern: '^[0-9]{2,3}$' });
const Prefix = Type.String({ pattern: '^[0-9]{1,15}$', examples: ['38067'] });
const Maybe = <T extends typeof Country>(schema: T) => Type.Union([schema, Type.Null()]);

const Rate = Type.Object({
  id: Type.Integer(),
  prefix: Prefix,
  country: Maybe(Country),
  operator: Maybe(Operator),
  mcc: Maybe(Mcc),
  mnc: Maybe(Mnc),
  price: AmountNumber,
  billed: BillOn,
  valid_from: Type.Union(MaybeMoment.anyOf, { description: 'Null: always' }),
});
export const RateAnswer = Data(Rate);
export const RateList = Type.Object({ data: Type.Array(Rate), meta: Meta });

export const RateQuery = Type.Object({
  ...pageParameters(1),
  'filter[prefix]': Type.Optional(
    Type.String({ pattern: '^[0-9]{1,15}$', description: 'Prefixes that begin so' }),
  ),
  'filter[country]': Type.Optional(Country),
  'filter[number]': Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 999_999_999_999_999,
      description: 'Prefixes that this number begins with; the longest one prices it',
    }),
  ),
  'filter[when]': Type.Enum(['now', 'all'], {
    default: 'now',
    description: '`now`: rates in force; `all`: past and future ones too',
  }),
});

const rateFields = {
  country: Maybe(Country),
  operator: Maybe(Operator),
  mcc: Maybe(Mcc),
  mnc: Maybe(Mnc),
  billed: BillOn,
};

export const NewRate = Type.Object(
  {
    prefix: Prefix,
    price: AmountInput('Of one segment.'),
    ...Type.Partial(Type.Object(rateFields)).properties,
    valid_from: Type.Optional(MomentInput('From when it holds; from now on when absent.')),
  },
  { additionalProperties: false, examples: [{ prefix: '38067', operator: 'Kyivstar', price: '0.0455' }] },
);

export const RateChange = Type.Partial(
  Type.Object({ ...rateFields, price: AmountInput('Of one segment.') }),
  { additionalProperties: false, examples: [{ price: '0.0455' }] },
);

const Flag = (description: string) => Type.Enum(['true', 'false'], { default: 'false', description });
export const ImportQuery = Type.Object({
  dry_run: Flag('Only say what would change'),
  skip_bad: Flag('Import the good lines where others are bad; without it, nothing is imported then'),
});

const Terms = Type.Object({ price: AmountNumber, billed: BillOn });

export const ImportAnswer = Data(
  Type.Object({
    applied: Type.Boolean({ description: 'Whether it was done' }),
    lines: Type.Integer(),
    added: Type.Integer({ description: 'Prefixes that had no price at that time' }),
    changed: Type.Integer(),
    unchanged: Type.Integer({ description: 'Prefixes whose rate in force says the same' }),
    bad: Type.Integer(),
    changes: Type.Array(
      Type.Object({
        prefix: Prefix,
        country: Maybe(Country),
        operator: Maybe(Operator),
        valid_from: Moment,
        old: Type.Union([Terms, Type.Null()], { description: 'Null: added' }),
        new: Terms,
      }),
      { description: 'The first 1,000' },
    ),
    bad_lines: Type.Array(Type.Object({ line: Type.Integer(), reason: Type.String() }), {
      description: 'The first 1,000',
    }),
  }),
);
