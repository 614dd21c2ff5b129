// A client session that keeps what it is told, for tests (of this folder, the simulator and the engine) to wait for
// and look at. Nothing else imports it.

import {
  type ClientSession,
  type Closed,
  type Deliver,
  openSession,
  type SessionHandlers,
  type SessionOptions,
} from './index.ts';

/** Usual options of a test's session; long time-outs, so that a test sets those that it is about. */
export const testOptions: Omit<SessionOptions, 'port'> = {
  host: '127.0.0.1',
  systemId: 'tester',
  password: 'secret-word',
  systemType: '',
  mode: 'transceiver',
  windowSize: 100,
  responseTimeoutMs: 30_000,
  enquireLinkMs: 30_000,
  connectTimeoutMs: 30_000,
  bindTimeoutMs: 30_000,
};

/** What a session was told; tokens are numbers. */
export class Recording {
  readonly session: ClientSession<number>;
  bound = false;
  readonly tokens: number[] = [];
  readonly statuses: number[] = [];
  readonly smscIds: string[] = [];
  readonly deliveries: Deliver[] = [];
  readonly timeouts: number[] = [];
  /** Token and id of each late response. */
  readonly late: [number, string][] = [];
  readonly closed: Closed<number>[] = [];
  /** How often a handler was called. */
  calls = 0;
  #waiting: { condition: () => boolean; resolve: () => void }[] = [];

  /** Opens a session. Deliveries are acknowledged at once unless `acknowledge` is false. */
  constructor(options: Partial<SessionOptions> & { port: number }, acknowledge = true) {
    const handlers: SessionHandlers<number> = {
      onBound: () => {
        this.bound = true;
        this.#look();
      },
      onResponses: (tokens, statuses, smscIds) => {
        this.tokens.push(...tokens);
        this.statuses.push(...statuses);
        this.smscIds.push(...smscIds);
        this.#look();
      },
      onDeliveries: (deliveries) => {
        this.deliveries.push(...deliveries);
        if (acknowledge) this.session.acknowledge(deliveries.map((delivery) => delivery.sequence));
        this.#look();
      },
      onTimeouts: (tokens) => {
        this.timeouts.push(...tokens);
        this.#look();
      },
      onLate: (tokens, smscIds) => {
        for (const [i, token] of tokens.entries()) this.late.push([token, smscIds[i]!]);
        this.#look();
      },
      onClosed: (closed) => {
        this.closed.push(closed);
        this.#look();
      },
    };
    this.session = openSession({ ...testOptions, ...options }, handlers);
  }

  /** Resolves when the condition holds, looking after each event. */
  until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ condition, resolve }));
  }

  /** Resolves when bound. */
  whenBound(): Promise<void> {
    return this.until(() => this.bound);
  }

  /** Resolves when the session ended, with how. */
  async whenClosed(): Promise<Closed<number>> {
    await this.until(() => this.closed.length > 0);
    return this.closed[0]!;
  }

  /** The operator's id of a token, or undefined before its response. */
  idOf(token: number): string | undefined {
    return this.smscIds[this.tokens.indexOf(token)];
  }

  #look(): void {
    this.calls++;
    const ready = this.#waiting.filter(({ condition }) => condition());
    this.#waiting = this.#waiting.filter((waiting) => !ready.includes(waiting));
    for (const { resolve } of ready) resolve();
  }
}
