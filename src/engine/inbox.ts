// Takes messages from subscribers: journals them in groups, and acknowledges them to the operator once they are durable.
// Fed by the matcher with every deliver_sm that is no receipt. A journal of its own, so that receipts never wait for
// them, nor fail with them; the connection is opened with the first message.

import type pg from 'pg';
import { type Arrival, arrivalOf, keepInbound, takeOpen } from '../inbound/index.ts';
import type { Connector } from '../operators/index.ts';
import type { ClientSession, Deliver } from '../smpp/index.ts';
import { Journal, type JournalMetrics } from './journal.ts';
import type { Log } from './log.ts';
import type { Part } from './part.ts';

type Letter = {
  readonly session: ClientSession<Part>;
  readonly sequence: number;
  readonly arrival: Arrival;
};

/** How often messages that nobody had are looked at again. */
const openTickMs = 15_000;

export type InboxOptions = { pool: pg.Pool; connect(): Promise<pg.Client>; log: Log };

export class Inbox {
  readonly #options: InboxOptions;
  readonly #journal: Journal<Letter>;
  #timer: NodeJS.Timeout | null = null;
  #look: Promise<void> | null = null;

  constructor(options: InboxOptions) {
    this.#options = options;
    this.#journal = new Journal<Letter>({
      name: 'inbound',
      connect: options.connect,
      commit: (client, group) =>
        keepInbound(
          client,
          group.map(({ arrival }) => arrival),
        ),
      committed: acknowledge,
      log: options.log,
    });
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#look ??= this.#takeOpen();
    }, openTickMs);
  }

  /** What its journal did. */
  get journal(): JournalMetrics {
    return this.#journal.metrics();
  }

  /** Takes a message; its octets are copied. */
  arrived(connector: Connector<Part>, session: ClientSession<Part>, deliver: Deliver): void {
    this.#journal.add({ session, sequence: deliver.sequence, arrival: arrivalOf(connector.id, deliver) });
  }

  /** Makes everything durable that has arrived. */
  async drain(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#look;
    await this.#journal.idle();
  }

  stop(): Promise<void> {
    return this.#journal.stop();
  }

  async #takeOpen(): Promise<void> {
    let client: pg.PoolClient | undefined;
    let broken: Error | undefined;
    try {
      client = await this.#options.pool.connect();
      await takeOpen(client);
    } catch (error) {
      broken = error as Error;
      this.#options.log.warn({ err: error }, 'messages of nobody not looked at, trying again');
    }
    // A transaction that failed is rolled back with its connection.
    client?.release(broken);
    this.#look = null;
  }
}

function acknowledge(group: readonly Letter[]): void {
  for (const { session, sequence } of group) session.acknowledge([sequence]);
}
