// What goes on inside a simulator: messages follow their scripts step by step, receipts wait in mailboxes, and all of it
// is counted. Made by simulator.ts, which listens for it.

import { isDeepStrictEqual } from 'node:util';
import { Esme, type ServerHandlers, type ServerSession, type ShortMessage } from '../smpp/index.ts';
import { Allowance } from './allowance.ts';
import { type Behaviour, type Manner, mannerOf } from './behaviour.ts';
import { seeded } from './distribution.ts';
import { garbage } from './garbage.ts';
import { type InboundText, inboundFields } from './inbound.ts';
import { type Delivery, Mailbox } from './mailbox.ts';
import type { SimulatorOptions, SimulatorStats } from './options.ts';
import {
  type Disturb,
  delivered,
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

/** An accepted or refused message on its way through its script. */
interface Message {
  readonly session: ServerSession<Delivery>;
  readonly mailbox: Mailbox;
  readonly sequence: number;
  readonly id: number;
  readonly destination: number | string;
  readonly source: string;
  readonly registered: number;
  /** How the simulator behaved when it came. */
  readonly manner: Manner;
  readonly script: Script;
  readonly submitted: number;
  step: number;
}

/** A session, and how much it has taken. */
interface Line {
  readonly session: ServerSession<Delivery>;
  taken: number;
  hushed: boolean;
}

export class Simulation {
  readonly recorded = new Map<number, number>();
  readonly #options: SimulatorOptions;
  readonly #random: () => number;
  readonly #normal: Behaviour;
  readonly #wheel: Wheel<Message | Delivery>;
  readonly #mailboxes = new Map<string, Mailbox>();
  readonly #sessions = new Set<Line>();
  /** How often each number was sent to that is treated otherwise at first. */
  readonly #times = new Map<string, number>();
  #manner: Manner;
  #allowance: Allowance;
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
    scheduled: 0,
  };
  /** Microseconds since 1970 at the start: ids stay unique over restarts below a million messages a second. */
  #nextId: number;
  #stopped = false;

  constructor(options: SimulatorOptions) {
    this.#options = options;
    const { latencyMs = { min: 2, max: 10 }, receiptDelayMs = { min: 200, max: 1500 } } = options;
    const { lateMs = 300_000, throughput = null, shares = {}, refuseBinds = false, quirks = {} } = options;
    this.#normal = { latencyMs, receiptDelayMs, lateMs, throughput, shares, refuseBinds, quirks };
    this.#nextId = quirks.firstId ?? Date.now() * 1000;
    this.#random = seeded(options.seed ?? 1);
    this.#manner = mannerOf(this.#normal, this.#random);
    this.#allowance = new Allowance(throughput);
    this.#wheel = new Wheel(
      (item) => this.#due(item),
      () => this.#pump(),
    );
  }

  get behaviour(): Behaviour {
    return this.#manner.behaviour;
  }

  get normal(): boolean {
    return isDeepStrictEqual(this.behaviour, this.#normal);
  }

  behave(change: Partial<Behaviour>): void {
    const before = this.behaviour;
    this.#manner = mannerOf({ ...before, ...change }, this.#random);
    const { throughput, quirks } = this.behaviour;
    if (throughput !== before.throughput) this.#allowance = new Allowance(throughput);
    if (quirks.silentAfter !== undefined) return;
    // Those that hear nothing more would stay so for as long as their ESME believes in them.
    for (const { session, hushed } of [...this.#sessions]) if (hushed) session.destroy();
  }

  reset(): void {
    this.behave(this.#normal);
  }

  cut(): number {
    const open = [...this.#sessions];
    for (const { session } of open) session.destroy();
    return open.length;
  }

  authenticate(systemId: string, password: string): number {
    const { systemId: asked, password: secret, sessionsLimit } = this.#options;
    const status =
      asked !== undefined && systemId !== asked
        ? Esme.ESME_RINVSYSID
        : secret !== undefined && password !== secret
          ? Esme.ESME_RINVPASWD
          : this.behaviour.refuseBinds ||
              (sessionsLimit !== undefined && this.#sessions.size >= sessionsLimit)
            ? Esme.ESME_RBINDFAIL
            : Esme.ESME_ROK;
    if (status !== Esme.ESME_ROK) this.#stats.bindsRefused++;
    return status;
  }

  opened(session: ServerSession<Delivery>): ServerHandlers<Delivery> {
    const { systemId, mode } = session;
    let mailbox = this.#mailboxes.get(systemId);
    if (mailbox === undefined) {
      mailbox = new Mailbox(() => this.behaviour.quirks.receiptsElsewhere === true);
      this.#mailboxes.set(systemId, mailbox);
    }
    const own = mailbox;
    const line: Line = { session, taken: 0, hushed: false };
    this.#sessions.add(line);
    this.#stats.binds++;
    this.#options.log?.info({ systemId, mode }, 'session bound');
    own.opened(session);
    return {
      onSubmits: (submits) => {
        this.#submitted(session, own, submits);
        this.#tire(line, submits.length);
      },
      onAcknowledged: (receipts, statuses) => this.#acknowledged(own, receipts, statuses),
      onClosed: ({ unanswered }) => {
        this.#sessions.delete(line);
        this.#options.log?.info({ systemId, mode, unacknowledged: unanswered.length }, 'session closed');
        if (!this.#stopped) own.closed(session, unanswered);
      },
    };
  }

  /** After so many submits a session falls silent, or ends. */
  #tire(line: Line, submits: number): void {
    const { silentAfter = Number.POSITIVE_INFINITY, unbindAfter = Number.POSITIVE_INFINITY } =
      this.behaviour.quirks;
    line.taken += submits;
    if (line.taken >= silentAfter) {
      line.hushed = true;
      line.session.hush();
    }
    if (line.taken >= unbindAfter) void line.session.unbind();
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
    const now = { sessions: this.#sessions.size, scheduled: this.#wheel.size };
    return { ...this.#stats, ...now, receiptsSent, receiptsRepeated, receiptsWaiting };
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
    this.#allowance.refill(now);
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
        manner: this.#manner,
        script: this.#script(destination),
        submitted,
        step: 0,
      };
      this.#schedule(message, now);
    }
    mailbox.pump();
  }

  /** Which script a message follows: by the limit, by its number, by chance, in this order. */
  #script(destination: number | string): Script {
    if (!this.#allowance.take()) return throttle;
    const suffix = typeof destination === 'number' ? destination % 1000 : Number(destination.slice(-3));
    const first = firstScriptFor(suffix);
    if (first !== undefined) {
      const key = String(destination);
      const times = this.#times.get(key) ?? 0;
      this.#times.set(key, times + 1);
      if (times < first.times) return first.script;
    }
    return scriptFor(suffix) ?? this.#manner.drawn() ?? delivered;
  }

  #schedule(message: Message, now: number): void {
    const step = message.script[message.step];
    if (step === undefined) return;
    const delay = delayOf(step, message.manner);
    if (delay === 0) this.#perform(message, now);
    else this.#wheel.add(message, now, delay);
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
    const { session, sequence, id, destination, manner } = message;
    this.#unanswered--;
    const named = manner.writeId === null ? id : manner.writeId(id);
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
    const { mailbox, session, id, destination, source, submitted, manner } = message;
    mailbox.put({ mailbox, session, id, destination, source, step, submitted, manner, sent: false });
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

function delayOf(step: Step, { behaviour, latency, receiptDelay }: Manner): number {
  if (step.kind === 'respond') return step.late ? behaviour.lateMs : latency();
  if (step.kind === 'reply') return receiptDelay();
  if (step.kind === 'disturb' || step.when === 'at once') return 0;
  return step.when === 'late' ? behaviour.lateMs : receiptDelay();
}
