// Every HTTP operation against hostile requests, taken from the server's own OpenAPI document. Called by
// test/fuzz-http.test.ts.
//
// What must hold for every request:
// 1. It is answered below 500.
// 2. A refusal has the One-API's form: a message, and where there are errors, each with words.
// 3. A refusal has changed nothing: triggers note every row that is written, with its transaction's commit.
// And for all of them: every operation has succeeded, and every one with a body has refused one; and in the end the
// database keeps all its invariants.

import assert from 'node:assert/strict';
import type { Db } from '../src/db/index.ts';
import type { App } from '../src/http/index.ts';
import { good, type World } from './http-good.ts';
import { spoiltRequest } from './http-mutations.ts';
import { type Json, type Operation, operationsOf, type Request, type Sent, written } from './http-request.ts';
import { hostileText, schemaValue } from './http-values.ts';
import { Random } from './random.ts';
import { replay, type Settings } from './settings.ts';

/** Who calls: keys that can be made anew, as a hostile request may revoke one. */
export type Keys = { accountId: number; customer: string; admin: string };

export type Fuzzed = {
  app: App;
  db: Db;
  /** Makes an account, an administrator, and their keys. */
  newKeys(): Promise<Keys>;
};

/** Tables that a refused request may write: none of them is anything that a customer has or pays for. */
const bookkeeping = [
  // Ids are taken before the campaign that they are for, and are not missed when there is none.
  'message_block',
  // What came within the last seconds.
  'recent_body',
  // How often a key was used, and how often a login failed.
  'request_count',
];

/** Notes every row that is written from now on, in the transaction that writes it. */
async function noteWrites(db: Db): Promise<() => Promise<{ upto: number; tables: string[] }>> {
  await db.pool.query(`
    create table fuzz_write (id bigint generated always as identity primary key, name text not null);
    create function fuzz_note() returns trigger language plpgsql as $$
      begin
        -- That a key was used is no change of the key.
        if tg_table_name = 'api_key' and tg_op = 'UPDATE' and
          to_jsonb(old) - 'last_used_at' = to_jsonb(new) - 'last_used_at' then return null; end if;
        insert into fuzz_write (name) values (tg_table_name);
        return null;
      end $$`);
  const { rows } = await db.pool.query<{ name: string }>(
    `select c.relname as name from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> 'fuzz_write' and c.relname <> all ($1)`,
    [bookkeeping],
  );
  assert.ok(rows.length > 20);
  for (const { name } of rows) {
    await db.pool.query(
      `create trigger fuzz_note after insert or update or delete on ${name} for each row execute function fuzz_note()`,
    );
  }
  let upto = 0;
  return async () => {
    const { rows: found } = await db.pool.query<{ id: number; name: string }>(
      'select id, name from fuzz_write where id > $1 order by id',
      [upto],
    );
    upto = found.at(-1)?.id ?? upto;
    return { upto, tables: [...new Set(found.map((row) => row.name))] };
  };
}

type Answered = { status: number; text: string; type: string };

export type Outcome = { statuses: Map<string, Map<number, number>>; operations: Operation[] };

