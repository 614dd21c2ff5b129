// The bodies of the export operations: /api/stat/jobs as the One-API publishes it, with Carillon's own fields. Used by
// the routes.

import { Type } from 'typebox';
import { Data, Id, MaybeMoment, Meta, Moment, pageParameters } from '../http/index.ts';
import { formats, mostNamed, sources, statuses } from './request.ts';

const DateTime = (description: string) =>
  Type.String({
    description: `${description} ISO 8601 with an offset, or YYYY-MM-DD hh:mm:ss (UTC).`,
    examples: ['2026-01-31T00:00:00Z'],
  });

/** Forms send empty texts for what was not chosen. */
const orEmpty = (...words: readonly string[]) => Type.Enum(['', ...words]);

export const NewJob = Type.Object(
  {
    type: Type.Enum(['message', 'params'], {
      description: '`message`: the messages of `message_id`; `params`: those that all other fields leave',
    }),
    message_id: Type.Optional(Type.Array(Id, { maxItems: mostNamed, examples: [[1, 2]] })),
    campaign_id: Type.Optional(Type.Integer({ ...Id, description: 'Only this campaign’s. An extension' })),
    time_in_from: Type.Optional(
      DateTime('Of campaigns made at this time or later; required without campaign_id.'),
    ),
    time_in_to: Type.Optional(DateTime('Or earlier; required without campaign_id.')),
    time_sent_from: Type.Optional(DateTime('Sent at this time or later.')),
    time_sent_to: Type.Optional(DateTime('Or earlier.')),
    phones: Type.Optional(Type.Array(Type.Integer(), { maxItems: mostNamed })),
    phone: Type.Optional(
      Type.String({
        maxLength: 20,
        description: 'To this number, or to those that begin with these digits, 6 at least. An extension',
      }),
    ),
    sender: Type.Optional(Type.String({ maxLength: 15, description: 'A sender name' })),
    source: Type.Optional(orEmpty(...sources)),
    country: Type.Optional(
      Type.String({ maxLength: 2, description: 'ISO 3166-1 alpha-2', examples: ['ES'] }),
    ),
    operator_id: Type.Optional(Type.Union([Type.String({ maxLength: 10 }), Type.Integer()])),
    status: Type.Optional(orEmpty(...statuses, ...statuses.map((status) => status.toLowerCase()))),
    sl_clicks: Type.Optional(
      Type.String({ maxLength: 10, description: 'Clicks are not counted: leave it out' }),
    ),
    sl_clicks_comp: Type.Optional(orEmpty('=', '>', '<')),
    sl_clicks_count: Type.Optional(Type.String({ maxLength: 10 })),
    format: Type.Optional(Type.Enum([...formats], { default: 'csv', description: 'An extension' })),
    bom: Type.Optional(
      Type.Boolean({
        description: 'Begin a CSV with a byte order mark, for Excel. An extension',
        default: false,
      }),
    ),
  },
  {
    examples: [
      {
        type: 'params',
        time_in_from: '2026-01-01T00:00:00Z',
        time_in_to: '2026-02-01T00:00:00Z',
        format: 'csv',
      },
    ],
  },
);

/** What is said of a job that was made or deleted. */
export const JobAnswer = Type.Object({
  error: Type.Integer({ description: '0: no error' }),
  key: Type.String({ description: 'The id of the job' }),
  errorDescription: Type.String(),
});

const Job = Type.Object({
  id: Type.Integer(),
  key: Type.String({ description: 'The same, as a text' }),
  type: Type.Enum(['message', 'params']),
  format: Type.Enum([...formats]),
  status: Type.Enum(['waiting', 'running', 'done', 'failed']),
  progress: Type.Integer({ description: 'Per cent of the messages that are looked at' }),
  rows: Type.Integer({ description: 'Messages in the file so far' }),
  size: Type.Integer({ description: 'Of the file, in octets; 0 until it is done' }),
  url: Type.Union([Type.String(), Type.Null()], { description: 'Where the file is, once it is done' }),
  error: Type.Union([Type.String(), Type.Null()]),
  created_at: Moment,
  started_at: MaybeMoment,
  finished_at: MaybeMoment,
  expires_at: Type.Union(MaybeMoment.anyOf, { description: 'When the job and its file are deleted' }),
});

export const OneJob = Data(Job);
export const JobList = Type.Object({ data: Type.Array(Job), meta: Meta });
export const JobQuery = Type.Object(pageParameters(1));
export const JobPath = Type.Object({ id: Id });
export const ShowQuery = Type.Object({
  download: Type.Optional(Type.Integer({ minimum: 0, maximum: 1, description: '1: the file instead' })),
});
