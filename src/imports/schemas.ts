// The forms, parameters and answers of imports. The forms are checked by options.ts, as they come in parts.

import { Type } from 'typebox';
import { CampaignAnswer } from '../campaigns/index.ts';
import { Data, Id, MaybeMoment, Meta, Moment, MomentInput, pageParameters } from '../http/index.ts';
import { delimiters, encodings, tableFormats } from '../tables/index.ts';
import { importKinds } from './options.ts';
import { importStates } from './store.ts';

const File = Type.String({
  format: 'binary',
  description:
    'The last part: CSV or NDJSON, plain or packed with gzip, of up to 10 million rows and 4 GiB unpacked',
});

const flag = (description: string) => Type.Optional(Type.Enum(['true', 'false'], { description }));

const fileFields = {
  format: Type.Optional(Type.Enum([...tableFormats], { description: 'Detected where absent' })),
  encoding: Type.Optional(Type.Enum([...encodings], { description: 'Detected where absent' })),
  delimiter: Type.Optional(Type.String({ description: 'One of , ; | tab; detected where absent' })),
  header: flag('Whether the first row names the columns; detected where absent'),
  mapping: Type.Optional(
    Type.String({
      description:
        'A JSON object: the column of `phone`, of `reference_id`, of each placeholder or field, by its name or its number from 1. Without it, columns are found by their names',
      examples: ['{"phone": "Mobile", "name": 2}'],
    }),
  ),
};

export const PreviewForm = Type.Object({ ...fileFields, file: File });

export const CampaignForm = Type.Object({
  ...fileFields,
  sender: Type.String({ examples: ['Carillon'] }),
  text: Type.String({
    description: 'With placeholders for columns: {name}, or {name|friend} with a default',
    examples: ['Hello {name|friend}'],
  }),
  tariff_code: Type.Optional(Type.Integer({ minimum: 0, maximum: 9 })),
  start_at: Type.Optional(MomentInput('When to send; at once where absent.')),
  validity: Type.Optional(Type.Integer({ minimum: 1, maximum: 72 })),
  validity_seconds: Type.Optional(Type.Integer()),
  callback_url: Type.Optional(Type.String()),
  uncertain: Type.Optional(Type.Enum(['resend', 'unknown'])),
  respect_curfew: flag('Wait while it is quiet where a message goes'),
  transliterate: flag('Write the texts in the GSM alphabet'),
  check_stop_list: flag('Leave out numbers on the stop list; true where absent'),
  start: flag(
    'false: the campaign is written, its price held, and then paused: PATCH /api/campaigns/{id}/resume sends it, /stop gives the money back. true where absent',
  ),
  file: File,
});

export const ContactsForm = Type.Object({
  ...fileFields,
  create_fields: flag('Make text fields for columns that have none'),
  groups: Type.Optional(Type.String({ description: 'A JSON array of ids of groups', examples: ['[1, 2]'] })),
  file: File,
});

export const StopListForm = PreviewForm;

const Format = Type.Object({
  format: Type.Enum([...tableFormats]),
  gzip: Type.Boolean(),
  encoding: Type.Enum([...encodings]),
  delimiter: Type.Union([Type.Enum([...delimiters]), Type.Null()]),
  header: Type.Boolean(),
  columns: Type.Array(Type.String()),
});

const Import = Type.Object({
  id: Id,
  kind: Type.Enum([...importKinds]),
  state: Type.Enum([...importStates]),
  file_name: Type.Union([Type.String(), Type.Null()]),
  campaign_id: Type.Union([Type.Integer(), Type.Null()]),
  progress: Type.Number({ minimum: 0, maximum: 1, description: 'Of the file; written about once a second' }),
  bytes: Type.Integer({ description: 'Of the file, unpacked' }),
  bytes_read: Type.Integer(),
  max_rows: Type.Integer({ description: 'An upper bound: the lines of the file' }),
  rows_read: Type.Integer(),
  accepted: Type.Integer({ description: 'Messages, contacts or numbers that were written' }),
  rejected: Type.Integer({ description: 'Rows that were left out' }),
  duplicates: Type.Integer({ description: 'Rows whose number had come before' }),
  stopped: Type.Integer({ description: 'Rows that were left out because of the stop list' }),
  created: Type.Integer({ description: 'Contacts that were not there before' }),
  error: Type.Union([Type.String(), Type.Null()], { description: 'Why it has failed or was cancelled' }),
  format: Format,
  created_at: Moment,
  started_at: MaybeMoment,
  finished_at: MaybeMoment,
});

export const ImportAnswer = Data(Import);

export const CampaignImportAnswer = Type.Object({
  ...CampaignAnswer.properties,
  import: Type.Object({ id: Id }, { description: 'Follow it with GET /api/imports/{id}' }),
});

export const ImportList = Type.Object({ data: Type.Array(Import), meta: Meta });

export const ImportPath = Type.Object({ id: Id });

export const ImportQuery = Type.Object({
  ...pageParameters(1),
  'filter[kind]': Type.Optional(Type.Enum([...importKinds])),
  'filter[state]': Type.Optional(Type.Enum([...importStates])),
  'filter[campaign_id]': Type.Optional(Id),
});

export const PreviewAnswer = Data(
  Type.Object({
    ...Format.properties,
    phone_column: Type.Union([Type.Integer(), Type.Null()], {
      description: 'From 1; null where none is found',
    }),
    rows: Type.Array(Type.Array(Type.String()), { description: 'The first rows' }),
    lines: Type.Array(Type.Integer(), { description: 'The number of the first line of each' }),
    bad: Type.Array(Type.Object({ line: Type.Integer(), reason: Type.String(), raw: Type.String() })),
  }),
);
