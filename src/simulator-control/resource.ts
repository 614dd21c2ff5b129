// A simulator as the API shows it, and what a request changes of its behaviour. Used by adminRoutes.ts.

import { type FieldErrors, invalid } from '../http/index.ts';
import {
  type Behaviour,
  type Distribution,
  mostPercent,
  type Outcome,
  outcomes,
  type QuirkName,
  type Quirks,
  quirkTable,
  type Shares,
  type Simulator,
} from '../simulator/index.ts';
import { changeable, snakeCase } from './schemas.ts';

type Delay = { from?: number; to?: number; mean?: number };

/** The body of a change, as its schema has checked it. */
export type Change = {
  response_delay_ms?: Delay;
  receipt_delay_ms?: Delay;
  late_ms?: number;
  throughput?: number | null;
  refuse_binds?: boolean;
  shares?: Shares;
  quirks?: Record<string, unknown>;
};

const outcomeNames = Object.keys(outcomes) as Outcome[];

/** What the API shows of it. */
export function simulatorResource(simulator: Simulator) {
  const stats = simulator.stats();
  return {
    port: simulator.port,
    normal: simulator.normal(),
    stats: {
      sessions: stats.sessions,
      binds: stats.binds,
      binds_refused: stats.bindsRefused,
      submits: stats.submits,
      accepted: stats.accepted,
      refused: stats.refused,
      throttled: stats.throttled,
      receipts_sent: stats.receiptsSent,
      receipts_acknowledged: stats.receiptsAcknowledged,
      receipts_waiting: stats.receiptsWaiting,
      scheduled: stats.scheduled,
    },
    behaviour: behaviourResource(simulator.behaviour()),
    choices,
  };
}

/** Words that a quirk may be, by its name. */
const choices: Record<string, string[]> = Object.fromEntries(
  changeable.flatMap((name) => {
    const quirk = quirkTable[name];
    return quirk.kind === 'choice' ? [[snakeCase(name), [...quirk.of]]] : [];
  }),
);

export function behaviourResource(behaviour: Behaviour) {
  const { latencyMs, receiptDelayMs, lateMs, throughput, shares, refuseBinds, quirks } = behaviour;
  return {
    response_delay_ms: delayResource(latencyMs),
    receipt_delay_ms: delayResource(receiptDelayMs),
    late_ms: lateMs,
    throughput,
    refuse_binds: refuseBinds,
    shares: Object.fromEntries(outcomeNames.map((name) => [name, shares[name] ?? 0])) as Record<
      Outcome,
      number
    >,
    quirks: Object.fromEntries(
      changeable.map((name) => [
        snakeCase(name),
        quirks[name] ?? (quirkTable[name].kind === 'flag' ? false : null),
      ]),
    ),
  };
}

/** What a request changes. Throws 422 where a delay or the shares make no sense. */
export function behaviourChange(body: Change, before: Behaviour): Partial<Behaviour> {
  const errors: FieldErrors = {};
  const { response_delay_ms: response, receipt_delay_ms: receipt } = body;
  const change = {
    ...(response && { latencyMs: distributionOf(response, 'response_delay_ms', errors) }),
    ...(receipt && { receiptDelayMs: distributionOf(receipt, 'receipt_delay_ms', errors) }),
    ...(body.late_ms !== undefined && { lateMs: body.late_ms }),
    ...(body.throughput !== undefined && { throughput: body.throughput }),
    ...(body.refuse_binds !== undefined && { refuseBinds: body.refuse_binds }),
    ...(body.shares && { shares: sharesOf({ ...before.shares, ...body.shares }) }),
    ...(body.quirks && { quirks: quirksOf(body.quirks, before.quirks) }),
  };
  const all = outcomeNames.reduce((sum, name) => sum + (change.shares?.[name] ?? 0), 0);
  if (all > mostPercent) errors.shares = [`All shares together are at most 100 percent, not ${all}.`];
  if (Object.keys(errors).length > 0) throw invalid(errors);
  return change;
}

function delayResource(delay: Distribution): Delay {
  if (typeof delay === 'number') return { from: delay, to: delay };
  return 'mean' in delay ? { mean: delay.mean } : { from: delay.min, to: delay.max };
}

function distributionOf({ from, to, mean }: Delay, field: string, errors: FieldErrors): Distribution {
  if (mean !== undefined && from === undefined && to === undefined) return { mean };
  if (mean !== undefined || from === undefined || to === undefined) {
    errors[field] = ['Give both from and to, or mean alone.'];
    return 0;
  }
  if (from > to) errors[`${field}.to`] = ['This must be at least as long as from.'];
  return { min: from, max: to };
}

/** A share of nothing is none. */
function sharesOf(shares: Shares): Shares {
  return Object.fromEntries(Object.entries(shares).filter(([, share]) => share > 0));
}

/** What is null or false is no quirk. */
function quirksOf(change: Record<string, unknown>, before: Quirks): Quirks {
  const quirks: Partial<Record<QuirkName, unknown>> = { ...before };
  for (const name of changeable) {
    const value = change[snakeCase(name)];
    if (value === null || value === false) delete quirks[name];
    else if (value !== undefined) quirks[name] = value;
  }
  return quirks as Quirks;
}
