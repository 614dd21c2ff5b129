// Which requests of ours wait for a response: a ring of slots addressed by sequence number, so that neither asking
// nor answering allocates. Used by the client for submit_sm and by the server for deliver_sm.

import { maxSequence } from './constants.ts';

/** The widest window; more in flight than this is a configuration error (it would be minutes of any operator). */
export const maxWindow = 1_000_000;

/** How many expired requests are remembered for a late answer: a slow minute of a busy operator. */
const lateLimit = 10_000;

/**
 * Sequence numbers need only be unique among the unanswered, so one whose slot is still taken by a straggler is
 * skipped. The ring has at least twice as many slots as the window, so a free one is near.
 */
export class Window<T> {
  readonly size: number;
  readonly #mask: number;
  readonly #sequences: Int32Array; // 0: the slot is free
  readonly #stamps: Uint32Array;
  readonly #tokens: (T | undefined)[];
  /** Tokens of expired requests by their sequence numbers, oldest first. */
  readonly #late = new Map<number, T>();
  #count = 0;
  #last: number;
  #now = 0;

  /** A window of `size` unanswered requests; the first sequence number is `first`. */
  constructor(size: number, first = 1) {
    if (!Number.isInteger(size) || size < 1 || size > maxWindow) {
      throw new RangeError(`a window is a whole number from 1 to ${maxWindow}`);
    }
    let slots = 16;
    while (slots < 2 * size) slots *= 2;
    this.size = size;
    this.#mask = slots - 1;
    this.#sequences = new Int32Array(slots);
    this.#stamps = new Uint32Array(slots);
    this.#tokens = new Array<T | undefined>(slots).fill(undefined);
    this.#last = first - 1;
  }

  /** Unanswered requests. */
  get count(): number {
    return this.#count;
  }

  /** A sequence number for a request that is not kept here, such as enquire_link. */
  nextSequence(): number {
    let sequence = this.#last;
    do {
      sequence = sequence >= maxSequence ? 1 : sequence + 1;
    } while (this.#sequences[sequence & this.#mask] !== 0);
    this.#last = sequence;
    return sequence;
  }

  /** Keeps a token and returns the sequence number of its request. Throws RangeError when the window is full. */
  add(token: T): number {
    if (this.#count >= this.size) throw new RangeError(`the window of ${this.size} is full`);
    const sequence = this.nextSequence();
    const slot = sequence & this.#mask;
    this.#sequences[slot] = sequence;
    this.#stamps[slot] = this.#now;
    this.#tokens[slot] = token;
    this.#count++;
    return sequence;
  }

  /** Whether a request with this sequence number waits. */
  has(sequence: number): boolean {
    return sequence > 0 && this.#sequences[sequence & this.#mask] === sequence;
  }

  /** Removes and returns the token of a request that waits; ask `has` first. */
  take(sequence: number): T {
    return this.#free(sequence & this.#mask);
  }

  /** Advances the window's clock by one tick. */
  tick(): void {
    this.#now++;
  }

  /** Removes and returns the tokens that were added more than `ticks` ticks ago, oldest first. */
  expire(ticks: number): T[] {
    return this.#count === 0 ? [] : this.#remove((stamp) => this.#now - stamp > ticks, true);
  }

  /** Removes and returns the token of a request that has expired; undefined where it is not remembered. */
  takeLate(sequence: number): T | undefined {
    const token = this.#late.get(sequence);
    this.#late.delete(sequence);
    return token;
  }

  /** Removes and returns all tokens, oldest first. */
  drain(): T[] {
    this.#late.clear();
    return this.#remove(() => true, false);
  }

  #remove(old: (stamp: number) => boolean, remember: boolean): T[] {
    const slots: number[] = [];
    for (let slot = 0; slot <= this.#mask; slot++) {
      if (this.#sequences[slot] !== 0 && old(this.#stamps[slot]!)) slots.push(slot);
    }
    // How long ago a number was given out, across the wrap.
    const age = (slot: number) => (this.#last - this.#sequences[slot]! + maxSequence) % maxSequence;
    slots.sort((a, b) => age(b) - age(a));
    if (remember) for (const slot of slots) this.#remember(this.#sequences[slot]!, this.#tokens[slot] as T);
    return slots.map((slot) => this.#free(slot));
  }

  #remember(sequence: number, token: T): void {
    this.#late.set(sequence, token);
    if (this.#late.size <= lateLimit) return;
    for (const oldest of this.#late.keys()) {
      this.#late.delete(oldest);
      break;
    }
  }

  #free(slot: number): T {
    const token = this.#tokens[slot] as T;
    this.#tokens[slot] = undefined;
    this.#sequences[slot] = 0;
    this.#count--;
    return token;
  }
}
