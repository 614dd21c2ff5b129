// The receipts of one system_id: they wait for a receiving session with room, go out, and come back to the queue
// when their session ends before it acknowledged them. Used by the simulator, one per system_id.

import type { ServerSession } from '../smpp/index.ts';
import { receiptFields } from './receipt-form.ts';
import type { Report } from './scripts.ts';

/** A receipt that is not acknowledged yet. */
export interface Receipt {
  readonly mailbox: Mailbox;
  readonly id: number;
  readonly destination: number | string;
  readonly source: string;
  readonly step: Report;
  /** Minutes since 1970. */
  readonly submitted: number;
  /** Whether it went out before. */
  sent: boolean;
}

export class Mailbox {
  /** Receipts that went out, and of them those that had gone out before. */
  sent = 0;
  repeated = 0;
  readonly #sessions: ServerSession<Receipt>[] = [];
  #queue: Receipt[] = [];
  #head = 0;
  #turn = 0;

  /** Receipts that wait for a session. */
  get waiting(): number {
    return this.#queue.length - this.#head;
  }

  /** Takes a receipt; it leaves with the next `pump`. */
  put(receipt: Receipt): void {
    this.#queue.push(receipt);
  }

  opened(session: ServerSession<Receipt>): void {
    this.#sessions.push(session);
    this.pump();
  }

  /** Takes back what a session leaves unacknowledged: it goes before all others. */
  closed(session: ServerSession<Receipt>, unanswered: Receipt[]): void {
    this.#sessions.splice(this.#sessions.indexOf(session), 1);
    if (unanswered.length === 0) return;
    this.#queue = unanswered.concat(this.#queue.slice(this.#head));
    this.#head = 0;
    this.pump();
  }

  /** Sends as much as the sessions take, to each in its turn. */
  pump(): void {
    const done = Math.floor(Date.now() / 60_000);
    while (this.waiting > 0) {
      const session = this.#sessionWithRoom();
      if (session === undefined) break;
      // Fair enough and cheap: one session takes up to its share of what waits, then the next.
      const share = Math.min(session.room, Math.ceil(this.waiting / this.#sessions.length));
      for (let i = 0; i < share; i++) {
        const receipt = this.#queue[this.#head++]!;
        const { id, destination, source, step, submitted } = receipt;
        session.deliver(receiptFields(id, destination, source, step, submitted, done), receipt);
        this.sent++;
        if (receipt.sent) this.repeated++;
        receipt.sent = true;
      }
    }
    if (this.waiting === 0) {
      this.#queue = [];
      this.#head = 0;
    }
  }

  #sessionWithRoom(): ServerSession<Receipt> | undefined {
    for (let i = 0; i < this.#sessions.length; i++) {
      const session = this.#sessions[++this.#turn % this.#sessions.length]!;
      if (session.room > 0) return session;
    }
    return undefined;
  }
}
