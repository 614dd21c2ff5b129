// Erasing a number, showing what is known of one, and forgetting what is old: over the API and a database that messages
// were really sent from.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { Db } from '../src/db/index.ts';
import { examine } from '../src/doctor/index.ts';
import { writeExport } from '../src/exports/index.ts';
import { sortBatches } from '../src/messages/index.ts';
import { sortedPageOf } from '../src/messages/sorted.ts';
import { erasePhone, redactOld } from '../src/privacy/index.ts';
import { admin, type Customer, customer, testApi } from './support/api.ts';
import { makeGroup } from './support/contacts.ts';
import { type EngineBench, engineBench, manyMessages, ordinary, waitFor } from './support/index.ts';

const phones = ordinary(5);
const [N, other] = phones as [number, number];
const send = '/api/campaigns/sms/send';
const numbers = (some: readonly number[]) => some.map((number) => ({ number }));

/** Every column of every table in which a number stands, in digits, among others, or in octets: `table.column`. */
async function placesOf(db: Db, phone: number): Promise<string[]> {
  const { rows: columns } = await db.pool.query<{ schema: string; table: string; column: string }>(
    `select c.table_schema as schema, c.table_name as table, c.column_name as column
     from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema')`,
  );
  assert.ok(columns.length > 300, 'the scan sees the tables');
  const found: string[] = [];
  const octets = Buffer.from(String(phone)).toString('hex');
  for (const { schema, table, column } of columns) {
    const text = `"${column}"::text`;
    const { rows } = await db.pool.query<{ n: number }>(
      `select count(*)::integer as n from ${schema}."${table}"
       where strpos(${text}, $1) > 0 or strpos(${text}, $2) > 0
         or strpos(regexp_replace(${text}, '[-+() .]', '', 'g'), $1) > 0`,
      [String(phone), octets],
    );
    if (rows[0]!.n > 0) found.push(`${table}.${column}`);
  }
  return [...new Set(found.filter((place) => !/_p\d+\./.test(place)))].sort();
}

const post = async (who: Customer, path: string, body: unknown) => {
  const answer = await who.post(path, body);
  assert.ok(answer.status < 300, answer.text);
  return answer.body.data;
};

/** As if the sorter had not come to a campaign yet. */
async function unsort(db: Db, campaignId: number): Promise<void> {
  await db.pool.query(
    'delete from message_by_phone where message_id in (select id from message where campaign_id = $1)',
    [campaignId],
  );
  await db.pool.query(
    `insert into unsorted_batch (account_id, campaign_id, first_id)
     select c.account_id, b.campaign_id, b.first_id from batch b join campaign c on c.id = b.campaign_id
     where c.id = $1`,
    [campaignId],
  );
}

