// Measures the contact book on an account of one million contacts with five fields: the import of all of them, and the
// first page of every kind of search over HTTP. The database is made once, in a minute or two and 2 GB.
//
//   node bench/contacts.ts                     in /tmp/carillon-contacts, which is kept for the next run
//   node bench/contacts.ts --folder D --drop   in another folder, removed at the end

import { mkdirSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { createAccount, createKey, keySource, sharedSecret } from '../src/accounts/index.ts';
import { addToStopList, countRecipients, streamRecipients, upsertContacts } from '../src/contacts/index.ts';
import { type Db, migrate, openDatabase, startEmbedded, transaction } from '../src/db/index.ts';
import { addFeatures } from '../src/features.ts';
import { buildServer } from '../src/http/index.ts';
import { ensureDefaultTariff } from '../src/tariffs/index.ts';
import { cpuSeconds } from './processes.ts';
import { quantile } from './world.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '/tmp/carillon-contacts' },
    drop: { type: 'boolean', default: false },
    contacts: { type: 'string', default: '1000000' },
    requests: { type: 'string', default: '40' },
  },
});
const count = Number(values.contacts);
const chunk = 10_000;
/** Groups of 1/50 of the contacts each, beside one that has all and one that has the last third. */
const groupCount = 50;

const firstNames =
  'Anna Maria Pedro Ivan Olga John Mary Peter Lucas Hugo Martina Sofia Daniel Pablo Carla Юлія Дмитро'.split(
    ' ',
  );
const lastNames =
  'García López Ivanov Petrov Smith Jones Martínez Sánchez Ruiz Díaz Moreno Romero Коваль'.split(' ');
const cities = 'Madrid Barcelona Valencia Sevilla Zaragoza Málaga Murcia Palma Bilbao Kyiv Lviv Vigo'.split(
  ' ',
);

