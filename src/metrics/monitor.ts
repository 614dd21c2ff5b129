// Puts together what a process tells about itself: its metrics, whether it is alive and whether it is ready, and the
// address where it says so. Started by app.ts before everything else and stopped after it, so that a start and a stop
// can be watched.

import { collectDefaultMetrics, Registry } from 'prom-client';
import { type Db, type Migration, readMigrations, schemaState } from '../db/index.ts';
import type { EngineMetrics } from '../engine/index.ts';
import type { App } from '../http/index.ts';
import { type HistogramSnapshot, LoopLag } from '../tally/index.ts';
import { type DatabaseMetrics, databaseFamilies, readDatabaseMetrics } from './database.ts';
import { engineFamilies } from './engine-families.ts';
import { byKey, type Family, gauge, histogram, register } from './family.ts';
import { stuckParts, unreadyParts, type Verdict, verdict } from './health.ts';
import { inTime, remembered } from './remembered.ts';
import { observeRequests } from './requests.ts';
import { startServer } from './server.ts';

export type MonitorOptions = {
  db: Db;
  version: string;
  roles: readonly string[];
  /**
   * Asks the engine of this process for a snapshot; null while it is starting. Absent without the role `dispatch`. It may
   * live in a thread of its own, so the answer may take its time, or never come.
   */
  engine?: () => Promise<EngineMetrics | null>;
  /** Where to answer; undefined: nowhere, and only `live` and `ready` can be asked. */
  listen?: { host: string; port: number };
};

export type Monitor = {
  /** The port of /metrics, if there is one. */
  port: number | undefined;
  /** Counts the requests of the API; call it before its routes are added. */
  observe(app: App): void;
  live(): Promise<Verdict>;
  ready(): Promise<Verdict>;
  /** Everything has started: from now on the process may be ready. */
  started(): void;
  /** A stop has begun: the process is not ready any more. */
  stopping(): void;
  stop(): Promise<void>;
};

/** The engine answers within a turn of its event loop; one that takes this long is stuck. */
const engineMs = 5_000;
/** A database that takes longer for one row makes every request fail or crawl. */
const databaseMs = 2_000;
/** How long a verdict on the database counts: probes are open to anybody, and must not become load. */
const verdictMs = 1_000;
/** How long the numbers of the database are kept; and never more than a twentieth of the time is spent on them. */
const databaseKeepMs = 5_000;
const databaseShare = 20;

/** What is neither the engine's nor the database's. */
type Process = {
  engineAnswers: boolean | undefined;
  databaseAnswers: boolean;
  ready: boolean;
  pools: { pool: string; total: number; idle: number; waiting: number }[];
  lag: (readonly [string, HistogramSnapshot])[];
};

const processFamilies: readonly Family<Process>[] = [
  gauge('carillon_engine_up', 'Whether the engine of this process answers', ({ engineAnswers }) =>
    engineAnswers === undefined ? [] : Number(engineAnswers),
  ),
  gauge('carillon_database_up', 'Whether the database answers', (p) => Number(p.databaseAnswers)),
  gauge('carillon_ready', 'What /readyz says', (p) => Number(p.ready)),
  gauge('carillon_pool_connections', 'Database connections of a pool; waiting: requests for one', (p) =>
    p.pools.flatMap(({ pool, ...states }) => byKey('state', states, { pool })),
  ),
  histogram('carillon_event_loop_lag_seconds', 'How late timers are, looked at ten times a second', (p) =>
    p.lag.map(([thread, snapshot]) => [{ thread }, snapshot] as const),
  ),
];

