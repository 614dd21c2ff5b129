// Creates a campaign: validate, price, hold the money, store the messages. Either all of it happens or nothing. Called
// by the routes.

import type pg from 'pg';
import { type Db, transaction } from '../db/index.ts';
import { type FieldErrors, formatMoment, type Identity, invalid, type Refusal } from '../http/index.ts';
import { holdCampaign } from '../moderation/index.ts';
import type { AmountE7 } from '../money/index.ts';
import { loadWays } from '../operators/index.ts';
import type { PrefixTable } from '../phones/index.ts';
import { loadPriceTable, type Tariff, tariffByCode, tariffById } from '../tariffs/index.ts';
import { checkSender, whyHeld } from './admission.ts';
import { batchesOf, groupRecipients, type RecipientGroup } from './batches.ts';
import { refused } from './errors.ts';
import { insertCampaign, type NewCampaign, selectDay, selectMoney, takeMessageBlock } from './insert.ts';
import { type InitialStatus, initialStatus } from './lifecycle.ts';
import { copyMessages } from './message-rows.ts';
import { type Order, readPriceOrder, readSendOrder, type SendOrder } from './order.ts';
import { type Quote, quote } from './price.ts';
import { type Recipients, wrongItems } from './recipients.ts';
import { insertReferences, isReferenceTaken, selectTaken } from './references.ts';
import { withoutStopped } from './stopped.ts';
import { writing } from './writing.ts';

/** Who orders, as the API key or the session says. */
export type Buyer = Pick<Identity, 'accountId' | 'keyId' | 'userId' | 'kind' | 'currency' | 'tariffId'> & {
  /** The operator that the messages are meant for, whatever the routes say; absent: the routes decide. */
  operatorId?: number;
};

/** Runs the transaction that creates a campaign; a caller's own adds to it what belongs to the campaign. */
export type Transact = (work: (client: pg.ClientBase) => Promise<number>) => Promise<number>;

/**
 * Creates the campaign that a request body asks for and returns its id. Throws a Refusal and does nothing else.
 *
 * @param checkStopList leaves out numbers that are on the account's stop list
 */
export async function createCampaign(
  db: Db,
  buyer: Buyer,
  body: unknown,
  now = new Date(),
  transact: Transact = (work) => transaction(db, work),
  checkStopList = false,
): Promise<number> {
  const { order, errors } = readSendOrder(body, now);
  if (checkStopList && Object.keys(errors).length === 0) {
    order.recipients = await withoutStopped(db, buyer.accountId, order.recipients);
    if (order.recipients.numbers.length === 0) throw refused.allStopped('phones');
  }
  const [tariff, standing] = await Promise.all([
    tariffFor(db, buyer, order.tariffCode, errors),
    checkSender(db, buyer.accountId, order, errors),
  ]);
  if (tariff === undefined || standing === undefined || Object.keys(errors).length > 0) throw invalid(errors);

  const [reasons, ways] = await Promise.all([whyHeld(db, buyer, order, standing), waysFor(db, buyer, order)]);
  const { recipients, groups } = groupRecipients(order.recipients, ways, order.respectCurfew);
  const grouped = { ...order, recipients };
  const priced = await quoteOrder(db, buyer, tariff, grouped);
  const firstId = await takeMessageBlock(db, recipients.numbers.length);
  const row = campaignRow(
    grouped,
    buyer,
    tariff,
    priced,
    groups,
    firstId,
    now,
    reasons.length > 0 ? 'moderation' : initialStatus,
  );
  try {
    const write = async (client: pg.ClientBase) => {
      const id = await insertCampaign(client, row);
      if (id === 'day' || id === 'money') throw await whatIsShort(db, client, id, row);
      await copyMessages(client, id, firstId, order.parts, recipients, priced.prices);
      if (recipients.hasReferences) {
        await insertReferences(client, buyer.accountId, firstId, recipients.references);
      }
      if (reasons.length > 0)
        await holdCampaign(client, { campaignId: id, accountId: buyer.accountId, reasons });
      return id;
    };
    return await writing(() => transact(write));
  } catch (error) {
    if (!isReferenceTaken(error)) throw error;
    const taken = await selectTaken(db, buyer.accountId, recipients.references);
    throw refused.referencesTaken(takenErrors(taken, recipients));
  }
}

/**
 * What the campaign of a price request would cost, null where none of its numbers has a price; and how many have none:
 * their messages would fail and cost nothing.
 */
