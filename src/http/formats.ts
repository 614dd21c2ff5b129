// The schemas of what every One-API answer is made of: dates, exact amounts, pages and errors. Used by the schemas
// of the features.

import { type TSchema, Type } from 'typebox';
import type { RawJson } from '../money/index.ts';

/** An id in a request. Beyond the safe integers JavaScript's numbers are not exact, and 1e300 is no bigint. */
export const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

const momentExample = '2026-01-31 09:30:00';

/** A date in an answer. */
export const Moment = Type.String({ description: 'YYYY-MM-DD hh:mm:ss, UTC', examples: [momentExample] });

/** A date in an answer that may not have come yet. */
export const MaybeMoment = Type.Union([Moment, Type.Null()]);

/** A date in a request; `parseMoment` reads it. */
export const MomentInput = (description: string) =>
  Type.String({
    description: `${description} YYYY-MM-DD hh:mm:ss (UTC), or ISO 8601 with an offset.`,
    examples: [momentExample],
  });

/** An amount as an exact JSON number. */
export const AmountNumber = Type.Unsafe<RawJson>(
  Type.Number({ description: 'Exact to seven decimals', examples: [12.5] }),
);

/** An amount in a request; `parseAmount` reads it as a string. */
export const AmountInput = (description: string) =>
  Type.Union([Type.String({ maxLength: 30 }), Type.Number()], {
    description: `${description} A decimal of up to seven places; as a string, it is taken exactly.`,
    examples: ['12.5'],
  });

/** The same, null where there is none. */
export const MaybeAmountNumber = Type.Unsafe<RawJson | null>(Type.Union([Type.Number(), Type.Null()]));

/** An amount as a string with seven decimals. */
export const AmountString = Type.String({
  description: 'Seven decimals and a point',
  examples: ['12.5000000'],
});

export const Currency = Type.String({ description: 'ISO 4217', examples: ['EUR'] });

/** `{data: …}`, the envelope of single objects. */
export const Data = <T extends TSchema>(schema: T) => Type.Object({ data: schema });

const ErrorBody = Type.Object({ message: Type.String() });

const InvalidBody = Type.Object({
  message: Type.String({ examples: ['The given data was invalid.'] }),
  errors: Type.Optional(
    Type.Record(Type.String(), Type.Array(Type.String()), {
      description: 'Every wrong field by its path, with what would be right',
      examples: [{ 'phones.3.number': ['The number must have 9 to 15 digits …'] }],
    }),
  ),
});

/** What each error status means, for the `response` of a route: `...refusals(401, 404)`. */
export function refusals(...statuses: (keyof typeof meanings)[]): Record<number, TSchema> {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      { ...(status === 422 ? InvalidBody : ErrorBody), description: meanings[status] },
    ]),
  );
}

const meanings = {
  400: 'The body is not valid JSON',
  401: 'No valid token or API key',
  403: 'The API key lacks the scope, or may not be used from this address',
  404: 'It does not exist, or belongs to another account',
  409: 'It clashes with what is there',
  413: 'The body is too large',
  422: 'The given data was invalid; nothing was done',
  429: 'Too many requests: try again after Retry-After seconds',
  503: 'Not able to serve at the moment: try again',
} as const;