/** Starts watching, and listening where that is asked for. */
export async function startMonitor(options: MonitorOptions): Promise<Monitor> {
  const { db, engine } = options;
  const known = await readMigrations();
  const registry = new Registry();
  const lag = new LoopLag();
  lag.start();
  let phase: 'starting' | 'running' | 'stopping' = 'starting';

  const askDatabase = remembered(() => databaseProblem(db, known), verdictMs);
  const askNumbers = remembered(() => readDatabaseMetrics(db), databaseKeepMs, databaseShare);
  // Undefined: it does not answer.
  const askEngine = async (): Promise<EngineMetrics | null | undefined> => {
    try {
      return await inTime(engineMs, 'no answer', engine?.() ?? Promise.resolve(null));
    } catch {
      return undefined;
    }
  };

  async function live(): Promise<Verdict> {
    const answer = await askEngine();
    if (answer === undefined) return verdict(['The engine does not answer.']);
    return verdict(answer === null ? [] : stuckParts(answer));
  }

  async function readiness(): Promise<{ problems: string[]; engine: EngineMetrics | null | undefined }> {
    const [database, answer] = await Promise.all([askDatabase(), askEngine()]);
    const problems: string[] = [];
    if (phase === 'starting') problems.push('Carillon is starting.');
    if (phase === 'stopping') problems.push('Carillon is stopping.');
    if (database !== null) problems.push(database);
    if (answer === undefined) problems.push('The engine does not answer.');
    else if (answer !== null) problems.push(...stuckParts(answer), ...unreadyParts(answer));
    else if (engine !== undefined && phase === 'running') problems.push('The engine is not there.');
    return { problems, engine: answer };
  }

  let engineNow: EngineMetrics | null = null;
  let numbersNow: DatabaseMetrics | null = null;
  let processNow: Process | null = null;
  const info = { version: options.version, roles: options.roles.join(',') };
  register(registry, [gauge('carillon_build_info', 'Version and roles', () => [[info, 1]])], () => info);
  register(registry, processFamilies, () => processNow);
  register(registry, databaseFamilies, () => numbersNow);
  if (engine !== undefined) register(registry, engineFamilies, () => engineNow);
  collectDefaultMetrics({ register: registry });

  async function metrics(): Promise<{ type: string; text: string }> {
    const [state, numbers] = await Promise.all([
      readiness(),
      inTime(databaseMs, 'no answer', askNumbers()).catch(() => null),
    ]);
    engineNow = state.engine ?? null;
    numbersNow = numbers;
    processNow = {
      engineAnswers: engine === undefined ? undefined : state.engine !== undefined,
      databaseAnswers: numbers !== null,
      ready: state.problems.length === 0,
      pools: [
        {
          pool: 'shared',
          total: db.pool.totalCount,
          idle: db.pool.idleCount,
          waiting: db.pool.waitingCount,
        },
        ...(engineNow === null ? [] : [{ pool: 'engine', ...engineNow.pool }]),
      ],
      lag: [
        ['main', lag.snapshot()],
        ...(engineNow === null ? [] : [['engine', engineNow.loopLag] as const]),
      ],
    };
    return { type: registry.contentType, text: await registry.metrics() };
  }

  const server =
    options.listen === undefined
      ? undefined
      : await startServer(options.listen.host, options.listen.port, {
          metrics,
          live,
          async ready() {
            const { problems, engine: answer } = await readiness();
            const operators = answer?.operators.map(({ name, sessions }) => ({ name, ...sessions }));
            return { ...verdict(problems), ...(operators === undefined ? {} : { operators }) };
          },
        });

  return {
    port: server?.port,
    observe: (app) => observeRequests(app, registry),
    live,
    ready: async () => verdict((await readiness()).problems),
    started() {
      if (phase === 'starting') phase = 'running';
    },
    stopping() {
      phase = 'stopping';
    },
    async stop() {
      lag.stop();
      await server?.close();
    },
  };
}

/** Why this process cannot work with its database; null: it can. Never rejects. */
async function databaseProblem(db: Db, known: Migration[]): Promise<string | null> {
  try {
    const state = await inTime(databaseMs, 'no answer', schemaState(db, known));
    if (state === 'older') return 'The database lacks migrations of this version: restart Carillon.';
    if (state === 'newer') return 'The database was changed by another version of Carillon.';
    return null;
  } catch {
    return 'The database does not answer.';
  }
}
