// What the crash tests share: a database, an operator that remembers what it was sent, and a serving process that may
// be killed and started again.
import type { TestContext } from 'node:test';
import { type Db, openDatabase } from '../../src/db/index.ts';
import { addOperator, addRoute } from '../../src/operators/index.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { type Child, child } from './child.ts';
import { createTestDatabase } from './database.ts';

export type CrashBench = {
  db: Db;
  /** The operator of every number; it outlives the serving process. */
  simulator: Simulator;
  /** Starts a serving process and waits for its URL. */
  serve(): Promise<{ server: Child; url: string }>;
};

/** The bench, with the limit and the messages a second of its operator; all ends with the test. */
export async function crashBench(
  t: TestContext,
  limits: { inFlightLimit: number; throttle: number },
): Promise<CrashBench> {
  const { connectionString, drop } = await createTestDatabase();
  const db = await openDatabase({ connectionString, max: 3 });
  const simulator = await startSimulator({
    latencyMs: { min: 2, max: 20 },
    receiptDelayMs: { min: 20, max: 400 },
    recordSubmits: true,
  });
  t.after(async () => {
    await simulator.stop();
    await db.close();
    await drop();
  });
  await addOperator(db, {
    ...{ name: 'north', host: '127.0.0.1', port: simulator.port, systemId: 'carillon', password: 'secret' },
    ...limits,
  });
  await addRoute(db, { prefix: '', operator: 'north' });
  return {
    db,
    simulator,
    async serve() {
      const server = child(t, ['src/main.ts', 'serve'], {
        DATABASE_URL: connectionString,
        PORT: '0',
        SIMULATOR: 'off',
        LOG_LEVEL: 'warn',
      });
      const [url] = await server.said(/http:\/\/127\.0\.0\.1:\d+/);
      return { server, url };
    },
  };
}
