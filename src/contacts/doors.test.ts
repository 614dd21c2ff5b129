// Proves what other features rely on: contacts in bulk, recipients of groups, the stop list, and forgetting a number.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { testDatabase } from '../../test/support/database.ts';
import { createAccount } from '../accounts/index.ts';
import { type Db, transaction } from '../db/index.ts';
import { createField } from './fields.ts';
import { createGroup } from './groups.ts';
import {
  addToStopList,
  contactsOfPhone,
  countRecipients,
  eraseContact,
  groupsOf,
  removeFromStopList,
  selectFields,
  selectStopped,
  streamRecipients,
  upsertContacts,
} from './index.ts';

const field = (name: string, type: 'text' | 'number' | 'date') => ({
  ...{ name, type, description: null, isVisible: true },
});

async function book(t: TestContext) {
  const db = await testDatabase(t);
  const { id: account } = await createAccount(db, { name: 'shop' });
  const { id: other } = await createAccount(db, { name: 'other' });
  const made = async (title: string, type: 'text' | 'number') =>
    (await transaction(db, (client) => createField(client, account, field(title, type)))).id;
  const name = await made('Name', 'text');
  const age = await made('Age', 'number');
  const group = (title: string, owner = account) =>
    transaction(db, (client) =>
      createGroup(client, owner, { name: title, description: undefined, isDefault: undefined }),
    );
  return { db, account, other, name, age, group };
}

async function recipients(
  db: Db,
  account: number,
  groups: number[],
  options: Parameters<typeof streamRecipients>[3],
) {
  return transaction(db, async (client) => {
    const all: { phone: number; values: (string | null)[] }[] = [];
    for await (const chunk of streamRecipients(client, account, groups, options)) {
      chunk.phones.forEach((phone, i) => {
        all.push({ phone, values: chunk.values.map((column) => column[i]!) });
      });
    }
    return all;
  });
}

const items = async (db: Db) =>
  (await db.pool.query<{ items: number }>('select items from contact_group order by id')).rows.map(
    (row) => row.items,
  );

test('contacts are made and changed in bulk, and what is absent stays', async (t) => {
  const { db, account, name, age, group } = await book(t);
  const [one, two] = [await group('One'), await group('Two')];
  const upsert = (phones: number[], columns: (string | null)[][], groups: number[]) =>
    transaction(db, (client) =>
      upsertContacts(client, account, { phones, fieldIds: [name, age], values: columns }, groups),
    );
  const first = await upsert(
    [34600000001, 34600000002, 34600000001],
    [
      ['Anna', 'Ben', null],
      ['30', null, '31'],
    ],
    [one],
  );
  assert.deepEqual(first, { created: 2, updated: 0 });
  assert.deepEqual(
    await upsert(
      [34600000002, 34600000003],
      [
        [null, 'Cid'],
        ['44.50', '9'],
      ],
      [one, two, 999],
    ),
    { created: 1, updated: 1 },
  );
  assert.deepEqual(await items(db), [3, 2]);
  assert.deepEqual(await recipients(db, account, [one, two], { stopList: false, fieldIds: [name, age] }), [
    { phone: 34600000001, values: ['Anna', '31'] },
    { phone: 34600000002, values: ['Ben', '44.50'] },
    { phone: 34600000003, values: ['Cid', '9'] },
  ]);
  const { rows } = await db.pool.query(
    'select value::text, contact_id as id from contact_value order by contact_id',
  );
  assert.deepEqual(
    rows.map((row) => row.value),
    ['31', '44.50', '9'],
  );
  const { rows: counted } = await db.pool.query('select sum(n)::integer as n from contact_count');
  assert.deepEqual(counted, [{ n: 3 }]);
});

