// The bodies of the account and login operations, field by field as the One-API publishes them.

import { Type } from 'typebox';
import { AmountNumber, Currency, Data } from '../http/index.ts';

export const LoginRequest = Type.Object(
  { api_key: Type.String({ minLength: 1, description: 'A live_ or test_ key' }) },
  { examples: [{ api_key: 'test_…' }] },
);

export const Token = Type.Object({ bearer: Type.String({ description: 'For the Authorization header' }) });

export const Balance = Data(Type.Object({ balance: AmountNumber, currency: Currency, credit: AmountNumber }));

export const Tariffs = Type.Object({
  data: Type.Array(
    Type.Object({
      id: Type.Integer(),
      name: Type.String(),
      code: Type.Integer({ description: 'For tariff_code' }),
      is_active: Type.Boolean(),
      is_default: Type.Boolean({ description: 'Applies where a campaign names no tariff' }),
    }),
  ),
  total: Type.Integer(),
});
