// Parts that lie below the mark of their batch and cannot leave yet: those that failed for a while wait for their next
// try, the homeless for an operator. Kept by the dispatcher, which looks at them several times a second.

import type { Part } from './part.ts';

/** The wait before the second try; it doubles with each further one. */
const firstRetryMs = 1000;

export class Waiting {
  #retries: { at: number; part: Part }[] = [];
  #homeless: Part[] = [];

  /** Waits for its next try: the longer the more often it was tried, and a quarter more or less by chance. */
  retry(part: Part, now: number): void {
    const wait = firstRetryMs * 2 ** (part.attempts - 1) * (0.75 + Math.random() / 2);
    this.#retries.push({ at: now + wait, part });
  }

  /** Waits for an operator. */
  homeless(part: Part): void {
    this.#homeless.push(part);
  }

  /** Takes out what is to be looked at now: whose time has come, whose batch is given back, and all the homeless. */
  due(now: number): Part[] {
    const due = this.#homeless.splice(0);
    if (this.#retries.length === 0) return due;
    const later: { at: number; part: Part }[] = [];
    for (const retry of this.#retries) {
      if (retry.at <= now || retry.part.batch.closing) due.push(retry.part);
      else later.push(retry);
    }
    this.#retries = later;
    return due;
  }

  /** How many wait for their next try, and for an operator. */
  get sizes(): { retries: number; homeless: number } {
    return { retries: this.#retries.length, homeless: this.#homeless.length };
  }

  /** Takes out everything. */
  all(): Part[] {
    return [...this.#retries.splice(0).map(({ part }) => part), ...this.#homeless.splice(0)];
  }
}
