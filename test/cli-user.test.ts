// `carillon user` as an administrator has it: real processes on a database, and what signing in makes of it.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { call, child, startTestCarillon, temporaryFolder } from './support/index.ts';

async function administrator(t: TestContext) {
  const carillon = await startTestCarillon(t);
  const run = async (...args: string[]) => {
    const command = child(t, ['bin/carillon.js', 'user', ...args], {
      ...{ LOG_LEVEL: '', DATABASE_URL: carillon.databaseUrl },
    });
    return { code: await command.ended, stdout: command.stdout(), stderr: command.stderr() };
  };
  const signIn = async (email: string, password: string) => {
    const body = { email, password };
    return (await call(carillon.url, 'POST', '/console/api/session', body)).status;
  };
  return { carillon, run, signIn, folder: await temporaryFolder(t) };
}

test('a user is added with a generated password or one of a file, is listed, and signs in', async (t) => {
  const { run, signIn, folder } = await administrator(t);
  const ann = await run('add', 'ann@acme.example', '--account', 'customer', '--name', 'Ann Lee');
  assert.equal(ann.code, 0, ann.stderr);
  assert.match(ann.stdout, /^\S{12,}\n$/, 'the password, once');
  assert.equal(await signIn('ann@acme.example', ann.stdout.trim()), 200);

  const file = join(folder, 'password');
  await writeFile(file, 'correct horse battery staple\n');
  const bob = await run(
    'add',
    'bob@acme.example',
    '--account',
    'customer',
    '--password-file',
    file,
    '--json',
  );
  assert.deepEqual([bob.code, 'password' in JSON.parse(bob.stdout)], [0, false]);
  assert.equal(await signIn('bob@acme.example', 'correct horse battery staple'), 200);

  const listed = JSON.parse((await run('list', 'customer', '--json')).stdout);
  assert.deepEqual(
    listed.map((user: Record<string, string>) => [user.email, user.name, user.account, user.role]),
    [
      ['ann@acme.example', 'Ann Lee', 'customer', 'customer'],
      ['bob@acme.example', 'bob@acme.example', 'customer', 'customer'],
    ],
  );
  assert.match((await run('list')).stdout, /^ID .*\n(.*\n)*\d+ +ann@acme\.example +Ann Lee/);

  for (const [args, says] of [
    [['add', 'ANN@acme.example', '--account', 'customer'], /e-mail|email/i],
    [['add', 'eve@acme.example', '--account', 'nobody'], /account/],
    [['add', 'no address', '--account', 'customer'], /e-mail|email/i],
    [['list', 'nobody'], /account/],
  ] as const) {
    const refused = await run(...args);
    assert.deepEqual([refused.code, refused.stdout], [1, ''], args.join(' '));
    assert.match(refused.stderr, says);
  }
  assert.equal((await run('add', 'eve@acme.example')).code, 2);
  assert.equal((await run('add', 'eve@acme.example', '--account', 'customer', '--role', 'king')).code, 2);
  await writeFile(file, 'short');
  const weak = await run('add', 'eve@acme.example', '--account', 'customer', '--password-file', file);
  assert.equal(weak.code, 1);
  assert.match(weak.stderr, /A password has/);
});

test('a new password takes the place of the old one; who is disabled cannot sign in until enabled', async (t) => {
  const { carillon, run, signIn, folder } = await administrator(t);
  const email = 'ann@acme.example';
  const first = (await run('add', email, '--account', 'customer')).stdout.trim();
  const body = { email, password: first };
  const session = await call(carillon.url, 'POST', '/console/api/session', body);
  const cookie = String(session.headers.get('set-cookie')).split(';')[0]!;
  const who = () => fetch(`${carillon.url}/console/api/session`, { headers: { cookie } });
  assert.equal((await who()).status, 200);

  const made = await run('password', email);
  assert.equal(made.code, 0, made.stderr);
  assert.deepEqual([await signIn(email, first), await signIn(email, made.stdout.trim())], [401, 200]);
  assert.equal((await who()).status, 401, 'sessions end with the password');
  const file = join(folder, 'password');
  await writeFile(file, 'correct horse battery staple');
  assert.match((await run('password', email, '--password-file', file)).stdout, /is set/);
  assert.equal(await signIn(email, 'correct horse battery staple'), 200);

  assert.equal((await run('disable', email)).stdout, `${email} is disabled\n`);
  assert.equal(await signIn(email, 'correct horse battery staple'), 401);
  const [listed] = JSON.parse((await run('list', 'customer', '--json')).stdout);
  assert.ok(listed.disabled);
  assert.equal((await run('enable', email)).code, 0);
  assert.equal(await signIn(email, 'correct horse battery staple'), 200);
  for (const command of ['password', 'disable', 'enable']) {
    const unknown = await run(command, 'nobody@acme.example');
    assert.deepEqual([unknown.code, unknown.stdout], [1, '']);
    assert.match(unknown.stderr, /^carillon: .+\n$/);
  }
});
