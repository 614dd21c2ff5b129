// The receipts of one system_id: they wait for a receiving session with room, go out, and come back to the queue
// when their session ends before it acknowledged them. Used by the simulator, one per system_id.

import type { DeliverFields, ServerSession } from '../smpp/index.ts';
import type { Manner } from './behaviour.ts';
import { receiptFields } from './receipt-form.ts';
import type { Report } from './scripts.ts';

/** Ids of messages that nobody sent are as far from the others as they would get in months. */
const strangers = 10_000_000_000_000;

/** A receipt that is not acknowledged yet. */
export interface Receipt {
  readonly mailbox: Mailbox;
  /** Where its message came from. */
  readonly session: ServerSession<Delivery>;
  readonly id: number;
  readonly destination: number | string;
  readonly source: string;
  readonly step: Report;
  /** Minutes since 1970. */
  readonly submitted: number;
  readonly manner: Manner;
  /** Whether it went out before. */
  sent: boolean;
}

/** A message from a subscriber that is not acknowledged yet. */
export interface Letter {
  readonly mailbox: Mailbox;
  readonly session: ServerSession<Delivery> | null;
  readonly fields: DeliverFields;
}

export type Delivery = Receipt | Letter;

export class Mailbox {
  /** Receipts that went out, and of them those that had gone out before. */
  sent = 0;
  repeated = 0;
  readonly #sessions: ServerSession<Delivery>[] = [];
  #queue: Delivery[] = [];
  #head = 0;
  #turn = 0;
  readonly #elsewhere: () => boolean;

  /** `elsewhere`: whether receipts go to another session than their message came from, if there is one. */
  constructor(elsewhere: () => boolean) {
    this.#elsewhere = elsewhere;
  }

  /** Receipts that wait for a session. */
  get waiting(): number {
    return this.#queue.length - this.#head;
  }

  /** Takes a receipt or a message; it leaves with the next `pump`. */
  put(receipt: Delivery): void {
    this.#queue.push(receipt);
  }

  opened(session: ServerSession<Delivery>): void {
    this.#sessions.push(session);
    this.pump();
  }

  /** Takes back what a session leaves unacknowledged: it goes before all others. */
  closed(session: ServerSession<Delivery>, unanswered: Delivery[]): void {
    this.#sessions.splice(this.#sessions.indexOf(session), 1);
    if (unanswered.length === 0) return;
    this.#queue = unanswered.concat(this.#queue.slice(this.#head));
    this.#head = 0;
    this.pump();
  }

  /** Sends as much as the sessions take, to each in its turn. */
  pump(): void {
    const done = Math.floor(Date.now() / 60_000);
    const elsewhere = this.#elsewhere() && this.#sessions.length > 1;
    while (this.waiting > 0) {
      const session = this.#sessionWithRoom(elsewhere ? this.#queue[this.#head]!.session : null);
      if (session === undefined) break;
      // Fair enough and cheap: one session takes up to its share of what waits, then the next.
      const share = elsewhere ? 1 : Math.min(session.room, Math.ceil(this.waiting / this.#sessions.length));
      for (let i = 0; i < share; i++) this.#deliver(session, this.#queue[this.#head++]!, done);
    }
    if (this.waiting === 0) {
      this.#queue = [];
      this.#head = 0;
    }
  }

  #deliver(session: ServerSession<Delivery>, receipt: Delivery, done: number): void {
    if ('fields' in receipt) {
      session.deliver(receipt.fields, receipt);
      return;
    }
    const { destination, source, step, submitted, manner } = receipt;
    const { receiptForm = 'text', receiptAddresses = 'plain' } = manner.behaviour.quirks;
    const id = step.stranger ? receipt.id + strangers : receipt.id;
    const { writeReceiptId: write } = manner;
    const named = write === null || step.form === 'hex' ? id : write(id);
    const form = step.form === 'text' ? receiptForm : step.form;
    session.deliver(
      receiptFields(named, destination, source, step, submitted, done, form, receiptAddresses),
      receipt,
    );
    this.sent++;
    if (receipt.sent) this.repeated++;
    receipt.sent = true;
  }

  #sessionWithRoom(not: ServerSession<Delivery> | null): ServerSession<Delivery> | undefined {
    for (let i = 0; i < this.#sessions.length; i++) {
      const session = this.#sessions[++this.#turn % this.#sessions.length]!;
      if (session.room > 0 && session !== not) return session;
    }
    return undefined;
  }
}