/** Tries all requests. Rejects with the first that does not hold. */
export async function fuzzHttp(fuzzed: Fuzzed, settings: Settings): Promise<Outcome> {
  const { app, db } = fuzzed;
  const operations = operationsOf((await app.inject('/docs/json')).json());
  const missing = operations.filter(({ id }) => good[id] === undefined).map(({ id }) => id);
  assert.deepEqual(missing, [], 'new operations: add to fuzz/http-good.ts how they succeed');
  const written_ = await noteWrites(db);
  let keys = await fuzzed.newKeys();
  let count = 0;

  async function ask(sent: Sent, key: string | undefined): Promise<Answered> {
    const response = await app.inject({
      ...{ method: sent.method as 'GET', url: sent.url },
      headers: { ...(key === undefined ? {} : { 'x-api-key': key }), ...sent.headers },
      ...(sent.payload === undefined ? {} : { payload: sent.payload }),
    });
    return {
      ...{ status: response.statusCode, text: response.payload },
      type: String(response.headers['content-type'] ?? ''),
    };
  }

  const keyFor = (path: string) => (path.startsWith('/admin/') ? keys.admin : keys.customer);

  const world: World = {
    db,
    get accountId() {
      return keys.accountId;
    },
    next: () => {
      count += 1;
      return count;
    },
    async make(method, path, body) {
      const headers = { 'content-type': 'application/json' };
      const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const { status, text } = await ask({ method, url: path, headers, payload }, keyFor(path));
      // What an earlier request did may be in the way; then the request goes without what it wanted.
      return status < 300
        ? ((JSON.parse(text) as { data: { id: number } }).data as { id: number })
        : { id: 1 };
    },
  };

  const statuses = new Map<string, Map<number, number>>(operations.map(({ id }) => [id, new Map()]));

  for (let index = settings.first; index < settings.first + settings.inputs; index += 1) {
    const random = new Random(settings.seed, index);
    const operation = operations[index % operations.length]!;
    const sent = await requestOf(random, operation, world, index < operations.length);
    await written_();
    // Now and then nobody's key, one of another kind, or none that can be.
    const key = random.oneIn(40) ? random.pick([undefined, 'live_x', keys.customer]) : keyFor(operation.path);
    const answer = await ask(sent, key);
    const seen = statuses.get(operation.id)!;
    seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
    const { tables } = await written_();
    try {
      check(answer, tables, operation);
    } catch (error) {
      throw new Error(
        `request ${index}, ${operation.id}: ${(error as Error).message}\n${shown(sent)}\n` +
          `answered ${answer.status} ${answer.text.slice(0, 500)}\n${replay('http', settings.seed, index)}`,
      );
    }
    if (answer.status === 401 && key === keyFor(operation.path)) keys = await fuzzed.newKeys();
  }
  return { statuses, operations };
}

/** The request of an input: a good one at first, later mostly spoilt ones, good or made of the schema before. */
async function requestOf(random: Random, operation: Operation, world: World, first: boolean): Promise<Sent> {
  const empty: Request = { params: {}, query: [], body: undefined, headers: {} };
  const fromSchema = !first && random.oneIn(3);
  const request: Request = fromSchema
    ? { ...empty, ...schemaRequest(random, operation) }
    : { ...empty, ...(await good[operation.id]!(world)) };
  return first || random.oneIn(12) ? written(operation, request) : spoiltRequest(random, operation, request);
}

/** A request of what the schemas say, whose ids are small: some of them are there. */
function schemaRequest(random: Random, { path, parameters, body }: Operation): Partial<Request> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const text = (value: Json) => encodeURIComponent(String(value).toWellFormed());
  return {
    params: Object.fromEntries(
      names.map((name) => [name, random.oneIn(10) ? hostileText(random) : String(random.below(30))]),
    ),
    query: parameters
      .filter((parameter) => parameter.in === 'query' && random.oneIn(2))
      .map(({ name, schema }) => [name, text(schemaValue(random, schema))]),
    body: body === undefined ? undefined : schemaValue(random, body.schema),
  };
}

/** What no answer may tell of the inside. */
const inside = /node_modules|\.ts:\d|\bat async\b|syntax error at|violates|invalid byte sequence|PRIVATE KEY/;

function check({ status, text, type }: Answered, tables: string[], operation: Operation): void {
  assert.ok(status >= 200 && status < 500, `an error of the server: ${status}`);
  if (status < 400) {
    // Downloads are CSV.
    if (!/^(health|ready)z$/.test(operation.id) && text !== '' && !type.startsWith('text/csv'))
      assert.equal(typeof JSON.parse(text), 'object');
    return;
  }
  assert.match(type, /^application\/json/, 'an error is JSON');
  const { message, errors } = JSON.parse(text) as { message: unknown; errors?: unknown };
  assert.ok(typeof message === 'string' && message.length > 0, 'an error has a message');
  if (errors !== undefined) {
    assert.ok(typeof errors === 'object' && errors !== null && !Array.isArray(errors));
    const words = Object.values(errors) as unknown[];
    assert.ok(words.length > 0, 'errors are named');
    assert.ok(
      words.every(
        (each) => Array.isArray(each) && each.length > 0 && each.every((word) => typeof word === 'string'),
      ),
      'each error has words',
    );
  }
  assert.doesNotMatch(text, inside);
  assert.deepEqual(tables, [], 'a refused request wrote');
}

function shown({ method, url, headers, payload }: Sent): string {
  const body = payload === undefined ? '' : `\nbody ${payload.subarray(0, 2000).toString('latin1')}`;
  return `${method} ${url.slice(0, 1000)}\n${JSON.stringify(headers).slice(0, 500)}${body}`;
}
