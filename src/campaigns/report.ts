// A campaign in the words of the One-API: the short form of lists and the exact report. Pure: it reads the campaign's
// row and its summed counters. Called by the routes.

import { formatMaybe, formatMoment } from '../http/index.ts';
import {
  billing,
  moneyStates,
  type PublishedStatus,
  publishedStatus,
  publishedStatuses,
  statusName,
} from '../messages/index.ts';
import { type AmountE7, amount, formatAmount, jsonAmount } from '../money/index.ts';
import { statesFor } from './lifecycle.ts';
import type { CampaignRow } from './store.ts';

/** The short form: CampaignSchema. */
export function campaignResource(row: CampaignRow) {
  const { delivered, sent } = statisticsOf(row);
  return {
    id: row.id,
    name: row.name,
    sender: row.sender,
    status: row.status,
    message_type: 'sms' as const,
    start_at: formatMoment(row.start_at),
    real_start_at: formatMaybe(row.actual_start_at),
    finished_at: formatMaybe(row.finished_at),
    created_at: formatMoment(row.created_at),
    statistics: { delivered, sent },
    calculated_price: jsonAmount(amount(row.calculated)),
    currency: row.currency,
    ...rejection(row),
    ...testMark(row),
    ...confirmationMark(row),
  };
}

/** The report: DetailCampaignSchema, with every name that was ever published for its dates. */
export function campaignReport(row: CampaignRow) {
  const start = formatMoment(row.start_at);
  const creation = formatMoment(row.created_at);
  return {
    id: row.id,
    name: row.name,
    sender: row.sender,
    status: row.status,
    type: 'sms' as const,
    start_date: start,
    start_at: start,
    started_at: start,
    actual_start_at: formatMaybe(row.actual_start_at),
    finished_at: formatMaybe(row.finished_at),
    created_at: creation,
    creation_at: creation,
    statistics: statisticsOf(row),
    alternative_channels: null,
    total_messages: row.message_count,
    total_phones: row.phone_count,
    total_price: formatAmount(totalPrice(row)),
    currency: row.currency,
    ...rejection(row),
    ...testMark(row),
    ...confirmationMark(row),
  };
}

/** Says why a campaign was rejected or abandoned; the others are shown exactly as published. */
function rejection({ reason }: CampaignRow): { reason?: string } {
  return reason === null ? {} : { reason };
}

/** Marks campaigns of test_ keys; the others are shown exactly as published. */
function testMark({ test }: CampaignRow): { test?: true } {
  return test ? { test } : {};
}

/** Marks campaigns that their author has still to confirm. */
function confirmationMark({ unconfirmed, status }: CampaignRow): { unconfirmed?: true } {
  const waits = statesFor('stop').includes(status);
  return unconfirmed && waits ? { unconfirmed } : {};
}

type Counters = Pick<
  CampaignRow,
  'status' | 'actual_start_at' | 'statuses' | 'on_delivery' | 'counts' | 'prices'
>;

/** How many messages are in each published state. */
export function statisticsOf(row: Counters): Record<PublishedStatus, number> {
  const statistics = Object.fromEntries(publishedStatuses.map((status) => [status, 0])) as Record<
    PublishedStatus,
    number
  >;
  const campaign = { status: row.status, begun: row.actual_start_at !== null };
  row.statuses?.forEach((status, i) => {
    statistics[publishedStatus(status, campaign)] += row.counts![i]!;
  });
  return statistics;
}

/** What is held or charged for the campaign at this moment. */
export function totalPrice(row: Counters): AmountE7 {
  let total = 0n;
  row.statuses?.forEach((status, i) => {
    const state = moneyStates[billing(row.on_delivery![i]!)][statusName(status)];
    if (state !== 'free') total += amount(row.prices![i]!);
  });
  return amount(total);
}
