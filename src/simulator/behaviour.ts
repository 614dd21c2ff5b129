// How the simulator treats messages: delays, chances and quirks, which may change while it runs. A message keeps to the
// behaviour that it met, so that its receipt is about the id that its response gave. Used by simulation.ts.

import { type Distribution, sampler } from './distribution.ts';
import { idStyles, type Quirks } from './quirks.ts';
import { type Outcome, outcomes, type Script } from './scripts.ts';

/** In percent of the messages whose number asks for nothing; what is absent is 0, what is left is delivered. */
export type Shares = { readonly [Name in Outcome]?: number };

/** Times are in milliseconds. */
export interface Behaviour {
  /** From submit_sm to its response. */
  readonly latencyMs: Distribution;
  /** From the response to the receipt. */
  readonly receiptDelayMs: Distribution;
  /** After how long late responses and receipts come. */
  readonly lateMs: number;
  /** Submits a second over all sessions beyond which ESME_RTHROTTLED is answered; null: no limit. */
  readonly throughput: number | null;
  readonly shares: Shares;
  /** Whether nobody may bind; sessions that are bound stay. */
  readonly refuseBinds: boolean;
  readonly quirks: Quirks;
}

/** A behaviour made ready: what each message needs of it, worked out once. */
export interface Manner {
  readonly behaviour: Behaviour;
  latency(): number;
  receiptDelay(): number;
  /** How ids are written in responses and in receipts; null where they are decimal, which needs no detour. */
  readonly writeId: ((id: number) => number | string) | null;
  readonly writeReceiptId: ((id: number) => number | string) | null;
  /** What chance makes of a message; undefined: nothing. */
  drawn(): Script | undefined;
}

/** Makes a behaviour ready; `random` gives numbers from 0 to 1. Throws RangeError where it makes no sense. */
export function mannerOf(behaviour: Behaviour, random: () => number): Manner {
  const { ids = 'decimal', receiptIds = ids } = behaviour.quirks;
  const styleOf = (style: keyof typeof idStyles) => (style === 'decimal' ? null : idStyles[style]);
  return {
    behaviour,
    latency: sampler(behaviour.latencyMs, random),
    receiptDelay: sampler(behaviour.receiptDelayMs, random),
    writeId: styleOf(ids),
    writeReceiptId: styleOf(receiptIds),
    drawn: lottery(behaviour.shares, random),
  };
}

/** All shares together at most, in percent: sums of decimal ones may miss 100 by a hair. */
export const mostPercent = 100 + 1e-9;

function lottery(shares: Shares, random: () => number): () => Script | undefined {
  const lots: { upto: number; script: Script }[] = [];
  let upto = 0;
  for (const [name, share = 0] of Object.entries(shares) as [Outcome, number | undefined][]) {
    if (!(share >= 0)) throw new RangeError(`the share ${name} is at least 0 percent`);
    if (share === 0) continue;
    upto += share;
    lots.push({ upto, script: outcomes[name] });
  }
  if (upto > mostPercent) throw new RangeError('the shares are at most 100 percent together');
  // Nothing is drawn where nothing can be won: a seed then gives the same delays as ever.
  if (lots.length === 0) return () => undefined;
  return () => {
    const drawn = random() * 100;
    return lots.find((lot) => drawn < lot.upto)?.script;
  };
}
