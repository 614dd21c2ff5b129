// The life cycle of a campaign, in the database and over HTTP: every action on every state, pauses and stops in the
// middle of large campaigns, and starts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  actOn,
  type CampaignStatus,
  campaignStatuses,
  type RequestedAction,
  statusAfter,
} from '../src/campaigns/index.ts';
import { Reason } from '../src/messages/index.ts';
import { customer, testApi } from './support/api.ts';
import {
  duplicates,
  type EngineBench,
  engineBench,
  ordinary,
  ownOperator,
  perPhone,
  waitFor,
} from './support/index.ts';

const requested: readonly RequestedAction[] = ['pause', 'resume', 'stop', 'approve', 'reject'];
const authors = ['pause', 'resume', 'stop'] as const;
const ended: readonly CampaignStatus[] = ['done', 'stopped', 'spam'];
const hello = { sender: 'Carillon', text: 'Hello' };

/** Puts a campaign into a state, as one that has begun or not. */
const put = (status: CampaignStatus, begun: boolean) =>
  `update campaign set status = '${status}', actual_start_at = ${begun ? 'now()' : 'null'}, finished_at = null,
     reason = null where id = $1`;

test('every action on every state does what the table says, and else nothing', async (t) => {
  const api = await testApi(t);
  const { post, account } = await customer(api);
  const other = await customer(api);
  const { id } = (await post('/api/campaigns/sms/send', { ...hello, phones: [{ number: 34600000000 }] })).body
    .data;
  const row = async () =>
    (
      await api.db.pool.query<{ status: CampaignStatus; reason: string | null; finished: boolean }>(
        'select status, reason, finished_at is not null as finished from campaign where id = $1',
        [id],
      )
    ).rows[0]!;

  for (const status of campaignStatuses) {
    for (const begun of [false, true]) {
      for (const action of requested) {
        await api.db.pool.query(put(status, begun), [id]);
        const reason = action === 'reject' ? 'A forbidden word' : undefined;
        const target = { id, accountId: account.id, ...(reason === undefined ? {} : { reason }) };
        const stranger = await actOn(api.db.pool, action, { ...target, accountId: other.account.id });
        assert.equal(stranger, false, 'of another account');
        const done = await actOn(api.db.pool, action, target);
        const next = statusAfter(action, status, begun);
        assert.equal(done, next !== undefined, `${action} of one that is ${status}`);
        assert.deepEqual(await row(), {
          status: next ?? status,
          reason: next === 'spam' ? reason : null,
          finished: next !== undefined && ended.includes(next),
        });
      }
    }
  }
  await actOn(api.db.pool, 'stop', { id });
});

test('over HTTP an author pauses, resumes and stops, and what is not possible is a 422 that says what is', async (t) => {
  const api = await testApi(t);
  const { post, patch } = await customer(api);
  const other = await customer(api);
  const { id } = (await post('/api/campaigns/sms/send', { ...hello, phones: [{ number: 34600000000 }] })).body
    .data;
  for (const status of campaignStatuses) {
    for (const action of authors) {
      await api.db.pool.query(put(status, true), [id]);
      assert.equal((await other.patch(`/api/campaigns/${id}/${action}`)).status, 404);
      const answer = await patch(`/api/campaigns/${id}/${action}`);
      const next = statusAfter(action, status, true);
      assert.equal(answer.status, next === undefined ? 422 : 200, `${action} of one that is ${status}`);
      if (next === undefined) {
        const { message, errors } = answer.body;
        assert.match(message, new RegExp(`^A campaign that is ${status} cannot be \\w+: only one that is `));
        assert.deepEqual(errors, { status: [message] });
      } else {
        assert.equal(answer.body.data.status, next);
      }
    }
  }
  assert.equal((await patch('/api/campaigns/999/pause')).status, 404);
});

