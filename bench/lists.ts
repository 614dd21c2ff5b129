// Measures the lists of campaigns and messages on an account with 10,000 campaigns and 10 million messages, beside
// others, over HTTP: every sort, filter and a page far behind. The database is made once, in five minutes and 7 GB.
//
//   node bench/lists.ts                     in /tmp/carillon-lists, which is kept for the next run
//   node bench/lists.ts --folder D --drop   in another folder, removed at the end

import { mkdirSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { createAccount, createKey, keySource, sharedSecret } from '../src/accounts/index.ts';
import { type Db, migrate, openDatabase, startEmbedded } from '../src/db/index.ts';
import { addFeatures } from '../src/features.ts';
import { buildServer } from '../src/http/index.ts';
import { sortBatches } from '../src/messages/index.ts';
import { ensureDefaultTariff } from '../src/tariffs/index.ts';
import { fill } from './fill.ts';
import { cpuSeconds } from './processes.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '/tmp/carillon-lists' },
    drop: { type: 'boolean', default: false },
    requests: { type: 'string', default: '30' },
    only: { type: 'string' },
  },
});
const requests = Number(values.requests);

const campaigns = 10_000;
const perCampaign = 1000;
/** Of how many other accounts the messages stand between. */
const others = { accounts: 20, campaigns: 50, perCampaign: 1000 };

/** What the engine's sorter does, measured. */
async function sortAll(db: Db): Promise<void> {
  const client = await db.pool.connect();
  await client.query('set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off');
  const began = performance.now();
  const cpuBefore = process.cpuUsage();
  const backend = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const before = cpuSeconds(backend.rows[0]!.pid);
  let batches = 0;
  for (let n = 1; n > 0; batches += n) n = await sortBatches(client);
  const messages = batches * perCampaign;
  const node = process.cpuUsage(cpuBefore);
  const per = (seconds: number) => ((seconds * 1e6) / messages).toFixed(2);
  console.log(
    `${messages} messages sorted by number: ${per((performance.now() - began) / 1000)} us each, of PostgreSQL's CPU ` +
      `${per(cpuSeconds(backend.rows[0]!.pid) - before)} us, of Node's ${per((node.user + node.system) / 1e6)} us`,
  );
  client.release(true);
}

async function build(db: Db): Promise<number> {
  await migrate(db);
  await ensureDefaultTariff(db);
  const { rows } = await db.pool.query<{ id: number }>(`select id from account where name = 'large'`);
  if (rows[0] !== undefined) return rows[0].id;
  const before = await createAccount(db, { name: 'large (unfinished)' });
  for (let i = 0; i < others.accounts; i += 1) {
    const { id } = await createAccount(db, { name: `other ${i}` });
    await fill(db, id, others.campaigns, others.perCampaign);
    if (i === others.accounts / 2) await fill(db, before.id, campaigns, perCampaign);
  }
  await sortAll(db);
  await db.pool.query('vacuum (analyze)');
  await db.pool.query(`update account set name = 'large' where id = $1`, [before.id]);
  return before.id;
}

mkdirSync(values.folder, { recursive: true });
const embedded = await startEmbedded({
  dataDir: values.folder,
  log: { info() {}, warn: console.error },
});
const db = await openDatabase({ connectionString: embedded.connectionString, max: 10 });
try {
  const accountId = await build(db);
  const app = await buildServer({
    db,
    keys: keySource(db),
    signingKey: await sharedSecret(db, 'jwt'),
    log: pino({ level: 'warn' }),
  });
  await addFeatures(app, { db });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const { key } = await createKey(db, accountId, 'live');
  const account = await db.pool.query<{ first: number; id: number; at: Date; to: Date }>(
    `select min(first_message_id) as first, min(id) + 5000 as id, min(start_at) + interval '60 hours' as at,
       min(start_at) + interval '61 hours' as to
     from campaign where account_id = $1`,
    [accountId],
  );
  const { first, id, at, to } = account.rows[0]!;
  const span = `filter[from]=${at.toISOString()}&filter[to]=${to.toISOString()}`;
  const half = `filter[from]=${at.toISOString()}&filter[to]=${new Date(at.getTime() + 84 * 3_600_000).toISOString()}`;
  const paths = [
    '/api/campaigns',
    '/api/campaigns?way=desc',
    ...['sender', 'type', 'date', 'status'].flatMap((sort) => [
      `/api/campaigns?sort=${sort}`,
      `/api/campaigns?sort=${sort}&way=desc`,
    ]),
    '/api/campaigns?way=desc&page[limit]=500',
    '/api/campaigns?page[offset]=9900',
    `/api/campaigns?${span}`,
    '/api/campaigns?filter[type]=sms',
    '/api/campaigns?search[field]=sender&search[value]=shop7',
    '/api/campaigns?search[field]=taskname&search[value]=nothing+like+it',
    '/api/messages',
    '/api/messages?way=desc',
    '/api/messages?page[limit]=500',
    '/api/messages?page[offset]=9999000',
    `/api/messages?filter[id]=${first + 5_000_000}`,
    `/api/messages?filter[campaign_id]=${id}`,
    `/api/messages?filter[campaign_id]=${id}&sort=phone`,
    `/api/messages?filter[campaign_id]=${id}&sort=delivered&way=desc`,
    '/api/messages?filter[reference_id]=nothing',
    `/api/messages?${span}`,
    `/api/messages?${span}&sort=phone`,
    '/api/messages?sort=phone',
    '/api/messages?sort=phone&way=desc',
    '/api/messages?sort=delivered',
    '/api/messages?sort=delivered&way=desc',
    ...['phone', 'delivered'].flatMap((sort) => [
      `/api/messages?sort=${sort}&page[limit]=500`,
      `/api/messages?sort=${sort}&page[offset]=100000`,
      `/api/messages?sort=${sort}&page[offset]=5000000`,
      `/api/messages?sort=${sort}&way=desc&page[offset]=9999000`,
      `/api/messages?sort=${sort}&${half}`,
      `/api/messages?sort=${sort}&way=desc&${half}`,
    ]),
  ].filter((path) => values.only === undefined || path.includes(values.only));
  console.log('median ms  worst ms  request');
  for (const path of paths) {
    const times: number[] = [];
    let note = '';
    // Far pages take seconds: a few are enough.
    for (let i = 0; i < (times[0]! > 300 ? 3 : requests); i += 1) {
      const asked = performance.now();
      const answer = await fetch(url + path, { headers: { 'x-api-key': key } });
      await answer.text();
      times.push(performance.now() - asked);
      if (answer.status !== 200) note = ` (${answer.status})`;
    }
    times.sort((a, b) => a - b);
    const shown = (ms: number) => ms.toFixed(1).padStart(9);
    console.log(`${shown(times[times.length >> 1]!)} ${shown(times.at(-1)!)}  ${path}${note}`);
  }
  await app.close();
} finally {
  await db.close();
  await embedded.stop();
  if (values.drop) rmSync(values.folder, { recursive: true, force: true });
}
