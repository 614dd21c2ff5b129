// Every invariant is broken once by hand in a database that is otherwise sound.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/database.ts';
import type { Db } from '../db/index.ts';
import { examine } from './index.ts';
import { invariants } from './invariants.ts';

/**
 * One account, and one campaign of four messages in two batches: delivered, failed, sent, queued; three contacts, two of
 * them in a group; and an import that is over.
 */
async function sound(db: Db): Promise<void> {
  await db.pool.query(`
    insert into tariff (code, name, currency) values (0, 'test', 'EUR');
    insert into account (name, currency, tariff_id, balance_e7) values ('acme', 'EUR', 1, 1000 - 30);
    insert into campaign (account_id, first_message_id, message_count, phone_count, name, sender, text, status,
      start_at, tariff_id, currency, calculated_e7, open_batches)
      select 1, take_message_block(4), 4, 4, 'c', 's', 't', 'sending', now(), 1, 'EUR', 40, 1;
    insert into message (id, campaign_id, phone, price_e7, status, parts, done_at) values
      (1, 1, 380500000001, 10, 3, 1, '2026-01-02Z'), (2, 1, 380500000002, 10, 7, 1, null),
      (3, 1, 380500000003, 10, 1, 1, null), (4, 1, 380500000004, 10, 0, 1, null);
    insert into delivery_group (account_id, delivered_at, first_id, campaign_id, n, message_ids)
      values (1, '2026-01-02Z', 1, 1, 1, '{1}');
    insert into message_by_phone values (1, 380500000001, 1), (1, 380500000002, 2);
    insert into unsorted_batch values (1, 1, 3);
    insert into campaign_count (campaign_id, slot, status, n, price_e7) values
      (1, 0, 0, 4, 40), (1, 1, 0, -3, -30), (1, 1, 3, 1, 10), (1, 1, 7, 1, 10), (1, 1, 1, 1, 10);
    insert into ledger (account_id, campaign_id, kind, amount_e7, held_e7) values (1, null, 'top_up', 1000, 0),
      (1, 1, 'hold', -40, 40), (1, 1, 'charge', 0, -20), (1, 1, 'refund', 10, -10);
    insert into batch (campaign_id, first_id, last_id, submitted_upto, uncertain_upto, state, lowest_phone, highest_phone)
      values (1, 1, 2, 2, 2, 1, 380500000001, 380500000002), (1, 3, 4, 3, 3, 0, 380500000003, 380500000004);
    insert into contact (account_id, phone) values (1, 380500000001), (1, 380500000002), (1, 380500000003);
    insert into contact_group (account_id, name) values (1, 'g');
    insert into contact_group_member values (1, 1), (1, 2);
    insert into import (account_id, kind, state, options, format) values (1, 'contacts', 'done', '{}', '{}');
  `);
}

test('a sound database passes', async (t) => {
  const db = await testDatabase(t);
  assert.deepEqual((await examine(db)).breaches, []);
  await sound(db);
  const { ok, checked, breaches } = await examine(db);
  assert.deepEqual(breaches, []);
  assert.equal(ok, true);
  assert.equal(checked.length, invariants.length);
});

