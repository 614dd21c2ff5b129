// An SMSC on a socket that behaves, and misbehaves, as real ones do: it takes submit_sm from any ESME, answers after
// a latency, reports after a delay, and does something special for magic numbers (scripts.ts).

import type { TlsOptions } from 'node:tls';
import {
  type BindMode,
  createServer,
  Esme,
  type ServerHandlers,
  type ServerSession,
  type ShortMessage,
} from '../smpp/index.ts';
import { type Distribution, sampler, seeded } from './distribution.ts';
import { garbage } from './garbage.ts';
import { type InboundText, inboundFields } from './inbound.ts';
import { type Delivery, Mailbox } from './mailbox.ts';
import { idStyles, type Quirks } from './quirks.ts';
import {
  type Disturb,
  firstScriptFor,
  type Reply,
  type Report,
  type Respond,
  type Script,
  type Step,
  scriptFor,
  throttle,
  wanted,
} from './scripts.ts';
import { Wheel } from './wheel.ts';

/** How to run a simulator. Times are in milliseconds. */
export interface SimulatorOptions {
  host?: string;
  /** 0, the default, takes a free one. */
  port?: number;
  /** Who may bind; without it anybody may. */
  systemId?: string;
  password?: string;
  tls?: TlsOptions;
  /** From submit_sm to its response; 2 to 10 by default. */
  latencyMs?: Distribution;
  /** From the response to the receipt; 200 to 1500 by default. */
  receiptDelayMs?: Distribution;
  /** Late responses and receipts come after this; 5 minutes by default. */
  lateMs?: number;
  /** What it does otherwise than others. */
  quirks?: Quirks;
  /** Receivers bind at a port of their own, and only there. */
  receiversApart?: boolean;
  /** The same seed draws the same delays; 1 by default. */
  seed?: number;
  /** Bound sessions at most; more are refused. No limit by default. */
  sessionsLimit?: number;
  /** Unacknowledged deliver_sm at most per session; 10,000 by default. */
  windowPerSession?: number;
  /** Submits a second over all sessions beyond which ESME_RTHROTTLED is answered. No limit by default. */
  throughput?: number;
  /** Whether to count the accepted submits of each destination, about 40 bytes of memory a number. */
  recordSubmits?: boolean;
  /** Hears each submit as it comes, whatever it is answered; its octets lie in a buffer that is used again. */
  onSubmit?: (submit: ShortMessage) => void;
  log?: { info(details: object, message: string): void };
}

/** Counts since the start, and what is open now. */
export interface SimulatorStats {
  sessions: number;
  binds: number;
  bindsRefused: number;
  submits: number;
  /** Submits that were not answered, at most. */
  mostUnanswered: number;
  accepted: number;
  refused: number;
  throttled: number;
  /** deliver_sm sent, each delivery of a receipt counted. */
  receiptsSent: number;
  /** Of them, those sent again after a session ended without acknowledging. */
  receiptsRepeated: number;
  receiptsAcknowledged: number;
  /** deliver_sm that the ESME answered with an error. */
  receiptsRefused: number;
  /** Messages from subscribers, each part counted, that the ESME acknowledged. */
  lettersAcknowledged: number;
  /** Receipts, and messages from subscribers, that wait for a session now. */
  receiptsWaiting: number;
}

export interface Simulator {
  readonly port: number;
  /** Where receivers bind: `port`, unless `receiversApart`. */
  readonly receiverPort: number;
  stats(): SimulatorStats;
  /** How many submits were accepted for each destination; empty unless recordSubmits. Parts of a text count each. */
  submits(): ReadonlyMap<number, number>;
  /**
   * A subscriber writes to the ESME of a system_id, or to the first that has bound; what has no session waits for one.
   * False where nobody has bound yet.
   */
  write(message: InboundText, systemId?: string): boolean;
  /** Closes all sessions at once and forgets all that waits. */
  stop(): Promise<void>;
}

/** A deliver_sm refused for the moment goes out again after this long. */
const repeatMs = 1_000;

