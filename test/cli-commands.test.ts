// The command line as a user has it: real processes, real exit codes, JSON on standard output.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { atEnd, child, createTestDatabase, startTestCarillon, temporaryFolder } from './support/index.ts';

type Result = { code: number | NodeJS.Signals; stdout: string; stderr: string };

async function carillon(t: TestContext, args: string[], env: Record<string, string> = {}): Promise<Result> {
  const command = child(t, ['bin/carillon.js', ...args], { LOG_LEVEL: '', ...env });
  const code = await command.ended;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}

/** Runs commands on a database of their own; what they print is parsed. */
async function onDatabase(t: TestContext) {
  const { connectionString, drop } = await createTestDatabase();
  atEnd(t, drop);
  const env = { DATABASE_URL: connectionString };
  return {
    run: (...args: string[]) => carillon(t, args, env),
    async json(...args: string[]) {
      const { code, stdout, stderr } = await carillon(t, [...args, '--json'], env);
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout);
    },
  };
}

test('accounts and keys are made, listed, topped up and revoked', async (t) => {
  const { run, json } = await onDatabase(t);
  const created = await json('account', 'create', 'acme', '--balance', '12.5', '--credit', '3');
  assert.deepEqual(
    { ...created, created: null },
    {
      ...{
        id: 1,
        name: 'acme',
        role: 'customer',
        balance: '12.5000000',
        credit: '3.0000000',
        currency: 'EUR',
      },
      created: null,
    },
  );
  assert.equal((await json('account', 'top-up', 'acme', '0.0000001')).balance, '12.5000001');
  assert.equal((await json('account', 'top-up', '1', '-2.5')).balance, '10.0000001');
  assert.equal((await run('account', 'top-up', 'acme', '0')).code, 1);
  assert.match((await run('account', 'create', 'x', '--balance', '-1')).stderr, /zero or more/);
  assert.equal((await json('account', 'list')).length, 1);
  assert.equal((await json('account', 'create', '1')).id, 2);
  assert.match(
    (await run('account', 'top-up', '1', '5')).stderr,
    /id of account "acme" and the name of account 2/,
  );

  const key = await json('key', 'create', 'acme', '--kind', 'test', '--name', 'shop');
  assert.match(key.key, /^test_/);
  const [listed] = await json('key', 'list', 'acme');
  assert.deepEqual([listed.id, listed.kind, listed.name, listed.revoked], [key.id, 'test', 'shop', null]);
  assert.deepEqual(await json('key', 'revoke', String(key.id)), { id: key.id, revoked: true });

  await json('key', 'create', 'acme', '--scopes', 'read', '--allow', '10.0.0.0/8,::1', '--rate', '600');
  const [, narrow] = await json('key', 'list', 'acme');
  assert.deepEqual([narrow.scopes, narrow.allow, narrow.rate], ['read', '10.0.0.0/8,::1/128', 600]);
  assert.equal((await run('key', 'create', 'acme', '--scopes', 'read,write')).code, 2);
  assert.match((await run('key', 'create', 'acme', '--scopes', 'admin')).stderr, /role admin/);

  const again = await run('key', 'revoke', String(key.id));
  assert.deepEqual(
    [again.code, again.stderr],
    [1, `carillon: there is no valid key ${key.id}: see carillon key list\n`],
  );
  const nobody = await run('account', 'top-up', 'nobody', '1');
  assert.deepEqual([nobody.code, nobody.stdout], [1, '']);
  assert.match(nobody.stderr, /^carillon: there is no account "nobody": see carillon account list\n$/);
  const table = await run('account', 'list');
  assert.match(table.stdout, /^ID +NAME .*\n1 +acme +customer +10\.0000001 /);
});

