// The rows of operators and routes. Called by the admin API and the command line, by app.ts for the first operator and
// the simulator, and by the engine, which reads all of them at once.
import { type AuditRecord, recordAudit } from '../audit/index.ts';
import { type Db, transaction } from '../db/index.ts';
import { Refusal } from '../http/index.ts';
import type { OperatorConfig } from './connector.ts';
import type { RouteRow } from './router.ts';

/** What an operator needs; the rest has a default. */
export type NewOperator = Pick<OperatorConfig, 'name' | 'host' | 'port' | 'systemId' | 'password'> &
  Partial<Omit<OperatorConfig, 'id'>>;

/** What of an operator may be changed; absent or undefined: as it is. */
export type OperatorChange = { [P in keyof NewOperator]?: NewOperator[P] | undefined } & {
  enabled?: boolean | undefined;
};

/** An operator as it may be shown: without its password. */
export type OperatorSummary = Omit<OperatorConfig, 'password'> & { enabled: boolean };

/** An operator's row as one of an account at an SMSC: all of them with the same host, port and system_id. */
export type SmscAccount = Pick<OperatorConfig, 'id' | 'messageIdFormat'> & {
  /** The ids of all of them, in order; its own is one. */
  readonly siblings: readonly number[];
};

/** A route as it is shown. */
export type RouteSummary = { id: number; prefix: string; operator: string; priority: number; weight: number };

/** Who makes a change, for the audit log; what Carillon does by itself, without one, is not recorded. */
export type Actor = AuditRecord['identity'];

const refusals = {
  operator_exists: 409,
  operator_not_found: 404,
  operator_invalid: 422,
  operator_in_use: 409,
  route_exists: 409,
  route_not_found: 404,
} as const;

export type OperatorErrorCode = keyof typeof refusals;

/** A change of operators or routes that cannot be made; the message says what would be right. */
export class OperatorError extends Refusal {
  declare readonly code: OperatorErrorCode;

  constructor(code: OperatorErrorCode, message: string) {
    super(refusals[code], code, message);
    this.name = 'OperatorError';
  }
}

const uniqueViolation = '23505';
const foreignKeyViolation = '23503';
/** Limits of a bind PDU: SMPP 3.4, 4.1.1. Passwords are longer than its 8 in practice, so they are not checked. */
const longestSystemId = 15;
const longestSystemType = 12;

/** Column and property of everything that is set by a person, in one list for insert, update and select. */
const columns: readonly [column: string, property: keyof Omit<OperatorConfig, 'id'>][] = [
  ['name', 'name'],
  ['simulator', 'simulator'],
  ['host', 'host'],
  ['port', 'port'],
  ['receiver_host', 'receiverHost'],
  ['receiver_port', 'receiverPort'],
  ['tls', 'tls'],
  ['system_id', 'systemId'],
  ['password', 'password'],
  ['system_type', 'systemType'],
  ['bind_mode', 'bindMode'],
  ['sessions', 'sessions'],
  ['window_size', 'windowSize'],
  ['in_flight_limit', 'inFlightLimit'],
  ['throttle', 'throttle'],
  ['response_timeout_ms', 'responseTimeoutMs'],
  ['enquire_link_ms', 'enquireLinkMs'],
  ['message_id_format', 'messageIdFormat'],
];
const selectAll = `id, enabled, ${columns.map(([column, property]) => `${column} as "${property}"`).join(', ')}`;

type OperatorRow = OperatorConfig & { enabled: boolean };

/** Adds an operator and returns its id. Throws OperatorError when the name is taken or a value is impossible. */
export async function addOperator(db: Db, operator: NewOperator, by?: Actor): Promise<number> {
  check(operator);
  const given = columns.filter(([, property]) => operator[property] !== undefined);
  const names = given.map(([column]) => column).join(', ');
  const places = given.map((_, index) => `$${index + 1}`).join(', ');
  return transaction(db, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      `insert into operator (${names}) values (${places}) on conflict (name) do nothing returning id`,
      given.map(([, property]) => operator[property]),
    );
    if (rows[0] === undefined) {
      throw new OperatorError('operator_exists', `there is an operator named ${operator.name} already`);
    }
    const { password: _, ...shown } = operator;
    await audit(client, by, 'operator.add', `operator/${rows[0].id}`, shown);
    return rows[0].id;
  });
}

/**
 * Changes the given values of an operator; returns false when they were so already. A running engine takes changes
 * up by itself. Throws OperatorError when there is no operator of that name, or another has the new one.
 */
