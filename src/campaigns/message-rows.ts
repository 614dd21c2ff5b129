// A campaign's messages by COPY: ten times as fast as INSERT. Called by create.ts.

import type pg from 'pg';
import { copyIn } from '../db/index.ts';
import { Reason, Status } from '../messages/index.ts';
import type { Price } from '../tariffs/index.ts';
import type { Recipients } from './recipients.ts';

/** Characters of a chunk of COPY: few enough writes for a campaign, and no large copy of it in memory. */
export const chunkLength = 128 * 1024;

/** The rows of a campaign's messages in COPY's text format. No value needs escaping: digits, and references of A-Z. */
function* messageRows(
  campaignId: number,
  firstId: number,
  parts: number,
  { numbers, references }: Recipients,
  prices: readonly (Price | undefined)[],
): Generator<string> {
  const texts = new Map<Price, string>();
  let chunk = '';
  for (let i = 0; i < numbers.length; i += 1) {
    const price = prices[i];
    let fate = `0\tf\t${Status.failed}\t${Reason.noPrice}`;
    if (price !== undefined) {
      fate = texts.get(price) ?? `${price.price}\t${price.onDelivery ? 't' : 'f'}\t${Status.queued}\t\\N`;
      texts.set(price, fate);
    }
    chunk += `${firstId + i}\t${campaignId}\t${numbers[i]}\t${fate}\t${parts}\t${references[i] ?? '\\N'}\n`;
    if (chunk.length >= chunkLength) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}

/** Copies a campaign's messages in: about 30 ms of the server for 10,000. */
export async function copyMessages(
  client: pg.ClientBase,
  campaignId: number,
  firstId: number,
  parts: number,
  recipients: Recipients,
  prices: readonly (Price | undefined)[],
): Promise<void> {
  await copyIn(
    client,
    'copy message (id, campaign_id, phone, price_e7, on_delivery, status, error, parts, reference_id) from stdin',
    messageRows(campaignId, firstId, parts, recipients, prices),
  );
}