/** Refusals that pass: the receipt is kept. All others drop it, as the ESME asked. */
const passing: ReadonlySet<number> = new Set([
  Esme.ESME_RX_T_APPN,
  Esme.ESME_RTHROTTLED,
  Esme.ESME_RMSGQFUL,
  Esme.ESME_RSYSERR,
]);

/** A sequence number so far from the right one is nobody's. */
const farAway = 1_000_000_000;

/** A throughput limit forgives a burst of this part of a second. */
const burst = 0.1;

/** An accepted or refused message on its way through its script. */
interface Message {
  readonly session: ServerSession<Delivery>;
  readonly mailbox: Mailbox;
  readonly sequence: number;
  readonly id: number;
  readonly destination: number | string;
  readonly source: string;
  readonly registered: number;
  readonly script: Script;
  readonly submitted: number;
  step: number;
}

/** Listens and serves until `stop`. Rejects if it cannot listen. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulation = new Simulation(options);
  const listen = (port: number, welcome: (mode: BindMode) => boolean) =>
    createServer<Delivery>(
      {
        host: options.host ?? '127.0.0.1',
        port,
        systemId: 'simulator',
        authenticate: (bind, mode) =>
          welcome(mode) ? simulation.authenticate(bind.systemId, bind.password) : Esme.ESME_RBINDFAIL,
        windowSize: options.windowPerSession ?? 10_000,
        enquireLinkMs: 30_000,
        bindTimeoutMs: 10_000,
        ignoreEnquireLink: options.quirks?.ignoresEnquireLink ?? false,
        ...(options.tls === undefined ? {} : { tls: options.tls }),
      },
      (session) => simulation.opened(session),
    );
  const apart = options.receiversApart === true;
  const server = await listen(options.port ?? 0, (mode) => !apart || mode !== 'receiver');
  const receivers = apart ? await listen(0, (mode) => mode === 'receiver') : null;
  return {
    port: server.port,
    receiverPort: (receivers ?? server).port,
    stats: () => simulation.stats(),
    submits: () => simulation.recorded,
    write: (message, systemId) => simulation.write(message, systemId),
    stop: async () => {
      simulation.stop();
      await Promise.all([server.close(), receivers?.close()]);
    },
  };
}

class Simulation {
  readonly recorded = new Map<number, number>();
  readonly #options: SimulatorOptions;
  readonly #latency: () => number;
  readonly #receiptDelay: () => number;
  readonly #wheel: Wheel<Message | Delivery>;
  readonly #mailboxes = new Map<string, Mailbox>();
  /** How often each number was sent to that is treated otherwise at first. */
  readonly #times = new Map<string, number>();
  readonly #quirks: Quirks;
  readonly #writeId: ((id: number) => number | string) | null;
  readonly #lateMs: number;
  #unanswered = 0;
  #letters = 0;
  readonly #stats: SimulatorStats = {
    sessions: 0,
    binds: 0,
    bindsRefused: 0,
    submits: 0,
    mostUnanswered: 0,
    accepted: 0,
    refused: 0,
    throttled: 0,
    receiptsSent: 0,
    receiptsRepeated: 0,
    receiptsAcknowledged: 0,
    receiptsRefused: 0,
    lettersAcknowledged: 0,
    receiptsWaiting: 0,
  };
  /** Microseconds since 1970 at the start: ids stay unique over restarts below a million messages a second. */
  #nextId: number;
  #allowance: number;
  #allowanceAt = performance.now();
  #stopped = false;

  constructor(options: SimulatorOptions) {
    this.#options = options;
    const quirks = options.quirks ?? {};
    this.#quirks = quirks;
    this.#nextId = quirks.firstId ?? Date.now() * 1000;
    this.#writeId = (quirks.ids ?? 'decimal') === 'decimal' ? null : idStyles[quirks.ids!];
    this.#lateMs = options.lateMs ?? 300_000;
    const random = seeded(options.seed ?? 1);
    this.#latency = sampler(options.latencyMs ?? { min: 2, max: 10 }, random);
    this.#receiptDelay = sampler(options.receiptDelayMs ?? { min: 200, max: 1500 }, random);
    this.#allowance = (options.throughput ?? 0) * burst;
    this.#wheel = new Wheel(
      (item) => this.#due(item),
      () => this.#pump(),
    );
  }

  authenticate(systemId: string, password: string): number {
    const { systemId: asked, password: secret, sessionsLimit } = this.#options;
    const status =
      asked !== undefined && systemId !== asked
        ? Esme.ESME_RINVSYSID
        : secret !== undefined && password !== secret
          ? Esme.ESME_RINVPASWD
          : sessionsLimit !== undefined && this.#stats.sessions >= sessionsLimit
            ? Esme.ESME_RBINDFAIL
            : Esme.ESME_ROK;
    if (status !== Esme.ESME_ROK) this.#stats.bindsRefused++;
    return status;
  }

  opened(session: ServerSession<Delivery>): ServerHandlers<Delivery> {
    const { systemId, mode } = session;
    let mailbox = this.#mailboxes.get(systemId);
    if (mailbox === undefined) {
      mailbox = new Mailbox(this.#quirks);
      this.#mailboxes.set(systemId, mailbox);
    }
    const own = mailbox;
    this.#stats.sessions++;
    this.#stats.binds++;
    this.#options.log?.info({ systemId, mode }, 'session bound');
    own.opened(session);
    let taken = 0;
    const { silentAfter = Number.POSITIVE_INFINITY, unbindAfter = Number.POSITIVE_INFINITY } = this.#quirks;
    return {
      onSubmits: (submits) => {
        this.#submitted(session, own, submits);
        taken += submits.length;
        if (taken >= silentAfter) session.hush();
        if (taken >= unbindAfter) void session.unbind();
      },
      onAcknowledged: (receipts, statuses) => this.#acknowledged(own, receipts, statuses),
      onClosed: ({ unanswered }) => {
        this.#stats.sessions--;
        this.#options.log?.info({ systemId, mode, unacknowledged: unanswered.length }, 'session closed');
        if (!this.#stopped) own.closed(session, unanswered);
      },
    };
  }

  stats(): SimulatorStats {
    let receiptsWaiting = 0;
    let receiptsSent = 0;
    let receiptsRepeated = 0;
    for (const mailbox of this.#mailboxes.values()) {
      receiptsWaiting += mailbox.waiting;
      receiptsSent += mailbox.sent;
      receiptsRepeated += mailbox.repeated;
    }
    return { ...this.#stats, receiptsSent, receiptsRepeated, receiptsWaiting };
  }

  stop(): void {
    this.#stopped = true;
    this.#wheel.stop();
  }

  #submitted(session: ServerSession<Delivery>, mailbox: Mailbox, submits: ShortMessage[]): void {
    const now = performance.now();
    const submitted = Math.floor(Date.now() / 60_000);
    this.#stats.submits += submits.length;
    this.#unanswered += submits.length;
    this.#stats.mostUnanswered = Math.max(this.#stats.mostUnanswered, this.#unanswered);
    this.#refill(now);
    for (const submit of submits) {
      this.#options.onSubmit?.(submit);
      const number = submit.destinationNumber;
      const destination = Number.isNaN(number) ? submit.destination : number;
      const message: Message = {
        session,
        mailbox,
        sequence: submit.sequence,
        id: this.#nextId++,
        destination,
        source: submit.source,
        registered: submit.registeredDelivery,
        script: this.#script(destination),
        submitted,
        step: 0,
      };
      this.#schedule(message, now);
    }
    mailbox.pump();
  }

  /** Which script a message follows; the throughput limit and what happens at first come before it. */
  #script(destination: number | string): Script {
    if (this.#options.throughput !== undefined) {
      if (this.#allowance < 1) return throttle;
      this.#allowance--;
    }
    const suffix = typeof destination === 'number' ? destination % 1000 : Number(destination.slice(-3));
    const first = firstScriptFor(suffix);
    if (first !== undefined) {
      const key = String(destination);
      const times = this.#times.get(key) ?? 0;
      this.#times.set(key, times + 1);
      if (times < first.times) return first.script;
    }
    return scriptFor(suffix);
  }

  #refill(now: number): void {
    const { throughput } = this.#options;
    if (throughput === undefined) return;
    const more = (throughput * (now - this.#allowanceAt)) / 1000;
    this.#allowance = Math.min(Math.max(1, throughput * burst), this.#allowance + more);
    this.#allowanceAt = now;
  }

  #schedule(message: Message, now: number): void {
    const step = message.script[message.step];
    if (step === undefined) return;
    const delay = this.#delayOf(step);
    if (delay === 0) this.#perform(message, now);
    else this.#wheel.add(message, now, delay);
  }

  #delayOf(step: Step): number {
    if (step.kind === 'respond') return step.late ? this.#lateMs : this.#latency();
    if (step.kind === 'reply') return this.#receiptDelay();
    if (step.kind === 'disturb' || step.when === 'at once') return 0;
    return step.when === 'late' ? this.#lateMs : this.#receiptDelay();
  }

  #due(item: Message | Delivery): void {
    if ('script' in item) this.#perform(item, performance.now());
    else item.mailbox.put(item);
  }

  #perform(message: Message, now: number): void {
    const step = message.script[message.step++]!;
    if (step.kind === 'report') this.#report(message, step);
    else if (step.kind === 'respond') this.#respond(message, step);
    else if (step.kind === 'reply') this.#reply(message, step);
    else this.#disturb(message, step);
    this.#schedule(message, now);
  }

  #respond(message: Message, { status, astray }: Respond): void {
    const { session, sequence, id, destination } = message;
    this.#unanswered--;
    const named = this.#writeId === null ? id : this.#writeId(id);
    session.respond(astray ? sequence + farAway : sequence, status, named);
    if (astray) return;
    if (status === Esme.ESME_ROK) {
      this.#stats.accepted++;
      if (this.#options.recordSubmits === true && typeof destination === 'number') {
        this.recorded.set(destination, (this.recorded.get(destination) ?? 0) + 1);
      }
    } else if (status === Esme.ESME_RTHROTTLED) this.#stats.throttled++;
    else this.#stats.refused++;
  }

  #disturb({ session }: Message, { by }: Disturb): void {
    if (by === 'unbind') void session.unbind();
    else session.write(garbage(by));
  }

  #report(message: Message, step: Report): void {
    if (!wanted(message.registered, step)) return;
    const { mailbox, session, id, destination, source, submitted } = message;
    mailbox.put({ mailbox, session, id, destination, source, step, submitted, sent: false });
    if (step.when === 'at once') mailbox.pump();
  }

  #reply({ mailbox, session, destination, source }: Message, { text }: Reply): void {
    this.#write({ from: String(destination), to: source, text }, mailbox, session);
    mailbox.pump();
  }

  #write(message: InboundText, mailbox: Mailbox, session: ServerSession<Delivery> | null): void {
    for (const fields of inboundFields(message, this.#letters++)) mailbox.put({ mailbox, session, fields });
  }

  /** A subscriber writes: to the one of a system_id, or the first that bound. False where nobody is. */
  write(message: InboundText, systemId?: string): boolean {
    const mailbox =
      systemId === undefined ? this.#mailboxes.values().next().value : this.#mailboxes.get(systemId);
    if (mailbox === undefined) return false;
    this.#write(message, mailbox, null);
    mailbox.pump();
    return true;
  }

  #acknowledged(mailbox: Mailbox, receipts: Delivery[], statuses: number[]): void {
    for (const [i, status] of statuses.entries()) {
      const letter = 'fields' in receipts[i]!;
      if (status === Esme.ESME_ROK) {
        if (letter) this.#stats.lettersAcknowledged++;
        else this.#stats.receiptsAcknowledged++;
      } else {
        if (!letter) this.#stats.receiptsRefused++;
        if (passing.has(status)) this.#wheel.add(receipts[i]!, performance.now(), repeatMs);
      }
    }
    mailbox.pump();
  }

  #pump(): void {
    for (const mailbox of this.#mailboxes.values()) mailbox.pump();
  }
}