test('what waits is shown as what it waits for, the same in the report and in the list of messages', async (t) => {
  const api = await testApi(t);
  const { post, get } = await customer(api);
  const phones = [{ number: 34600000000 }, { number: 34600000001 }];
  const { id } = (await post('/api/campaigns/sms/send', { ...hello, phones })).body.data;
  const shown = async (status: CampaignStatus, begun: boolean) => {
    await api.db.pool.query(put(status, begun), [id]);
    const { statistics } = (await get(`/api/campaigns/${id}/detail`)).body.data;
    const counted = Object.entries(statistics).filter(([, n]) => n > 0);
    const listed = (await get(`/api/messages?filter[campaign_id]=${id}`)).body.data.map((m) => m.status);
    assert.deepEqual(counted, [[listed[0], 2]], `${status}: the report and the messages`);
    assert.equal(listed[1], listed[0]);
    return listed[0];
  };
  const unbegun = { creation: 'moderation', moderation: 'moderation', spam: 'moderation' } as const;
  for (const [status, name] of Object.entries(unbegun))
    assert.equal(await shown(status as CampaignStatus, false), name);
  assert.equal(await shown('scheduled', false), 'scheduled');
  assert.equal(await shown('paused', false), 'scheduled');
  assert.equal(await shown('stopped', false), 'scheduled');
  for (const status of ['sending', 'paused', 'stopped'] as const)
    assert.equal(await shown(status, true), 'sending');
});

test('the engine sends, finishes and cancels in the states of the table and in no other', async (t) => {
  const bench = await engineBench(t);
  const simulator = await bench.simulator();
  const buyer = await bench.buyer();
  const ids = new Map<CampaignStatus, number>();
  for (const [i, status] of campaignStatuses.entries()) {
    const id = await bench.send(buyer, { phones: ordinary(5, 380_500_000_000 + i * 1e6) });
    ids.set(status, id);
    if (status !== 'done') await bench.db.pool.query(put(status, status !== 'scheduled'), [id]);
  }
  // One that is done has no open batch: it becomes so by itself.
  await bench.engine();
  await bench.settled(
    ...(['scheduled', 'sending', 'stopped', 'spam'] as const).map((status) => ids.get(status)!),
  );
  const become = Object.fromEntries(
    await Promise.all([...ids].map(async ([status, id]) => [status, await bench.report(id)])),
  );
  const delivered = { status: 'done', messages: { delivered: 5 } };
  assert.deepEqual(become, {
    creation: { status: 'creation', messages: { queued: 5 } },
    moderation: { status: 'moderation', messages: { queued: 5 } },
    paused: { status: 'paused', messages: { queued: 5 } },
    scheduled: delivered,
    sending: delivered,
    done: delivered,
    stopped: { status: 'stopped', messages: { failed: 5 } },
    spam: { status: 'spam', messages: { failed: 5 } },
  });
  assert.equal(simulator.stats().accepted, 15);
  for (const [status, reason] of [
    ['stopped', Reason.cancelled],
    ['spam', Reason.rejected],
  ] as const) {
    const sql = 'select array_agg(distinct error) from message where campaign_id = $1';
    assert.deepEqual(await bench.value(sql, ids.get(status)), [reason]);
    assert.equal(
      await bench.priceOf(ids.get(status)!, 'failed'),
      await bench
        .value<bigint>(
          `select sum(amount_e7)::bigint from ledger where campaign_id = $1 and kind = 'refund'`,
          ids.get(status),
        )
        .then(BigInt),
      'the money was given back',
    );
  }
  await bench.stopEngines();
  await bench.sound();
});