/** Two accounts that know the number in every way that there is. */
async function world(t: TestContext) {
  const bench = await engineBench(t);
  const { db } = bench;
  const api = await testApi(t, {}, db);
  await bench.simulator();
  await bench.engine();
  const [one, two] = [await customer(api), await customer(api)];
  const hello = { sender: 'Shop', text: 'Hello all' };
  const campaigns = [
    await post(one, send, {
      ...hello,
      phones: [{ number: N, reference_id: 'ours' }, ...numbers(phones.slice(1))],
    }),
    await post(one, send, { ...hello, text: `The code of ${N} is 1234`, phones: numbers([N]) }),
    await post(one, '/api/campaigns/sms/send-individual', {
      messages: [
        { phone: N, sender: 'Shop', text: `Dear ${N}`, reference_id: `of${N}` },
        { phone: other, sender: 'Shop', text: 'Dear other' },
        { phone: N, sender: 'Shop', text: `And once more, ${N}` },
      ],
    }),
    await post(two, send, { ...hello, phones: numbers(phones) }),
  ].map(({ id }) => id) as [number, number, number, number];
  await bench.settled(...campaigns);
  await waitFor(async () => (await bench.value<number>('select count(*) from unsorted_batch')) === 0, {
    what: 'the sorter',
  });
  await bench.stopEngines();
  await unsort(db, campaigns[2]);
  for (const [i, { account }] of [one, two].entries()) {
    await makeGroup(db, account.id, [
      { phone: N, Name: 'Anna' },
      { phone: other, Name: 'Ben' },
    ]);
    await db.pool.query(
      `with made as (
         insert into import (account_id, kind, state, options, format, finished_at, rejected)
         values ($1, 'contacts', 'done', '{}', '{"columns":[]}', now(), 2) returning id
       )
       insert into import_rejection select id, 7, 'Name must be shorter.', $2 from made
       union all select id, 8, 'It has no phone number.', 'x;y' from made`,
      [account.id, `+${String(N).slice(0, 3)} (${String(N).slice(3, 5)}) ${String(N).slice(5)};Anna`],
    );
    await db.pool.query(
      `insert into inbound_message (account_id, operator_id, phone, source, destination, address, text, encoding,
         data_coding, parts) values
         ($1, 1, $2::bigint, '+' || $2::bigint, 'Shop', 'shop', 'I am ' || $2::bigint, 'gsm7', 0,
           array[convert_to('I am ' || $2::bigint, 'UTF8')]),
         ($1, 1, $3::bigint, $3::bigint, 'Shop', 'shop', 'Hi', 'gsm7', 0, null)`,
      [account.id, N, other],
    );
    await db.pool.query(
      `with made as (
         insert into export_job (account_id, request, format, status)
         values ($1, jsonb_build_object('bom', false, 'phones', jsonb_build_array($2::bigint)), 'csv', 'done')
         returning id
       )
       insert into export_chunk select id, 0, convert_to($2::bigint::text, 'UTF8') from made`,
      [account.id, i === 0 ? N : other],
    );
  }
  await post(one, '/api/stoplist/attach', { phones: [N, other], types: ['sms'] });
  await db.pool.query(
    `insert into orphan_receipt (connector_id, smsc_message_id, phone, status, error)
     values (1, 'a', '+' || $1::bigint, 3, 0), (1, 'b', $2::bigint, 3, 0)`,
    [N, other],
  );
  return { bench, db, api, one, two, campaigns };
}

const detail = async (who: Customer, id: number) => (await who.get(`/api/campaigns/${id}/detail`)).body.data;

