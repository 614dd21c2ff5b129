import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { atEnd, child, temporaryFolder, waitFor } from '../../test/support/index.ts';
import { readPostmasterFile } from './embedded-process.ts';
import { type Embedded, openDatabase, startEmbedded } from './index.ts';

const asRoot = process.getuid?.() === 0;
const silent = { info() {}, warn() {} };
/** Small and quick: what is tested is the life of the server, not the disk. */
const settings = { fsync: 'off', shared_buffers: '16MB' };

async function start(
  t: TestContext,
  dataDir: string,
  as: 'serve' | 'command' = 'command',
): Promise<Embedded> {
  const embedded = await startEmbedded({ dataDir, log: silent, settings, as });
  atEnd(t, () => embedded.stop());
  return embedded;
}

async function query(embedded: Embedded, sql: string): Promise<unknown[]> {
  const db = await openDatabase({ connectionString: embedded.connectionString, max: 1 });
  try {
    return (await db.pool.query(sql)).rows;
  } finally {
    await db.close();
  }
}

const postmaster = (dataDir: string) =>
  readPostmasterFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'));

/** A data folder; a server that a killed process left behind there is stopped before the folder goes. */
async function dataFolder(t: TestContext): Promise<string> {
  const dataDir = await temporaryFolder(t);
  atEnd(t, async () => {
    const left = postmaster(dataDir);
    if (!left?.alive) return;
    process.kill(left.pid, 'SIGINT');
    await waitFor(() => postmaster(dataDir) === undefined, { what: 'the end of the server' });
  });
  return dataDir;
}

/** A process that starts the server of a folder, says its port and stays. */
const holder = `
  import { startEmbedded } from './src/db/index.ts';
  const log = { info() {}, warn() {} };
  const [dataDir, as] = process.argv.slice(1);
  const { connectionString } = await startEmbedded({ dataDir, as, log, settings: ${JSON.stringify(settings)} });
  console.log('up', new URL(connectionString).port);
  setInterval(() => {}, 1000);`;
const hold = (t: TestContext, dataDir: string, as: 'serve' | 'command') =>
  child(t, ['--input-type=module-typescript', '--eval', holder, dataDir, as]);

test('the first start makes a database that only its owner can read, and the second finds the data', async (t) => {
  const dataDir = await dataFolder(t);
  const first = await start(t, dataDir, 'serve');
  await query(first, 'create table thing as select 1 as n');
  assert.equal(new URL(first.connectionString).hostname, '127.0.0.1');
  assert.equal(statSync(join(dataDir, 'postgres')).mode & 0o777, 0o700);
  assert.equal(statSync(join(dataDir, 'postgres', 'password')).mode & 0o777, 0o600);
  await first.stop();
  assert.equal(postmaster(dataDir), undefined);
  const second = await start(t, dataDir, 'serve');
  assert.deepEqual(await query(second, 'select n from thing'), [{ n: 1 }]);
});

test('whoever leaves last stops the server', async (t) => {
  const dataDir = await dataFolder(t);
  const [one, two] = await Promise.all([start(t, dataDir, 'serve'), start(t, dataDir)]);
  assert.equal(one.connectionString, two.connectionString);
  await one.stop();
  assert.equal(postmaster(dataDir)?.alive, true);
  await query(two, 'select 1');
  await two.stop();
  assert.equal(postmaster(dataDir), undefined);
});

test('a second serve on the same folder is refused and told what to do; the first goes on', async (t) => {
  const dataDir = await dataFolder(t);
  const first = hold(t, dataDir, 'serve');
  await first.said(/up \d+/);
  await assert.rejects(start(t, dataDir, 'serve'), (error: Error) => {
    assert.match(error.message, new RegExp(`process ${first.process.pid}\\): stop it first.*DATABASE_URL`));
    return true;
  });
  await query(await start(t, dataDir), 'select 1');
});

test('after kill -9 of its user the server lives on, and the next start takes it over', async (t) => {
  const dataDir = await dataFolder(t);
  const killed = hold(t, dataDir, 'serve');
  const [, port] = await killed.said(/up (\d+)/);
  killed.kill('SIGKILL');
  await killed.ended;
  const next = await start(t, dataDir, 'serve');
  assert.equal(new URL(next.connectionString).port, port);
  await next.stop();
  assert.equal(postmaster(dataDir), undefined);
});

test('after kill -9 of the server itself the data is recovered', async (t) => {
  const dataDir = await dataFolder(t);
  const first = await start(t, dataDir);
  await query(first, 'create table thing as select 1 as n');
  const { pid } = postmaster(dataDir)!;
  process.kill(pid, 'SIGKILL');
  await waitFor(() => !postmaster(dataDir)?.alive, { what: 'the end of the killed server' });
  const second = await start(t, dataDir);
  assert.deepEqual(await query(second, 'select n from thing'), [{ n: 1 }]);
});

test("a stale postmaster.pid with another program's number does not hinder the start", async (t) => {
  const dataDir = await dataFolder(t);
  await (await start(t, dataDir)).stop();
  const file = join(dataDir, 'postgres', 'data', 'postmaster.pid');
  const data = join(dataDir, 'postgres', 'data');
  writeFileSync(file, `${process.pid}\n${data}\n1700000000\n54321\n\n127.0.0.1\n  1 2\nready   \n`);
  await query(await start(t, dataDir), 'select 1');
});

test('several first starts at once make one database', async (t) => {
  const dataDir = await dataFolder(t);
  const children = [hold(t, dataDir, 'command'), hold(t, dataDir, 'command'), hold(t, dataDir, 'command')];
  const ports = await Promise.all(children.map(async (each) => (await each.said(/up (\d+)/))[1]));
  assert.equal(new Set(ports).size, 1);
  const last = await start(t, dataDir);
  for (const each of children) each.kill('SIGKILL');
  await Promise.all(children.map((each) => each.ended));
  await last.stop();
});

test('a setting that PostgreSQL refuses ends the start with its own words', async (t) => {
  const dataDir = await dataFolder(t);
  const wrong = startEmbedded({ dataDir, log: silent, settings: { shared_buffers: 'huge' } });
  await assert.rejects(wrong, /does not start: .*invalid value for parameter "shared_buffers"/);
});

test('as root, a data folder that PostgreSQL cannot reach keeps its database elsewhere', {
  skip: !asRoot,
}, async (t) => {
  const dataDir = await dataFolder(t);
  chmodSync(dataDir, 0o700);
  const said: string[] = [];
  const log = { info() {}, warn: (message: string) => said.push(message) };
  const embedded = await startEmbedded({ dataDir, log, settings });
  const home = /its database is in (\S+)/.exec(said.join())?.[1] ?? '';
  atEnd(t, () => rmSync(join(home, '..'), { recursive: true, force: true }));
  atEnd(t, () => embedded.stop());
  assert.match(home, /^\/var\/lib\/carillon\/carillon-\w+-[0-9a-f]{12}\/postgres$/);
  assert.ok(existsSync(join(home, 'data')));
  assert.ok(readFileSync(join(home, 'password'), 'utf8').length > 20);
  await query(embedded, 'select 1');
  await embedded.stop();
});