/** A campaign larger than one request takes: several blocks of one, made one. */
async function largeCampaign(bench: EngineBench, count: number): Promise<number> {
  const buyer = await bench.buyer();
  await bench.db.pool.query(`update account set credit_e7 = 1e16::bigint where id = $1`, [buyer.accountId]);
  const id = await bench.send(buyer, {
    phones: ordinary(1),
    start_at: new Date(Date.now() + 864e5).toISOString(),
  });
  const client = await bench.db.pool.connect();
  try {
    await client.query('begin');
    await client.query(
      `with block as (select take_message_block($2) as first),
        price as (select price_e7 as p from message where campaign_id = $1),
        gone as (delete from message where campaign_id = $1),
        gone_batch as (delete from batch where campaign_id = $1),
        sized as (
          update campaign set first_message_id = first, message_count = $2, phone_count = $2,
            open_batches = ($2::integer + 999) / 1000, calculated_e7 = p * $2
          from block, price where id = $1 returning account_id
        ),
        counted as (update campaign_count set n = $2, price_e7 = p * $2 from price where campaign_id = $1),
        booked as (
          update ledger set messages = $2, amount_e7 = -p * $2, held_e7 = p * $2 from price where campaign_id = $1
        ),
        paid as (update account set balance_e7 = balance_e7 - p * ($2 - 1) from price where id = (select account_id from sized)),
        batches as (
          insert into batch (campaign_id, first_id, last_id, submitted_upto, uncertain_upto, lowest_phone, highest_phone)
          select $1, f, last, f - 1, f - 1, 380500000000 + (f - first) / 900 * 1000 + 100 + (f - first) % 900,
            380500000000 + (last - first) / 900 * 1000 + 100 + (last - first) % 900
          from block, generate_series(first, first + $2 - 1, 1000) as f,
            lateral (select least(f + 999, first + $2 - 1) as last) as l
        ),
        unsorted as (
          insert into unsorted_batch (account_id, campaign_id, first_id)
          select (select account_id from sized), $1, f from block, generate_series(first, first + $2 - 1, 1000) as f
        )
      insert into message (id, campaign_id, phone, price_e7, status, parts)
      select first + i, $1, 380500000000 + (i / 900) * 1000 + 100 + i % 900, p, 0, 1
      from block, price, generate_series(0, $2 - 1) as i`,
      [id, count],
    );
    await client.query('commit');
  } finally {
    client.release();
  }
  return id;
}

const begin = `with due as (update campaign set start_at = now() where id = $1 returning id)
  select pg_notify('carillon_work', '') from due`;

const released = (bench: EngineBench, id: number) =>
  waitFor(
    async () =>
      (await bench.value<number>(
        'select count(*) from batch where campaign_id = $1 and state = 0 and lease_owner is not null',
        id,
      )) === 0,
    { what: 'the batches to be given back' },
  );

test('a pause in the middle of 50,000 messages stops within one second, and resuming loses and repeats none', async (t) => {
  const bench = await engineBench(t);
  const throttle = 4000;
  const inFlightLimit = 400;
  const simulator = await bench.simulator({}, { throttle, inFlightLimit, windowSize: 200 });
  const count = 50_000;
  const id = await largeCampaign(bench, count);
  await bench.sound();
  await bench.engine();
  await bench.db.pool.query(begin, [id]);
  const accepted = () => simulator.stats().accepted;
  for (const part of [0.1, 0.3]) {
    await waitFor(() => accepted() > count * part, { what: 'the campaign to be under way' });
    assert.ok(await actOn(bench.db.pool, 'pause', { id }));
    const at = { accepted: accepted(), time: performance.now() };
    await released(bench, id);
    const more = accepted() - at.accepted;
    assert.ok(more <= throttle + inFlightLimit, `${more} messages after the pause`);
    t.diagnostic(`${more} messages in ${Math.round(performance.now() - at.time)} ms after the pause`);
    // Two refreshes of the engine bring nothing more.
    const before = accepted();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    assert.equal(accepted(), before);
    const { status, messages } = await bench.report(id);
    assert.equal(status, 'paused');
    assert.equal(count - messages.queued!, before, 'what the operator has is what has left the queue');
    await bench.sound();
    assert.ok(await actOn(bench.db.pool, 'resume', { id }));
  }
  await bench.settled(id);
  assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: count } });
  assert.equal(duplicates(simulator.submits()), 0);
  await bench.stopEngines();
  await bench.sound();
});

