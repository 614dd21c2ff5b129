// Making and changing tariffs, each with its entry in the audit log. Called by the admin API and the command line.

import type pg from 'pg';
import { type AuditRecord, recordAudit } from '../audit/index.ts';
import { type Db, transaction } from '../db/index.ts';
import { refused } from './errors.ts';
import { type BillOn, insertTariff, selectTariff, type Tariff, takeDefault, updateTariff } from './store.ts';

/** Who makes a change; null for the command line. */
export type By = AuditRecord['identity'];

export type NewTariff = {
  code: number;
  name: string;
  currency: string;
  /** For rates that do not say it; when they are sent unless given. */
  billOn?: BillOn;
  isDefault?: boolean;
};

export type TariffChanges = { name?: string; billOn?: BillOn; isActive?: boolean; isDefault?: boolean };

const maxNameLength = 100;

/** Makes an active tariff without rates. */
export async function createTariff(db: Db, tariff: NewTariff, by: By = null): Promise<Tariff> {
  const { code, isDefault = false, billOn = 'sent' } = tariff;
  if (!Number.isInteger(code) || code < 0 || code > 9) throw refused.badCode();
  const currency = tariff.currency.toUpperCase();
  if (!Intl.supportedValuesOf('currency').includes(currency)) throw refused.badCurrency(tariff.currency);
  const name = readName(tariff.name);
  return transaction(db, async (client) => {
    if (isDefault) await takeDefault(client);
    const created = await insertTariff(client, { code, name, currency, billOn, isDefault });
    if (created === undefined) throw refused.codeTaken(code);
    await audit(client, by, 'tariff.create', code, {
      name,
      currency,
      bill_on: billOn,
      is_default: isDefault,
    });
    return created;
  });
}

/** Changes what is given of a tariff. Its currency and its code are for ever: accounts and campaigns refer to them. */
export async function changeTariff(
  db: Db,
  code: number,
  changes: TariffChanges,
  by: By = null,
): Promise<Tariff> {
  return transaction(db, async (client) => {
    const before = await selectTariff(client, code);
    if (before === undefined) throw refused.noTariff(code);
    const after = { ...before, ...changes };
    after.name = readName(after.name);
    if (before.isDefault && !after.isDefault) throw refused.defaultStays();
    if (after.isDefault && !after.isActive) throw refused.defaultIsActive();
    if (after.isDefault && !before.isDefault) await takeDefault(client);
    await updateTariff(client, after);
    await audit(client, by, 'tariff.change', code, { before: shown(before), after: shown(after) });
    return after;
  });
}

/** The tariff of a code, active or not; throws where there is none. */
export async function findTariff(db: Db, code: number): Promise<Tariff> {
  const tariff = await selectTariff(db.pool, code);
  if (tariff === undefined) throw refused.noTariff(code);
  return tariff;
}

function readName(text: string): string {
  const name = text.trim();
  if (name === '' || name.length > maxNameLength) throw refused.badName(maxNameLength);
  return name;
}

function shown({ name, billOn, isActive, isDefault }: Tariff) {
  return { name, bill_on: billOn, is_active: isActive, is_default: isDefault };
}

function audit(
  client: pg.ClientBase,
  by: By,
  action: string,
  code: number,
  details: Record<string, unknown>,
) {
  return recordAudit(client, { identity: by, action, subject: `tariff/${code}`, ownerId: null, details });
}
