// Composes the parts of Carillon for the chosen roles: the only wiring. Called by `serve`, `demo` and end-to-end tests.
//
// Parts start in the order of what they need and stop in the reverse order: the API takes no more requests, the engine
// drains its windows and commits, the simulator and the database go last.
import { fileURLToPath } from 'node:url';
import { ensureAdmin, type FirstAdmin, keySource, sharedSecret } from './accounts/index.ts';
import type { Config } from './config.ts';
import { type Db, openInstallation } from './db/index.ts';
import { createEngine, type Engine } from './engine/index.ts';
import { createEngineThread } from './engine-thread.ts';
import { addFeatures } from './features.ts';
import { type BuiltInSimulator, ensureFirstOperator, startBuiltInSimulator } from './first-operators.ts';
import { type App, buildServer } from './http/index.ts';
import { startJobs } from './jobs/index.ts';
import { startJobsThread } from './jobs-thread.ts';
import { listenExactly, listenNear } from './listen.ts';
import { startPublishing } from './live/index.ts';
import type { Logger } from './log.ts';
import { type Monitor, type MonitorOptions, startMonitor } from './metrics/index.ts';
import { consolePage } from './page/index.ts';
import { startCleanUp } from './retries/index.ts';
import type { SimulatorOptions } from './simulator/index.ts';
import { ensureDefaultTariff } from './tariffs/index.ts';
import { tasks } from './tasks.ts';
import { ensureFirstUser, type FirstUser, sessionSource } from './users/index.ts';
import { version } from './version.ts';

export type Carillon = {
  config: Config;
  db: Db;
  /** Where the API answers; undefined without the role `api`. */
  url: string | undefined;
  port: number | undefined;
  /** Where metrics and health are answered, if METRICS_PORT asks for it. */
  metricsPort: number | undefined;
  /** The built-in simulator, if this process runs it. */
  simulator: BuiltInSimulator | undefined;
  /** The admin account and its keys, at the first start only. */
  firstAdmin: FirstAdmin | null;
  /** The administrator who signs in to the console, at the first start only. */
  firstUser: FirstUser | null;
  /** Stops everything, in order; safe to call twice. */
  stop(): Promise<void>;
};

export type StartOptions = {
  log: Logger;
  /** Delays and limits of the built-in simulator, for the demo and for tests. */
  simulator?: Omit<SimulatorOptions, 'host' | 'port' | 'systemId' | 'password'>;
  /** Runs when the database and the built-in operators are there and nothing is sent yet: for routes and accounts. */
  prepare?: (db: Db) => Promise<void>;
  /** Gives the engine and the jobs of a process with several roles threads of their own; `log` must be that of createLog. */
  threads?: boolean;
};

/** Starts Carillon. A part that cannot start stops those before it, and its error is thrown. */
export async function startCarillon(config: Config, options: StartOptions): Promise<Carillon> {
  const { log } = options;
  const started: { name: string; stop(): Promise<void> }[] = [];
  const api = config.roles.includes('api');
  const dispatch = config.roles.includes('dispatch');

  let monitor: Monitor | undefined;
  let engine: Engine | undefined;

  async function stop(): Promise<void> {
    monitor?.stopping();
    for (let part = started.pop(); part; part = started.pop()) {
      try {
        log.debug(`stopping: ${part.name}`);
        await part.stop();
      } catch (error) {
        log.error({ err: error }, `${part.name} did not stop cleanly`);
      }
    }
  }

  try {
    const { db, close } = await openInstallation(config, log, 'serve');
    started.push({ name: 'database', stop: close });
    monitor = await watch(config, db, dispatch ? async () => engine?.metrics() ?? null : undefined);
    started.push({ name: 'metrics', stop: monitor.stop });
    await ensureDefaultTariff(db);
    if (config.operator) {
      const done = await ensureFirstOperator(db, config.operator);
      if (done !== 'same')
        log.info({ host: config.operator.host }, `operator env ${done} from the environment`);
    }

    let simulator: BuiltInSimulator | undefined;
    if (config.simulator && dispatch) {
      simulator = await startBuiltInSimulator(db, config.simulatorPort, options.simulator ?? {});
      if (simulator) started.push({ name: 'simulator', stop: simulator.stop });
    }
    await options.prepare?.(db);
    if (dispatch) {
      const its = api && options.threads ? engineThread(db, config) : createEngine({ db, config, log });
      engine = its;
      started.push({ name: 'engine', stop: () => its.stop() });
      await its.start();
      const live = startPublishing(
        db,
        () => its.metrics(),
        (error) => log.debug({ err: error }, 'the state of this dispatcher was not published'),
      );
      started.push({ name: 'live state', stop: live.stop });
    }

    if (config.roles.includes('jobs')) {
      const jobs = await (options.threads ? jobsThread(db, config, log) : startJobs({ db, log, ...tasks }));
      started.push({ name: 'background jobs', stop: () => jobs.stop() });
    }

    let firstAdmin: FirstAdmin | null = null;
    let firstUser: FirstUser | null = null;
    let port: number | undefined;
    if (api) {
      firstAdmin = await ensureAdmin(db);
      firstUser = await ensureFirstUser(db, config.adminEmail);
      const cleanUp = startCleanUp(db, (error) =>
        log.warn({ err: error }, 'old requests were not cleaned up'),
      );
      started.push({ name: 'clean-up', stop: cleanUp.stop });
      const server = await buildApi(config, { db, simulator: simulator?.simulator }, log, monitor);
      started.push({ name: 'HTTP server', stop: async () => void (await server.close()) });
      port = await listenNear(config.port, 'PORT', async (free) => {
        await server.listen({ host: config.host, port: free });
        return (server.server.address() as { port: number }).port;
      });
    }
    monitor.started();
    const url = port === undefined ? undefined : `http://${reachable(config.host)}:${port}`;
    return { config, db, url, port, metricsPort: monitor.port, simulator, firstAdmin, firstUser, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

// Listens before anything else starts, where it is asked to, so that the start can be watched.
function watch(config: Config, db: Db, engine: MonitorOptions['engine']): Promise<Monitor> {
  const { roles, metrics } = config;
  const options = { db, version, roles, ...(engine === undefined ? {} : { engine }) };
  if (metrics === undefined) return startMonitor(options);
  return listenExactly(metrics.port, () => startMonitor({ ...options, listen: metrics }));
}

async function buildApi(
  config: Config,
  parts: Parameters<typeof addFeatures>[1],
  log: Logger,
  monitor: Monitor,
): Promise<App> {
  const { db } = parts;
  const app = await buildServer({
    db,
    keys: keySource(db),
    sessions: sessionSource(db),
    signingKey: await sharedSecret(db, 'jwt'),
    log,
    live: monitor.live,
    ready: monitor.ready,
    tokenLifeSeconds: config.jwtTtlMinutes * 60,
    version,
    ...(config.trustProxy === undefined ? {} : { trustProxy: config.trustProxy }),
  });
  monitor.observe(app);
  await addFeatures(app, parts);
  await consolePage(app, config.consoleDir ?? fileURLToPath(new URL('../console/dist', import.meta.url)));
  return app;
}

function engineThread(db: Db, config: Config): Engine {
  const { leaseSeconds, receiptGraceMinutes, logLevel } = config;
  return createEngineThread({
    connectionString: db.connection.connectionString!,
    config: { leaseSeconds, receiptGraceMinutes },
    logLevel,
  });
}

function jobsThread(db: Db, { logLevel }: Config, log: Logger): { stop(): Promise<void> } {
  return startJobsThread({ connectionString: db.connection.connectionString!, logLevel }, log);
}

/** A listening address as one to connect to. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