/** What is broken, by which SQL, and what the doctor says; a breach may be seen by several invariants. */
const injuries: [invariant: string, sql: string, says: RegExp, ok?: boolean][] = [
  [
    'counters-complete',
    'update campaign_count set n = n + 1 where slot = 0',
    /4 messages, its counters sum to 5/,
  ],
  [
    'counters-true',
    'update campaign_count set status = 5 where status = 7',
    /status 5, billed when sent: the counters say 1 .* are 0/,
  ],
  [
    'counters-true',
    'update campaign_count set price_e7 = 9 where status = 7',
    /status 7, .* for 9, there are 1 for 10/,
  ],
  ['counters-true', 'update message set status = 4 where id = 3', /campaign 1, status 1, /],
  [
    'counters-true',
    'update message set on_delivery = true where id = 3',
    /status 1, billed when delivered: the counters say 0 .* are 1 for 10/,
  ],
  ['message-range', 'delete from message where id = 4', /its 3 messages lie between 1 and 3/],
  [
    'message-range',
    'update message set id = 9 where id = 4',
    /message 9 exists, but the next block would begin at 5/,
  ],
  ['message-range', 'update message set campaign_id = 2 where id = 4', /campaign 2, which does not exist/],
  ['balance', 'update account set balance_e7 = 971', /balance of 971, its ledger sums to 970/],
  ['holds', "update ledger set held_e7 = -21 where kind = 'charge'", /holds 9 by its ledger, .* cost 10/],
  [
    'campaign-money',
    "update ledger set amount_e7 = 9 where kind = 'refund'",
    /took 31 and holds 10 of it, .* cost 30/,
  ],
  [
    'accepted-price',
    'update campaign set calculated_e7 = 41',
    /accepted at 41, the ledger held 40, its messages cost 40/,
  ],
  [
    'accepted-price',
    'update message set price_e7 = 11 where id = 2',
    /accepted at 40, .* its messages cost 41/,
  ],
  [
    'total-price',
    'update campaign_count set price_e7 = price_e7 - 1 where status = 3',
    /shows a total_price of 29, the ledger took 30/,
  ],
  ['ledger-kinds', "update ledger set amount_e7 = 11 where kind = 'refund'", /a refund of 11, with -10 held/],
  [
    'ledger-kinds',
    "update ledger set kind = 'charge' where kind = 'top_up'",
    /a charge of 1000, with 0 held/,
  ],
  ['batches-tile', 'delete from batch where first_id = 1', /batch 3 to 4 begins where 1 was expected/],
  ['batches-tile', 'delete from batch where first_id = 3', /batches end at 2, its messages at 4/],
  [
    'batches-tile',
    'update batch set last_id = 3 where first_id = 1',
    /batch 3 to 4 begins where 4 was expected/,
  ],
  ['open-batches', 'update campaign set open_batches = 2', /says 2 open batches, there are 1/],
  [
    'lanes',
    "update batch set route = '7' where first_id = 3",
    /batch 3 has the route "7", the campaign has only \{""\}/,
  ],
  [
    'high-water-mark',
    'update batch set submitted_upto = 2 where first_id = 3',
    /1 messages beyond the mark 2 .* is 3/,
  ],
  [
    'done-is-done',
    "update campaign set status = 'done'",
    /is done, but 1 of its messages are in the queue and 1/,
  ],
  [
    'somebody-works',
    "update batch set lease_owner = 77, lease_until = now() - interval '2 minutes' where state = 0",
    /1 batches lie with dispatcher 77/,
    true,
  ],
  ['sorted-by-phone', 'delete from unsorted_batch', /account 1, ids 0 to 999: 2 messages are not sorted/],
  [
    'sorted-by-phone',
    'insert into message_by_phone values (1, 380500000003, 3)',
    /1 messages too many are sorted/,
  ],
  [
    'sorted-by-phone',
    'update message_by_phone set phone = phone + 1 where message_id = 2',
    /sorted by a number that is not theirs/,
  ],
  [
    'sorted-by-phone',
    'update message_by_phone set account_id = 2',
    /account 2, ids 0 to 999: 2 messages too many/,
  ],
  ['batch-phones', 'update batch set highest_phone = 1 where first_id = 3', /it says 380500000003 and 1/],
  ['redacted', 'update message set phone = 0 where id = 3', /status 1: 1 of 1 messages .* are not decided/],
  [
    'redacted',
    "update message set phone = 0, reference_id = 'mine' where id = 1",
    /1 of 1 messages without a number have a text or a reference/,
  ],
  [
    'redacted',
    "update message set phone = 0, text = 'Dear Anna' where id = 1",
    /1 of 1 messages without a number have a text or a reference/,
  ],
  [
    'redacted',
    'update campaign set redacted_at = now()',
    /campaign 1: 4 of its messages have numbers, but it is redacted/,
  ],
  ['delivery-groups', 'delete from delivery_group', /1 messages have their final receipt, 0 stand in groups/],
  ['delivery-groups', 'update delivery_group set delivered_at = now()', /others or at other times/],
  [
    'delivery-groups',
    "update delivery_group set message_ids = '{1,1}', n = 2",
    /1 messages .*, 2 stand in groups/,
  ],
  ['delivery-groups', 'update delivery_group set n = 3', /a group of 1 from 1 on says 3 from 1 on/],
  ['group-items', 'update contact_group set items = 3', /group 1 of account 1 says 3 contacts, it has 2/],
  [
    'group-items',
    'insert into contact_group (account_id, name, items) values (1, $$empty$$, 1)',
    /group 2 of account 1 says 1 contacts, it has 0/,
  ],
  ['contact-count', 'update contact_count set n = 2', /account 1 says 2 contacts, it has 3/],
  ['contact-count', 'delete from contact_count', /account 1 says 0 contacts, it has 3/],
  [
    'group-members',
    'delete from contact where id = 2',
    /contact 2 is a member of group 1: there is no such contact/,
  ],
  ['group-members', 'delete from contact_group', /contact 1 is a member of group 1: there is no such group/],
  [
    'group-members',
    'update contact set account_id = 2 where id = 1',
    /contact 1 .*: the contact is of account 2, the group of account 1/,
  ],
  [
    'import-files',
    `insert into import_chunk values (1, 0, 'phone')`,
    /import 1 is done, but 1 pieces of its file are kept/,
  ],
];

for (const [invariant, sql, says, ok = false] of injuries) {
  test(`${invariant}: found after "${sql}"`, async (t) => {
    const db = await testDatabase(t);
    await sound(db);
    await db.pool.query(sql);
    const examination = await examine(db);
    const found = examination.breaches.find((breach) => breach.name === invariant);
    assert.match(found?.examples.join('\n') ?? '', says, JSON.stringify(examination.breaches));
    assert.equal(examination.ok, ok);
  });
}

test('every invariant has an injury that it finds', () => {
  const injured = new Set(injuries.map(([name]) => name));
  assert.deepEqual(
    invariants.map(({ name }) => name).filter((name) => !injured.has(name)),
    [],
  );
});
