// Measures the messages of one large campaign by state and number over HTTP: pages from both ends and the middle, of
// states that most messages have and that three have, when nothing changes and while the counters change all the time.
//
//   node bench/states.ts                        a million messages, in /tmp/carillon-states, which is kept for the next run
//   node bench/states.ts --messages 10000000 --folder D --drop

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

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '/tmp/carillon-states' },
    messages: { type: 'string', default: '1000000' },
    drop: { type: 'boolean', default: false },
    requests: { type: 'string', default: '20' },
  },
});
const messages = Number(values.messages);
const requests = Number(values.requests);

/** An account with one campaign: half delivered, a quarter undelivered, a quarter sent, three messages failed. */
async function build(db: Db): Promise<{ accountId: number; campaignId: number; first: number }> {
  await migrate(db);
  await ensureDefaultTariff(db);
  const there = await db.pool.query<{ id: number }>(`select id from account where name = 'one large'`);
  const accountId = there.rows[0]?.id ?? (await createAccount(db, { name: 'one large' })).id;
  if (there.rows[0] === undefined) await fill(db, accountId, 1, messages);
  const { rows } = await db.pool.query<{ campaignId: number; first: number }>(
    'select id as "campaignId", first_message_id as first from campaign where account_id = $1',
    [accountId],
  );
  const { campaignId, first } = rows[0]!;
  if (there.rows[0] === undefined) {
    await db.pool.query('update message set status = 7, error = -1 where id = any($1) and status = 1', [
      [0.2, 0.5, 0.8].map((part) => first + Math.floor((part * messages) / 4) * 4 + 3),
    ]);
    await db.pool.query('update campaign_count set n = n - 3 where campaign_id = $1 and status = 1', [
      campaignId,
    ]);
    await db.pool.query(
      'insert into campaign_count (campaign_id, slot, status, n, price_e7) values ($1, 0, 7, 3, 0)',
      [campaignId],
    );
    while ((await sortBatches(db.pool)) > 0);
    await db.pool.query('vacuum (analyze)');
  }
  return { accountId, campaignId, first };
}

mkdirSync(values.folder, { recursive: true });
const embedded = await startEmbedded({ dataDir: values.folder, log: { info() {}, warn: console.error } });
const db = await openDatabase({ connectionString: embedded.connectionString, max: 10 });
try {
  const { accountId, campaignId, first } = await build(db);
  const app = await buildServer({
    db,
    keys: keySource(db),
    signingKey: await sharedSecret(db, 'jwt'),
    log: pino({ level: 'warn' }),
  });
  await addFeatures(app, { db });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const { key } = await createKey(db, accountId, 'live');
  const of = `/api/messages?page[limit]=100&filter[campaign_id]=${campaignId}`;

  async function ask(path: string): Promise<number> {
    const asked = performance.now();
    const answer = await fetch(url + path, { headers: { 'x-api-key': key } });
    await answer.text();
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
    return performance.now() - asked;
  }

  /** A message moves on; the counters with it. */
  let moved = 0;
  async function change(): Promise<void> {
    moved += 1;
    await db.pool.query('update message set status = 3, done_at = now() where id = $1', [
      first + moved * 4 + 3,
    ]);
    await db.pool.query(
      `update campaign_count set n = n + case status when 3 then 1 else -1 end
       where campaign_id = $1 and slot = 1 and status in (1, 3)`,
      [campaignId],
    );
  }

  const shown = (ms: number) => ms.toFixed(1).padStart(9);
  async function measure(path: string, before: () => Promise<void> = async () => {}): Promise<void> {
    const times: number[] = [];
    for (let i = 0; i < requests; i += 1) {
      await before();
      times.push(await ask(path));
    }
    times.sort((a, b) => a - b);
    console.log(`${shown(times[times.length >> 1]!)} ${shown(times.at(-1)!)}  ${path.slice(of.length)}`);
  }

  await ask(of);
  console.log(
    `${shown(await ask(`${of}&filter[status]=delivered`))} ms: the first page of a state, counting ${messages}`,
  );
  const middle = (part: number) => Math.floor((messages * part) / 2);
  const { rows } = await db.pool.query<{ phone: number }>('select phone from message where id = $1', [
    first + Math.floor(messages / 3),
  ]);
  const phone = String(rows[0]!.phone);
  const paths = [
    '',
    `&page[offset]=${messages - 100}`,
    ...['delivered', 'sent', 'failed', 'read'].map((status) => `&filter[status]=${status}`),
    `&filter[status]=delivered&page[offset]=${middle(0.5)}`,
    `&filter[status]=delivered&page[offset]=${middle(1) - 100}`,
    `&filter[status]=delivered&filter[status]=failed&way=desc&page[offset]=${middle(0.3)}`,
    `&filter[phone]=${phone}`,
    `&filter[phone]=${phone.slice(0, 8)}`,
    `&filter[phone]=${phone.slice(0, 6)}`,
    `&filter[phone]=${phone.slice(0, 6)}&filter[status]=undelivered`,
  ];
  console.log('median ms  worst ms  nothing changes');
  for (const path of paths) await measure(of + path);
  console.log('median ms  worst ms  a message moves on before each request');
  for (const path of paths.slice(2, 9)) await measure(of + path, change);
  await db.pool.query(
    `insert into unsorted_batch select $1, campaign_id, first_id from batch where campaign_id = $2`,
    [accountId, campaignId],
  );
  console.log('median ms  worst ms  nothing is sorted by number');
  for (const path of paths.slice(9)) await measure(of + path);
  await db.pool.query('delete from unsorted_batch');
  await app.close();
} finally {
  await db.close();
  await embedded.stop();
  if (values.drop) rmSync(values.folder, { recursive: true, force: true });
}
