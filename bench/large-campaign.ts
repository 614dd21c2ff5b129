// A campaign of any size, made as the API makes those of up to 10,000 numbers: the same statements, without the limit of
// a request. Called by benchmarks.

import { batchesOf } from '../src/campaigns/batches.ts';
import type { Buyer } from '../src/campaigns/index.ts';
import { insertCampaign, takeMessageBlock } from '../src/campaigns/insert.ts';
import { copyMessages } from '../src/campaigns/message-rows.ts';
import { quote } from '../src/campaigns/price.ts';
import { type Db, transaction } from '../src/db/index.ts';
import { loadPriceTable } from '../src/tariffs/index.ts';

/** Creates it, ready to be sent, and returns its id. */
export async function createLargeCampaign(
  db: Db,
  buyer: Buyer,
  numbers: number[],
  text = 'A very large campaign.',
): Promise<number> {
  const { accountId, keyId, currency, tariffId } = buyer;
  const table = await loadPriceTable(db, tariffId);
  const { prices, total, onDelivery, unpriced } = quote(numbers, 1, table, false);
  const firstMessageId = await takeMessageBlock(db, numbers.length);
  const none: undefined[] = new Array(numbers.length).fill(undefined);
  return transaction(db, async (client) => {
    const id = await insertCampaign(client, {
      ...{
        accountId,
        keyId,
        userId: null,
        operatorId: null,
        firstMessageId,
        currency,
        tariffId,
        text,
        onDelivery,
      },
      messageCount: numbers.length,
      phoneCount: numbers.length,
      name: 'large',
      sender: 'Carillon',
      test: false,
      status: 'scheduled',
      startAt: null,
      validityHours: 72,
      validitySeconds: null,
      price: total,
      callbackUrl: null,
      uncertain: 'resend',
      failedCount: unpriced,
      respectCurfew: false,
      batches: batchesOf(firstMessageId, numbers, [{ route: '', country: null, size: numbers.length }]),
    });
    if (typeof id !== 'number') throw new Error(`not enough ${id}`);
    const recipients = { numbers, references: none, positions: [], hasReferences: false };
    await copyMessages(client, id, firstMessageId, 1, recipients, prices);
    return id;
  });
}