test('a number is erased in one account, then everywhere; what is counted stays', async (t) => {
  const { bench, db, api, one, two, campaigns } = await world(t);
  const boss = await admin(api);
  await bench.sound();
  const reports = async () => [
    ...(await Promise.all(campaigns.map((id, i) => detail(i === 3 ? two : one, id)))).map(
      ({ text: _, ...report }) => report,
    ),
    await db.pool.query('select * from ledger order by id').then(({ rows }) => rows),
    (await one.get('/api/messages')).body.meta,
  ];
  const before = await reports();
  const everywhere = await placesOf(db, N);
  for (const place of ['message.phone', 'message.text', 'message_by_phone.phone', 'batch.lowest_phone']) {
    assert.ok(everywhere.includes(place), `the scan finds ${place} in ${everywhere}`);
  }

  const erased = await one.post('/api/privacy/erase', { phone: N });
  assert.deepEqual(erased.body.data as unknown, {
    ...{ messages: 4, contacts: 1, inbound: 1, exports: 1, stop_list: 0 },
    ...{ import_rejections: 1, orphan_receipts: 0 },
  });
  await bench.sound();
  const known = JSON.parse((await two.get(`/api/privacy/export?phone=${N}`)).text);
  assert.equal(known.messages.length, 1, 'of the other account nothing is gone');
  assert.equal(known.contacts.length, 1);
  const { rows } = await db.pool.query(
    `select c.account_id, m.phone = $1 as there, count(*)::integer as n
     from message m join campaign c on c.id = m.campaign_id where m.phone in (0, $1) group by 1, 2 order by 1`,
    [N],
  );
  assert.deepEqual(rows, [
    { account_id: one.account.id, there: false, n: 4 },
    { account_id: two.account.id, there: true, n: 1 },
  ]);

  const rest = await boss.post('/admin/api/privacy/erase', { phone: N });
  assert.deepEqual(rest.body.data as unknown, {
    ...{ messages: 1, contacts: 1, inbound: 1, exports: 1, stop_list: 0 },
    ...{ import_rejections: 1, orphan_receipts: 1 },
  });
  assert.deepEqual(await placesOf(db, N), ['stop_entry.phone'], 'only what keeps it stopped');
  await bench.sound();
  assert.deepEqual(await reports(), before);

  // The others are as they were, and the common text, too.
  assert.ok((await placesOf(db, other)).includes('message_by_phone.phone'));
  const texts = await db.pool.query('select text from campaign order by id');
  assert.deepEqual(
    texts.rows.map(({ text }) => text),
    ['Hello all', '', '', 'Hello all'],
  );
  const list = (await one.get('/api/messages?sort=phone&limit=50')).body.data;
  assert.deepEqual(
    list.map(({ phone }) => phone),
    [null, null, null, null, other, other, ...phones.slice(2)],
  );
  assert.equal((await one.get('/api/messages?filter[reference_id]=ours')).body.data.length, 0);
  const made = await one.post('/api/stat/jobs', { type: 'params', campaign_id: campaigns[0] });
  const { key } = made.body as unknown as { key: string };
  await writeExport(Number(key), { ...job(db), signal: new AbortController().signal, last: true });
  const { rows: chunks } = await db.pool.query<{ data: Buffer }>(
    'select data from export_chunk where job_id = $1 order by seq',
    [key],
  );
  const lines = gunzipSync(Buffer.concat(chunks.map(({ data }) => data)))
    .toString()
    .split('\r\n');
  assert.match(lines[1]!, /^\d+,\d+,SMS [^,]+,,,,Shop,Hello all,1,delivered,/);
  assert.match(lines[2]!, new RegExp(`,,${other},UA,Shop,Hello all,`));

  await one.post('/api/privacy/erase', { phone: 123_456_789 });
  // What waited to be sorted is sorted; then also the stop list forgets it.
  while ((await sortBatches(db.pool)) > 0);
  await bench.sound();
  const again = await boss.post('/admin/api/privacy/erase', { phone: N, stop_list: true });
  assert.equal((again.body.data as unknown as { stop_list: number }).stop_list, 1);
  assert.deepEqual(await placesOf(db, N), []);
  const { rows: log } = await db.pool.query(
    `select subject, owner_id from audit_log where action = 'privacy.erase' order by id`,
  );
  const subject = `phone/${String(N).slice(0, 4)}•••${String(N).slice(-4)}`;
  assert.deepEqual(log, [
    { subject, owner_id: one.account.id },
    { subject, owner_id: null },
    { subject: 'phone/12•••789', owner_id: one.account.id },
    { subject, owner_id: null },
  ]);
});

test('everything that is known of a number is one document, each account sees its own', async (t) => {
  const { api, one, two, campaigns } = await world(t);
  const boss = await admin(api);
  const of = async (who: Customer, path: string) => {
    const answer = await who.get(`${path}?phone=${N}`);
    assert.equal(answer.status, 200, answer.text);
    return JSON.parse(answer.text);
  };
  const known = await of(one, '/api/privacy/export');
  assert.equal(known.account_id, one.account.id);
  assert.deepEqual(
    known.messages.map(({ campaign_id, text, status, reference_id }: Record<string, unknown>) => [
      ...[campaign_id, text, status, reference_id],
    ]),
    [
      [campaigns[0], 'Hello all', 'delivered', 'ours'],
      [campaigns[1], `The code of ${N} is 1234`, 'delivered', null],
      [campaigns[2], `Dear ${N}`, 'delivered', `of${N}`],
      [campaigns[2], `And once more, ${N}`, 'delivered', null],
    ],
  );
  assert.match(known.messages[0].amount.value, /^\d+\.\d{7}$/);
  assert.deepEqual(known.contacts[0].fields, { Name: 'Anna' });
  assert.deepEqual(known.contacts[0].groups, ['group']);
  assert.equal(known.stop_list[0].sms, true);
  assert.equal(known.inbound[0].text, `I am ${N}`);
  assert.equal(known.import_rejections[0].line, 7);
  assert.equal('orphan_receipts' in known, false);
  const theirs = await of(two, '/api/privacy/export');
  assert.deepEqual([theirs.messages.length, theirs.stop_list.length, theirs.inbound.length], [1, 0, 1]);
  const all = await of(boss, '/admin/api/privacy/export');
  assert.deepEqual(
    [all.messages.length, all.contacts.length, all.inbound.length, all.orphan_receipts.length],
    [5, 2, 2, 1],
  );
  const wrong = await boss.get(`/admin/api/privacy/export?phone=${N}&account_id=987654`);
  assert.equal(wrong.status, 422);
  assert.equal((await one.get('/api/privacy/export?phone=12')).status, 422);
});

