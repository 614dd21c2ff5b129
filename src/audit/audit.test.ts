// Proves that the audit log keeps what it is told, with the change it belongs to or not at all.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/index.ts';
import { createAccount } from '../accounts/index.ts';
import { transaction } from '../db/index.ts';
import { listAudit, recordAudit } from './index.ts';

const page = { offset: 0, limit: 50 };

test('an entry says who did what to whose thing, and is found by each of these', async (t) => {
  const db = await testDatabase(t);
  const { id: moderator } = await createAccount(db, { name: 'moderator' });
  const identity = { accountId: moderator, keyId: 5 };
  await recordAudit(db.pool, {
    identity,
    action: 'campaign.approve',
    subject: 'campaign/12',
    ownerId: 7,
    details: { reasons: ['a "quoted" one'] },
  });
  await recordAudit(db.pool, {
    identity: null,
    action: 'campaigns.clear',
    subject: 'operator/north',
    ownerId: null,
  });

  const { entries, total } = await listAudit(db, {}, page);
  assert.equal(total, 2);
  const [newest, oldest] = entries;
  assert.deepEqual(
    [newest?.accountId, newest?.accountName, newest?.keyId, newest?.ownerId, newest?.details],
    [null, null, null, null, {}],
  );
  assert.ok(oldest?.at instanceof Date);
  assert.deepEqual(
    { ...oldest, id: 0, at: 0 },
    {
      ...{ id: 0, at: 0, accountId: moderator, accountName: 'moderator', keyId: 5 },
      ...{ userId: null, userName: null },
      ...{ action: 'campaign.approve', subject: 'campaign/12', ownerId: 7 },
      details: { reasons: ['a "quoted" one'] },
    },
  );

  for (const filter of [
    { accountId: moderator },
    { ownerId: 7 },
    { action: 'campaign' },
    { action: 'campaign.approve' },
    { subject: 'campaign/12' },
  ]) {
    const found = await listAudit(db, filter, page);
    assert.deepEqual([found.total, found.entries[0]?.id], [1, oldest.id], JSON.stringify(filter));
  }
  assert.equal((await listAudit(db, { ownerId: 7, action: 'campaigns' }, page)).total, 0);
  const hour = 3_600_000;
  const [before, after] = [new Date(Date.now() - hour), new Date(Date.now() + hour)];
  assert.equal((await listAudit(db, { from: before, to: after }, page)).total, 2);
  assert.equal((await listAudit(db, { from: after }, page)).total, 0);
  assert.equal((await listAudit(db, { to: before }, page)).total, 0);
  const second = await listAudit(db, {}, { offset: 1, limit: 1 });
  assert.deepEqual([second.total, second.entries.map((entry) => entry.id)], [2, [oldest.id]]);
});

test('an entry is gone when its transaction is rolled back', async (t) => {
  const db = await testDatabase(t);
  await assert.rejects(
    transaction(db, async (client) => {
      await recordAudit(client, { identity: null, action: 'key.revoke', subject: 'key/1', ownerId: 1 });
      throw new Error('no');
    }),
  );
  assert.equal((await listAudit(db, {}, page)).total, 0);
});
