// `carillon inbound` as a user has it: real processes on a database.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { child, startTestCarillon } from './support/index.ts';

test('numbers are given to accounts and taken from them', async (t) => {
  const carillon = await startTestCarillon(t);
  const run = async (...args: string[]) => {
    const command = child(t, ['bin/carillon.js', 'inbound', ...args], {
      LOG_LEVEL: '',
      DATABASE_URL: carillon.databaseUrl,
    });
    return { code: await command.ended, stdout: command.stdout(), stderr: command.stderr() };
  };
  assert.match((await run('list')).stdout, /no number yet/);
  assert.equal((await run('add', '+3838', 'customer')).stdout, 'messages to 3838 belong to "customer"\n');
  assert.match((await run('add', '3838', 'customer')).stderr, /belongs to an account already/);
  assert.match((await run('list', '--account', 'customer')).stdout, /^3838 +customer/m);
  assert.equal((await run('remove', '3838')).code, 0);
  assert.equal((await run('remove', '3838')).code, 1);
  assert.deepEqual(JSON.parse((await run('list', '--json')).stdout), []);
});
