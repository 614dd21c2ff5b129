// An engine on a database of its own, with operators of the test's making and without the HTTP server. Used by
// end-to-end tests of the engine.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { createAccount, createKey, topUp } from '../../src/accounts/index.ts';
import { type Buyer, createCampaign } from '../../src/campaigns/index.ts';
import { type Db, openDatabase } from '../../src/db/index.ts';
import { examine } from '../../src/doctor/index.ts';
import { createEngine, type Engine, type EngineConfig } from '../../src/engine/index.ts';
import { createLog } from '../../src/log.ts';
import { type StatusName, statusName } from '../../src/messages/index.ts';
import { parseAmount } from '../../src/money/index.ts';
import { addOperator, addRoute, type NewOperator } from '../../src/operators/index.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/index.ts';
import { createTestDatabase } from './database.ts';
import { waitFor } from './wait-for.ts';

/** A campaign as a test asks for it; `phones` may be how many. */
export type Order = {
  phones: number | readonly number[];
  text?: string;
  sender?: string;
  uncertain?: 'resend' | 'unknown';
  validity?: number;
  start_at?: string;
  respect_curfew?: boolean;
};

/** A campaign as the database has it: its messages by state, those that there are. */
export type Report = { status: string; messages: Partial<Record<StatusName, number>> };

export type EngineBench = {
  db: Db;
  connectionString: string;
  /** Starts an engine, on another address of the database if need be; stopped with the test, or by `stopEngines`. */
  engine(options?: Partial<EngineConfig> & { databaseUrl?: string }): Promise<Engine>;
  stopEngines(): Promise<void>;
  /** Runs when the test ends; what came last goes first. */
  later(end: () => Promise<void>): void;
  /** An operator that listens on 127.0.0.1, and its route: every number, unless `prefix` says else. */
  operator(options: { port: number } & Partial<NewOperator>, route?: Route | null): Promise<void>;
  /** A quick simulator as an operator. */
  simulator(
    options?: SimulatorOptions,
    operator?: Partial<NewOperator>,
    route?: Route | null,
  ): Promise<Simulator>;
  /** An account with 1,000 to spend, and a key. */
  buyer(kind?: 'live' | 'test'): Promise<Buyer>;
  send(buyer: Buyer, order: Order): Promise<number>;
  /** As PATCH /api/campaigns/{id}/stop does. */
  stopCampaign(campaignId: number): Promise<void>;
  report(campaignId: number): Promise<Report>;
  /** Waits until the campaigns are done (or stopped, or rejected) and none of their messages waits for anything. */
  settled(...campaignIds: number[]): Promise<void>;
  /** In units of 10^-7. */
  balance(buyer: Buyer): Promise<bigint>;
  /** What the messages of a campaign in these states cost, in units of 10^-7. */
  priceOf(campaignId: number, ...states: StatusName[]): Promise<bigint>;
  /** A single value out of the database. */
  value<T>(sql: string, ...values: unknown[]): Promise<T>;
  /** Messages that a crash at this moment would leave uncertain. */
  uncertainNow(): Promise<number>;
  /** Fails unless every invariant holds. */
  sound(): Promise<void>;
};

export type Route = { prefix?: string; priority?: number; weight?: number };

/** Quick, but not at once: what depends on order is worth meeting. */
const quick: SimulatorOptions = {
  latencyMs: { min: 0, max: 3 },
  receiptDelayMs: { min: 1, max: 20 },
  recordSubmits: true,
};
const balance = '1000';
/** States in which a message still waits for something. */
const undecided: readonly StatusName[] = ['queued', 'sent', 'accepted'];

/** Numbers that the simulator delivers to: none ends in a magic one. */
export function ordinary(count: number, first = 380_500_000_000): number[] {
  return Array.from({ length: count }, (_, i) => first + Math.floor(i / 900) * 1000 + 100 + (i % 900));
}

/** How often numbers were sent to beyond the first time. */
export function duplicates(submits: ReadonlyMap<number, number>, perMessage = 1): number {
  return [...submits.values()].reduce((sum, n) => sum + Math.max(0, n - perMessage), 0);
}

