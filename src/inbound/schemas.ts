// The bodies and parameters of the inbound operations, which are Carillon's own. Used by the routes.

import { Type } from 'typebox';
import { Data, Id, Meta, Moment, MomentInput, pageParameters } from '../http/index.ts';
import { encodings } from './content.ts';
import { longestWord, mostWords } from './words.ts';

const Action = Type.Enum(['stop', 'start']);

const message = {
  id: Type.Integer(),
  phone: Type.Union([Type.Integer(), Type.Null()], {
    description: 'The subscriber; null where `source` is no number in international form',
  }),
  source: Type.String({ description: 'As the operator wrote it' }),
  destination: Type.String({ description: 'The short code, number or sender that it was sent to' }),
  text: Type.String({
    description: 'Hexadecimal where the encoding is `binary`; … stands for missing parts',
  }),
  encoding: Type.Enum([...encodings]),
  data_coding: Type.Integer({ description: 'As in SMPP' }),
  parts: Type.Integer({ description: 'How many short messages it consists of' }),
  complete: Type.Boolean({ description: 'Whether all parts have come' }),
  action: Type.Union([Action, Type.Null()], {
    description: '`stop`: it put the number on the stop list; `start`: it took it off',
  }),
  received_at: Moment,
};

export const InboundList = Type.Object({ data: Type.Array(Type.Object(message)), meta: Meta });

const filters = {
  'filter[phone]': Type.Optional(Id),
  'filter[destination]': Type.Optional(Type.String({ maxLength: 64, description: 'What it was sent to' })),
  'filter[action]': Type.Optional(Action),
  'filter[from]': Type.Optional(MomentInput('Received at this time or later.')),
  'filter[to]': Type.Optional(MomentInput('Received at this time or earlier.')),
  'filter[search]': Type.Optional(
    Type.String({ maxLength: 100, description: 'Part of the text, in any case of letters' }),
  ),
};

export const InboundQuery = Type.Object({ ...pageParameters(1), ...filters });

const WordList = (description: string, examples: string[]) =>
  Type.Array(Type.String({ minLength: 1, maxLength: longestWord }), {
    maxItems: mostWords,
    description,
    examples: [examples],
  });

export const Words = Data(
  Type.Object({
    stop: WordList('Put the number on the stop list', ['STOP', 'СТОП']),
    start: WordList('Take it off', ['START']),
    default: Type.Boolean({ description: 'Whether these are the defaults' }),
  }),
);

export const WordsChange = Type.Object(
  {
    stop: Type.Optional(WordList('Absent: the defaults', ['STOP', 'BAJA'])),
    start: Type.Optional(WordList('Absent: the defaults', ['START', 'ALTA'])),
  },
  { examples: [{ stop: ['STOP', 'BAJA'], start: ['START', 'ALTA'] }] },
);

// ─── Admin API ─────────────────────────────────────────────────────────────────────────────────────────────────────

const Party = Type.Object({ id: Type.Integer(), name: Type.String() });

const AnyMessage = Type.Object({
  ...message,
  account: Type.Union([Party, Type.Null()], { description: 'Null: nobody’s' }),
  operator: Type.Union([Type.String(), Type.Null()]),
});

export const AnyInboundList = Type.Object({ data: Type.Array(AnyMessage), meta: Meta });

export const AnyInboundQuery = Type.Object({
  ...pageParameters(1),
  ...filters,
  'filter[account_id]': Type.Optional(
    Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: '0: those of nobody' }),
  ),
});

export const IdPath = Type.Object({ id: Id });

const Given = Type.Object({
  id: Type.Integer(),
  address: Type.String({ description: 'In small letters, without plus' }),
  account: Party,
  created_at: Moment,
});

export const NumberAnswer = Data(Given);
export const NumberList = Type.Object({ data: Type.Array(Given), meta: Meta });
export const NumberQuery = Type.Object({ ...pageParameters(1), 'filter[account_id]': Type.Optional(Id) });

export const NewNumber = Type.Object(
  {
    address: Type.String({
      minLength: 1,
      maxLength: 21,
      description: 'A short code, a number, or a sender name',
    }),
    account_id: Id,
  },
  { examples: [{ address: '3838', account_id: 2 }] },
);