/** The same contacts with every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

type Book = { accountId: number; fields: number[]; groups: number[] };

async function build(db: Db): Promise<Book> {
  await migrate(db);
  await ensureDefaultTariff(db);
  const { rows: there } = await db.pool.query<{ id: number }>(`select id from account where name = 'large'`);
  const accountId = there[0]?.id ?? (await createAccount(db, { name: 'large (unfinished)' })).id;
  if (there.length === 0) await fill(db, accountId);
  const ids = async (table: string) =>
    (
      await db.pool.query<{ id: number }>(`select id from ${table} where account_id = $1 order by id`, [
        accountId,
      ])
    ).rows.map((row) => row.id);
  return { accountId, fields: await ids('contact_field'), groups: await ids('contact_group') };
}

async function fill(db: Db, accountId: number): Promise<void> {
  const { rows: fields } = await db.pool.query<{ id: number }>(
    `insert into contact_field (account_id, name, folded, type)
     select $1, n, lower(n), t from (values (1, 'Name', 'text'), (2, 'Surname', 'text'), (3, 'City', 'text'),
       (4, 'Bonus', 'number'), (5, 'Born', 'date')) as v (i, n, t) order by i returning id`,
    [accountId],
  );
  const { rows: groups } = await db.pool.query<{ id: number }>(
    `insert into contact_group (account_id, name) select $1, 'Group ' || i from generate_series(1, $2::integer) as i returning id`,
    [accountId, groupCount + 2],
  );
  const [all, late, ...small] = groups.map((group) => group.id);
  const next = random(1);
  const pick = (list: readonly string[]) => list[Math.floor(next() * list.length)]!;
  const client = await db.pool.connect();
  const { rows: backend } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const [began, cpuBefore, node] = [performance.now(), cpuSeconds(backend[0]!.pid), process.cpuUsage()];
  for (let at = 0; at < count; at += chunk) {
    const places = Array.from({ length: chunk }, (_, i) => at + i);
    const columns = [
      places.map(() => pick(firstNames)),
      places.map(() => `${pick(lastNames)}-${Math.floor(next() * 5000)}`),
      places.map(() => pick(cities)),
      places.map(() => (next() * 1000).toFixed(2)),
      places.map(() => new Date(Math.floor(next() * 15_000) * 86_400_000).toISOString().slice(0, 10)),
    ];
    const inside = [all!, small[(at / chunk) % small.length]!, ...(at >= count / 1.5 ? [late!] : [])];
    await client.query('begin');
    await upsertContacts(
      client,
      accountId,
      {
        phones: places.map((i) => 34600000000 + ((i * 7919) % 99_999_989)),
        fieldIds: fields.map((field) => field.id),
        values: columns,
      },
      inside,
    );
    await client.query('commit');
  }
  const [seconds, cpu, spent] = [
    (performance.now() - began) / 1000,
    cpuSeconds(backend[0]!.pid) - cpuBefore,
    process.cpuUsage(node),
  ];
  const us = (s: number) => ((s * 1e6) / count).toFixed(1);
  console.log(
    `${count} contacts imported in ${seconds.toFixed(0)} s, ${Math.round(count / seconds)}/s: of PostgreSQL's CPU ` +
      `${us(cpu)} us each, of Node's ${us((spent.user + spent.system) / 1e6)} us`,
  );
  client.release();
  const stopped = Array.from(
    { length: count / 100 },
    (_, i) => 34600000000 + ((i * 100 * 7919) % 99_999_989),
  );
  await addToStopList(db.pool, accountId, stopped, 'import');
  await db.pool.query('vacuum (analyze)');
  await db.pool.query(`update account set name = 'large' where id = $1`, [accountId]);
}

async function timed(name: string, work: () => Promise<string>): Promise<void> {
  const began = performance.now();
  const told = await work();
  console.log(`${name}: ${((performance.now() - began) / 1000).toFixed(2)} s, ${told}`);
}

mkdirSync(values.folder, { recursive: true });
const embedded = await startEmbedded({ dataDir: values.folder, log: { info() {}, warn: console.error } });
const db = await openDatabase({ connectionString: embedded.connectionString, max: 10 });
try {
  const { accountId, fields, groups } = await build(db);
  const [name, surname, city, bonus, born] = fields.map(String);
  const app = await buildServer({
    db,
    keys: keySource(db),
    signingKey: await sharedSecret(db, 'jwt'),
    log: pino({ level: 'warn' }),
  });
  await addFeatures(app, { db });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const { key } = await createKey(db, accountId, 'live');
  const { rows } = await db.pool.query<{ at: Date; late: Date }>(
    `select min(created_at) as late, (select created_at from contact order by id offset 1000 limit 1) as at
     from contact where id > $1`,
    [count / 2],
  );
  const [early, half] = [rows[0]!.at, rows[0]!.late].map((at) =>
    at!.toISOString().slice(0, 19).replace('T', ' '),
  );
  type Criterion = [field: string, operator: string, value: string];
  const searches: [string, Criterion[], string?][] = [
    ['all', []],
    ['all, by phone, last first', [], 'sort=phone&way=desc'],
    ['id = 1', [['id', '=', '500000']]],
    ['id > half', [['id', '>', '500000']]],
    ['phone = 1', [['phone', '=', '34600007919']]],
    ['phone like, 7 digits', [['phone', 'like', '6007919']]],
    ['phone like, 4 digits', [['phone', 'like', '7919']]],
    ['phone like, 3 digits', [['phone', 'like', '791']]],
    ['phone like, 2 digits', [['phone', 'like', '79']]],
    ['phone > half', [['phone', '>', '34650000000']]],
    ['phone > half, by phone', [['phone', '>', '34650000000']], 'sort=phone'],
    [
      'phone, a small range',
      [
        ['phone', '>=', '34650000000'],
        ['phone', '<', '34650100000'],
      ],
    ],
    ['text = 1/17', [[name!, '=', 'ANNA']]],
    ['text = 15', [[surname!, '=', 'smith-4321']]],
    ['text like, 4/17', [[name!, 'like', 'ar']]],
    ['text like, few', [[surname!, 'like', 'ith-432']]],
    ['text like, one letter', [[city!, 'like', 'z']]],
    ['text like, none', [[surname!, 'like', 'qqq']]],
    ['text like, Cyrillic', [[name!, 'like', 'юлі']]],
    ['number = 10', [[bonus!, '=', '123.45']]],
    ['number > 1/2', [[bonus!, '>', '500']]],
    [
      'number, 1/100',
      [
        [bonus!, '>=', '500'],
        [bonus!, '<', '510'],
      ],
    ],
    ['date = 66', [[born!, '=', '1990-05-17']]],
    ['date <= 1/2', [[born!, '<=', '1990-05-17']]],
    ['created_at > nearly all', [['created_at', '>', early!]]],
    ['created_at > half', [['created_at', '>', half!]]],
    ['group of all', [['group_id', '=', String(groups[0])]]],
    ['group of the last third', [['group_id', '=', String(groups[1])]]],
    ['group of 1/50', [['group_id', '=', String(groups[20])]]],
    ['group of 1/50, by phone', [['group_id', '=', String(groups[20])]], 'sort=phone'],
    [
      'city and bonus, 1/24',
      [
        [city!, '=', 'madrid'],
        [bonus!, '>', '500'],
      ],
    ],
    [
      'city, bonus, born, 1/240',
      [
        [city!, '=', 'madrid'],
        [bonus!, '>', '900'],
        [born!, '<', '1990-01-01'],
      ],
    ],
    [
      'last third and city',
      [
        ['group_id', '=', String(groups[1])],
        [city!, '=', 'Lviv'],
      ],
    ],
    [
      'two of 1/17 that never meet',
      [
        [name!, '=', 'Anna'],
        [name!, '=', 'Olga'],
      ],
    ],
    [
      'many and few',
      [
        [name!, 'like', 'a'],
        [surname!, 'like', 'ith-432'],
      ],
    ],
  ];
  const asked = async (path: string) => {
    const began = performance.now();
    const answer = await fetch(url + path, { headers: { 'x-api-key': key } });
    const body = (await answer.json()) as { meta?: { page: { total: number; estimated?: boolean } } };
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
    return { ms: performance.now() - began, page: body.meta?.page };
  };
  const repeated = async (path: string) => {
    const answers: Awaited<ReturnType<typeof asked>>[] = [];
    for (let i = 0; i < Number(values.requests); i += 1) answers.push(await asked(path));
    return { times: answers.map(({ ms }) => ms), page: answers.at(-1)?.page };
  };
  console.log('| search | found | p50 ms | p99 ms |\n|---|--:|--:|--:|');
  for (const [told, criteria, more = ''] of searches) {
    const query = new URLSearchParams(
      criteria.flatMap(([on, operator, value], i): [string, string][] => [
        [`search_fields[${i}][field]`, on],
        [`search_fields[${i}][operator]`, operator],
        [`search_fields[${i}][value]`, value],
      ]),
    );
    const { times, page } = await repeated(`/api/contacts/search?${query}&${more}`);
    const found = `${page?.estimated ? 'about ' : ''}${page?.total}`;
    const at = (share: number) => quantile(times, share).toFixed(1);
    console.log(`| ${told} | ${found} | ${at(0.5)} | ${at(0.99)} |`);
  }
  const { times: groupMs } = await repeated('/api/groups?page[limit]=500');
  console.log(
    `a page of all groups with their stop list counts: p50 ${quantile(groupMs, 0.5).toFixed(0)} ms, worst ${Math.max(...groupMs).toFixed(0)} ms`,
  );
  await timed('countRecipients of all', async () =>
    JSON.stringify(await countRecipients(db.pool, accountId, [groups[0]!], [fields[0]!])),
  );
  await timed('streamRecipients of all with two fields', () =>
    transaction(db, async (client) => {
      let n = 0;
      const options = { stopList: true, fieldIds: fields.slice(0, 2) };
      for await (const { ids } of streamRecipients(client, accountId, groups, options)) n += ids.length;
      return `${n} recipients, ${Math.round(process.memoryUsage().rss / 1e6)} MB RSS`;
    }),
  );
  await app.close();
} finally {
  await db.close();
  await embedded.stop();
  if (values.drop) rmSync(values.folder, { recursive: true, force: true });
}
