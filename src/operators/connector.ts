// All sessions to one operator: takes parts of messages that may leave, writes them as fast as window and throttle
// allow, and hands back answers, receipts and what stayed unanswered. The engine's dispatcher owns it.
//
// A part's way: push() → ready → (window, throttle) → written → answered | unanswered. The connector never decides
// what becomes of a message; it only slows down when the operator asks for it and connects again when a session ends.

import {
  type BindMode,
  type ClientSession,
  type Deliver,
  openSession,
  type SubmitTemplate,
} from '../smpp/index.ts';
import { Backoff, type BackoffLimits } from './backoff.ts';
import { clockMs, OperatorCounts } from './counts.ts';
import { Throttle } from './throttle.ts';

/** One submit_sm on its way. */
export type Outgoing = {
  readonly template: SubmitTemplate;
  readonly phone: number;
  /** True when it must not be written any more: another dispatcher took its batch, or its campaign may not send. */
  readonly revoked: boolean;
  /** When it was written, by `clockMs`; the connector says so. */
  writtenAt: number;
  /** It is being written. */
  leaves(): void;
};

/** An operator as it is configured; see the table `operator`. */
export type OperatorConfig = {
  readonly id: number;
  readonly name: string;
  readonly simulator: boolean;
  readonly host: string;
  readonly port: number;
  /** Where the receivers of a pair connect; null: where its transmitters do. */
  readonly receiverHost: string | null;
  readonly receiverPort: number | null;
  readonly tls: boolean;
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
  readonly bindMode: 'transceiver' | 'pair';
  readonly sessions: number;
  readonly windowSize: number;
  readonly inFlightLimit: number;
  readonly throttle: number | null;
  readonly responseTimeoutMs: number;
  readonly enquireLinkMs: number;
  readonly messageIdFormat: 'auto' | 'as_is' | 'receipt_hex' | 'response_hex';
};

/** What the owner of a connector hears; arrays, at most one call per received chunk. */
export type ConnectorHandlers<P extends Outgoing> = {
  answered(connector: Connector<P>, parts: P[], statuses: number[], smscIds: string[]): void;
  delivered(connector: Connector<P>, session: ClientSession<P>, deliveries: Deliver[]): void;
  /** Written, but nobody knows whether the operator took them. */
  unanswered(connector: Connector<P>, parts: P[], cause: 'timeout' | 'disconnect'): void;
  /** These, which were given back as unanswered, the operator has taken after all, and calls them so. */
  late(connector: Connector<P>, parts: P[], smscIds: string[]): void;
  /** Surely not written, since no session is left or they were revoked. */
  returned(connector: Connector<P>, parts: P[]): void;
  /** A session came or went, or there is room again. */
  changed(connector: Connector<P>): void;
  /** False while this process may not write: its lease may be over. */
  mayWrite(): boolean;
  log(level: 'info' | 'warn', message: string, fields: Record<string, unknown>): void;
};

/** Limits for connecting and binding. */
const connectTimeoutMs = 10_000;
const bindTimeoutMs = 10_000;
/** With a throttle, no more than this part of a second's messages waits in `ready`, so that others get their turn. */
const readySeconds = 0.2;
/** How often a throttled connector looks whether something may leave. */
const tickMs = 10;

/** A place for a session: connected, or waiting to connect again. */
type Slot<P extends Outgoing> = {
  readonly mode: BindMode;
  session: ClientSession<P> | null;
  bound: boolean;
  boundAt: number;
  readonly backoff: Backoff;
  timer: NodeJS.Timeout | null;
};

export class Connector<P extends Outgoing> {
  readonly config: OperatorConfig;
  /** Parts marked for this operator whose outcome is not committed; kept by the dispatcher. */
  unresolved = 0;
  /** The last reason a session ended, for people. */
  lastError: string | null = null;
  /** The last session that ended by an error, also when it is back since. */
  failure: { at: number; message: string } | null = null;
  readonly counts: OperatorCounts;
  readonly #handlers: ConnectorHandlers<P>;
  readonly #slots: Slot<P>[] = [];
  readonly #throttle: Throttle;
  #ready: P[] = [];
  #head = 0;
  #inWindow = 0;
  #submitters: ClientSession<P>[] = [];
  #tick: NodeJS.Timeout | null = null;
  #stopping = false;
  #share = 1;
  #emptied: (() => void) | null = null;

