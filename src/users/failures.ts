// Slows down who guesses passwords: failures are counted for each e-mail address and for each network address, over all
// processes. Used by the routes that take a password or a code.

import { createHash } from 'node:crypto';
import type { Db } from '../db/index.ts';
import { Refusal, Window } from '../http/index.ts';
import { CodeWanted, refused } from './errors.ts';

const spanMs = 15 * 60_000;

/** A person who forgot which password it was, and an office that shares an address. */
const limits = { email: 10, address: 30 };

export class Failures {
  readonly #windows: Record<keyof typeof limits, Window>;

  constructor(db: Db) {
    this.#windows = {
      email: new Window(db, { purpose: 'sign-in-email', spanMs }),
      address: new Window(db, { purpose: 'sign-in-address', spanMs }),
    };
  }

  /**
   * Runs what proves who somebody is, and counts it where it refuses. Who has failed too often is not told, either, when
   * a guess was right: it is asked again after the proof, when the guesses beside it have been counted.
   */
  async guard<T>(who: { email: string; ip: string }, prove: () => Promise<T>): Promise<T> {
    await this.#check(who, 'wait');
    let proven: T;
    try {
      proven = await prove();
    } catch (error) {
      const guessed = error instanceof Refusal && !(error instanceof CodeWanted);
      await this.#check(who, guessed ? 'take' : 'wait');
      throw error;
    }
    await this.#check(who, 'wait');
    return proven;
  }

  async #check({ email, ip }: { email: string; ip: string }, how: 'take' | 'wait'): Promise<void> {
    const name = createHash('sha256').update(email.toLowerCase()).digest('base64url').slice(0, 22);
    const waits = [
      await this.#windows.email[how](name, limits.email),
      await this.#windows.address[how](ip, limits.address),
    ];
    const wait = Math.max(...waits);
    if (wait > 0) throw refused.tooManyFailures(wait);
  }
}
