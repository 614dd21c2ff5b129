// Whether a new campaign may be sent as it is: by its sender, and by the rules of moderation. Called by create.ts.

import type { Db } from '../db/index.ts';
import type { FieldErrors } from '../http/index.ts';
import { reasonsToHold } from '../moderation/index.ts';
import { countryOf } from '../phones/index.ts';
import { type Standing, senderStanding } from '../senders/index.ts';
import type { Order } from './order.ts';

/** How the account stands to the sender of an order, with an entry in `errors` where it may not use it. */
export async function checkSender(
  db: Db,
  accountId: number,
  order: Order,
  errors: FieldErrors,
): Promise<Standing | undefined> {
  // Without a sender that could be one there is nothing to ask.
  if (errors.sender !== undefined) return undefined;
  const countries = () => new Set(order.recipients.numbers.map(countryOf));
  const standing = await senderStanding(db, accountId, order.sender, countries);
  if (standing.refusal !== undefined) errors.sender = [standing.refusal];
  return standing;
}

/** Why the order has to wait for a moderator; none where it need not. */
export function whyHeld(
  db: Db,
  buyer: { accountId: number; kind: 'live' | 'test' },
  order: Order,
  standing: Standing,
): Promise<string[]> {
  return reasonsToHold(db, {
    accountId: buyer.accountId,
    test: buyer.kind === 'test',
    sender: order.sender,
    senderRegistered: standing.registered,
    holdUnregistered: standing.hold,
    text: order.text,
    recipients: order.recipients.numbers.length,
  });
}
