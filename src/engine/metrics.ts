// What a running engine tells about itself: plain values only, so that they can cross from a thread of its own to the
// one that answers Prometheus. The engine puts a snapshot together when it is asked; src/metrics gives it names.

import { type StatusName, statusName } from '../messages/index.ts';
import type { Connector, OperatorCounts } from '../operators/index.ts';
import type { HistogramSnapshot } from '../tally/index.ts';
import type { DispatcherCounts } from './dispatcher.ts';
import type { JournalMetrics } from './journal.ts';
import type { MatcherCounts } from './matcher.ts';
import type { Part } from './part.ts';
import type { LoopName } from './watch.ts';

/** One operator, over all its sessions and whatever became of its settings. */
export type OperatorMetrics = {
  name: string;
  sessions: { configured: number; bound: number };
  /** Parts that wait to be written, and parts written and not answered. */
  waiting: number;
  inFlight: number;
  /** How many parts may be in flight over the sessions that are bound. */
  window: number;
  /** Parts marked whose outcome is not committed, and how many may be. */
  unresolved: number;
  unresolvedLimit: number;
  written: number;
  /** Whether a part was accepted, refused, …, or got no answer. */
  answers: {
    accepted: number;
    refused: number;
    temporary: number;
    throttled: number;
    timed_out: number;
    disconnected: number;
  };
  sessionsLost: number;
  /** Why a session last ended, if one did. */
  failure: { at: number; message: string } | null;
  /** By the state that they name; `other`: one that changes nothing. */
  receipts: Record<string, number>;
  inbound: number;
  responseSeconds: HistogramSnapshot;
  receiptSeconds: HistogramSnapshot;
};

/** A snapshot of an engine. Counts are since the start of its process. */
export type EngineMetrics = {
  dispatcher: number;
  stopping: boolean;
  counts: DispatcherCounts;
  takenOver: number;
  receiptTimeouts: number;
  cancelled: number;
  /** Campaigns and messages in memory, and messages that wait for another try or for their operator. */
  lanes: number;
  readAhead: number;
  retries: number;
  homeless: number;
  leases: {
    held: number;
    lost: number;
    renewalsFailed: number;
    /** Since the last renewal that succeeded. */
    ageSeconds: number;
    /** Whether that is recent enough to write to operators. */
    hold: boolean;
  };
  deadDispatchers: number;
  /** Whether the connection that shows that we live, and hears of new work, is there. */
  listening: boolean;
  receipts: MatcherCounts & { waiting: number; backlog: number };
  operators: OperatorMetrics[];
  journals: JournalMetrics[];
  pool: { total: number; idle: number; waiting: number };
  /** How many seconds each loop has been in its present round; 0 where it rests. */
  loops: Record<LoopName, number>;
  loopLag: HistogramSnapshot;
};

const receiptStates: readonly StatusName[] = ['delivered', 'undelivered', 'expired', 'unknown', 'accepted'];

/**
 * What one operator's connectors and counts say.
 *
 * @param connectors the present one first, if there is one, and those that wait for their last answers
 */
export function operatorMetrics(
  connectors: readonly Connector<Part>[],
  counts: OperatorCounts,
): OperatorMetrics {
  const { config, sessions } = connectors[0]!;
  const submitters = config.bindMode === 'pair' ? sessions.configured / 2 : sessions.configured;
  const sum = (of: (connector: Connector<Part>) => number) => connectors.reduce((n, c) => n + of(c), 0);
  const receipts: Record<string, number> = { other: counts.receipts[0]! };
  for (const [code, n] of counts.receipts.entries()) {
    const name = statusName(code);
    if (receiptStates.includes(name)) receipts[name] = n;
  }
  return {
    name: config.name,
    sessions,
    waiting: sum((connector) => connector.waiting),
    inFlight: sum((connector) => connector.inWindow),
    window: config.windowSize * Math.min(submitters, sessions.bound),
    unresolved: sum((connector) => connector.unresolved),
    unresolvedLimit: config.inFlightLimit * submitters,
    written: counts.written,
    answers: {
      accepted: counts.accepted,
      refused: counts.refused,
      temporary: counts.temporary,
      throttled: counts.throttled,
      timed_out: counts.timedOut,
      disconnected: counts.disconnected,
    },
    sessionsLost: counts.sessionsLost,
    failure: connectors[0]!.failure,
    receipts,
    inbound: counts.inbound,
    responseSeconds: counts.responseMs.snapshot(0.001),
    receiptSeconds: counts.receiptMs.snapshot(0.001),
  };
}
