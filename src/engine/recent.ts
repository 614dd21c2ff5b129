// The submissions of one account at an operator that are looked for in memory before the table is asked, and what is
// learnt from its receipts about how it writes ids. The matcher has one for each account.

import { foldId, type Notation, noted } from './notation.ts';
import type { Part } from './part.ts';
import { type Addresses, endsAsOneOf, isOneOf } from './recipient.ts';

/** How many submissions are remembered: a minute at full speed of an operator that is slow to report. */
const recentLimit = 150_000;

/** What a receipt says of its message. */
export type Naming = Addresses & {
  /** The operator's id, as the receipt has it. */
  readonly named: string;
  readonly format: IdFormat;
  /** Written as in the response (5.3.2.12): the notation of other receipts does not count. */
  readonly fromTlv: boolean;
};

/** How an operator's ids in receipts differ from those in responses; see operator.message_id_format. */
export type IdFormat = 'auto' | 'as_is' | 'receipt_hex' | 'response_hex';

/** The notation that a person has declared; null where it is to be found out. */
export function declared(format: IdFormat): Notation | null {
  if (format === 'receipt_hex') return 'decimal';
  if (format === 'response_hex') return 'hex';
  return format === 'as_is' ? 'same' : null;
}

/** Recent submissions by the operator's id, in two generations so that forgetting the oldest costs nothing. */
export class Recent {
  /** How the last receipt that was found was written. */
  notation: Notation = 'same';
  #young = new Map<string, Part>();
  #old = new Map<string, Part>();

  set(part: Part): void {
    if (this.#young.size >= recentLimit) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    const id = part.smscId;
    this.#young.set(id, part);
    // By the folded id as well, but never in the place of one that is written so.
    const other = foldId(id);
    if (other !== id && this.#young.get(other)?.smscId !== other) this.#young.set(other, part);
  }

  /** The part that a receipt names, if it is surely this one. */
  find(receipt: Naming): Part | undefined {
    const plain = this.notation === 'same' || receipt.fromTlv;
    if (plain && (receipt.format === 'auto' || receipt.format === 'as_is')) {
      const part = this.#get(receipt.named);
      if (part?.smscId === receipt.named && isOneOf(part.phone, receipt)) return part;
    }
    const candidates: Part[] = [];
    for (const notation of notationsOf(receipt, this.notation)) {
      const id = noted(foldId(receipt.named), notation);
      if (id === null) continue;
      for (const key of notation === 'same' && id !== receipt.named ? [receipt.named, id] : [id]) {
        const part = this.#get(key);
        if (part !== undefined && speaksOf(receipt, part.smscId, part.phone, notation)) candidates.push(part);
      }
    }
    return candidates.find((part) => isOneOf(part.phone, receipt)) ?? candidates[0];
  }

  /** Forgets a part whose final receipt came. */
  forget(part: Part): void {
    const id = part.smscId;
    this.#drop(id, part);
    const folded = foldId(id);
    if (folded !== id) this.#drop(folded, part);
  }

  #drop(id: string, part: Part): void {
    if (this.#young.get(id) === part) this.#young.delete(id);
    else if (this.#old.get(id) === part) this.#old.delete(id);
  }

  #get(id: string): Part | undefined {
    return this.#young.get(id) ?? this.#old.get(id);
  }
}

/** How the id of a receipt may be meant, likeliest first: as declared; else as the last ones were, and as it stands. */
export function notationsOf({ format, fromTlv }: Naming, usual: Notation): readonly Notation[] {
  const only = declared(format);
  if (only !== null) return [only];
  return usual === 'same' || fromTlv ? justSame : [usual, 'same'];
}

const justSame: readonly Notation[] = ['same'];

/**
 * Whether a receipt speaks of the message with this id, found by the notation, and this phone. Where ids are declared
 * to be `as_is` they must be written alike. In `auto` the phones must agree, if the receipt has one; an id in another
 * notation is a guess, and without a phone it is not believed.
 */
export function speaksOf(receipt: Naming, written: string, phone: number, notation: Notation): boolean {
  if (receipt.format === 'as_is') return written === receipt.named;
  if (receipt.format !== 'auto') return true;
  if (receipt.phone === 0) return notation === 'same';
  return endsAsOneOf(phone, receipt);
}