test('a number is not erased while something needs it, and nothing is changed', async (t) => {
  const { bench, db, one, two, campaigns } = await world(t);
  const later = new Date(Date.now() + 864e5).toISOString();
  const { id } = await post(one, send, {
    ...{ sender: 'Shop', text: 'Later', start_at: later },
    phones: numbers([other, N]),
  });
  const before = await placesOf(db, N);
  const state = () =>
    bench.value(
      `select md5(string_agg(m::text, ',' order by id)) || (select count(*) from contact) || (select count(*) from audit_log)
       from message m`,
    );
  const was = await state();
  const refused = async (says: RegExp) => {
    const answer = await one.post('/api/privacy/erase', { phone: N });
    assert.equal(answer.status, 409, answer.text);
    assert.match(answer.body.message, says);
    assert.deepEqual(await placesOf(db, N), before);
  };
  await refused(
    new RegExp(`wait to be sent, and nothing was erased: stop these campaigns first.*: ${id}\\.`),
  );
  assert.equal(await state(), was);

  await one.patch(`/api/campaigns/${id}/stop`);
  await bench.engine();
  await bench.settled(id);
  await bench.stopEngines();
  await db.pool.query('update message set status = 1 where campaign_id = $1 and phone = $2', [
    campaigns[0],
    N,
  ]);
  await refused(new RegExp(`wait for their receipts.*Campaigns: ${campaigns[0]}\\.`));
  await db.pool.query('update message set status = 3 where campaign_id = $1 and phone = $2', [
    campaigns[0],
    N,
  ]);
  const waiting = await bench.value<number>(
    `insert into import (account_id, kind, state, options, format)
     values ($1, 'contacts', 'waiting', '{}', '{}') returning id`,
    one.account.id,
  );
  await refused(new RegExp(`these imports, or cancel them: ${waiting}\\.`));
  assert.equal((await two.post('/api/privacy/erase', { phone: N })).status, 200, 'of another account');
  await db.pool.query('delete from import where id = $1', [waiting]);
  assert.equal((await one.post('/api/privacy/erase', { phone: N })).status, 200);
  await bench.sound();
});

test('erasing meets the sorter, and other numbers of the same batches, at every moment', async (t) => {
  const { db } = await testApi(t);
  const { rows } = await db.pool.query<{ id: number }>(
    `with tariff as (insert into tariff (code, name, currency) values (1, 't', 'EUR') returning id)
     insert into account (name, currency, tariff_id) select 'acme', 'EUR', id from tariff returning id`,
  );
  const accountId = rows[0]!.id;
  for (let i = 0; i < 3; i += 1) await unsort(db, await manyMessages(db, accountId, 5000));
  const first = 380_500_000_000;
  const options = { accountId: null, stopList: false };
  let sorting = true;
  const sorter = async () => {
    while (sorting && (await sortBatches(db.pool)) > 0);
  };
  const erasing = Array.from({ length: 12 }, (_, i) => erasePhone(db, first + i * 3, options, null));
  const [erased] = await Promise.all([
    Promise.all(erasing).finally(() => {
      sorting = false;
    }),
    sorter(),
  ]);
  assert.deepEqual(
    erased.map(({ messages }) => messages),
    erased.map(() => 3),
  );
  const breaches = async () =>
    (await examine(db)).breaches.filter(({ name }) => !/price|balance|money|lanes/.test(name));
  // Pages by number are cuts of a plain sort, in which the erased ones have the number 0.
  const compare = async () => {
    for (const way of ['asc', 'desc'] as const) {
      const { rows: plain } = await db.pool.query<{ id: number }>(
        `select id from message order by phone ${way}, id ${way}`,
      );
      for (const offset of [0, 30, 14_980]) {
        const filter = { ...{ id: undefined, campaignId: undefined, referenceId: undefined }, ...anyTime };
        const page = { offset, limit: 20 };
        const { rows } = await sortedPageOf(db.pool, accountId, filter, { by: 'phone', way }, page, 0);
        assert.deepEqual(
          rows.map(({ id }) => id),
          plain.slice(offset, offset + 20).map(({ id }) => id),
          `${way} from ${offset}`,
        );
      }
    }
  };
  const anyTime = { from: undefined, to: undefined };
  assert.deepEqual(await breaches(), []);
  await compare();
  while ((await sortBatches(db.pool)) > 0);
  assert.deepEqual(await breaches(), []);
  await compare();
  assert.deepEqual(await placesOf(db, first + 11 * 3), []);
});