test('operators and routes are added and listed without passwords, and a bind is tested', async (t) => {
  const { run, json } = await onDatabase(t);
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'secret'), 'geheim\n');
  const simulator = child(t, [
    'bin/carillon.js',
    'simulator',
    '--port',
    '0',
    '--password',
    'geheim',
    '--json',
  ]);
  const [, port = ''] = await simulator.said(/"port": (\d+)/);

  const address = ['--host', '127.0.0.1', '--port', port, '--system-id', 'me'];
  await json(
    'operator',
    'add',
    'north',
    ...address,
    '--password-file',
    join(folder, 'secret'),
    '--throttle',
    '50',
  );
  await json('operator', 'add', 'south', ...address, '--password', 'wrong', '--bind-mode', 'pair');
  const list = await run('operator', 'list', '--json');
  assert.doesNotMatch(list.stdout, /geheim|wrong|password/);
  assert.deepEqual(
    JSON.parse(list.stdout).map((each: { name: string; throttle: number | null }) => [
      each.name,
      each.throttle,
    ]),
    [
      ['north', 50],
      ['south', null],
    ],
  );

  const bound = await json('operator', 'test', 'north');
  assert.deepEqual(
    [bound.results.length, bound.results[0].mode, bound.results[0].ok],
    [1, 'transceiver', true],
  );
  const refused = await run('operator', 'test', 'south');
  assert.equal(refused.code, 1);
  assert.match(refused.stdout, /^transmitter: not bound: .*ESME_RINVPASWD.*\nreceiver: not bound: /);

  assert.deepEqual(await json('route', 'add', 'north'), {
    ...{ id: 1, prefix: '', operator: 'north', priority: 0, weight: 100 },
  });
  await json('route', 'add', 'south', '--prefix', '380', '--priority', '1', '--weight', '5');
  assert.equal((await json('route', 'list')).length, 2);
  assert.match((await run('route', 'add', 'west')).stderr, /no operator named west/);
  const inUse = await run('operator', 'remove', 'north');
  assert.deepEqual([inUse.code, /route 1 to north/.test(inUse.stderr)], [1, true], inUse.stderr);
  assert.match((await run('operator', 'remove', 'west')).stderr, /no operator named west/);
  assert.equal((await json('route', 'remove', '1')).operator, 'north');
  assert.match((await run('route', 'remove', '1')).stderr, /no route 1/);
  assert.deepEqual(await json('operator', 'remove', 'north'), { id: 1, name: 'north' });
  assert.deepEqual(
    (await json('operator', 'list')).map(({ name }: { name: string }) => name),
    ['south'],
  );
  simulator.kill('SIGTERM');
  assert.equal(await simulator.ended, 0);
});

test('a campaign is sent, watched, shown and stopped over the API', async (t) => {
  const { url, liveKey } = await startTestCarillon(t);
  const env = { CARILLON_URL: url, CARILLON_KEY: liveKey };
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'numbers.txt'), '34600000100\n34600000101\n34600000001\n');
  const text = ['--sender', 'Shop', '--text', 'Hello'];

  const sent = await carillon(
    t,
    ['campaign', 'send', ...text, '--file', join(folder, 'numbers.txt'), '--watch', '--json'],
    env,
  );
  assert.equal(sent.code, 0, sent.stderr);
  const { data } = JSON.parse(sent.stdout);
  assert.deepEqual(
    [data.status, data.total_messages, data.statistics.delivered, data.statistics.undelivered],
    ['done', 3, 2, 1],
  );
  assert.match(sent.stderr, /3\/3 final: delivered 2, undelivered 1\n$/);

  const shown = await carillon(t, ['campaign', 'show', String(data.id)], env);
  assert.match(
    shown.stdout,
    /from Shop: done\n +2 {2}delivered\n +1 {2}undelivered\n +3 {2}messages for [\d.]+ EUR\n/,
  );

  const later = new Date(Date.now() + 3_600_000).toISOString();
  const to = ['--to', '34600000100,34600000101', '34600000102', '--start-at', later];
  const waiting = await carillon(t, ['campaign', 'send', ...text, ...to, '--json'], env);
  const { id, status } = JSON.parse(waiting.stdout).data;
  assert.equal(status, 'scheduled');
  const stopped = await carillon(t, ['campaign', 'stop', String(id), '--json'], env);
  assert.equal(JSON.parse(stopped.stdout).data.status, 'stopped');
});

