// Single rates of a tariff: listing, adding, correcting, removing, each change with its entry in the audit log. Called
// by the admin API and the command line. Campaigns keep the prices they were accepted at.

import { recordAudit } from '../audit/index.ts';
import { type Db, transaction } from '../db/index.ts';
import { type AmountE7, formatAmount, zero } from '../money/index.ts';
import { countryOf } from '../phones/index.ts';
import { refused } from './errors.ts';
import { largestPrice, tooDear } from './largest-price.ts';
import {
  deleteRate,
  insertRate,
  type RateFilter,
  selectRate,
  selectRates,
  type TariffRate,
  updateRate,
} from './rate-store.ts';
import type { BillOn, Tariff } from './store.ts';
import type { By } from './tariffs.ts';

/** What a rate may be told beside its prefix; the country of the prefix and the tariff's way of billing unless given. */
export type RateFields = {
  country?: string | null;
  operator?: string | null;
  mcc?: string | null;
  mnc?: string | null;
  price: AmountE7;
  billed?: BillOn;
};

/** A page of a tariff's rates by prefix, and how many there are. */
export function listRates(
  db: Db,
  tariffId: number,
  filter: RateFilter,
  page: { offset: number; limit: number },
): Promise<{ rates: TariffRate[]; total: number }> {
  return selectRates(db, tariffId, filter, page);
}

/** Adds a rate, from now on unless `validFrom` is given. */
export async function addRate(
  db: Db,
  tariff: Tariff,
  rate: RateFields & { prefix: string; validFrom?: Date },
  by: By = null,
): Promise<TariffRate> {
  const { prefix } = rate;
  if (!/^[0-9]{1,15}$/.test(prefix)) throw refused.badRate('prefix', 'A prefix has 1 to 15 digits.');
  checkPrice(rate.price);
  return transaction(db, async (client) => {
    const added = await insertRate(client, tariff.id, {
      prefix,
      country: rate.country ?? countryOf(Number(prefix)) ?? null,
      operator: rate.operator ?? null,
      mcc: rate.mcc ?? null,
      mnc: rate.mnc ?? null,
      price: rate.price,
      billed: rate.billed ?? tariff.billOn,
      validFrom: rate.validFrom ?? null,
    });
    if (added === undefined) throw refused.rateTaken(prefix);
    await recordAudit(client, auditOf(by, 'rate.create', tariff, added, { rate: shown(added) }));
    return added;
  });
}

/** Corrects a rate in place: its price counts for campaigns from now on. */
export async function changeRate(
  db: Db,
  tariff: Tariff,
  id: number,
  changes: Partial<RateFields>,
  by: By = null,
): Promise<TariffRate> {
  if (changes.price !== undefined) checkPrice(changes.price);
  return transaction(db, async (client) => {
    const before = await selectRate(client, tariff.id, id);
    if (before === undefined) throw refused.noRate(id);
    const after = { ...before, ...changes };
    await updateRate(client, after);
    const details = { before: shown(before), after: shown(after) };
    await recordAudit(client, auditOf(by, 'rate.change', tariff, before, details));
    return after;
  });
}

/** Removes a rate: its numbers cost what an earlier rate or a shorter prefix says, or have no price. */
export async function removeRate(db: Db, tariff: Tariff, id: number, by: By = null): Promise<void> {
  await transaction(db, async (client) => {
    const rate = await selectRate(client, tariff.id, id);
    if (rate === undefined) throw refused.noRate(id);
    await deleteRate(client, id);
    await recordAudit(client, auditOf(by, 'rate.remove', tariff, rate, { rate: shown(rate) }));
  });
}

function checkPrice(price: AmountE7): void {
  if (price < zero) throw refused.badRate('price', 'A price is not negative.');
  if (price > largestPrice) throw refused.badRate('price', `${tooDear.replace(/^a/, 'A')}.`);
}

function auditOf(by: By, action: string, tariff: Tariff, rate: TariffRate, details: Record<string, unknown>) {
  const subject = `tariff/${tariff.code}/rate/${rate.id}`;
  return { identity: by, action, subject, ownerId: null, details: { prefix: rate.prefix, ...details } };
}

function shown({ country, operator, price, billed, validFrom }: TariffRate) {
  return { country, operator, price: formatAmount(price), billed, valid_from: validFrom };
}
