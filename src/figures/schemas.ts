// The parameters of the operations about figures, and what they answer.

import { Type } from 'typebox';
import { AmountString, Currency, Data, Id, Moment } from '../http/index.ts';
import { publishedStatuses } from '../messages/index.ts';
import { spans } from './timeline.ts';

const Count = Type.Integer({ minimum: 0 });
const At = Type.Unsafe<string>({
  ...Moment,
  description: 'When they were computed: YYYY-MM-DD hh:mm:ss, UTC',
});
const Final = Type.Boolean({ description: 'They cannot change any more' });

export const IdPath = Type.Object({ id: Id });

export const TimelineQuery = Type.Object({
  by: Type.Optional(
    Type.Enum([...spans], { description: 'Unless given, what makes some 180 points at most' }),
  ),
});

export const Timeline = Data(
  Type.Object({
    by: Type.Enum([...spans]),
    at: At,
    final: Final,
    points: Type.Array(Type.Object({ at: Moment, sent: Count, delivered: Count, failed: Count })),
  }),
);

const outcomes = {
  ...{ total: Count, waiting: Count, sent: Count, delivered: Count },
  ...{ undelivered: Count, expired: Count, unknown: Count, failed: Count },
};
const MaybeText = Type.Union([Type.String(), Type.Null()]);

export const Breakdown = Data(
  Type.Object({
    at: At,
    final: Final,
    countries: Type.Array(Type.Object({ country: MaybeText, ...outcomes })),
    operators: Type.Array(Type.Object({ operator: MaybeText, ...outcomes })),
    errors: Type.Array(Type.Object({ code: Type.Integer(), reason: Type.String(), count: Count })),
  }),
);

export const ComparisonQuery = Type.Object({
  ids: Type.Optional(
    Type.String({
      maxLength: 2000,
      pattern: '^[1-9][0-9]{0,14}(,[1-9][0-9]{0,14}){0,99}$',
      examples: ['1,2,3'],
    }),
  ),
});

export const Comparison = Type.Object({
  data: Type.Array(
    Type.Object({
      id: Type.Integer(),
      name: Type.String(),
      sender: Type.String(),
      status: Type.String(),
      start_at: Moment,
      currency: Currency,
      total_messages: Count,
      statistics: Type.Object(Object.fromEntries(publishedStatuses.map((status) => [status, Count]))),
      total_price: AmountString,
      delivered_share: Type.Union([Type.Number(), Type.Null()], {
        description: 'Of what left for an operator, 0 to 1; null: nothing did',
      }),
    }),
  ),
});

export const TextToMeasure = Type.Object(
  { text: Type.String({ maxLength: 10_000 }) },
  { additionalProperties: false, examples: [{ text: 'Привет' }] },
);

const Encoding = Type.Enum(['gsm7', 'ucs2']);

export const TextMeasure = Data(
  Type.Object({
    encoding: Encoding,
    characters: Type.Integer({ description: 'As a reader counts them' }),
    units: Type.Integer({ description: 'Septets, or UTF-16 units' }),
    segments: Count,
    per_segment: Count,
    units_left: Type.Integer({ description: 'Until there is one segment more' }),
    too_long: Type.Boolean({ description: 'Whether it is longer than a campaign may be' }),
    forcing: Type.Array(
      Type.Object({ index: Count, length: Count, character: Type.String(), code: Type.String() }),
      {
        description: 'Characters that GSM 03.38 does not have, by their place in UTF-16 units; the first 100',
      },
    ),
    forcing_total: Count,
    transliterated: Type.Union(
      [Type.Object({ text: Type.String(), encoding: Encoding, segments: Count, units: Count }), Type.Null()],
      { description: 'What `transliterate: true` would send; null: the same' },
    ),
  }),
);
