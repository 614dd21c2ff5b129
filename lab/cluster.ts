// The PostgreSQL of a run, which the laboratory ends in every way there is and starts again. Each round has a database
// of its own in it.
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Embedded, startEmbedded } from '../src/db/index.ts';
import { asAdmin, databaseOf, makeTemplate } from '../test/support/server.ts';
import { waitFor } from '../test/support/wait-for.ts';

/** A crash of PostgreSQL loses nothing that it handed to the system: only a crash of the machine would. */
const settings = {
  fsync: 'off',
  max_connections: '200',
  shared_buffers: '128MB',
  // Soon enough to be met by faults, and to keep recovery short.
  checkpoint_timeout: '30s',
  max_wal_size: '256MB',
};

/** Characters of its log that are shown. */
const logTail = 3000;

export class Cluster {
  readonly #folder: string;
  #embedded: Embedded;
  readonly #template: string;
  #restarting: Promise<void> = Promise.resolve();

  private constructor(folder: string, embedded: Embedded, template: string) {
    this.#folder = folder;
    this.#embedded = embedded;
    this.#template = template;
  }

  static async start(): Promise<Cluster> {
    const folder = await mkdtemp(join(tmpdir(), 'carillon-lab-'));
    // As root, PostgreSQL runs as somebody else, who must get there.
    await chmod(folder, 0o755);
    const embedded = await begin(folder);
    return new Cluster(folder, embedded, await makeTemplate(embedded.connectionString));
  }

  /** Where it listens now. */
  get port(): number {
    return Number(new URL(this.#embedded.connectionString).port);
  }

  /** The address of a database, by way of another port if need be. */
  address(database: string, port = this.port): string {
    const url = new URL(databaseOf(this.#embedded.connectionString, database));
    url.port = String(port);
    return url.href;
  }

  async create(database: string): Promise<void> {
    await asAdmin(this.#embedded.connectionString, (client) =>
      client.query(`create database ${database} template ${this.#template}`),
    );
  }

  async drop(database: string): Promise<void> {
    await asAdmin(this.#embedded.connectionString, (client) =>
      client.query(`drop database if exists ${database} with (force)`),
    );
  }

  /**
   * Stops it and starts it again, on another port.
   *
   * @param how SIGINT: its orderly fast stop; SIGQUIT: at once, and recovered from its log at the start
   */
  restart(how: 'SIGINT' | 'SIGQUIT', downMs: number): Promise<void> {
    this.#restarting = this.#restarting.then(async () => {
      const { pid } = await this.#postmaster();
      process.kill(pid, how);
      await waitFor(() => !alive(pid), { timeoutMs: 120_000, what: 'PostgreSQL to stop' });
      await this.#embedded.stop();
      await new Promise((done) => setTimeout(done, downMs));
      this.#embedded = await begin(this.#folder);
    });
    return this.#restarting;
  }

  /** SIGKILL for a process that serves a connection: PostgreSQL ends all others, and recovers by itself. */
  async killBackend(pid: number): Promise<void> {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself meanwhile.
    }
  }

  /** The end of its log, for when it does not come back. */
  async lastWords(): Promise<string> {
    const log = await readFile(join(this.#folder, 'data', 'postgres', 'server.log'), 'utf8').catch(() => '');
    return log.slice(-logTail);
  }

  async stop(): Promise<void> {
    await this.#restarting.catch(() => {});
    await this.#embedded.stop();
    // Whoever cut our own connection to it has also cut the way to stop it.
    const left = await this.#postmaster().catch(() => undefined);
    if (left !== undefined && alive(left.pid)) {
      process.kill(left.pid, 'SIGINT');
      await waitFor(() => !alive(left.pid), { timeoutMs: 60_000, what: 'PostgreSQL to stop' });
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #postmaster(): Promise<{ pid: number }> {
    const text = await readFile(join(this.#folder, 'data', 'postgres', 'data', 'postmaster.pid'), 'utf8');
    return { pid: Number(text.split('\n')[0]) };
  }
}

function begin(folder: string): Promise<Embedded> {
  return startEmbedded({ dataDir: join(folder, 'data'), log: { info() {}, warn() {} }, settings });
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
