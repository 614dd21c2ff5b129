// Exports over HTTP: every answer, the file itself, what is in it, and what becomes of a job whose process is killed.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { writeExport } from '../src/exports/index.ts';
import { startJobs } from '../src/jobs/index.ts';
import { tasks } from '../src/tasks.ts';
import { type Api, type Customer, customer, testApi } from './support/api.ts';
import { atEnd, child, manyMessages, waitFor } from './support/index.ts';

const log = { info() {}, warn() {}, error() {} };

async function exporting(t: TestContext) {
  const api = await testApi(t);
  const jobs = await startJobs({ db: api.db, log, ...tasks });
  atEnd(t, () => jobs.stop());
  return { api, owner: await customer(api), stranger: await customer(api) };
}

type Job = {
  status: string;
  rows: number;
  size: number;
  url: string;
  progress: number;
  error: string | null;
};

async function finished(who: Customer, body: object): Promise<{ key: string; job: Job }> {
  const made = await who.post('/api/stat/jobs', body);
  assert.equal(made.status, 200, made.text);
  const { key, error, errorDescription } = made.body as unknown as Record<string, unknown>;
  assert.deepEqual([typeof key, error, errorDescription], ['string', 0, '']);
  const job = await waitFor(
    async () => {
      const shown = (await who.get(`/api/stat/jobs/${key}`)).body.data as unknown as Job;
      return /done|failed/.test(shown.status) && shown;
    },
    { what: 'the job to end' },
  );
  return { key: key as string, job };
}

const sms = (phones: object[], more: object = {}) => ({ sender: 'Carillon', text: 'Hello', phones, ...more });
const period = { type: 'params', time_in_from: '2020-01-01T00:00:00Z', time_in_to: '2100-01-01 00:00:00' };

test('messages of a period, of a campaign and of ids, each filter, each account by itself', async (t) => {
  const { owner, stranger } = await exporting(t);
  const first = await owner.post('/api/campaigns/sms/send', {
    ...sms([{ number: 34600000001, reference_id: 'r1' }, { number: 380500000100 }], {
      text: '=cmd "x",\nжук',
    }),
  });
  await owner.post('/api/campaigns/sms/send', sms([{ number: 34600000002 }], { sender: 'Other' }));
  const theirs = await stranger.post('/api/campaigns/sms/send', sms([{ number: 34600000009 }]));
  assert.equal(first.status, 200, first.text);
  const campaign = first.body.data.id;
  const ids = (await owner.get('/api/messages')).body.data.map(({ id }) => id);
  const [foreign] = (await stranger.get('/api/messages')).body.data.map(({ id }) => id);

  const file = async (body: object) => {
    const { job } = await finished(owner, body);
    assert.equal(job.status, 'done');
    const answer = await owner.get(job.url);
    assert.equal(answer.status, 200);
    assert.equal(Buffer.byteLength(answer.text), job.size);
    return { text: answer.text, rows: job.rows, headers: answer.headers };
  };
  const all = await file(period);
  assert.equal(all.rows, 3);
  assert.equal(all.headers['content-type'], 'text/csv; charset=utf-8');
  const lines = all.text.split('\r\n');
  assert.match(
    lines[0]!,
    /^id,campaign_id,campaign,reference_id,phone,country,sender,text,parts,status,error,price/,
  );
  assert.ok(lines[1]!.includes(`,r1,34600000001,ES,Carillon,"'=cmd ""x"",\nжук",1,scheduled,,`), lines[1]);
  assert.equal((await file({ ...period, bom: true })).text[0], '\ufeff');

  for (const [filter, rows] of [
    [{ type: 'params', campaign_id: campaign }, 2],
    [{ type: 'params', campaign_id: campaign, phone: '+38050000', status: 'scheduled' }, 1],
    [{ type: 'params', campaign_id: campaign, phone: '34600000002' }, 0],
    [{ type: 'params', campaign_id: theirs.body.data.id }, 0],
    [{ type: 'message', message_id: [ids[0], ids[0], foreign, 999_999_999] }, 1],
    [{ ...period, phones: [34600000001, 34600000009] }, 1],
    [{ ...period, sender: 'Other', country: 'es', status: 'Scheduled', source: 'api' }, 1],
    [{ ...period, country: 'UA', sender: '', source: '', status: '', sl_clicks: '' }, 1],
    [{ ...period, status: 'Delivered' }, 0],
    [{ ...period, source: 'smpp' }, 0],
    [{ ...period, operator_id: '7' }, 0],
    [{ ...period, time_sent_from: '2020-01-01T00:00:00Z' }, 0],
    [{ ...period, time_in_to: '2020-01-02T00:00:00Z' }, 0],
  ] as const) {
    assert.equal((await file(filter)).rows, rows, JSON.stringify(filter));
  }
});

test('what is wrong is said, field by field', async (t) => {
  const { owner } = await exporting(t);
  for (const [body, field] of [
    [{ type: 'params' }, 'time_in_from'],
    [{ type: 'message' }, 'message_id'],
    [{ type: 'else' }, 'type'],
    [{ ...period, time_in_to: '2019-01-01T00:00:00Z' }, 'time_in_to'],
    [{ ...period, time_sent_to: 'soon' }, 'time_sent_to'],
    [{ ...period, phones: [34600000000, 5] }, 'phones.1'],
    [{ ...period, country: '1A' }, 'country'],
    [{ ...period, operator_id: 'north' }, 'operator_id'],
    [{ ...period, sl_clicks_count: '3' }, 'sl_clicks_count'],
    [{ ...period, format: 'pdf' }, 'format'],
    [{ ...period, status: 'Lost' }, 'status'],
  ] as const) {
    const answer = await owner.post('/api/stat/jobs', body);
    assert.equal(answer.status, 422, JSON.stringify(body));
    assert.ok(field in answer.body.errors, answer.text);
  }
});

