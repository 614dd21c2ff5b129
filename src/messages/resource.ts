// A message in the words of the One-API: MessageApiSchema. Pure; called by the routes.

import { formatMaybe, formatMoment } from '../http/index.ts';
import { amount, formatAmount, zero } from '../money/index.ts';
import { countryOf } from '../phones/index.ts';
import { reasonText } from './reason.ts';
import { redactedPhone } from './redact.ts';
import { billing, moneyStates, publishedStatus, receiptStatuses, statusName } from './status.ts';
import type { MessageRow } from './store.ts';

/** `amount` is what is held or charged for the message now, so that the messages sum up to the report's price. */
export function messageResource(row: MessageRow) {
  const country = countryOf(row.phone);
  const free = moneyStates[billing(row.on_delivery)][statusName(row.status)] === 'free';
  return {
    id: row.id,
    campaign_id: row.campaign_id,
    ...(row.reference_id === null ? {} : { reference_id: row.reference_id }),
    type: 'sms' as const,
    source: row.source,
    text: row.text,
    phone: row.phone === redactedPhone ? null : row.phone,
    validity: row.validity_h,
    status: publishedStatus(row.status, { status: row.campaign_status, begun: row.campaign_begun }),
    amount: { value: formatAmount(free ? zero : amount(row.price)), currency: row.currency },
    sender: row.sender,
    created_at: formatMoment(row.created_at),
    sent_at: formatMaybe(row.sent_at),
    delivered_at: receiptStatuses.includes(row.status) ? formatMaybe(row.done_at) : null,
    ...(country === undefined ? {} : { country }),
    parts: row.parts,
    alternative_channels: null,
    error: reasonText(row.error),
  };
}