for (const action of ['pause', 'stop'] as const) {
  test(`${action} never parts a message of several segments`, async (t) => {
    const bench = await engineBench(t);
    // Answers come late and one by one, so that messages are half written at any moment.
    const operator = await ownOperator((submit, own) => void setTimeout(() => own.accept(submit), 4));
    bench.later(() => operator.close());
    await bench.operator({ port: operator.port, windowSize: 4, inFlightLimit: 40 });
    await bench.engine();
    const phones = ordinary(400);
    const id = await bench.send(await bench.buyer(), { phones, text: 'A long word. '.repeat(30) });
    await waitFor(() => operator.submits.length > 200, { what: 'the campaign to be under way' });
    await actOn(bench.db.pool, action, { id });
    if (action === 'pause') {
      await released(bench, id);
      const counts = perPhone(operator.submits);
      assert.deepEqual(new Set(counts.values()), new Set([3]), 'all three parts or none');
      assert.equal((await bench.report(id)).messages.queued, phones.length - counts.size);
      await actOn(bench.db.pool, 'resume', { id });
      await waitFor(async () => (await bench.report(id)).status === 'done', { what: 'the rest to be sent' });
      assert.equal(operator.submits.length, phones.length * 3);
    } else {
      await waitFor(async () => (await bench.report(id)).messages.queued === undefined, { what: 'the end' });
      const counts = perPhone(operator.submits);
      assert.deepEqual(new Set(counts.values()), new Set([3]));
      assert.deepEqual((await bench.report(id)).messages, {
        sent: counts.size,
        failed: phones.length - counts.size,
      });
    }
    await bench.stopEngines();
    await bench.sound();
  });
}

test('a stop lets go of messages that wait for their next try, and cancels them', async (t) => {
  const bench = await engineBench(t);
  const systemError = 8;
  const operator = await ownOperator((submit, own) =>
    submit.index % 2 === 0 ? own.accept(submit) : own.answer(submit, systemError),
  );
  bench.later(() => operator.close());
  await bench.operator({ port: operator.port });
  await bench.engine();
  const id = await bench.send(await bench.buyer(), { phones: 20 });
  await waitFor(() => operator.submits.length >= 20, { what: 'all to be tried' });
  await actOn(bench.db.pool, 'stop', { id });
  await waitFor(async () => (await bench.report(id)).messages.queued === undefined, { what: 'the end' });
  const { sent = 0, failed = 0 } = (await bench.report(id)).messages;
  assert.equal(sent + failed, 20);
  assert.ok(failed > 0);
  await bench.stopEngines();
  await bench.sound();
});

test('a campaign starts within a second of its time, also when the engine was down then', async (t) => {
  const bench = await engineBench(t);
  await bench.simulator();
  const buyer = await bench.buyer();
  const late = await bench.send(buyer, { phones: 3, start_at: new Date(Date.now() + 864e5).toISOString() });
  await bench.db.pool.query(`update campaign set start_at = now() - interval '1 hour' where id = $1`, [late]);
  await bench.engine();
  await bench.settled(late);
  const soon = await Promise.all(
    [700, 1300, 1900].map((ms, i) =>
      bench.send(buyer, {
        phones: ordinary(3, 380_600_000_000 + i * 1e6),
        start_at: new Date(Date.now() + ms).toISOString(),
      }),
    ),
  );
  await bench.settled(...soon);
  for (const id of soon) {
    const lateness = await bench.value<number>(
      'select (extract(epoch from actual_start_at - start_at) * 1000)::float8 from campaign where id = $1',
      id,
    );
    assert.ok(lateness >= 0 && lateness < 1000, `${lateness} ms late`);
    t.diagnostic(`${lateness.toFixed(1)} ms after its time`);
  }
  await bench.stopEngines();
  await bench.sound();
});

test('a campaign that is paused before its start begins when it is resumed, and not before', async (t) => {
  const bench = await engineBench(t);
  const simulator = await bench.simulator();
  await bench.engine();
  const buyer = await bench.buyer();
  const id = await bench.send(buyer, { phones: 3, start_at: new Date(Date.now() + 864e5).toISOString() });
  await actOn(bench.db.pool, 'pause', { id });
  await bench.db.pool.query('update campaign set start_at = now() where id = $1', [id]);
  const other = await bench.send(buyer, { phones: ordinary(3, 380_600_000_000) });
  await bench.settled(other);
  assert.deepEqual(await bench.report(id), { status: 'paused', messages: { queued: 3 } });
  assert.equal(simulator.stats().accepted, 3);
  await actOn(bench.db.pool, 'resume', { id });
  await bench.settled(id);
  assert.equal((await bench.report(id)).status, 'done');
});