test('a file is packed for who takes gzip, loaded by every published way, and gone with its job', async (t) => {
  const { api, owner, stranger } = await exporting(t);
  await manyMessages(api.db, owner.account.id, 20_000);
  const { key, job } = await finished(owner, period);
  assert.equal(job.rows, 20_000);
  const path = `/api/stat/jobs/${key}`;
  const plain = await owner.get(`${path}?download=1`);
  assert.equal(plain.text.split('\r\n').length, 20_002);
  const key_ = { 'x-api-key': owner.key };
  const packed = await api.app.inject({ url: job.url, headers: { ...key_, 'accept-encoding': 'gzip, br' } });
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.equal(gunzipSync(packed.rawPayload).toString(), plain.text);
  const accepted = await api.app.inject({ url: path, headers: { ...key_, accept: 'text/csv' } });
  assert.equal(accepted.payload, plain.text);

  for (const url of [path, `${path}/file`]) assert.equal((await stranger.get(url)).status, 404);
  assert.equal((await stranger.delete(path)).status, 404);
  assert.deepEqual((await stranger.get('/api/stat/jobs')).body.data, []);
  assert.equal((await owner.get('/api/stat/jobs')).body.meta.page.total, 1);
  assert.deepEqual((await owner.delete(path)).body as unknown, { error: 0, key, errorDescription: '' });
  assert.equal((await owner.delete(path)).status, 404);
  const { rows } = await api.db.pool.query('select count(*)::integer as n from export_chunk');
  assert.equal(rows[0].n, 0);

  const sheet = await finished(owner, { ...period, format: 'xlsx' });
  const loaded = await api.app.inject({ url: sheet.job.url, headers: key_ });
  assert.match(String(loaded.headers['content-type']), /spreadsheetml/);
  assert.equal(loaded.rawPayload.length, sheet.job.size);
  assert.equal(loaded.rawPayload.toString('latin1', 0, 2), 'PK');
});

test('three unfinished at once, no file before the end, and a deleted job stops', async (t) => {
  const api: Api = await testApi(t);
  const owner = await customer(api);
  await manyMessages(api.db, owner.account.id, 120_000);
  const keys: string[] = [];
  for (let i = 0; i < 3; i++) {
    keys.push(((await owner.post('/api/stat/jobs', period)).body as unknown as { key: string }).key);
  }
  const fourth = await owner.post('/api/stat/jobs', period);
  assert.deepEqual([fourth.status, typeof fourth.headers['retry-after']], [429, 'string']);
  assert.equal((await owner.get(`/api/stat/jobs/${keys[0]}/file`)).status, 409);

  const work = { db: api.db, signal: new AbortController().signal, last: false };
  const running = writeExport(Number(keys[0]), work);
  await waitFor(async () => {
    const { rows } = await api.db.pool.query('select from export_job where id = $1 and seen > 0', [keys[0]]);
    return rows.length > 0;
  });
  assert.equal((await owner.delete(`/api/stat/jobs/${keys[0]}`)).status, 200);
  await running;
  await writeExport(Number(keys[0]), work); // the queue may ask again
  assert.equal((await owner.get(`/api/stat/jobs/${keys[0]}`)).status, 404);

  const stopped = new AbortController();
  const stopping = writeExport(Number(keys[1]), { ...work, signal: stopped.signal });
  stopped.abort(new Error('stop'));
  await assert.rejects(stopping);
  await writeExport(Number(keys[1]), work);
  const shown = (await owner.get(`/api/stat/jobs/${keys[1]}`)).body.data as unknown as Job;
  assert.deepEqual([shown.status, shown.rows, shown.progress], ['done', 120_000, 100]);
});

test('a process that is killed in the middle leaves a job that another finishes, with every message once', async (t) => {
  const api = await testApi(t);
  const owner = await customer(api);
  await manyMessages(api.db, owner.account.id, 200_000);
  const made = (await owner.post('/api/stat/jobs', period)).body as unknown as { key: string };
  const path = `/api/stat/jobs/${made.key}`;
  const worker = child(t, ['bin/carillon.js', 'serve'], {
    ...{ DATABASE_URL: api.db.connection.connectionString!, ROLES: 'jobs', SIMULATOR: 'off' },
  });
  await waitFor(
    async () => {
      const { rows } = await api.db.pool.query('select from export_job where stored > 0 and seen < total');
      return rows.length > 0;
    },
    { what: 'a file in the middle' },
  );
  worker.kill('SIGKILL');
  await worker.ended;
  const half = (await owner.get(path)).body.data as unknown as Job;
  assert.deepEqual([half.status, half.url], ['running', null]);
  assert.equal((await owner.get(`${path}/file`)).status, 409);

  const jobs = await startJobs({ db: api.db, log, ...tasks });
  atEnd(t, () => jobs.stop());
  const shown = await waitFor(
    async () => {
      const job = (await owner.get(path)).body.data as unknown as Job;
      return job.status === 'done' && job;
    },
    { what: 'another process to finish it' },
  );
  assert.equal(shown.rows, 200_000);
  const { text } = await owner.get(shown.url);
  const seen = new Set(
    text
      .split('\r\n')
      .slice(1, -1)
      .map((line) => line.split(',', 1)[0]),
  );
  assert.equal(seen.size, 200_000);
});