test('what the API refuses is said field by field, and a server that is not there too', async (t) => {
  const { url, liveKey } = await startTestCarillon(t);
  const env = { CARILLON_URL: url, CARILLON_KEY: liveKey };
  const send = ['campaign', 'send', '--sender', 'Shop', '--text', 'Hello'];
  const wrong = await carillon(t, [...send, '--to', '34600000100', '+49'], env);
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /^carillon: 422: The given data was invalid\.\ncarillon: phones\.1\.number: /);
  assert.match((await carillon(t, [...send], env)).stderr, /give numbers with --to or --file/);
  assert.match(
    (await carillon(t, ['campaign', 'show', '1'], { CARILLON_URL: url })).stderr,
    /give an API key/,
  );
  const nobody = await carillon(t, ['campaign', 'show', '1', '--url', 'http://127.0.0.1:1', '--key', 'x']);
  assert.equal(nobody.code, 1);
  assert.match(nobody.stderr, /^carillon: no Carillon answers at http:\/\/127\.0\.0\.1:1 .*carillon serve/);
});

test('the doctor is content with a database that has worked, and exits 1 when it finds a breach', async (t) => {
  const running = await startTestCarillon(t);
  const phones = [100, 101, 1, 3].map((end) => ({ number: 34600000000 + end }));
  await running.call('POST', '/api/campaigns/sms/send', { phones, sender: 'Shop', text: 'Hello' });
  const env = { DATABASE_URL: running.databaseUrl };
  const sound = await carillon(t, ['doctor', '--json'], env);
  assert.equal(sound.code, 0, sound.stdout);
  assert.deepEqual([JSON.parse(sound.stdout).ok, JSON.parse(sound.stdout).breaches], [true, []]);
  await running.db.pool.query("update account set balance_e7 = balance_e7 + 1 where name = 'customer'");
  const broken = await carillon(t, ['doctor'], env);
  assert.equal(broken.code, 1);
  assert.match(
    broken.stdout,
    /BROKEN +the ledger of an account sums to its balance\n +account \d+ has a balance of/,
  );
});

test('help is complete, and a wrong command line exits 2 with what would be right', async (t) => {
  const help = await carillon(t, ['--help']);
  assert.equal(help.code, 0);
  const commands = [...help.stdout.matchAll(/^ {2}(\w+) /gm)].map((match) => match[1]!);
  for (const name of [
    'serve',
    'demo',
    'simulator',
    'account',
    'key',
    'campaign',
    'operator',
    'route',
    'doctor',
  ]) {
    assert.ok(commands.includes(name), name);
  }
  assert.match((await carillon(t, ['help', 'serve'])).stdout, /DATABASE_URL +PostgreSQL 18 or newer/);
  assert.match((await carillon(t, ['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
  const typo = await carillon(t, ['acount', 'list']);
  assert.deepEqual([typo.code, typo.stdout], [2, '']);
  assert.match(typo.stderr, /Did you mean account\?/);
  const missing = await carillon(t, ['operator', 'add', 'north']);
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /--host/);
});

test('a configuration that cannot work exits 2 and names every variable', async (t) => {
  const wrong = await carillon(t, ['serve'], { PORT: 'http', ROLES: 'boss' });
  assert.equal(wrong.code, 2);
  assert.equal(
    wrong.stderr,
    'carillon: PORT must be a whole number from 0 to 65535, not "http"\n' +
      'carillon: ROLES must be api, dispatch and jobs, or some of them, with commas between them, not "boss"\n',
  );
  const away = await carillon(t, ['account', 'list'], {
    DATABASE_URL: 'postgresql://u:geheim@127.0.0.1:1/x',
  });
  assert.equal(away.code, 1);
  assert.match(
    away.stderr,
    /^carillon: cannot open the database postgresql:\/\/u:\*\*\*@127\.0\.0\.1:1\/x: .*\n$/,
  );
});