export async function updateOperator(
  db: Db,
  name: string,
  changes: OperatorChange,
  by?: Actor,
): Promise<boolean> {
  const before = await operatorRow(db, name);
  if (before === undefined) throw notFound(name);
  const properties = columns.map(([, property]) => property);
  const after: OperatorRow = { ...before };
  for (const property of [...properties, 'enabled'] as const) {
    if (changes[property] !== undefined) Object.assign(after, { [property]: changes[property] });
  }
  check(after);
  const all: readonly [string, keyof OperatorRow][] = [...columns, ['enabled', 'enabled']];
  const different = all.filter(([, property]) => after[property] !== before[property]);
  if (different.length === 0) return false;
  const assignments = different.map(([column], index) => `${column} = $${index + 2}`);
  try {
    await transaction(db, async (client) => {
      await client.query(`update operator set ${assignments.join(', ')} where id = $1`, [
        before.id,
        ...different.map(([, property]) => after[property]),
      ]);
      const secret = (property: string, value: unknown) => (property === 'password' ? '***' : value);
      const details = different.map(([, property]) => [
        property,
        [secret(property, before[property]), secret(property, after[property])],
      ]);
      await audit(client, by, 'operator.change', `operator/${before.id}`, Object.fromEntries(details));
    });
  } catch (error) {
    if ((error as { code?: string }).code !== uniqueViolation) throw error;
    throw new OperatorError('operator_exists', `there is an operator named ${after.name} already`);
  }
  return true;
}

/** Every operator in the order of its name, without passwords. */
export async function listOperators(db: Db): Promise<OperatorSummary[]> {
  const { rows } = await db.pool.query<OperatorRow>(`select ${selectAll} from operator order by name`);
  return rows.map(({ password: _, ...shown }) => shown);
}

/** One of them, by its id. */
export async function operatorById(db: Db, id: number): Promise<OperatorSummary> {
  const operator = (await listOperators(db)).find((each) => each.id === id);
  if (operator === undefined) throw new OperatorError('operator_not_found', `There is no operator ${id}.`);
  return operator;
}

/** One operator with its password, for a connection; undefined when there is none. */
export async function operatorByName(db: Db, name: string): Promise<OperatorConfig | undefined> {
  const row = await operatorRow(db, name);
  if (row === undefined) return undefined;
  const { enabled: _, ...operator } = row;
  return operator;
}

/**
 * Sends numbers that begin with `prefix` (digits; empty: every number) to an operator.
 * Throws OperatorError when there is no such operator or the route exists.
 */
export async function addRoute(
  db: Db,
  route: { prefix: string; operator: string; priority?: number; weight?: number },
  by?: Actor,
): Promise<RouteSummary> {
  const { prefix, operator, priority = 0, weight = 100 } = route;
  if (!/^[0-9]{0,15}$/.test(prefix)) {
    throw new OperatorError('operator_invalid', `a prefix has up to 15 digits and no plus, not "${prefix}"`);
  }
  const row = await operatorRow(db, operator);
  if (row === undefined) throw notFound(operator);
  try {
    return await transaction(db, async (client) => {
      const { rows } = await client.query<{ id: number }>(
        'insert into route (prefix, operator_id, priority, weight) values ($1, $2, $3, $4) returning id',
        [prefix, row.id, priority, weight],
      );
      const { id } = rows[0]!;
      await audit(client, by, 'route.add', `route/${id}`, { prefix, operator, priority, weight });
      return { id, prefix, operator, priority, weight };
    });
  } catch (error) {
    const { code } = error as { code?: string };
    // It was removed between the look and the insertion.
    if (code === foreignKeyViolation) throw notFound(operator);
    if (code !== uniqueViolation) throw error;
    throw new OperatorError('route_exists', `prefix "${prefix}" leads to ${operator} already`);
  }
}

/** Changes the order and the share of a route, and returns it. Throws OperatorError when there is none. */
export async function updateRoute(
  db: Db,
  id: number,
  change: { priority?: number | undefined; weight?: number | undefined },
  by?: Actor,
): Promise<RouteSummary> {
  const route = await routeById(db, id);
  const { priority = route.priority, weight = route.weight } = change;
  if (priority === route.priority && weight === route.weight) return route;
  return transaction(db, async (client) => {
    await client.query('update route set priority = $2, weight = $3 where id = $1', [id, priority, weight]);
    const details = { priority: [route.priority, priority], weight: [route.weight, weight] };
    await audit(client, by, 'route.change', `route/${id}`, details);
    return { ...route, priority, weight };
  });
}

