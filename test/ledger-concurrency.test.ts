// Proves that money is exact when many want it at once: over real connections, with real campaigns.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adjust, changeAccount, createAccount, createKey, topUp } from '../src/accounts/index.ts';
import { type Buyer, createCampaign } from '../src/campaigns/index.ts';
import type { Db } from '../src/db/index.ts';
import { examine } from '../src/doctor/index.ts';
import { Refusal } from '../src/http/index.ts';
import { amount, parseAmount } from '../src/money/index.ts';
import { createTariff, importRates } from '../src/tariffs/index.ts';
import { testDatabase } from './support/index.ts';

const price = parseAmount('0.0293301');

/** An account with that much money, whose messages to Ukraine cost `price`; half of the numbers when delivered. */
async function buyerWith(db: Db, balance: bigint): Promise<Buyer> {
  const account = await createAccount(db, { name: 'buyer' });
  if (balance > 0n) await topUp(db, account.id, amount(balance));
  const tariff = await createTariff(db, { code: 5, name: 'Test', currency: 'EUR' });
  await importRates(db, tariff, 'prefix,price,billed\n38050,0.0293301,sent\n38067,0.0293301,delivered\n');
  const { id: tariffId } = tariff;
  await changeAccount(db, account.id, { tariffId });
  const { id: keyId } = await createKey(db, account.id, 'live');
  return { accountId: account.id, keyId, kind: 'live', currency: 'EUR', tariffId };
}

/** Asks for many campaigns at once; how many were accepted. Any error but the want of money fails the test. */
async function race(db: Db, buyer: Buyer, campaigns: number, phones: number): Promise<number> {
  const results = await Promise.allSettled(
    Array.from({ length: campaigns }, (_, i) =>
      createCampaign(db, buyer, {
        sender: 'Shop',
        text: `Hello ${i}`,
        phones: Array.from({ length: phones }, (__, k) => ({
          number: (k % 2 === 0 ? 380_500_000_000 : 380_670_000_000) + i * phones + k,
        })),
      }),
    ),
  );
  for (const result of results) {
    if (result.status === 'fulfilled') continue;
    assert.ok(result.reason instanceof Refusal, String(result.reason));
    assert.equal(result.reason.code, 'insufficient_balance');
  }
  return results.filter((result) => result.status === 'fulfilled').length;
}

async function balanceOf(db: Db, { accountId }: Buyer): Promise<bigint> {
  const { rows } = await db.pool.query<{ balance: string }>(
    'select balance_e7::text as balance from account where id = $1',
    [accountId],
  );
  return BigInt(rows[0]!.balance);
}

test('50 parallel campaigns against a balance for 10 accept exactly 10', async (t) => {
  const db = await testDatabase(t);
  const phones = 20;
  const each = price * BigInt(phones);
  const buyer = await buyerWith(db, each * 10n + each / 2n);
  assert.equal(await race(db, buyer, 50, phones), 10);
  assert.equal(await balanceOf(db, buyer), each / 2n);
  const { rows } = await db.pool.query<{ campaigns: number; messages: number; held: string }>(
    `select (select count(*) from campaign) as campaigns, (select count(*) from message) as messages,
       (select sum(held_e7)::text from ledger) as held`,
  );
  assert.deepEqual(rows[0], { campaigns: 10, messages: 10 * phones, held: String(each * 10n) });
  assert.deepEqual((await examine(db)).breaches, []);
});

test('the credit is spent to its last unit and not beyond', async (t) => {
  const db = await testDatabase(t);
  const each = price * 2n;
  const buyer = await buyerWith(db, each * 3n);
  await changeAccount(db, buyer.accountId, { credit: amount(each * 4n - 1n) });
  assert.equal(await race(db, buyer, 20, 2), 6);
  assert.equal(await balanceOf(db, buyer), -each * 3n);
  await changeAccount(db, buyer.accountId, { credit: amount(each * 4n) });
  assert.equal(await race(db, buyer, 20, 2), 1);
  assert.equal(await balanceOf(db, buyer), -each * 4n);
  assert.deepEqual((await examine(db)).breaches, []);
});

test('top-ups and corrections among campaigns lose nothing', async (t) => {
  const db = await testDatabase(t);
  const each = price * 2n;
  const buyer = await buyerWith(db, each * 5n);
  const [accepted] = await Promise.all([
    race(db, buyer, 25, 2),
    ...Array.from({ length: 10 }, () => topUp(db, buyer.accountId, amount(each))),
    ...Array.from({ length: 5 }, () => adjust(db, buyer.accountId, amount(-1n), 'correction')),
  ]);
  assert.equal(await balanceOf(db, buyer), each * BigInt(15 - accepted) - 5n);
  assert.deepEqual((await examine(db)).breaches, []);
});