  constructor(
    config: OperatorConfig,
    handlers: ConnectorHandlers<P>,
    counts = new OperatorCounts(),
    backoff?: BackoffLimits,
  ) {
    this.config = config;
    this.counts = counts;
    this.#handlers = handlers;
    this.#throttle = new Throttle(config.throttle);
    const modes =
      config.bindMode === 'pair' ? (['transmitter', 'receiver'] as const) : (['transceiver'] as const);
    for (let i = 0; i < config.sessions; i++) {
      for (const mode of modes) {
        this.#slots.push({
          mode,
          session: null,
          bound: false,
          boundAt: 0,
          backoff: new Backoff(backoff),
          timer: null,
        });
      }
    }
  }

  get id(): number {
    return this.config.id;
  }

  get simulator(): boolean {
    return this.config.simulator;
  }

  /** Whether a session that can submit is bound. */
  get up(): boolean {
    return this.#submitters.length > 0;
  }

  /** Parts that wait to be written. */
  get waiting(): number {
    return this.#ready.length - this.#head;
  }

  /** Parts that were written and not answered. */
  get inWindow(): number {
    return this.#inWindow;
  }

  /** Sessions as configured (a pair is two), and those of them that are bound. */
  get sessions(): { configured: number; bound: number } {
    return { configured: this.#slots.length, bound: this.#slots.filter((slot) => slot.bound).length };
  }

  /** How many more parts it would take now; what is pushed beyond it would only wait here. */
  wanted(): number {
    const sessions = this.#submitters.length;
    if (sessions === 0 || this.#stopping) return 0;
    // What waits beyond one window would only keep others from their turn, and go on after a stop.
    const room = Math.min(
      this.config.inFlightLimit * sessions - this.unresolved,
      this.config.windowSize * sessions - this.waiting,
    );
    if (this.config.throttle === null) return room;
    const perSecond = this.config.throttle * this.#share;
    return Math.min(room, Math.max(1, Math.ceil(perSecond * readySeconds)) - this.waiting);
  }

  /** So many processes send to this operator now: each has its part of the messages a second. */
  share(processes: number): void {
    if (this.#share === 1 / processes || this.config.throttle === null) return;
    this.#share = 1 / processes;
    this.#throttle.setRate(this.config.throttle / processes);
  }

  /** Connects all sessions. */
  start(): void {
    for (const slot of this.#slots) this.#open(slot);
  }

  /** Takes parts that may leave from now on. */
  push(parts: readonly P[]): void {
    for (const part of parts) this.#ready.push(part);
    this.pump();
  }

  /** Takes a part that the operator would not have now, to be tried before all others. */
  retry(part: P): void {
    if (this.#head > 0) this.#ready[--this.#head] = part;
    else this.#ready.unshift(part);
  }

  /** The operator said ESME_RTHROTTLED or ESME_RMSGQFUL. */
  slowDown(): void {
    this.#throttle.refused(performance.now());
  }

  /** Writes what window and throttle allow. */
  pump(): void {
    if (this.waiting === 0) return;
    if (!this.up || this.#stopping) {
      this.#giveBack();
      return;
    }
    if (!this.#handlers.mayWrite()) {
      this.#tickLater();
      return;
    }
    const now = performance.now();
    const writtenAt = clockMs();
    let allowed = Math.min(this.#throttle.available(now), this.waiting);
    const revoked: P[] = [];
    let taken = 0;
    for (const session of this.#leastBusyFirst()) {
      let room = Math.min(session.room, allowed);
      if (room <= 0) continue;
      while (room > 0 && this.#head < this.#ready.length) {
        const part = this.#ready[this.#head++]!;
        if (part.revoked) {
          revoked.push(part);
          continue;
        }
        part.leaves();
        part.writtenAt = writtenAt;
        session.submit(part.template, part.phone, part);
        room--;
        taken++;
        allowed--;
      }
      session.flush();
    }
    this.#throttle.take(taken);
    this.#inWindow += taken;
    this.counts.written += taken;
    if (this.#head === this.#ready.length) {
      this.#ready = [];
      this.#head = 0;
    } else if (this.#head > 4096) {
      this.#ready = this.#ready.slice(this.#head);
      this.#head = 0;
    }
    if (revoked.length > 0) this.#handlers.returned(this, revoked);
    // A full window is pumped again by its next response, but time passing wakes nobody.
    if (this.waiting > 0 && (this.config.throttle !== null || this.#throttle.paused(now))) this.#tickLater();
  }

  /** Stops taking parts and gives back those that wait; stops when all that was written is answered or timed out. */
  async retire(): Promise<void> {
    this.#stopping = true;
    this.#giveBack();
    if (this.#inWindow > 0) {
      await new Promise<void>((resolve) => {
        this.#emptied = resolve;
      });
    }
    await this.stop();
  }

  /** Stops taking parts, says unbind on every session and closes it. Parts still waiting are given back. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#tick !== null) clearTimeout(this.#tick);
    this.#tick = null;
    const sessions: ClientSession<P>[] = [];
    for (const slot of this.#slots) {
      if (slot.timer !== null) clearTimeout(slot.timer);
      slot.timer = null;
      if (slot.session !== null) sessions.push(slot.session);
    }
    await Promise.all(sessions.map((session) => session.unbind()));
    this.#giveBack();
  }

  #leastBusyFirst(): readonly ClientSession<P>[] {
    if (this.#submitters.length > 1) this.#submitters.sort((a, b) => b.room - a.room);
    return this.#submitters;
  }

  #tickLater(): void {
    if (this.#tick !== null || this.#stopping) return;
    this.#tick = setTimeout(() => {
      this.#tick = null;
      this.pump();
      this.#handlers.changed(this);
    }, tickMs);
  }

  #giveBack(): void {
    const parts = this.#ready.slice(this.#head);
    this.#ready = [];
    this.#head = 0;
    if (parts.length > 0) this.#handlers.returned(this, parts);
  }

  #open(slot: Slot<P>): void {
    slot.timer = null;
    const { config } = this;
    const session = openSession<P>(
      {
        ...addressOf(config, slot.mode),
        tls: config.tls,
        systemId: config.systemId,
        password: config.password,
        systemType: config.systemType,
        mode: slot.mode,
        windowSize: config.windowSize,
        responseTimeoutMs: config.responseTimeoutMs,
        enquireLinkMs: config.enquireLinkMs,
        connectTimeoutMs,
        bindTimeoutMs,
      },
      {
        onBound: () => {
          slot.bound = true;
          slot.boundAt = performance.now();
          this.#sessionsChanged();
          this.#handlers.log('info', 'session bound', { operator: config.name, mode: slot.mode });
          this.pump();
          this.#handlers.changed(this);
        },
        onResponses: (parts, statuses, smscIds) => {
          if (statuses.includes(0)) this.#throttle.accepted(performance.now());
          this.counts.responded(parts, clockMs());
          this.#answered(parts.length);
          this.#handlers.answered(this, parts, statuses, smscIds);
          this.pump();
        },
        onDeliveries: (deliveries) => this.#handlers.delivered(this, session, deliveries),
        onTimeouts: (parts) => {
          this.counts.timedOut += parts.length;
          this.#answered(parts.length);
          this.#handlers.unanswered(this, parts, 'timeout');
          this.pump();
        },
        onLate: (parts, smscIds) => this.#handlers.late(this, parts, smscIds),
        onDrain: () => this.pump(),
        onClosed: ({ error, unanswered }) => this.#closed(slot, error, unanswered),
      },
    );
    slot.session = session;
  }

  #closed(slot: Slot<P>, error: Error | null, unanswered: P[]): void {
    const wasBound = slot.bound;
    slot.session = null;
    slot.bound = false;
    this.#sessionsChanged();
    this.lastError = error?.message ?? null;
    if (error !== null) this.failure = { at: Date.now(), message: error.message };
    this.counts.disconnected += unanswered.length;
    this.#answered(unanswered.length);
    if (unanswered.length > 0) this.#handlers.unanswered(this, unanswered, 'disconnect');
    if (!this.up) this.#giveBack();
    if (!this.#stopping) {
      if (wasBound) this.counts.sessionsLost++;
      const delay = slot.backoff.failed(wasBound ? performance.now() - slot.boundAt : null);
      slot.timer = setTimeout(() => this.#open(slot), delay);
      // The first failures are news, and then one every longest wait; the log of an operator that is down stays short.
      if (wasBound || slot.backoff.failures <= 2 || slot.backoff.longest) {
        this.#handlers.log('warn', 'session lost', {
          operator: this.config.name,
          mode: slot.mode,
          error: this.lastError,
          nextTryMs: Math.round(delay),
        });
      }
    }
    this.#handlers.changed(this);
  }

  #answered(parts: number): void {
    this.#inWindow -= parts;
    if (this.#inWindow === 0) this.#emptied?.();
  }

  #sessionsChanged(): void {
    this.#submitters = [];
    for (const slot of this.#slots) {
      if (slot.bound && slot.mode !== 'receiver' && slot.session !== null)
        this.#submitters.push(slot.session);
    }
  }
}

/** Where the sessions of a mode connect. */
export function addressOf(
  { host, port, receiverHost, receiverPort }: OperatorConfig,
  mode: BindMode,
): { host: string; port: number } {
  return mode === 'receiver' ? { host: receiverHost ?? host, port: receiverPort ?? port } : { host, port };
}
