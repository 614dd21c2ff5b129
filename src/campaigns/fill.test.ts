// Proves the writer of large campaigns: what is written is exactly what came, priced to the last digit, or nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Api, customer, testApi } from '../../test/support/api.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { newClient } from '../db/index.ts';
import { examine } from '../doctor/index.ts';
import { Refusal } from '../http/index.ts';
import { actOn } from './actions.ts';
import { abandonCampaign, type FillChunk, fillCampaign, openCampaign } from './index.ts';

const hello = { sender: 'Shop', text: 'Hello {name|friend}' };

async function bench(t: Parameters<typeof testApi>[0], balance = '1000') {
  const api = await testApi(t);
  const who = await customer(api, { balance });
  const { account, keyId } = who;
  const buyer = {
    accountId: account.id,
    keyId,
    kind: 'live' as const,
    currency: account.currency,
    tariffId: await value<number>(api, 'select tariff_id from account where id = $1', account.id),
  };
  return { api, who, buyer, sound: async () => assert.deepEqual((await examine(api.db)).breaches, []) };
}

async function value<T>(api: Api, sql: string, ...values: unknown[]): Promise<T> {
  const { rows } = await api.db.pool.query({ text: sql, values, rowMode: 'array' });
  return rows[0]![0] as T;
}

type Row = { phone: number; text?: string | null; sender?: string | null; reference?: string };

/** Rows in chunks of some, with their lines from 1 on. */
async function* chunked(rows: readonly Row[], size = 700): AsyncGenerator<FillChunk> {
  for (let from = 0; from < rows.length; from += size) {
    const some = rows.slice(from, from + size);
    yield {
      lines: some.map((_, i) => from + i + 1),
      phones: some.map((row) => row.phone),
      texts: some.map((row) => row.text ?? null),
      senders: some.some((row) => row.sender !== undefined) ? some.map((row) => row.sender ?? null) : null,
      references: some.some((row) => row.reference !== undefined) ? some.map((row) => row.reference) : null,
    };
  }
}

const spain = (n: number): Row[] =>
  Array.from({ length: n }, (_, i) => ({ phone: 34600000000 + i, text: `Hello ${i}` }));

test('a campaign in creation is seen, has no messages, and is filled', async (t) => {
  const { api, who, buyer, sound } = await bench(t);
  const { id } = await openCampaign(api.db, buyer, { ...hello, validity: 5 });
  const { data } = (await who.get(`/api/campaigns/${id}/detail`)).body;
  assert.equal(data.status, 'creation');
  assert.equal(data.total_messages, 0);
  assert.equal(data.total_price, '0.0000000');
  assert.equal((await who.get('/api/campaigns')).body.meta.page.total, 1);
  for (const sort of ['id', 'phone', 'delivered']) {
    assert.equal((await who.get(`/api/messages?sort=${sort}`)).body.meta.page.total, 0);
    assert.equal(
      (await who.get(`/api/messages?sort=${sort}&filter[campaign_id]=${id}`)).body.meta.page.total,
      0,
    );
  }
  await sound();

  const told: number[] = [];
  const rows = spain(2500);
  const filled = await fillCampaign(api.db, id, chunked(rows), {
    rowLimit: 3000,
    onProgress: (n) => told.push(n),
  });
  assert.deepEqual(told, [700, 1400, 2100, 2500]);
  assert.equal(filled.messages, 2500);
  assert.equal((await who.get(`/api/campaigns/${id}`)).body.data.status, 'scheduled');
  const stored = await api.db.pool.query('select phone, text, sender from message order by id');
  assert.deepEqual(
    stored.rows.map((row) => [row.phone, row.text, row.sender]),
    rows.map((row) => [row.phone, row.text, null]),
  );
  // Whoever comes after it begins beyond all ids that were reserved.
  const after = await who.post('/api/campaigns/sms/send', { ...hello, phones: [{ number: 34600000000 }] });
  assert.equal(after.status, 200);
  assert.equal((await who.get('/api/messages?sort=id&page[limit]=50')).body.meta.page.total, 2501);
  await sound();
});

