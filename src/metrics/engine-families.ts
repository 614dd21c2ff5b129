// The metrics of an engine: messages, operators, receipts, journals, leases. What each means, and what to do when it
// looks bad, is in docs/operations.md.

import type { EngineMetrics, JournalMetrics, OperatorMetrics } from '../engine/index.ts';
import type { HistogramSnapshot } from '../tally/index.ts';
import { byKey, counter, type Family, gauge, histogram } from './family.ts';

type Engine = EngineMetrics;

const perOperator = (read: (operator: OperatorMetrics) => number) => (engine: Engine) =>
  engine.operators.map((operator) => [{ operator: operator.name }, read(operator)] as const);
const perOperatorAnd =
  (label: string, read: (operator: OperatorMetrics) => Record<string, number>) => (engine: Engine) =>
    engine.operators.flatMap((operator) => byKey(label, read(operator), { operator: operator.name }));
const operatorTimes = (read: (operator: OperatorMetrics) => HistogramSnapshot) => (engine: Engine) =>
  engine.operators.map((operator) => [{ operator: operator.name }, read(operator)] as const);
const perJournal = (read: (journal: JournalMetrics) => number) => (engine: Engine) =>
  engine.journals.map((journal) => [{ journal: journal.name }, read(journal)] as const);
const journalSizes = (read: (journal: JournalMetrics) => HistogramSnapshot) => (engine: Engine) =>
  engine.journals.map((journal) => [{ journal: journal.name }, read(journal)] as const);

export const engineFamilies: readonly Family<Engine>[] = [
  // A part is one submit_sm: a message of one segment is one part.
  counter(
    'carillon_parts_taken_total',
    'Parts of messages marked and handed to operators',
    (e) => e.counts.taken,
  ),
  counter('carillon_parts_sent_total', 'Parts that operators accepted', (e) => e.counts.sent),
  counter('carillon_parts_failed_total', 'Parts that failed for good', (e) => e.counts.failed),
  counter('carillon_parts_retried_total', 'Parts put back for another try', (e) => e.counts.retried),
  gauge(
    'carillon_parts_postponed',
    'Parts below the mark that wait: for their next try, or for an operator',
    (e) => byKey('reason', { retry: e.retries, operator_away: e.homeless }),
  ),
  counter(
    'carillon_uncertain_total',
    'Perhaps sent: unanswered parts, and messages that a dead dispatcher left',
    (e) => byKey('cause', { unanswered: e.counts.uncertain - e.takenOver, takeover: e.takenOver }),
  ),
  counter(
    'carillon_messages_cancelled_total',
    'Messages of stopped and rejected campaigns',
    (e) => e.cancelled,
  ),
  counter(
    'carillon_receipt_timeouts_total',
    'Messages whose receipt did not come in time',
    (e) => e.receiptTimeouts,
  ),
  gauge('carillon_lanes', 'Campaigns that this process sends', (e) => e.lanes),
  gauge('carillon_read_ahead_messages', 'Messages read and not yet taken', (e) => e.readAhead),

  gauge(
    'carillon_operator_sessions',
    'SMPP sessions',
    perOperatorAnd('state', (o) => o.sessions),
  ),
  counter(
    'carillon_operator_sessions_lost_total',
    'Sessions that ended and had been bound',
    perOperator((o) => o.sessionsLost),
  ),
  gauge(
    'carillon_operator_waiting',
    'Parts that wait for window or throttle',
    perOperator((o) => o.waiting),
  ),
  gauge(
    'carillon_operator_in_flight',
    'submit_sm written and not answered',
    perOperator((o) => o.inFlight),
  ),
  gauge(
    'carillon_operator_window',
    'How many submit_sm may be in flight over the bound sessions',
    perOperator((o) => o.window),
  ),
  gauge(
    'carillon_operator_uncommitted',
    'Parts marked whose outcome is not committed: what a crash would leave uncertain',
    perOperator((o) => o.unresolved),
  ),
  gauge(
    'carillon_operator_uncommitted_limit',
    'in_flight_limit over all sessions',
    perOperator((o) => o.unresolvedLimit),
  ),
  counter(
    'carillon_submit_written_total',
    'submit_sm written to sockets',
    perOperator((o) => o.written),
  ),
  counter(
    'carillon_submit_answers_total',
    'What became of submit_sm',
    perOperatorAnd('result', (o) => o.answers),
  ),
  histogram(
    'carillon_submit_response_seconds',
    'From the write of a submit_sm to its response',
    operatorTimes((o) => o.responseSeconds),
  ),
  counter(
    'carillon_receipts_total',
    'Delivery receipts by the state they name',
    perOperatorAnd('state', (o) => o.receipts),
  ),
  histogram(
    'carillon_receipt_delay_seconds',
    'From the write of a submit_sm to a receipt for it',
    operatorTimes((o) => o.receiptSeconds),
  ),
  counter(
    'carillon_inbound_messages_total',
    'Messages from subscribers',
    perOperator((o) => o.inbound),
  ),

  counter('carillon_receipts_matched_total', 'Where receipts found their messages', (e) =>
    byKey('way', { memory: e.receipts.memory, table: e.receipts.table, waited: e.receipts.waited }),
  ),
  counter('carillon_receipts_orphaned_total', 'Receipts kept without a message', (e) => e.receipts.orphaned),
  counter(
    'carillon_orphans_rescued_total',
    'Orphans that found their message later',
    (e) => e.receipts.rescued,
  ),
  counter('carillon_receipt_lookups_failed_total', 'Look-ups tried again', (e) => e.receipts.lookUpsFailed),
  gauge('carillon_receipts_waiting', 'Ids whose receipts wait for their response', (e) => e.receipts.waiting),

  histogram(
    'carillon_journal_group_entries',
    'Entries per committed group',
    journalSizes((j) => j.entries),
  ),
  histogram(
    'carillon_journal_commit_seconds',
    'How long a group took to commit',
    journalSizes((j) => j.commitSeconds),
  ),
  gauge(
    'carillon_journal_backlog',
    'Entries that are not durable yet',
    perJournal((j) => j.backlog),
  ),
  counter(
    'carillon_journal_failures_total',
    'Commits that failed and were tried again',
    perJournal((j) => j.failures),
  ),
  counter(
    'carillon_marks_failed_total',
    'Marks that failed and were tried again',
    (e) => e.counts.marksFailed,
  ),

  gauge('carillon_leases_held', 'Batches that this process holds', (e) => e.leases.held),
  counter('carillon_leases_lost_total', 'Batches that another dispatcher took over', (e) => e.leases.lost),
  gauge('carillon_lease_age_seconds', 'Since the last renewal that succeeded', (e) => e.leases.ageSeconds),
  counter('carillon_lease_renewals_failed_total', 'Renewals that failed', (e) => e.leases.renewalsFailed),
  counter('carillon_takeovers_total', 'Dead dispatchers whose batches were freed', (e) => e.deadDispatchers),
  gauge('carillon_loop_round_seconds', 'How long a loop has been in its present round', (e) =>
    byKey('loop', e.loops),
  ),
];
