// The priority of PostgreSQL's processes that serve our connections. Called by connection.ts.

import { readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import type pg from 'pg';

/**
 * Gives the process that serves this connection another priority (-20 to 19, as of `nice`), where it runs on this Linux
 * and we may do that. Anywhere else nothing happens: it is a help for machines whose processors are all busy.
 */
export async function setBackendPriority(client: pg.ClientBase, priority: number | undefined): Promise<void> {
  if (priority === undefined || process.platform !== 'linux') return;
  const { rows } = await client.query<{ pid: number; port: number }>(
    'select pg_backend_pid() as pid, inet_client_port() as port',
  );
  const { pid, port } = rows[0]!;
  try {
    // It names whom it serves: on another machine, that number is another process or none.
    const title = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    if (title.startsWith('postgres: ') && title.includes(`(${port})`)) setPriority(pid, priority);
  } catch {}
}