/** A database of its own, and everything to run an engine on it. LOG_LEVEL=debug shows its log. */
export async function engineBench(t: TestContext): Promise<EngineBench> {
  const ends: (() => Promise<void>)[] = [];
  t.after(async () => {
    for (const end of ends.reverse()) await end();
  });
  const { connectionString, drop } = await createTestDatabase();
  ends.push(drop);
  const db = await openDatabase({ connectionString, max: 5 });
  ends.push(() => db.close());
  const log = createLog((process.env.LOG_LEVEL ?? 'silent') as 'silent');
  const engines = new Set<Engine>();
  let accounts = 0;
  let operators = 0;

  async function value<T>(sql: string, ...values: unknown[]): Promise<T> {
    const { rows } = await db.pool.query({ text: sql, values, rowMode: 'array' });
    return rows[0]?.[0];
  }

  async function stopEngine(engine: Engine): Promise<void> {
    if (engines.delete(engine)) await engine.stop();
  }

  const bench: EngineBench = {
    db,
    connectionString,
    value,
    later: (end) => void ends.push(end),
    async engine({ databaseUrl, ...config } = {}) {
      const its =
        databaseUrl === undefined ? db : await openDatabase({ connectionString: databaseUrl, max: 5 });
      if (its !== db) ends.push(() => its.close());
      const engine = createEngine({
        db: its,
        log,
        config: { leaseSeconds: 15, receiptGraceMinutes: 60, ...config },
      });
      engines.add(engine);
      ends.push(() => stopEngine(engine));
      await engine.start();
      return engine;
    },
    async stopEngines() {
      for (const engine of [...engines]) await stopEngine(engine);
    },
    async operator(options, route = {}) {
      const name = options.name ?? `operator-${++operators}`;
      await addOperator(db, {
        host: '127.0.0.1',
        systemId: 'carillon',
        password: 'secret',
        ...options,
        name,
      });
      if (route !== null) await addRoute(db, { prefix: '', ...route, operator: name });
    },
    async simulator(options = {}, operator = {}, route = {}) {
      const simulator = await startSimulator({ ...quick, ...options });
      ends.push(() => simulator.stop());
      await bench.operator({ port: simulator.port, ...operator }, route);
      return simulator;
    },
    async buyer(kind = 'live') {
      const account = await createAccount(db, { name: `buyer ${++accounts}` });
      await topUp(db, account.id, parseAmount(balance), 'test');
      const key = await createKey(db, account.id, kind);
      return {
        accountId: account.id,
        keyId: key.id,
        kind,
        currency: account.currency,
        tariffId: await value('select tariff_id from account where id = $1', account.id),
      };
    },
    send(buyer, { phones, ...rest }) {
      const numbers = typeof phones === 'number' ? ordinary(phones) : phones;
      return createCampaign(db, buyer, {
        sender: 'Shop',
        text: 'Hello',
        ...rest,
        phones: numbers.map((number) => ({ number })),
      });
    },
    async stopCampaign(campaignId) {
      await db.pool.query(
        `with stopped as (update campaign set status = 'stopped', finished_at = now() where id = $1)
         select pg_notify('carillon_work', '')`,
        [campaignId],
      );
    },
    async report(campaignId) {
      const { rows } = await db.pool.query<{ status: number; n: number }>(
        'select status, sum(n)::bigint as n from campaign_count where campaign_id = $1 group by 1 having sum(n) <> 0',
        [campaignId],
      );
      return {
        status: await value('select status from campaign where id = $1', campaignId),
        messages: Object.fromEntries(rows.map(({ status, n }) => [statusName(status), n])),
      };
    },
    async settled(...campaignIds) {
      for (const id of campaignIds) {
        await waitFor(
          async () => {
            const { status, messages } = await bench.report(id);
            return (
              /done|stopped|spam/.test(status) && undecided.every((name) => messages[name] === undefined)
            );
          },
          { timeoutMs: 120_000, what: `campaign ${id} to settle` },
        ).catch(async (error: Error) => {
          assert.fail(`${error.message}: ${JSON.stringify(await bench.report(id))}`);
        });
      }
    },
    async balance({ accountId }) {
      return BigInt(await value<string>('select balance_e7::text from account where id = $1', accountId));
    },
    async priceOf(campaignId, ...states) {
      const { rows } = await db.pool.query<{ status: number; price: string }>(
        'select status, sum(price_e7)::text as price from message where campaign_id = $1 group by 1',
        [campaignId],
      );
      return rows.reduce(
        (sum, { status, price }) => sum + (states.includes(statusName(status)) ? BigInt(price) : 0n),
        0n,
      );
    },
    uncertainNow: () =>
      value(
        `select count(*) from message m join batch b on b.campaign_id = m.campaign_id
           and m.id between b.first_id and b.uncertain_upto
         where m.status = 0`,
      ),
    async sound() {
      assert.deepEqual((await examine(db)).breaches, []);
    },
  };
  return bench;
}
