// The operators as they are at this moment, over all dispatchers. Called by the routes and the hub.

import type { Db } from '../db/index.ts';
import { formatMoment } from '../http/index.ts';
import { listOperators } from '../operators/index.ts';
import { type Snapshot, selectPublished, sum } from './publish.ts';

type Seen = Snapshot['operators'][number];

/** Every operator of the installation, in the order of its name. */
export async function operatorsLive(db: Db) {
  const [operators, dispatchers] = await Promise.all([listOperators(db), selectPublished(db)]);
  const seen = dispatchers.flatMap(({ alive, snapshot }) => (alive ? (snapshot?.operators ?? []) : []));
  return operators.map((operator) => {
    const { id, name, enabled, simulator, throttle } = operator;
    const own = seen.filter((each) => each.name === name);
    return { id, name, enabled, simulator, throttle, state: stateOf(own), ...together(own) };
  });
}

function stateOf(own: readonly Seen[]): 'bound' | 'partly_bound' | 'unbound' | 'not_running' {
  if (own.length === 0) return 'not_running';
  if (own.every(({ sessions }) => sessions.bound === sessions.configured)) return 'bound';
  return own.some(({ sessions }) => sessions.bound > 0) ? 'partly_bound' : 'unbound';
}

/** What several dispatchers say of one operator, added up. */
function together(own: readonly Seen[]) {
  const total = (of: (each: Seen) => number) => own.reduce((n, each) => n + of(each), 0);
  const failures = own.flatMap(({ failure }) => (failure === null ? [] : [failure]));
  const last = failures.toSorted((a, b) => b.at - a.at)[0];
  return {
    sessions: {
      configured: total(({ sessions }) => sessions.configured),
      bound: total(({ sessions }) => sessions.bound),
    },
    waiting: total((each) => each.waiting),
    in_flight: total((each) => each.inFlight),
    window: total((each) => each.window),
    unresolved: total((each) => each.unresolved),
    unresolved_limit: total((each) => each.unresolvedLimit),
    rates: {
      submitted: total(({ rates }) => rates.submitted),
      accepted: total(({ rates }) => rates.accepted),
      throttled: total(({ rates }) => rates.throttled),
      refused: total(({ rates }) => rates.refused),
      receipts: total(({ rates }) => rates.receipts),
    },
    totals: {
      submitted: total(({ written }) => written),
      accepted: total(({ answers }) => answers.accepted),
      throttled: total(({ answers }) => answers.throttled),
      refused: total(({ answers }) => answers.refused),
      temporary: total(({ answers }) => answers.temporary),
      timed_out: total(({ answers }) => answers.timed_out),
      disconnected: total(({ answers }) => answers.disconnected),
      receipts: total(({ receipts }) => sum(receipts)),
      sessions_lost: total(({ sessionsLost }) => sessionsLost),
    },
    last_error: last === undefined ? null : { at: formatMoment(new Date(last.at)), message: last.message },
  };
}
