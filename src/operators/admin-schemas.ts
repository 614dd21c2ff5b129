// The bodies and parameters of the operator and route operations of the admin API.

import { Type } from 'typebox';
import { Data, Id } from '../http/index.ts';

export const IdPath = Type.Object({ id: Id });

const Name = Type.String({
  pattern: '^[A-Za-z0-9_.-]{1,40}$',
  description: '1 to 40 letters, digits, ".", "-" or "_"',
});
const whole = (minimum: number, maximum: number, description: string) =>
  Type.Integer({ minimum, maximum, description });

const fields = {
  name: Name,
  simulator: Type.Boolean({ description: 'It is a simulator: the only kind that test_ keys reach' }),
  enabled: Type.Boolean({ description: 'Gets messages; without, its sessions are closed' }),
  host: Type.String({ minLength: 1, maxLength: 255 }),
  port: whole(1, 65_535, 'Its SMPP port'),
  receiver_host: Type.Union([Type.String({ minLength: 1, maxLength: 255 }), Type.Null()], {
    description: 'Where the receivers of a `pair` connect; null: at `host`',
  }),
  receiver_port: Type.Union([whole(1, 65_535, 'Their port'), Type.Null()], {
    description: 'Their port; null: `port`',
  }),
  tls: Type.Boolean(),
  system_id: Type.String({ minLength: 1, maxLength: 15 }),
  system_type: Type.String({ maxLength: 12 }),
  bind_mode: Type.Enum(['transceiver', 'pair'], { description: '`pair`: a transmitter and a receiver' }),
  sessions: whole(1, 64, 'Sessions at once'),
  window_size: whole(1, 100_000, 'Unanswered submit_sm per session'),
  in_flight_limit: whole(1, 1_000_000, 'Messages per session that may be uncertain after a crash'),
  throttle: Type.Union([whole(1, 1_000_000, 'Messages per second over all sessions'), Type.Null()], {
    description: 'Messages per second over all sessions; null: no limit',
  }),
  response_timeout_ms: whole(100, 600_000, 'How long it may take to answer'),
  enquire_link_ms: whole(100, 600_000, 'How often an idle session is asked for life'),
  message_id_format: Type.Enum(['auto', 'as_is', 'receipt_hex', 'response_hex'], {
    description: 'How ids in receipts differ from those in responses',
  }),
};

/** Never shown again. */
const Password = Type.String({ maxLength: 64, description: 'The password it gave you; no answer shows it' });

export const Operator = Type.Object({ id: Type.Integer(), ...fields });
export const OperatorAnswer = Data(Operator);
export const OperatorList = Type.Object({ data: Type.Array(Operator) });

const { name, host, system_id, port, enabled: _, ...settings } = fields;

export const NewOperator = Type.Object(
  {
    name,
    host,
    system_id,
    password: Password,
    ...Type.Partial(Type.Object({ port, ...settings })).properties,
  },
  { additionalProperties: false },
);

export const OperatorChange = Type.Partial(Type.Object({ ...fields, password: Password }), {
  additionalProperties: false,
});

export const Route = Type.Object({
  id: Type.Integer(),
  prefix: Type.String({
    pattern: '^[0-9]{0,15}$',
    description: 'How the numbers begin; empty: every number',
  }),
  operator: Name,
  priority: whole(0, 32_767, 'Lower ones are tried first'),
  weight: whole(1, 1_000_000, 'Its share among those of the same prefix and priority'),
});
export const RouteAnswer = Data(Route);
export const RouteList = Type.Object({ data: Type.Array(Route) });

const { prefix, operator, priority, weight } = Route.properties;

export const NewRoute = Type.Object(
  {
    operator,
    prefix: Type.Optional(prefix),
    priority: Type.Optional(priority),
    weight: Type.Optional(weight),
  },
  { additionalProperties: false, examples: [{ operator: 'north', prefix: '380' }] },
);

export const RouteChange = Type.Partial(Type.Object({ priority, weight }), { additionalProperties: false });
