// Opens the database: one pool for short work, connections of their own for journals, listeners and locks.
// Called by app.ts, the command line and tests; everything else is handed a `Db`.
import pg from 'pg';
import { DatabaseFailure } from './failure.ts';
import { setBackendPriority } from './priority.ts';

/** An open database: a pool, and what is needed to open connections outside of it. */
export type Db = {
  pool: pg.Pool;
  connection: pg.ClientConfig;
  /** Of PostgreSQL's processes that serve it; see `openDatabase`. */
  priority?: number | undefined;
  /** Waits for the queries in flight and closes the pool. */
  close(): Promise<void>;
};

/** RETURNING old/new, which the journals rely on, came with this version. */
const oldestServer = 18;
/** Connections of a pool: enough for the API and the engine of one process, far below max_connections (100). */
const defaultPoolSize = 10;
/** How long to wait for a connection before saying that there is none. */
const connectTimeoutMs = 10_000;

const int8 = 20;
const int8Array = 1016;

/** Reads a bigint column as a number, and refuses to round: ids and counts stay far below 2^53. */
function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`the database returned ${text}, which a number cannot hold: select it as text`);
  }
  return value;
}

function parseInt8Array(text: string): (number | null)[] {
  const inner = text.slice(1, -1);
  return inner === '' ? [] : inner.split(',').map((item) => (item === 'NULL' ? null : parseInt8(item)));
}

/** Our parsers, for our own connections only: pg.types is shared by every library in the process. */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format !== 'binary') {
      if (oid === int8) return parseInt8;
      if (oid === int8Array) return parseInt8Array;
    }
    return pg.types.getTypeParser(oid, format as 'text');
  },
};

/**
 * Opens a pool on a PostgreSQL server of version 18 or newer. With a `priority` (-20 to 19, as of `nice`), PostgreSQL's
 * processes that serve it get that, also those of `newClient`, where they run on this machine.
 * Throws DatabaseFailure when there is no server, no access, or an older one.
 */
export async function openDatabase(options: {
  connectionString: string;
  max?: number;
  priority?: number;
}): Promise<Db> {
  const { priority } = options;
  const connection: pg.ClientConfig = {
    connectionString: options.connectionString,
    application_name: 'carillon',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    types,
  };
  const onConnect = (client: pg.ClientBase) => setBackendPriority(client, priority);
  const pool = openPool({ ...connection, max: options.max ?? defaultPoolSize, onConnect });
  try {
    await requireVersion(pool);
  } catch (error) {
    await pool.end();
    throw error instanceof DatabaseFailure ? error : unreachable(options.connectionString, error);
  }
  return { pool, connection, priority, close: () => pool.end() };
}

/** Makes a pool of which no broken connection ends the process; it connects when it is first asked. */
export function openPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(config);
  // An idle connection that breaks is replaced by the next query.
  pool.on('error', () => {});
  // The pool does not listen while somebody has the connection: one that breaks between two queries of a transaction
  // is reported by the next query.
  pool.on('connect', (client) => void client.on('error', () => {}));
  return pool;
}

/** Opens a connection outside of the pool, with our parsers; the caller ends it. */
export async function newClient(db: Db, extra: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({ ...db.connection, ...extra });
  // Queries report a broken connection themselves; an unheard 'error' event would end the process.
  client.on('error', () => {});
  await client.connect();
  await setBackendPriority(client, db.priority);
  return client;
}

async function requireVersion(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ server_version: string }>('show server_version');
  const version = rows[0]!.server_version;
  if (Number.parseInt(version, 10) < oldestServer) {
    throw new DatabaseFailure(
      'server_too_old',
      `Carillon needs PostgreSQL ${oldestServer} or newer, and DATABASE_URL leads to version ${version}: ` +
        'upgrade that server, or unset DATABASE_URL to use the PostgreSQL that comes with Carillon',
    );
  }
}

function unreachable(connectionString: string, cause: unknown): DatabaseFailure {
  const reason =
    cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : String(cause);
  return new DatabaseFailure(
    'no_connection',
    `cannot open the database ${withoutPassword(connectionString)}: ${reason}. Check that the server runs and ` +
      'that DATABASE_URL is right, or unset DATABASE_URL to use the PostgreSQL that comes with Carillon',
    cause,
  );
}

/** A connection string that may be shown and logged. */
export function withoutPassword(connectionString: string): string {
  return connectionString
    .replace(/(:\/\/[^:/@]*):[^/]*@/, '$1:***@')
    .replace(/password=[^&\s]*/i, 'password=***');
}