test('two imports of the same phones at once make each contact once', async (t) => {
  const { db, account, name, group } = await book(t);
  const list = await group('List');
  const phones = Array.from({ length: 2000 }, (_, i) => 34600000000 + i);
  const upsert = (value: string, order: number[], groups: number[]) =>
    transaction(db, (client) =>
      upsertContacts(
        client,
        account,
        { phones: order, fieldIds: [name], values: [order.map(() => value)] },
        groups,
      ),
    );
  const done = await Promise.all([
    upsert('a', phones, [list]),
    upsert('b', phones.toReversed(), [list]),
    upsert('c', phones, []),
  ]);
  assert.equal(
    done.reduce((sum, { created }) => sum + created, 0),
    2000,
  );
  assert.deepEqual(await items(db), [2000]);
});

test('recipients of several groups come once, without those who are stopped, in chunks', async (t) => {
  const { db, account, other, name, age, group } = await book(t);
  const [one, two] = [await group('One'), await group('Two')];
  const all = Array.from({ length: 12_001 }, (_, i) => 34600000000 + i);
  for (let at = 0; at < all.length; at += 10_000) {
    const phones = all.slice(at, at + 10_000);
    await transaction(db, (client) =>
      upsertContacts(
        client,
        account,
        { phones, fieldIds: [name], values: [phones.map((p) => (p % 2 === 0 ? 'x' : null))] },
        [one, two],
      ),
    );
  }
  await addToStopList(db.pool, account, [34600000000, 34600000001, 34600000001, 34999999999], 'inbound');
  await addToStopList(db.pool, other, [34600000002], 'api');
  assert.deepEqual(await countRecipients(db.pool, account, [one, two], [name, age]), {
    contacts: 12_001,
    stopped: 2,
    missing: { [name]: 5999, [age]: 11_999 },
  });
  const left = await recipients(db, account, [one, two], { stopList: true, fieldIds: [name] });
  assert.deepEqual([left.length, left[0]], [11_999, { phone: 34600000002, values: ['x'] }]);
  assert.deepEqual(await recipients(db, other, [one, two], { stopList: false, fieldIds: [] }), []);
  assert.deepEqual([...(await groupsOf(db.pool, other, [one, two]))], []);
  assert.deepEqual([...(await groupsOf(db.pool, account, [two, 999]))], [two]);
});

test('the stop list of SMS takes numbers, whether or not they are contacts', async (t) => {
  const { db, account } = await book(t);
  const phones = [34600000001, 34600000002];
  await addToStopList(db.pool, account, phones, 'inbound');
  await addToStopList(db.pool, account, phones, 'api');
  await removeFromStopList(db.pool, account, [34600000002, 34600000009]);
  assert.deepEqual([...(await selectStopped(db.pool, account, phones))], [34600000001]);
  const { rows } = await db.pool.query('select phone, source from stop_entry');
  assert.deepEqual(rows, [{ phone: 34600000001, source: 'inbound' }]);
});

test('a number is forgotten in one account or in all, and shown before', async (t) => {
  const { db, account, other, name, age, group } = await book(t);
  const list = await group('List');
  for (const owner of [account, other]) {
    await transaction(db, (client) =>
      upsertContacts(
        client,
        owner,
        { phones: [34600000001], fieldIds: [name, age], values: [['Anna'], ['30']] },
        [list],
      ),
    );
    await addToStopList(db.pool, owner, [34600000001], 'api');
  }
  const known = await contactsOfPhone(db.pool, 34600000001);
  assert.deepEqual(
    known.contacts.map(({ accountId, fields, groups }) => ({ accountId, fields, groups })),
    [
      { accountId: account, fields: { Name: 'Anna', Age: '30' }, groups: ['List'] },
      { accountId: other, fields: {}, groups: [] },
    ],
  );
  assert.equal(known.stops.length, 2);
  const erase = (options: Parameters<typeof eraseContact>[2]) =>
    transaction(db, (client) => eraseContact(client, 34600000001, options));
  assert.deepEqual(await erase({ accountId: account }), { contacts: 1, stops: 0 });
  assert.deepEqual(await items(db), [0]);
  assert.deepEqual(await erase({ stopList: true }), { contacts: 1, stops: 2 });
  for (const table of ['contact', 'contact_value', 'contact_group_member', 'stop_entry']) {
    assert.deepEqual((await db.pool.query(`select from ${table}`)).rows, [], table);
  }
  assert.equal((await selectFields(db.pool, account)).length, 2);
});