test('the hold is the sum of what the messages cost, whatever comes', async (t) => {
  const { api, who, buyer, sound } = await bench(t, '100000');
  await api.db.pool.query(
    `update rate set price_e7 = price_e7 + 1, bill_on = 'delivered' where prefix like '49%'`,
  );
  await api.db.pool.query(`insert into operator (name, host, port, system_id, password) values
    ('a', '127.0.0.1', 1, 'x', 'y'), ('b', '127.0.0.1', 2, 'x', 'y')`);
  await api.db.pool.query(`insert into route (prefix, operator_id) select '34', id from operator where name = 'a'
    union all select '', id from operator where name = 'b'`);
  const row = fc.record({
    phone: fc.oneof(
      fc.integer({ min: 34600000000, max: 34600000040 }),
      fc.integer({ min: 491510000000, max: 491510000020 }),
      fc.integer({ min: 999000000000, max: 999000000005 }),
      fc.constantFrom(12, 0, 1.5),
    ),
    text: fc.oneof(
      fc.constant(null),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 400 }),
      fc.constantFrom(
        '\\N',
        'tab\there',
        'line\nline\r\\',
        'ж'.repeat(200),
        'x'.repeat(500),
        'x'.repeat(800),
        ' ',
      ),
    ),
    sender: fc.constantFrom(null, 'Shop', 'Other', '12345', 'no sender at all'),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 20 }),
      fc.boolean(),
      fc.boolean(),
      async (rows, size, keepRepeated, respect) => {
        const { id } = await openCampaign(api.db, buyer, {
          ...hello,
          text: 'Hello',
          respect_curfew: respect,
        });
        const rejected: number[] = [];
        const onRejected = (line: number) => void rejected.push(line);
        const filling = fillCampaign(api.db, id, chunked(rows, size), {
          rowLimit: 60,
          keepRepeated,
          onRejected,
        });
        const filled = await filling.catch((error) => error);
        if (filled instanceof Refusal) {
          assert.equal(filled.code, 'no_recipients');
          assert.equal(rejected.length, rows.length);
          assert.ok(await abandonCampaign(api.db, id, 'nobody'));
          return;
        }
        assert.ok(!(filled instanceof Error), String(filled));
        assert.equal(filled.messages + filled.rejected + filled.duplicates, rows.length);
        assert.equal(rejected.length, filled.rejected + filled.duplicates);
        const stored = await api.db.pool.query(
          `select m.phone, coalesce(m.text, c.text) as text, coalesce(m.sender, c.sender) as sender from message m
           join campaign c on c.id = m.campaign_id where c.id = $1`,
          [id],
        );
        const sorted = (all: unknown[][]) => all.map((each) => JSON.stringify(each)).sort();
        assert.deepEqual(
          sorted(stored.rows.map((m) => [m.phone, m.text, m.sender])),
          sorted(
            rows
              .filter((_, i) => !rejected.includes(i + 1))
              .map((m) => [m.phone, m.text ?? 'Hello', m.sender ?? 'Shop']),
          ),
        );
        const money = 'select coalesce(sum(price_e7), 0)::text from message where campaign_id = $1';
        assert.equal(await value<string>(api, money, id), `${filled.price}`);
        const held = `select coalesce(sum(held_e7), 0)::text from ledger where campaign_id = $1 and kind = 'hold'`;
        assert.equal(await value<string>(api, held, id), `${filled.price}`);
        const { data } = (await who.get(`/api/campaigns/${id}/detail`)).body;
        assert.equal(data.total_messages, filled.messages);
        assert.equal(data.statistics.failed, filled.failed);
      },
    ),
    { numRuns: 40 },
  );
  await sound();
});

test('where money or the day do not suffice, nothing is written, and it can be abandoned with a reason', async (t) => {
  const { api, who, buyer, sound } = await bench(t, '0.05');
  const { id } = await openCampaign(api.db, buyer, hello);
  const fill = () => fillCampaign(api.db, id, chunked(spain(100)), { rowLimit: 100 });
  await assert.rejects(fill(), { code: 'insufficient_balance' });
  await api.db.pool.query('update account set messages_per_day = 99, credit_e7 = 1000000000');
  await assert.rejects(fill(), { code: 'day_limit' });
  assert.equal(await value(api, 'select count(*) from message'), 0);
  assert.equal((await who.get(`/api/campaigns/${id}`)).body.data.status, 'creation');
  assert.ok(await abandonCampaign(api.db, id, 'The balance does not suffice.'));
  const { data } = (await who.get(`/api/campaigns/${id}`)).body as unknown as {
    data: Record<string, unknown>;
  };
  assert.equal(data.status, 'stopped');
  assert.equal(data.reason, 'The balance does not suffice.');
  assert.equal(await abandonCampaign(api.db, id, 'again'), false);
  await assert.rejects(fill(), { code: 'not_in_creation' });
  await sound();
});

test('a campaign that is stopped while it is written is not sent', async (t) => {
  const { api, who, buyer, sound } = await bench(t);
  const { id } = await openCampaign(api.db, buyer, hello);
  async function* slow(): AsyncGenerator<FillChunk> {
    yield* chunked(spain(1500));
    const stopped = await who.patch(`/api/campaigns/${id}/stop`);
    assert.equal(stopped.body.data.status, 'stopped');
  }
  await assert.rejects(fillCampaign(api.db, id, slow(), { rowLimit: 1500 }), { code: 'not_in_creation' });
  assert.equal(await value(api, 'select count(*) from message'), 0);
  assert.equal(await value(api, 'select finished_at is not null from campaign'), true);
  await sound();
});

