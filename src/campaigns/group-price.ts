// What a campaign to groups would cost: every text rendered and measured, as for sending. Called by the price operation.

import pLimit from 'p-limit';
import type { Db } from '../db/index.ts';
import { type FieldErrors, invalid } from '../http/index.ts';
import type { AmountE7 } from '../money/index.ts';
import { loadPriceTable } from '../tariffs/index.ts';
import { type Buyer, tariffFor } from './create.ts';
import { reachOf, readGroupIds, refuseUnknownGroups, sourcesOf } from './group-order.ts';
import { rendered } from './groups.ts';
import { present, readObject, readSender, readTariffCode } from './order.ts';
import { readPersonalText } from './personal-text.ts';
import { PriceTally } from './price-tally.ts';
import { readRecipients } from './recipients.ts';
import { SeenNumbers } from './seen-numbers.ts';
import { checkText } from './sent-text.ts';

/** Prices of groups that one process reads at once: each has a connection of its own, and a million take seconds. */
const reading = pLimit(2);

/** The same answer as priceCampaign, for a body with `groups`; those on the stop list are left out. */
export async function priceToGroups(
  db: Db,
  buyer: Buyer,
  body: unknown,
): Promise<{ price: AmountE7 | null; currency: string; unpriced: number }> {
  const { accountId } = buyer;
  const errors: FieldErrors = {};
  const fields = readObject(body, errors);
  const messages = present(fields.messages) ? fields.messages : [];
  const phones = readRecipients(messages, 'messages', 'phone', errors);
  const groupIds = readGroupIds(fields.groups, 'groups', errors);
  await refuseUnknownGroups(db, accountId, groupIds, 'groups', errors);
  readSender(fields, errors);
  const text = readPersonalText(fields.text, false);
  if ('wrong' in text) errors.text = [text.wrong];
  const sources = 'wrong' in text ? undefined : await sourcesOf(db, accountId, text, errors);
  const tariff = await tariffFor(db, buyer, readTariffCode(fields, errors), errors);
  if (tariff === undefined || sources === undefined || 'wrong' in text || Object.keys(errors).length > 0) {
    throw invalid(errors);
  }
  const said = { text, sources };
  await reachOf(db, accountId, groupIds, said, true, errors);
  if (Object.keys(errors).length > 0) throw invalid(errors);

  const table = await loadPriceTable(db, tariff.id);
  const tally = new PriceTally(buyer.kind === 'test');
  const seen = new SeenNumbers();
  await reading(async () => {
    for await (const chunk of rendered(db, { accountId, groupIds, checkStopList: true, phones }, said)) {
      chunk.phones.forEach((phone, i) => {
        if (!seen.add(phone)) return;
        const checked = checkText(chunk.texts[i] ?? text.stored, false);
        if ('wrong' in checked) throw invalid({ text: [`For one of the contacts: ${checked.wrong}`] });
        tally.add(phone, checked.parts, table);
      });
    }
  });
  const { price, failedCount, messageCount } = tally.sums();
  return {
    price: failedCount === messageCount ? null : price,
    currency: tariff.currency,
    unpriced: failedCount,
  };
}
