// Group commit: what happened is gathered and written down in one transaction after another, a group being whatever
// came while the last one was on its way. No timer: an idle journal commits at once, a busy one in large groups.

import type pg from 'pg';
import { Histogram, type HistogramSnapshot } from '../tally/index.ts';
import type { Log } from './log.ts';

/** The largest group: beyond it a commit takes long enough to be felt by those who wait for it. */
const groupLimit = 4000;
/** Waits between tries while the database is away. */
const firstRetryMs = 50;
const longestRetryMs = 5000;

export type JournalOptions<T> = {
  name: string;
  /** Opens the journal's own connection; called again when it broke. */
  connect(): Promise<pg.Client>;
  /** Writes a group down, atomically, and so that it may be repeated when the connection broke in the middle. */
  commit(client: pg.Client, group: readonly T[]): Promise<void>;
  /** Called after the group is durable. */
  committed(group: readonly T[]): void;
  log: Log;
};

/** What a journal did since the start, as plain values. */
export type JournalMetrics = {
  name: string;
  /** Entries that are not durable yet. */
  backlog: number;
  /** Commits that failed, and were tried again. */
  failures: number;
  /** Whether the last try failed. */
  failing: boolean;
  /** How long the try that is on its way has taken. */
  tryingSeconds: number;
  /** Entries of each group, and how long its successful commit took. */
  entries: HistogramSnapshot;
  commitSeconds: HistogramSnapshot;
};

/** Groups up to 4,096 entries, and commits up to 8 s, have buckets of their own. */
const entryBounds = 13;
const commitBounds = 14;

export class Journal<T> {
  readonly #options: JournalOptions<T>;
  #pending: T[] = [];
  #inCommit = 0;
  #running = false;
  #client: pg.Client | null = null;
  #idle: (() => void)[] = [];
  #stopped = false;
  #wakeRetry: (() => void) | null = null;
  #failures = 0;
  #failing = false;
  /** When the try on its way began; 0: none is. */
  #tryingSince = 0;
  readonly #entries = new Histogram(1, entryBounds);
  readonly #commitMs = new Histogram(1, commitBounds);

  constructor(options: JournalOptions<T>) {
    this.#options = options;
  }

  /** How many entries are not durable yet. */
  get backlog(): number {
    return this.#pending.length + this.#inCommit;
  }

  metrics(): JournalMetrics {
    return {
      name: this.#options.name,
      backlog: this.backlog,
      failures: this.#failures,
      failing: this.#failing,
      tryingSeconds: this.#tryingSince === 0 ? 0 : (performance.now() - this.#tryingSince) / 1000,
      entries: this.#entries.snapshot(),
      commitSeconds: this.#commitMs.snapshot(0.001),
    };
  }

  /** Takes an entry. It is committed with all others of this turn of the event loop, or later. */
  add(entry: T): void {
    this.#pending.push(entry);
    if (this.#running) return;
    this.#running = true;
    setImmediate(() => void this.#run());
  }

  /** Resolves when everything taken so far and meanwhile is durable. */
  idle(): Promise<void> {
    if (!this.#running) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Ends the connection. What is not durable by now is dropped: call idle() first. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wakeRetry?.();
    await this.#client?.end().catch(() => {});
    this.#client = null;
  }

  async #run(): Promise<void> {
    while (this.#pending.length > 0 && !this.#stopped) {
      const group = this.#pending.length <= groupLimit ? this.#pending : this.#pending.slice(0, groupLimit);
      this.#pending = group === this.#pending ? [] : this.#pending.slice(groupLimit);
      this.#inCommit = group.length;
      await this.#commit(group);
      this.#inCommit = 0;
    }
    this.#running = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  // Tries until it is done: an entry is a fact, and facts are not dropped because the database is away.
  async #commit(group: readonly T[]): Promise<void> {
    const { name, log } = this.#options;
    let wait = firstRetryMs;
    while (!this.#stopped) {
      const began = performance.now();
      this.#tryingSince = began;
      try {
        this.#client ??= await this.#options.connect();
        await this.#options.commit(this.#client, group);
      } catch (error) {
        this.#tryingSince = 0;
        if (this.#stopped) return;
        this.#failures++;
        this.#failing = true;
        log.warn(
          { journal: name, entries: group.length, err: error, nextTryMs: wait },
          'group not committed',
        );
        await this.#client?.end().catch(() => {});
        this.#client = null;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, wait);
          this.#wakeRetry = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        wait = Math.min(longestRetryMs, wait * 2);
        continue;
      }
      this.#tryingSince = 0;
      this.#failing = false;
      this.#entries.add(group.length);
      this.#commitMs.add(performance.now() - began);
      this.#options.committed(group);
      return;
    }
  }
}
