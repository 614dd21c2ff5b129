// Joins the parts of long texts, which arrive in any order, apart, twice, or never. Pure; called by keep.ts with what
// came and with the texts that wait for more.

import { createHash } from 'node:crypto';
import type { Arrival } from './arrival.ts';
import { type Encoding, readText } from './content.ts';

/** A text in parts: what is there of it. */
export type Joined = {
  /** Null: it has no row yet. */
  id: number | null;
  /** The first part that came: its addresses and its data_coding hold for all. */
  readonly first: Arrival;
  /** By their place, from 0; null: has not come. */
  readonly parts: (Buffer | null)[];
  changed: boolean;
};

/** A text of the table that may wait for parts: the newest of its reference come last. */
export type Stored = { id: number; key: string; parts: (Buffer | null)[] };

/** What parts of one text have in common. */
export function partsKey({ source, address, place }: Arrival): string {
  return `${source}\0${address}\0${place!.reference}\0${place!.total}`;
}

/** A number for PostgreSQL's advisory locks out of a key. */
export function lockOf(key: string): number {
  return createHash('sha256').update(key).digest().readInt32BE(0);
}

/**
 * Puts arrived parts into texts: into the first that waits for such a part, and else into a new one. A part that is
 * there already in the same octets is the operator's repetition, and changes nothing.
 */
export function join(arrivals: readonly Arrival[], stored: readonly Stored[]): Joined[] {
  const texts = new Map<string, Joined[]>();
  for (const arrival of arrivals) {
    const key = partsKey(arrival);
    let candidates = texts.get(key);
    if (candidates === undefined) {
      candidates = stored
        .filter((row) => row.key === key && row.parts.length === arrival.place!.total)
        .map(({ id, parts }) => ({ id, first: arrival, parts: [...parts], changed: false }));
      texts.set(key, candidates);
    }
    const at = arrival.place!.part - 1;
    if (candidates.some(({ parts }) => parts[at]?.equals(arrival.octets))) continue;
    let text = candidates.find(({ parts }) => parts[at] === null);
    if (text === undefined) {
      const parts = new Array<Buffer | null>(arrival.place!.total).fill(null);
      text = { id: null, first: arrival, parts, changed: false };
      candidates.push(text);
    }
    text.parts[at] = arrival.octets;
    text.changed = true;
  }
  return [...texts.values()].flat().filter(({ changed }) => changed);
}

/** What stands for the parts that have not come. */
const gap = '…';

/** The text of what is there. Neighbours are decoded together: a character may be split between them. */
export function readParts(
  parts: readonly (Buffer | null)[],
  dataCoding: number,
): { text: string; encoding: Encoding; complete: boolean } {
  const runs: (Buffer[] | null)[] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    if (part !== null && Array.isArray(last)) last.push(part);
    else if (part !== null) runs.push([part]);
    else if (last !== null || runs.length === 0) runs.push(null);
  }
  const read = runs.map((run) => (run === null ? null : readText(Buffer.concat(run), dataCoding)));
  return {
    text: read.map((each) => each?.text ?? gap).join(''),
    encoding: read.find((each) => each !== null)?.encoding ?? 'binary',
    complete: !parts.includes(null),
  };
}
