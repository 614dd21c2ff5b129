// What kill -9 of a process costs an import: nothing. Another process does its job, from the beginning or behind the
// last commit, and every row counts once.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { examine } from '../src/doctor/index.ts';
import {
  child,
  importEnded,
  importOf,
  startTestCarillon,
  type TestCarillon,
  upload,
  waitFor,
} from './support/index.ts';

/** So many that a process is at them for seconds. */
const manyRows = { campaign: 300_000, contacts: 60_000 };
const phoneOf = (i: number) => 380_501_000_000 + i;

/** Every thousandth row is wrong, and every thousandth repeats the number before. */
const wrong = (i: number) => i % 1000 === 7;
const repeated = (i: number) => i % 1000 === 9;

function csv(rows: number): string {
  const lines = ['phone,name'];
  for (let i = 0; i < rows; i += 1) {
    lines.push(`${wrong(i) ? 'nobody' : phoneOf(repeated(i) ? i - 1 : i)},Name ${i}`);
  }
  return lines.join('\n');
}

async function uploaded(carillon: TestCarillon, path: string, rows: number, fields: Record<string, string>) {
  const answer = await upload(carillon, path, fields, csv(rows));
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
}

/** A process that does nothing but background jobs. */
const jobs = (t: TestContext, carillon: TestCarillon) =>
  child(t, ['bin/carillon.js', 'serve'], {
    ...{ DATABASE_URL: carillon.databaseUrl, ROLES: 'jobs', SIMULATOR: 'off', LOG_LEVEL: 'warn' },
  });

/** Kills a process in the middle of an import, and has another one end it. */
async function killedOnce(t: TestContext, carillon: TestCarillon, id: number, rows: number) {
  const first = jobs(t, carillon);
  await waitFor(
    async () => {
      const { state, progress } = await importOf(carillon, id);
      assert.ok(['waiting', 'running'].includes(state), 'it was over before it could be killed');
      return progress > 0.02;
    },
    { what: 'an import in the middle' },
  );
  first.kill('SIGKILL');
  await first.ended;
  const half = await importOf(carillon, id);
  assert.equal(half.state, 'running');
  assert.ok(half.progress < 1, 'it had begun and not ended');

  jobs(t, carillon);
  const done = await importEnded(carillon, id);
  assert.equal(done.state, 'done', done.error);
  assert.deepEqual([done.progress, done.rows_read], [1, rows]);
  const { rows: left } = await carillon.db.pool.query('select from import_chunk');
  assert.equal(left.length, 0, 'the spool is empty');
  assert.deepEqual((await examine(carillon.db)).breaches, []);
  return done;
}

test('a campaign whose import is killed in the middle gets every row once, and its price is held once', async (t) => {
  const rows = manyRows.campaign;
  const carillon = await startTestCarillon(t, { env: { ROLES: 'api,dispatch' }, balance: '100000' });
  const answer = await uploaded(carillon, '/api/campaigns/sms/import', rows, {
    ...{ sender: 'Shop', text: 'Hello {name}', start_at: new Date(Date.now() + 86_400_000).toISOString() },
  });
  const done = await killedOnce(t, carillon, answer.import.id, rows);
  const perThousand = rows / 1000;
  const good = rows - 2 * perThousand;
  assert.deepEqual(
    [done.accepted, done.rejected, done.duplicates, done.stopped],
    [good, 2 * perThousand, perThousand, 0],
  );

  const { data } = (await carillon.call('GET', `/api/campaigns/${answer.data.id}/detail`)).body;
  const counted = Object.values(data.statistics as Record<string, number>).reduce((sum, n) => sum + n);
  assert.deepEqual([data.status, data.total_messages, counted], ['scheduled', good, good]);
  const { rows: wrongly } = await carillon.db.pool.query(
    `select phone, text from message
     where campaign_id = $1 and text is distinct from 'Hello Name ' || (phone - $2::bigint)`,
    [answer.data.id, phoneOf(0)],
  );
  assert.deepEqual(wrongly, []);
  const { rows: sums } = await carillon.db.pool.query(
    `select count(*) as messages, count(distinct phone) as phones, sum(price_e7) as price,
       (select sum(held_e7) from ledger where campaign_id = $1) as held,
       (select count(*) from ledger where campaign_id = $1) as entries,
       (select count(*) from import_rejection) as rejections
     from message where campaign_id = $1`,
    [answer.data.id],
  );
  const { messages, phones, price, held, entries, rejections } = sums[0];
  assert.deepEqual([messages, phones, entries, rejections], [good, good, 1, 2 * perThousand]);
  assert.equal(held, price);
});

test('a contact book whose import is killed in the middle has every row once, and so have its counts', async (t) => {
  const rows = manyRows.contacts;
  const carillon = await startTestCarillon(t, { env: { ROLES: 'api,dispatch' } });
  const group = (await carillon.call('POST', '/api/groups', { name: 'News' })).body.data.id;
  const answer = await uploaded(carillon, '/api/contacts/import', rows, {
    ...{ create_fields: 'true', groups: `[${group}]` },
  });
  const done = await killedOnce(t, carillon, answer.data.id, rows);
  const perThousand = rows / 1000;
  const good = rows - 2 * perThousand;
  assert.deepEqual(
    [done.accepted, done.created, done.rejected, done.duplicates],
    [good, good, perThousand, perThousand],
  );
  const { rows: counted } = await carillon.db.pool.query(
    `select count(*) as contacts, count(distinct phone) as phones,
       (select items from contact_group where id = $2) as items,
       (select count(*) from contact_group_member where group_id = $2) as members,
       (select sum(n) from contact_count where account_id = $1) as counted,
       (select count(*) from import_rejection) as rejections
     from contact where account_id = $1`,
    [carillon.account.id, group],
  );
  const { contacts, phones, items, members, counted: sum, rejections } = counted[0];
  assert.deepEqual([contacts, phones, items, members], [good, good, good, good]);
  assert.deepEqual([Number(sum), rejections], [good, perThousand]);
  assert.equal((await carillon.call('GET', '/api/contacts')).body.total, good);
});