/**
 * Removes a route, and returns what it was. Throws OperatorError when there is none. The operator remembers when, since
 * what is on its way to it at this moment still arrives: removal.ts.
 */
export async function removeRoute(db: Db, id: number, by?: Actor): Promise<RouteSummary> {
  const route = await routeById(db, id);
  return transaction(db, async (client) => {
    const { rowCount } = await client.query(
      `with gone as (delete from route where id = $1 returning operator_id)
       update operator o set route_removed_at = now() from gone where o.id = gone.operator_id`,
      [id],
    );
    if (rowCount === 0) throw noRoute(id);
    const { id: _, ...details } = route;
    await audit(client, by, 'route.remove', `route/${id}`, details);
    return route;
  });
}

/** One route. Throws OperatorError when there is none. */
export async function routeById(db: Db, id: number): Promise<RouteSummary> {
  const route = (await listRoutes(db)).find((each) => each.id === id);
  if (route === undefined) throw noRoute(id);
  return route;
}

/** Every route, in the order in which they are tried for a prefix. */
export async function listRoutes(db: Db): Promise<RouteSummary[]> {
  const { rows } = await db.pool.query<RouteSummary>(
    `select r.id, r.prefix, o.name as operator, r.priority, r.weight
     from route r join operator o on o.id = r.operator_id order by r.prefix, r.priority, o.name`,
  );
  return rows;
}

/** What the engine works with: every enabled operator, the routes to them, and which rows are one account. */
export async function loadRouting(
  db: Db,
): Promise<{ operators: OperatorConfig[]; routes: RouteRow[]; accounts: SmscAccount[] }> {
  const [operators, routes, accounts] = await Promise.all([
    db.pool.query<OperatorRow>(`select ${selectAll} from operator where enabled order by id`),
    db.pool.query<RouteRow>(
      `select r.prefix, r.operator_id as "operatorId", r.priority, r.weight
       from route r join operator o on o.id = r.operator_id where o.enabled order by r.id`,
    ),
    // Those that are turned off too: receipts of what they sent come to the others.
    db.pool.query<SmscAccount>(
      `select id, message_id_format as "messageIdFormat",
         array(select s.id from operator s
           where (s.host, s.port, s.system_id) = (o.host, o.port, o.system_id) order by s.id) as siblings
       from operator o order by id`,
    ),
  ]);
  return {
    operators: operators.rows.map(({ enabled: _, ...operator }) => operator),
    routes: routes.rows,
    accounts: accounts.rows,
  };
}

/** Writes a change down where somebody made it. */
export async function audit(
  sql: Parameters<typeof recordAudit>[0],
  by: Actor | undefined,
  action: string,
  subject: string,
  details: Record<string, unknown>,
): Promise<void> {
  if (by !== undefined) await recordAudit(sql, { identity: by, action, subject, ownerId: null, details });
}

async function operatorRow(db: Db, name: string): Promise<OperatorRow | undefined> {
  const { rows } = await db.pool.query<OperatorRow>(`select ${selectAll} from operator where name = $1`, [
    name,
  ]);
  return rows[0];
}

function check({ name, port, systemId, systemType = '', ...rest }: NewOperator): void {
  const wrong = (message: string) => new OperatorError('operator_invalid', `operator ${name}: ${message}`);
  if (!/^[\w.-]{1,40}$/.test(name)) {
    throw new OperatorError(
      'operator_invalid',
      'an operator is named by 1 to 40 letters, digits, ".", "-" or "_"',
    );
  }
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw wrong(`the port is 1 to 65535, not ${port}`);
  const elsewhere = (rest.receiverHost ?? rest.receiverPort ?? null) !== null;
  if (elsewhere && rest.bindMode !== 'pair') throw wrong('only a pair has a receiver elsewhere');
  if (systemId.length > longestSystemId) throw wrong(`a system_id has at most ${longestSystemId} characters`);
  if (systemType.length > longestSystemType)
    throw wrong(`a system_type has at most ${longestSystemType} characters`);
}

function noRoute(id: number): OperatorError {
  return new OperatorError('route_not_found', `There is no route ${id}.`);
}

export function notFound(name: string): OperatorError {
  return new OperatorError(
    'operator_not_found',
    `there is no operator named ${name}: see carillon operator list`,
  );
}
