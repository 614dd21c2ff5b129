// One submit_sm on its way from a lane to the journal: the object that connectors carry and give back.

import type { Connector, Outgoing } from '../operators/index.ts';
import type { SubmitTemplate } from '../smpp/index.ts';
import type { LeasedBatch } from './lane.ts';
import type { Arrival } from './matcher.ts';

/** What the parts of one long message share. */
export type Whole = {
  unanswered: number;
  decided: boolean;
  /** A part of it was written to a socket: the others must follow, or nobody knows what became of the message. */
  begun: boolean;
  /** A part of it will not be written by this dispatcher. */
  abandoned: boolean;
};

/** Marks a part whose outcome leaves its message as it is: other parts decide. */
export const undecided = -1;

export class Part implements Outgoing {
  readonly template: SubmitTemplate;
  readonly phone: number;
  readonly messageId: number;
  /** 0 for the first or only one. */
  readonly index: number;
  readonly batch: LeasedBatch;
  /** Null where the message has one part. */
  readonly whole: Whole | null;
  /** Null where no route leads to the number. */
  connector: Connector<Part> | null;
  /** When it was last written, by the connector's clock. */
  writtenAt = 0;
  /** How often it was refused for a while, or stayed unanswered. */
  attempts = 0;
  /** How often the operator throttled it. */
  throttled = 0;
  /** It was written and not answered at least once, perhaps by the one who held its batch before. */
  uncertain: boolean;
  /** The operator said after the time-out that it has it: it must not go again. */
  taken = false;
  /** Only to write down what the operator called it: its message is counted elsewhere. */
  readonly aside: boolean;
  /** The message's new state (src/messages/status.ts), or `undecided`. */
  status: number = undecided;
  error = 0;
  smscId = '';
  /** Its submission is durable: receipts may be journalled. */
  committed = false;
  /** Receipts that came before that. */
  early: Arrival[] | null = null;

  constructor(
    template: SubmitTemplate,
    phone: number,
    messageId: number,
    index: number,
    batch: LeasedBatch,
    whole: Whole | null,
    connector: Connector<Part> | null,
    aside = false,
  ) {
    this.template = template;
    this.phone = phone;
    this.messageId = messageId;
    this.index = index;
    this.batch = batch;
    this.uncertain = messageId <= batch.inherited;
    this.whole = whole;
    this.connector = connector;
    this.aside = aside;
  }

  /** The same part once more, with the id that a late response has given it. */
  calledLate(smscId: string, connector: Connector<Part>): Part {
    const part = new Part(
      this.template,
      this.phone,
      this.messageId,
      this.index,
      this.batch,
      this.whole,
      connector,
      true,
    );
    part.smscId = smscId;
    part.writtenAt = this.writtenAt;
    return part;
  }

  get revoked(): boolean {
    return this.taken || this.batch.lost || (this.batch.closing && !this.begun);
  }

  /** Whether another part of its message was written. */
  get begun(): boolean {
    return this.whole?.begun ?? false;
  }

  leaves(): void {
    if (this.whole !== null) this.whole.begun = true;
  }
}
