// The operators that exist without anybody adding them: the built-in simulator, and the first one from the
// environment. Called by app.ts at every start.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { FirstOperator } from './config.ts';
import { advisoryLocks, type Db, newClient } from './db/index.ts';
import { listenNear } from './listen.ts';
import { addOperator, addRoute, operatorByName, updateOperator } from './operators/index.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from './simulator/index.ts';

export const simulatorName = 'simulator';
const environmentName = 'env';
const host = '127.0.0.1';
/** Passwords of a bind have at most 8 characters: SMPP 3.4, 4.1.1. */
const passwordBytes = 6;
/** A process that was killed holds its lock until PostgreSQL notices. */
const lockAttempts = 5;
const lockRetryMs = 200;

export type BuiltInSimulator = { port: number; simulator: Simulator; stop(): Promise<void> };

/**
 * Starts the simulator that test_ keys reach and writes where it listens into its operator row. Of several processes
 * on one database one runs it; in the others this returns undefined.
 */
export async function startBuiltInSimulator(
  db: Db,
  port: number,
  options: Omit<SimulatorOptions, 'host' | 'port' | 'systemId' | 'password'>,
): Promise<BuiltInSimulator | undefined> {
  const client = await newClient(db, { application_name: `carillon simulator ${process.pid}` });
  try {
    if (!(await takeLock(client))) {
      await client.end();
      return undefined;
    }
    const known = await operatorByName(db, simulatorName);
    const credentials = {
      systemId: 'carillon',
      password: known?.password ?? randomBytes(passwordBytes).toString('base64url'),
    };
    const simulator = await listenNear(port, 'SIMULATOR_PORT', (free) =>
      startSimulator({ ...options, ...credentials, host, port: free }),
    );
    const row = { ...credentials, name: simulatorName, simulator: true, host, port: simulator.port };
    if (known) await updateOperator(db, simulatorName, row);
    else await addOperator(db, row);
    return {
      port: simulator.port,
      simulator,
      async stop() {
        await simulator.stop();
        await client.end();
      },
    };
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function takeLock(client: pg.Client): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const { rows } = await client.query<{ ok: boolean }>(
      'select pg_try_advisory_lock($1, $2) as ok',
      advisoryLocks.simulator,
    );
    if (rows[0]?.ok) return true;
    if (attempt >= lockAttempts) return false;
    await delay(lockRetryMs);
  }
}

/** Makes the database agree with OPERATOR_*; a new operator gets every number that no other route takes. */
export async function ensureFirstOperator(
  db: Db,
  operator: FirstOperator,
): Promise<'added' | 'changed' | 'same'> {
  if ((await operatorByName(db, environmentName)) !== undefined) {
    return (await updateOperator(db, environmentName, operator)) ? 'changed' : 'same';
  }
  await addOperator(db, { name: environmentName, ...operator });
  await addRoute(db, { prefix: '', operator: environmentName });
  return 'added';
}
