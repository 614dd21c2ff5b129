// What a round takes place in: a database, two operators, two or three serving processes, and a link that can fail
// between each of them. Nothing of it is left when the round is over.
import { createAccount, createKey, topUp } from '../src/accounts/index.ts';
import { type Db, openDatabase } from '../src/db/index.ts';
import { parseAmount } from '../src/money/index.ts';
import { addOperator, addRoute, type NewOperator } from '../src/operators/index.ts';
import { type Simulator, startSimulator } from '../src/simulator/index.ts';
import type { Cluster } from './cluster.ts';
import { Link } from './link.ts';
import { accountCount, heldWord } from './orders.ts';
import { ServerProcess } from './server-process.ts';
import { Texts } from './texts.ts';

/** The shortest that is allowed: a suspended process loses its batches soon. */
export const leaseSeconds = 2;
/** Short beside the faults, so that they are met; long beside what a busy machine does by itself. */
const responseTimeoutMs = 3000;
const enquireLinkMs = 1000;

/** What the operators are like: slow enough that a fault always finds messages on their way. */
const operatorKinds = [
  {
    name: 'north',
    latencyMs: { min: 5, max: 300 },
    receiptDelayMs: { min: 5, max: 500 },
    limits: { sessions: 2, inFlightLimit: 60, windowSize: 50 },
  },
  {
    name: 'south',
    latencyMs: { min: 5, max: 120 },
    receiptDelayMs: { min: 5, max: 900 },
    limits: { sessions: 1, inFlightLimit: 80, windowSize: 100, throttle: 400, bindMode: 'pair' },
  },
] as const;
/** See orders.ts. */
const routes = [
  { prefix: '380', operator: 'north' },
  { prefix: '34', operator: 'south' },
  { prefix: '49', operator: 'north', weight: 60 },
  { prefix: '49', operator: 'south', weight: 40 },
] as const;
const firstBalance = '1000';

/** How many messages one process may have on their way: what a fault of it may make uncertain. */
export const inFlightOfProcess = operatorKinds.reduce(
  (sum, { limits }) => sum + limits.inFlightLimit * limits.sessions,
  0,
);
export const responseTimeout = responseTimeoutMs;

export type LabOperator = { name: string; simulator: Simulator; texts: Texts; link: Link; inFlight: number };
export type LabServer = { process: ServerProcess; link: Link };
export type Customer = { id: number; key: string };

export type World = {
  cluster: Cluster;
  database: string;
  operators: LabOperator[];
  servers: LabServer[];
  customers: Customer[];
  /** The keys of a moderator, and of one who books money. */
  moderator: string;
  cashier: string;
  /** A connection past all links; it is opened anew where the server was restarted. */
  db(): Promise<Db>;
  close(): Promise<void>;
};

/** Builds it; nothing is sent yet. What was built is taken down again where a part of it fails. */
export async function buildWorld(
  cluster: Cluster,
  database: string,
  seed: number,
  processes: number,
): Promise<World> {
  const ends: (() => Promise<unknown>)[] = [];
  let open: { db: Db; port: number } | undefined;
  async function db(): Promise<Db> {
    const { port } = cluster;
    if (open?.port === port) return open.db;
    await open?.db.close().catch(() => {});
    open = undefined;
    const fresh = await openDatabase({ connectionString: cluster.address(database), max: 3 });
    open = { db: fresh, port };
    return fresh;
  }
  async function close(): Promise<void> {
    for (const end of ends.reverse()) await end().catch(() => {});
  }
  try {
    await cluster.create(database);
    ends.push(() => cluster.drop(database));
    ends.push(async () => open?.db.close());
    const operators: LabOperator[] = [];
    for (const { name, limits, ...delays } of operatorKinds) {
      const texts = new Texts();
      const simulator = await startSimulator({
        ...{ ...delays, seed, recordSubmits: true },
        onSubmit: (submit) => texts.hear(submit),
      });
      ends.push(() => simulator.stop());
      const link = await Link.open(() => simulator.port, true);
      ends.push(() => link.close());
      operators.push({ name, simulator, texts, link, inFlight: limits.inFlightLimit * limits.sessions });
    }
    const people = await furnish(await db(), operators);
    const servers: LabServer[] = [];
    for (let i = 0; i < processes; i++) {
      const link = await Link.open(() => cluster.port);
      ends.push(() => link.close());
      const server = new ServerProcess('abc'[i]!, {
        DATABASE_URL: cluster.address(database, link.port),
        PORT: '0',
        SIMULATOR: 'off',
        LOG_LEVEL: 'warn',
        LEASE_SECONDS: String(leaseSeconds),
      });
      ends.push(() => server.end());
      servers.push({ process: server, link });
    }
    return { cluster, database, operators, servers, ...people, db, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Operators, routes, prices, a rule for moderation, and accounts with keys and money. */
async function furnish(db: Db, operators: readonly LabOperator[]) {
  for (const { name, limits } of operatorKinds) {
    const { link } = operators.find((operator) => operator.name === name)!;
    const operator: NewOperator = {
      ...{ name, host: '127.0.0.1', port: link.port, systemId: 'carillon', password: 'secret' },
      ...{ responseTimeoutMs, enquireLinkMs },
      ...limits,
    };
    await addOperator(db, operator);
  }
  for (const route of routes) await addRoute(db, route);
  await db.pool.query(`insert into moderation_rule (kind, value) values ('word', $1)`, [heldWord]);
  const customers: Customer[] = [];
  for (let i = 0; i < accountCount; i++) {
    const { id } = await createAccount(db, { name: `customer ${i}` });
    await topUp(db, id, parseAmount(firstBalance));
    customers.push({ id, key: (await createKey(db, id, 'live')).key });
  }
  await db.pool.query(`update rate set bill_on = 'delivered' where prefix like '34%'`);
  const staff = await createAccount(db, { name: 'staff', role: 'admin' });
  const moderator = (await createKey(db, staff.id, 'live', { scopes: ['moderate'] })).key;
  const cashier = (await createKey(db, staff.id, 'live', { scopes: ['admin'] })).key;
  return { customers, moderator, cashier };
}
