// The bodies of the operations that control the simulator. What quirks there are is told by the simulator's own list.

import { type TSchema, Type } from 'typebox';
import { Data } from '../http/index.ts';
import { longestMs, type Outcome, outcomes, type QuirkName, quirkTable } from '../simulator/index.ts';

/** As the API names it: receipt_form for receiptForm. */
export const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The quirks that may change while it runs. */
export const changeable = (Object.keys(quirkTable) as QuirkName[]).filter((name) => {
  const quirk = quirkTable[name];
  return !('atStart' in quirk && quirk.atStart);
});

const nullable = (schema: TSchema, description: string) => Type.Union([schema, Type.Null()], { description });

function quirkSchema(name: QuirkName): TSchema {
  const quirk = quirkTable[name];
  if (quirk.kind === 'flag') return Type.Boolean({ description: quirk.about });
  if (quirk.kind === 'choice')
    return nullable(Type.Enum(quirk.of as readonly string[] as string[]), quirk.about);
  return nullable(Type.Integer({ minimum: quirk.from, maximum: quirk.to }), quirk.about);
}

const Milliseconds = Type.Integer({ minimum: 0, maximum: longestMs });

const Delay = (description: string) =>
  Type.Object(
    {
      from: Type.Optional(Milliseconds),
      to: Type.Optional(Milliseconds),
      mean: Type.Optional(Milliseconds),
    },
    {
      additionalProperties: false,
      description: `${description}, in milliseconds: \`from\` and \`to\`, or \`mean\` of an exponential distribution`,
      examples: [{ from: 200, to: 1500 }],
    },
  );

const shareWords: Record<Outcome, string> = {
  throttled: 'answered with ESME_RTHROTTLED; they come again, and take their chance again',
  refused: 'refused with ESME_RINVDSTADR',
  undelivered: 'taken, with the receipt UNDELIV',
  rejected: 'taken, with the receipt REJECTD',
  expired: 'taken, with the receipt EXPIRED',
  silent: 'taken, and never a receipt',
};

const Shares = Type.Object(
  Object.fromEntries(
    (Object.keys(outcomes) as Outcome[]).map((name) => [
      name,
      Type.Number({ minimum: 0, maximum: 100, description: `Percent that are ${shareWords[name]}` }),
    ]),
  ) as Record<Outcome, ReturnType<typeof Type.Number>>,
  {
    additionalProperties: false,
    description: 'Of the messages whose numbers ask for nothing (docs/smpp.md); the rest is delivered',
  },
);

const Quirks = Type.Object(
  Object.fromEntries(changeable.map((name) => [snakeCase(name), quirkSchema(name)])),
  { additionalProperties: false, description: 'What it does otherwise than others; null: as others do' },
);

const fields = {
  response_delay_ms: Delay('From a submit_sm to its response'),
  receipt_delay_ms: Delay('From the response to the receipt'),
  late_ms: Type.Integer({ minimum: 1, maximum: longestMs, description: 'How late late ones are' }),
  throughput: Type.Union([Type.Integer({ minimum: 1, maximum: 10_000_000 }), Type.Null()], {
    description: 'Messages a second beyond which it answers ESME_RTHROTTLED; null: no limit',
  }),
  refuse_binds: Type.Boolean({ description: 'Nobody may bind; sessions that are bound stay' }),
};

const count = (description: string) => Type.Integer({ description });

const Stats = Type.Object({
  sessions: count('Bound now'),
  binds: count('Since its start, as all that follows'),
  binds_refused: Type.Integer(),
  submits: count('Messages, each part counted'),
  accepted: Type.Integer(),
  refused: Type.Integer(),
  throttled: Type.Integer(),
  receipts_sent: Type.Integer(),
  receipts_acknowledged: Type.Integer(),
  receipts_waiting: count('Receipts that wait for a session now'),
  scheduled: count('Messages whose next response or receipt has not its time yet'),
});

const SimulatorState = Type.Object({
  port: Type.Integer({ description: 'Where it listens' }),
  normal: Type.Boolean({ description: 'It behaves as at its start' }),
  stats: Stats,
  behaviour: Type.Object({ ...fields, shares: Shares, quirks: Quirks }),
  choices: Type.Record(Type.String(), Type.Array(Type.String()), {
    description: 'What those quirks may be that are words',
  }),
});

export const SimulatorAnswer = Data(SimulatorState);

/** A part of an object forgets that it allows nothing else. */
const strict = { additionalProperties: false };

export const BehaviourChange = Type.Partial(
  Type.Object({ ...fields, shares: Type.Partial(Shares, strict), quirks: Type.Partial(Quirks, strict) }),
  { additionalProperties: false, minProperties: 1, examples: [{ shares: { undelivered: 20 } }] },
);

export const CutAnswer = Data(Type.Object({ sessions: count('That were ended') }));