export async function priceCampaign(
  db: Db,
  buyer: Buyer,
  body: unknown,
): Promise<{ price: AmountE7 | null; currency: string; unpriced: number }> {
  const { order, errors } = readPriceOrder(body);
  const tariff = await tariffFor(db, buyer, order.tariffCode, errors);
  if (tariff === undefined || Object.keys(errors).length > 0) throw invalid(errors);
  const { total, unpriced } = await quoteOrder(db, buyer, tariff, order);
  const nothingPriced = unpriced === order.recipients.numbers.length;
  return { price: nothingPriced ? null : total, currency: tariff.currency, unpriced };
}

/** The refusal of a campaign for which the money or the account's messages of the day do not suffice. */
export async function whatIsShort(
  db: Db,
  client: pg.ClientBase,
  short: 'money' | 'day',
  campaign: Pick<NewCampaign, 'accountId' | 'messageCount' | 'failedCount' | 'price' | 'currency'>,
): Promise<Refusal> {
  const { accountId, messageCount, failedCount, price, currency } = campaign;
  return short === 'day'
    ? refused.dayFull({ ...(await selectDay(db, accountId)), asked: messageCount - failedCount })
    : refused.balance({ ...(await selectMoney(client, accountId)), price, currency });
}

/** The tariff that a request names, or else the account's; undefined with an entry in `errors` where it may not. */
export async function tariffFor(
  db: Db,
  buyer: Buyer,
  code: number | undefined,
  errors: FieldErrors,
): Promise<Tariff | undefined> {
  const tariff = await (code === undefined ? tariffById(db, buyer.tariffId) : tariffByCode(db, code));
  if (tariff?.isActive && tariff.currency === buyer.currency) return tariff;
  errors.tariff_code ??= [
    code === undefined
      ? 'The tariff of the account is not active: name another one in tariff_code.'
      : `There is no active tariff ${code} in ${buyer.currency}: GET /api/accounts/tariff lists them.`,
  ];
  return undefined;
}

/** Which operators its numbers go to; null where nothing has to be kept apart: one message, or simulators only. */
async function waysFor(db: Db, { kind }: Buyer, { recipients }: Order): Promise<PrefixTable<string> | null> {
  return kind === 'test' || recipients.numbers.length < 2 ? null : loadWays(db);
}

async function quoteOrder(db: Db, buyer: Buyer, tariff: Tariff, order: Order): Promise<Quote> {
  const table = await loadPriceTable(db, tariff.id);
  return quote(order.recipients.numbers, order.parts, table, buyer.kind === 'test');
}

function campaignRow(
  order: SendOrder,
  buyer: Buyer,
  tariff: Tariff,
  priced: Quote,
  groups: readonly RecipientGroup[],
  firstMessageId: number,
  now: Date,
  status: InitialStatus,
): NewCampaign {
  return {
    accountId: buyer.accountId,
    keyId: buyer.keyId,
    userId: buyer.userId ?? null,
    operatorId: buyer.operatorId ?? null,
    firstMessageId,
    messageCount: order.recipients.numbers.length,
    phoneCount: order.recipients.numbers.length,
    name: `SMS ${formatMoment(now)}`,
    sender: order.sender,
    text: order.text,
    test: buyer.kind === 'test',
    status,
    startAt: order.startAt ?? null,
    validityHours: order.validityHours,
    validitySeconds: order.validitySeconds ?? null,
    tariffId: tariff.id,
    currency: tariff.currency,
    price: priced.total,
    onDelivery: priced.onDelivery,
    callbackUrl: order.callbackUrl ?? null,
    uncertain: order.uncertain,
    failedCount: priced.unpriced,
    respectCurfew: order.respectCurfew,
    batches: batchesOf(firstMessageId, order.recipients.numbers, groups),
  };
}

/** The errors of references that were used before, by where they stood in the request's list `path`. */
export function takenErrors(
  taken: Set<string>,
  { references, positions }: Pick<Recipients, 'references' | 'positions'>,
  path = 'phones',
): FieldErrors {
  const errors: FieldErrors = {};
  const wrong = wrongItems(path, errors);
  references.forEach((reference, i) => {
    if (reference === undefined || !taken.has(reference)) return;
    wrong(
      `${positions[i]}.reference_id`,
      'The reference_id must be unique: another message of this account has it.',
    );
  });
  wrong.finish();
  return errors;
}
