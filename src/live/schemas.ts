// What the operations about the present state answer. docs/reference/console-api.md says the same in words.

import { Type } from 'typebox';
import { Data, MaybeMoment, Moment } from '../http/index.ts';

export const EventQuery = Type.Object({
  topics: Type.String({ maxLength: 500, description: 'As `campaign:12,campaigns`' }),
});

const Count = Type.Integer({ minimum: 0 });
const Rate = Type.Number({ description: 'Per second' });

const Operator = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  enabled: Type.Boolean(),
  simulator: Type.Boolean(),
  throttle: Type.Union([Type.Integer(), Type.Null()], { description: 'Messages per second; null: no limit' }),
  state: Type.Enum(['bound', 'partly_bound', 'unbound', 'not_running']),
  sessions: Type.Object({ configured: Count, bound: Count }),
  waiting: Count,
  in_flight: Count,
  window: Count,
  unresolved: Count,
  unresolved_limit: Count,
  rates: Type.Object({ submitted: Rate, accepted: Rate, throttled: Rate, refused: Rate, receipts: Rate }),
  totals: Type.Object({
    ...{ submitted: Count, accepted: Count, throttled: Count, refused: Count, temporary: Count },
    ...{ timed_out: Count, disconnected: Count, receipts: Count, sessions_lost: Count },
  }),
  last_error: Type.Union([Type.Object({ at: Moment, message: Type.String() }), Type.Null()]),
});
export const OperatorsAnswer = Data(Type.Array(Operator));

const Dispatcher = Type.Object({
  id: Type.Integer(),
  host: Type.String(),
  pid: Type.Integer(),
  alive: Type.Boolean({ description: 'Whether it was heard of within the last 10 s' }),
  started_at: Moment,
  seen_at: MaybeMoment,
  stopping: Type.Boolean(),
  lanes: Count,
  read_ahead: Count,
  retries: Count,
  leases: Count,
  loop_lag_ms: Type.Number(),
});

const Run = Type.Object({
  id: Type.Integer(),
  at: Moment,
  seconds: Type.Number(),
  errors: Count,
  warnings: Count,
  breaches: Type.Array(
    Type.Object({
      name: Type.String(),
      severity: Type.Enum(['error', 'warning']),
      breaches: Count,
      examples: Type.Array(Type.String()),
    }),
  ),
});

export const SystemAnswer = Data(
  Type.Object({
    at: Moment,
    version: Type.String(),
    queue: Type.Object({
      campaigns: Type.Object({
        ...{ moderation: Count, scheduled: Count, sending: Count, paused: Count, stopping: Count },
      }),
      messages: Count,
      late_seconds: Type.Number(),
      orphan_receipts: Count,
    }),
    rates: Type.Object({ submitted: Rate, receipts: Rate }),
    dispatchers: Type.Array(Dispatcher),
    database: Type.Object({ size_bytes: Count, connections: Count, max_connections: Count }),
    doctor: Type.Object({ running: Type.Boolean(), runs: Type.Array(Run) }),
  }),
);

export const Doctor = Data(Type.Object({ running: Type.Literal(true) }));