test('a source that fails, and a connection that breaks, leave nothing behind', async (t) => {
  const { api, buyer, sound } = await bench(t);
  const { id } = await openCampaign(api.db, buyer, hello);
  async function* broken(): AsyncGenerator<FillChunk> {
    yield* chunked(spain(3000));
    throw new Error('the file ends early');
  }
  await assert.rejects(fillCampaign(api.db, id, broken(), { rowLimit: 5000 }), /ends early/);

  async function* killed(): AsyncGenerator<FillChunk> {
    yield* chunked(spain(3000));
    const killer = await newClient(api.db);
    const query = `select pg_terminate_backend(pid) from pg_stat_activity
      where query like 'copy message (id, phone%' and datname = current_database() and pid <> pg_backend_pid()`;
    await waitFor(async () => (await killer.query(query)).rows.length > 0, { what: 'the COPY to be there' });
    await killer.end();
    yield* chunked(spain(3000));
  }
  await assert.rejects(fillCampaign(api.db, id, killed(), { rowLimit: 6000 }));
  assert.equal(await value(api, 'select count(*) from message'), 0);
  assert.equal(await value(api, 'select count(*) from batch'), 0);
  assert.equal(await value(api, `select count(*) from ledger where kind = 'hold'`), 0);
  const filled = await fillCampaign(api.db, id, chunked(spain(3000)), { rowLimit: 3000 });
  assert.equal(filled.messages, 3000);
  await sound();
});

test('references are kept, and those that come twice or are taken refuse the campaign', async (t) => {
  const { api, who, buyer, sound } = await bench(t);
  const rows: Row[] = spain(50).map((row, i) => ({ ...row, reference: `r${i}` }));
  const open = async () => (await openCampaign(api.db, buyer, hello)).id;
  const fill = (id: number, given: Row[]) => fillCampaign(api.db, id, chunked(given), { rowLimit: 100 });
  await fill(await open(), rows);
  assert.equal((await who.get('/api/messages?filter[reference_id]=r7')).body.data[0]?.phone, 34600000007);
  await assert.rejects(fill(await open(), rows.slice(3, 4)), /or another message has them: r3\.$/);
  const twice = [
    { phone: 34600000001, reference: 'x' },
    { phone: 34600000002, reference: 'y' },
    { phone: 34600000003, reference: 'x' },
  ];
  await assert.rejects(fill(await open(), twice), /or another message has them: x\.$/);
  const rejected: string[] = [];
  await fillCampaign(
    api.db,
    await open(),
    chunked([...spain(1), { phone: 34600000009, reference: 'no good' }]),
    {
      rowLimit: 2,
      onRejected: (line, reason, why) => void rejected.push(`${line} ${why} ${reason}`),
    },
  );
  assert.match(rejected.join(), /^2 invalid The reference_id must/);
  await sound();
});

test('any text and any sender that meets a rule holds the campaign', async (t) => {
  const { api, who, buyer, sound } = await bench(t);
  await api.db.pool.query(`insert into moderation_rule (kind, value) values
    ('word', 'casino'), ('pattern', 'win \\d+'), ('link', ''), ('recipients', '200'), ('word', 'bank')`);
  const held = async (rows: Row[]) => {
    const { id } = await openCampaign(api.db, buyer, hello);
    await fillCampaign(api.db, id, chunked(rows), { rowLimit: 1000 });
    const { status } = (await who.get(`/api/campaigns/${id}`)).body.data;
    const { rows: cases } = await api.db.pool.query(
      'select reasons from moderation_case where campaign_id = $1',
      [id],
    );
    assert.equal(status, cases.length > 0 ? 'moderation' : 'scheduled');
    return (cases[0]?.reasons ?? []) as string[];
  };
  const rows = spain(150);
  const at = (i: number, change: Partial<Row>) =>
    rows.map((row, k) => (k === i ? { ...row, ...change } : row));
  assert.deepEqual(await held(rows), []);
  assert.deepEqual(await held(at(149, { text: 'Our CASINO' })), ['rule 1: the word "casino"']);
  assert.deepEqual(await held(at(3, { text: 'WIN 100' })), ['rule 2: the pattern "win \\d+"']);
  assert.deepEqual(await held(at(99, { text: 'See a.example.com' })), [
    'rule 3: a link to the unknown domain a.example.com',
  ]);
  assert.deepEqual(await held(at(7, { sender: 'BANK' })), ['rule 5: the word "bank"']);
  assert.deepEqual(await held(spain(201)), ['rule 4: 201 recipients, more than 200']);
  await api.db.pool.query(`update account set sender_policy = 'moderate'`);
  assert.deepEqual(await held(spain(1)), ['the sender Shop is not registered']);
  await api.db.pool.query(`update account set sender_policy = 'refuse'`);
  await assert.rejects(held(spain(1)), /The given data was invalid/);
  await sound();
});

test('stop is possible in creation, pause is not', async (t) => {
  const { api, buyer } = await bench(t);
  const { id } = await openCampaign(api.db, buyer, hello);
  assert.equal(await actOn(api.db.pool, 'pause', { id }), false);
  assert.equal(await actOn(api.db.pool, 'approve', { id }), false);
  assert.equal(await actOn(api.db.pool, 'stop', { id }), true);
});
