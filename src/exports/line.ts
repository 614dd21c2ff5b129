// A message as a line of a file: its columns, in the words of the API. Pure; called by write.ts for each message.

import { formatMoment } from '../http/index.ts';
import {
  billing,
  moneyStates,
  publishedStatus,
  Reason,
  reasonText,
  receiptStatuses,
  redactedPhone,
  statusName,
} from '../messages/index.ts';
import { amount, formatAmount, zero } from '../money/index.ts';
import { countryOf } from '../phones/index.ts';
import type { MessageRecord } from './copy-rows.ts';
import type { ExportRequest } from './request.ts';
import type { Campaign } from './select.ts';

/** The columns of a file, in their order; `number` ones are numbers in a spreadsheet. */
export const header = [
  { name: 'id', number: true },
  { name: 'campaign_id', number: true },
  { name: 'campaign', number: false },
  { name: 'reference_id', number: false },
  { name: 'phone', number: false },
  { name: 'country', number: false },
  { name: 'sender', number: false },
  { name: 'text', number: false },
  { name: 'parts', number: true },
  { name: 'status', number: false },
  { name: 'error', number: false },
  { name: 'price', number: true },
  { name: 'currency', number: false },
  { name: 'created_at', number: false },
  { name: 'sent_at', number: false },
  { name: 'delivered_at', number: false },
] as const;

export type Line = readonly (string | number)[];

/**
 * The lines of a batch; those that the filters on what the API shows do not leave, and messages of campaigns that are
 * not among these (another account's), are left out.
 */
export function* linesOf(
  batch: readonly MessageRecord[],
  campaigns: ReadonlyMap<number, Campaign>,
  { country: wantedCountry, status: wantedStatus }: ExportRequest,
): Generator<Line> {
  for (const message of batch) {
    const campaign = campaigns.get(message.campaignId);
    if (campaign === undefined) continue;
    const status = publishedStatus(message.status, campaign);
    if (wantedStatus !== undefined && !isStatus(wantedStatus, status, message.error)) continue;
    const country = countryOf(message.phone) ?? '';
    if (wantedCountry !== undefined && country !== wantedCountry) continue;
    const free = moneyStates[billing(message.onDelivery)][statusName(message.status)] === 'free';
    yield [
      message.id,
      message.campaignId,
      campaign.name,
      message.reference ?? '',
      message.phone === redactedPhone ? '' : message.phone,
      country,
      message.sender ?? campaign.sender,
      message.text ?? campaign.text,
      message.parts,
      status,
      reasonText(message.error) ?? '',
      price(free ? 0 : message.price),
      campaign.currency,
      moment(campaign.createdAt.getTime()),
      moment(message.sentAt),
      receiptStatuses.includes(message.status) ? moment(message.doneAt) : '',
    ];
  }
}

/** `Rejected` is what moderation rejected; it is `failed` in every other list. */
function isStatus(wanted: string, status: string, error: number | null): boolean {
  return wanted === 'rejected' ? error === Reason.rejected : wanted === status;
}

// Many messages have the price, and the second, of the one before.
let lastPrice = -1;
let lastPriceText = '';
function price(units: number): string {
  if (units !== lastPrice) {
    lastPrice = units;
    lastPriceText = formatAmount(units === 0 ? zero : amount(units));
  }
  return lastPriceText;
}

const secondsKept = 4096;
const texts = new Map<number, string>();
function moment(ms: number | null): string {
  if (ms === null) return '';
  const second = Math.floor(ms / 1000);
  let text = texts.get(second);
  if (text === undefined) {
    text = formatMoment(new Date(second * 1000));
    if (texts.size >= secondsKept) texts.clear();
    texts.set(second, text);
  }
  return text;
}