/** A job whose process stops at the n-th look. */
const job = (db: Db, looks = Number.POSITIVE_INFINITY) => {
  let left = looks;
  const signal = {
    throwIfAborted() {
      left -= 1;
      if (left < 0) throw new Error('stopped');
    },
  } as AbortSignal;
  return { db, signal, log: { info() {}, warn() {} } };
};

async function aged(bench: EngineBench, accountId: number, days: number, count: number): Promise<number> {
  const id = await manyMessages(bench.db, accountId, count);
  await bench.db.pool.query(
    'update campaign set finished_at = now() - make_interval(days => $2) where id = $1',
    [id, days],
  );
  await bench.db.pool.query(
    `update message m set reference_id = 'r' || m.id, text = case when m.id % 2 = 0 then 'Dear ' || m.phone end
     where campaign_id = $1`,
    [id],
  );
  await bench.db.pool.query(
    `insert into message_reference (account_id, reference_id, message_id)
     select $2, reference_id, id from message where campaign_id = $1`,
    [id, accountId],
  );
  return id;
}

test('what is older than its account keeps it is redacted, whatever stops the work in the middle', async (t) => {
  const bench = await engineBench(t);
  const { db } = bench;
  const buyers = [await bench.buyer(), await bench.buyer(), await bench.buyer()];
  const days = [null, 10, 60];
  const campaigns: { id: number; age: number; keeps: number | null }[] = [];
  for (const [i, { accountId }] of buyers.entries()) {
    await db.pool.query('update account set retention_days = $2 where id = $1', [accountId, days[i]]);
    for (const age of [5, 30, 90]) {
      const count = i === 1 && age === 30 ? 23_000 : 1200;
      campaigns.push({ id: await aged(bench, accountId, age, count), age, keeps: days[i]! });
      await db.pool.query(
        `insert into inbound_message (account_id, operator_id, phone, source, destination, address, text, encoding,
           data_coding, received_at)
         values ($1, 1, $2, $2, 'Shop', 'shop', 'Hi', 'gsm7', 0, now() - make_interval(days => $3::integer))`
          .replaceAll('$2', String(N))
          .replaceAll('$3', String(age))
          .replaceAll(`, ${N}, 'Shop'`, `, '${N}', 'Shop'`),
        [accountId],
      );
      await db.pool.query(
        `with made as (
           insert into import (account_id, kind, state, options, format, finished_at)
           values ($1, 'contacts', 'done', '{}', '{}', now() - make_interval(days => $2)) returning id
         )
         insert into import_rejection select id, 1, 'x', 'raw' from made`,
        [accountId, age],
      );
      await db.pool.query(
        `insert into export_job (account_id, request, format, status, finished_at)
         values ($1, '{}', 'csv', 'done', now() - make_interval(days => $2))`,
        [accountId, age],
      );
    }
  }
  // One waits for a receipt still.
  const waiting = campaigns.find(({ age, keeps }) => age === 90 && keeps === 60)!;
  const [undecided] = (
    await db.pool.query<{ id: number }>(
      'select id from message where campaign_id = $1 and status = 4 order by id limit 1',
      [waiting.id],
    )
  ).rows;
  const decide = (status: number, was: number) =>
    db.pool.query(
      `with changed as (update message set status = $2 where id = $1)
       update campaign_count set n = n + case when status = $2 then 1 else -1 end
       where campaign_id = $4 and status in ($2, $3)`,
      [undecided!.id, status, was, waiting.id],
    );
  await db.pool.query(
    `insert into campaign_count (campaign_id, slot, status, on_delivery, n, price_e7) values ($1, 0, 1, false, 0, 0)`,
    [waiting.id],
  );
  await decide(1, 4);
  const counts = () =>
    db.pool.query('select * from campaign_count order by 1, 2, 3').then(({ rows }) => rows);
  const before = await counts();

  // One has no message: it was given up while it was made.
  await db.pool.query(
    `insert into campaign (account_id, first_message_id, message_count, phone_count, name, sender, text, status,
       start_at, finished_at, tariff_id, currency, calculated_e7)
     select id, 999999999, 0, 0, 'given up', 'Shop', 'Hello', 'stopped', now(), now() - interval '99 days', tariff_id,
       currency, 0 from account where retention_days = 10`,
  );

  // It is told to stop at every look, and once its connection dies in the middle of a step.
  const doctor = async () => (await examine(db)).breaches.filter(({ name }) => !/delivery-groups/.test(name));
  for (const looks of [1, 2, 3, 4]) {
    await assert.rejects(redactOld(job(db, looks)), /stopped/);
    assert.deepEqual(await doctor(), []);
  }
  const guard = await db.pool.connect();
  await guard.query("select pg_advisory_lock(hashtext('privacy'))");
  const dying = assert.rejects(redactOld(job(db)));
  await waitFor(
    async () =>
      (await bench.value<number>(
        `select count(pg_terminate_backend(pid)) from pg_locks where locktype = 'advisory' and not granted
           and database = (select oid from pg_database where datname = current_database())`,
      )) > 0,
    { what: 'the step to wait' },
  );
  await dying;
  await guard.query("select pg_advisory_unlock(hashtext('privacy'))");
  guard.release();
  assert.deepEqual(await doctor(), []);
  await redactOld(job(db));
  assert.deepEqual(await doctor(), []);
  assert.deepEqual(await counts(), before);
  const countries = await bench.value(
    `select jsonb_path_query_array(figures, '$.countries[*][0]') from campaign_figures where campaign_id = $1`,
    campaigns.find(({ age, keeps }) => age === 30 && keeps === 10)!.id,
  );
  assert.deepEqual(countries, ['UA'], 'figures by country are kept');

  const state = async () => {
    const { rows } = await db.pool.query<{ id: number; marked: boolean; named: number; left: number }>(
      `select c.id, c.redacted_at is not null as marked, count(*) filter (where m.phone <> 0)::integer as named,
         (select count(*)::integer from message_reference r
          where r.message_id between c.first_message_id and c.first_message_id + c.message_count - 1) as left
       from campaign c join message m on m.campaign_id = c.id group by c.id order by c.id`,
    );
    return rows;
  };
  const expected = (all: boolean) =>
    Promise.all(
      campaigns.map(async ({ id, age, keeps }) => {
        const gone = keeps !== null && age > keeps && (all || id !== waiting.id);
        const n = gone
          ? 0
          : await bench.value<number>('select message_count from campaign where id = $1', id);
        return { id, marked: gone, named: n, left: n };
      }),
    );
  assert.deepEqual(await state(), await expected(false));
  for (const table of ['inbound_message', 'export_job']) {
    const { rows } = await db.pool.query(
      `select account_id, count(*)::integer as n from ${table} group by 1 order by 1`,
    );
    assert.deepEqual(
      rows.map(({ n }) => n),
      [3, 1, 2],
      table,
    );
  }
  assert.equal(await bench.value('select count(*) from import_rejection'), 6);

  // Done twice, nothing is done; and the last follows when it is decided.
  assert.deepEqual(await redactOld(job(db)), { campaigns: 0, messages: 0, rows: 0 });
  await decide(4, 1);
  assert.deepEqual(await redactOld(job(db)), { campaigns: 1, messages: 1200, rows: 0 });
  assert.deepEqual(await state(), await expected(true));
});
