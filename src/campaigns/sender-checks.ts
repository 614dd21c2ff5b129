// Whether an account may use senders in countries that become known message by message: each sender is read once, each
// country judged once. Called by fill.ts.

import type { Db } from '../db/index.ts';
import type { Review } from '../moderation/index.ts';
import { isSenderName, loadStanding, senderForms } from '../senders/index.ts';

/** Different senders of one campaign: far more than anybody has, and few enough to ask about each. */
const senderLimit = 1000;

type Judged = {
  judge: Awaited<ReturnType<typeof loadStanding>>;
  /** Why it may not be used in a country; null where it may. */
  countries: Map<string | undefined, string | null>;
};

export class SenderChecks {
  readonly #db: Db;
  readonly #accountId: number;
  readonly #review: Review;
  readonly #senders = new Map<string, Judged>();

  /** @param review is shown every sender that may be used */
  constructor(db: Db, accountId: number, review: Review) {
    this.#db = db;
    this.#accountId = accountId;
    this.#review = review;
  }

  /** Why the sender may not be used in this country, null where it may, undefined where that has to be asked first. */
  known(sender: string, country: string | undefined): string | null | undefined {
    return this.#senders.get(sender)?.countries.get(country);
  }

  /** The same, with the question asked. */
  async ask(sender: string, country: string | undefined): Promise<string | null> {
    if (!isSenderName(sender)) return `The sender must be ${senderForms}.`;
    let judged = this.#senders.get(sender);
    if (judged === undefined) {
      if (this.#senders.size >= senderLimit)
        return `A campaign has at most ${senderLimit} different senders.`;
      judged = { judge: await loadStanding(this.#db, this.#accountId, sender), countries: new Map() };
      this.#senders.set(sender, judged);
    }
    const standing = judged.judge(() => new Set([country]));
    if (standing.refusal === undefined) await this.#review.seeSender(sender, standing);
    judged.countries.set(country, standing.refusal ?? null);
    return standing.refusal ?? null;
  }
}
