// How many messages of each state lie where in a campaign: a count for every few thousand ids. Messages have no index on
// their state, so the page of a filter by it is found by counting through this. Called by by-status.ts.
//
// A message only moves forward through its states, so while the counters of a campaign are the same, so is its census
// (docs/decisions/0012-figures-on-demand.md uses the same). When they change, only what is not settled is counted again.

import pLimit from 'p-limit';
import type { Db } from '../db/index.ts';
import type { Counted } from './counted.ts';
import type { CountedRange } from './search.ts';
import { Status, type StatusCode, type StatusName, transitions } from './status.ts';
import type { Way } from './store.ts';

/** Ids that are counted as one: a page reads so many rows where it begins and ends, 2 ms. */
export const stepSize = 5000;
/** Steps that one statement counts, so that no snapshot lives long: some 20 ms. */
const stepsAtOnce = 20;
/** While the counters change, a census is good for so many times what it took: a twentieth of one connection. */
const share = 20;
/** Steps that a process remembers, over all campaigns: 18 octets each. */
const mostSteps = 200_000;
/** Campaigns that are counted at once, whoever asks. */
const atOnce = 2;

const states = Object.keys(Status).length;
/** The states that a message does not leave. */
const settled = (Object.keys(Status) as StatusName[])
  .filter((name) => transitions[name].length === 0)
  .map((name) => Status[name]);

export class Census {
  /** The counters before it was made: while they are the same, it is exact. */
  readonly counters: string;
  readonly first: number;
  readonly last: number;
  /** Messages of each state, step by step. */
  readonly #counts: Uint16Array;

  constructor({ counters, first, last }: Counted, before?: Census) {
    this.counters = counters;
    this.first = first;
    this.last = last;
    const steps = Math.ceil((last - first + 1) / stepSize);
    this.#counts = before === undefined ? new Uint16Array(steps * states) : before.#counts.slice();
  }

  get steps(): number {
    return this.#counts.length / states;
  }

  /** Whether nothing of a step can change any more. */
  isSettled(step: number): boolean {
    let sum = 0;
    for (const code of settled) sum += this.#counts[step * states + code]!;
    return sum === this.#range(step).last - this.#range(step).first + 1;
  }

  /** Takes in what was counted of the steps `from` to `to`, the latter not included. */
  note(from: number, to: number, counted: readonly { step: number; status: StatusCode; n: number }[]): void {
    this.#counts.fill(0, from * states, to * states);
    for (const { step, status, n } of counted) this.#counts[step * states + status] = n;
  }

  /** The steps with messages in these states and how many of them, in the order of a page. */
  *ranges(codes: readonly StatusCode[], way: Way): Generator<CountedRange> {
    for (let i = 0; i < this.steps; i += 1) {
      const step = way === 'asc' ? i : this.steps - 1 - i;
      let n = 0;
      for (const code of codes) n += this.#counts[step * states + code]!;
      if (n > 0) yield { ...this.#range(step), n };
    }
  }

  #range(step: number): { first: number; last: number } {
    const first = this.first + step * stepSize;
    return { first, last: Math.min(first + stepSize - 1, this.last) };
  }
}

type Known = { made: Promise<Census>; until: number; steps: number };

/** Gives the census of campaigns, and remembers those that were asked for last. */
export class CensusSource {
  readonly #db: Db;
  readonly #known = new Map<number, Known>();
  readonly #limit = pLimit(atOnce);

  constructor(db: Db) {
    this.#db = db;
  }

  /**
   * The census of a campaign; exact where its `counters` are still those of the campaign, else a little old.
   *
   * @param anew an older one than of this moment does not serve
   */
  async of(campaign: Counted, anew = false): Promise<Census> {
    const known = this.#known.get(campaign.id);
    // Who comes while it is made waits for the same one.
    const before = await known?.made.catch(() => undefined);
    if (before?.counters === campaign.counters) return before;
    if (before !== undefined && !anew && performance.now() < known!.until) return before;
    const other = this.#known.get(campaign.id);
    if (other !== undefined && other !== known) return other.made;
    return this.#make(campaign, before);
  }

  #make(campaign: Counted, before: Census | undefined): Promise<Census> {
    const began = performance.now();
    const census = new Census(
      campaign,
      before?.first === campaign.first && before.last === campaign.last ? before : undefined,
    );
    const known: Known = {
      made: this.#limit(() => this.#count(census)),
      until: Number.POSITIVE_INFINITY,
      steps: census.steps,
    };
    this.#known.delete(campaign.id);
    this.#known.set(campaign.id, known);
    this.#forget();
    const over = () => {
      const ended = performance.now();
      known.until = ended + share * (ended - began);
    };
    const failed = () => {
      if (this.#known.get(campaign.id) === known) this.#known.delete(campaign.id);
    };
    known.made.then(over, failed);
    return known.made;
  }

  /** Forgets the oldest; the newest stays, however large. */
  #forget(): void {
    let steps = 0;
    for (const known of this.#known.values()) steps += known.steps;
    for (const [id, known] of this.#known) {
      if (steps <= mostSteps || this.#known.size === 1) return;
      this.#known.delete(id);
      steps -= known.steps;
    }
  }

  async #count(census: Census): Promise<Census> {
    for (let from = 0; from < census.steps; ) {
      if (census.isSettled(from)) {
        from += 1;
        continue;
      }
      let to = from + 1;
      while (to < census.steps && to - from < stepsAtOnce && !census.isSettled(to)) to += 1;
      const first = census.first + from * stepSize;
      const { rows } = await this.#db.pool.query<{ step: number; status: StatusCode; n: number }>({
        name: 'count-states',
        text: `select ((id - $1) / ${stepSize})::integer as step, status, count(*)::integer as n
          from message where id between $2 and $3 group by 1, 2`,
        values: [census.first, first, Math.min(first + (to - from) * stepSize - 1, census.last)],
      });
      census.note(from, to, rows);
      from = to;
    }
    return census;
  }
}
