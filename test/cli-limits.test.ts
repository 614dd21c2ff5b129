// The commands of limits, quiet hours, pause and resume, as a user has them.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { atEnd, child, createTestDatabase, startTestCarillon } from './support/index.ts';

async function carillon(t: TestContext, args: string[], env: Record<string, string>) {
  const command = child(t, ['bin/carillon.js', ...args], { LOG_LEVEL: '', ...env });
  const code = await command.ended;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}

test('limits and quiet hours of an account are shown, set and removed', async (t) => {
  const { connectionString, drop } = await createTestDatabase();
  atEnd(t, drop);
  const run = (...args: string[]) => carillon(t, args, { DATABASE_URL: connectionString });
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await run('account', ...args, '--json');
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };
  await json('create', 'acme');
  assert.deepEqual(await json('limits', 'acme'), {
    per_second: null,
    per_day: null,
    retention_days: null,
  });
  assert.deepEqual(await json('limits', 'acme', '--per-second', '100', '--per-day', '5000'), {
    per_second: 100,
    per_day: 5000,
    retention_days: null,
  });
  assert.deepEqual(await json('limits', 'acme', '--per-second', 'none', '--retention', '90'), {
    per_second: null,
    per_day: 5000,
    retention_days: 90,
  });
  assert.equal((await json('limits', 'acme', '--retention', 'none')).retention_days, null);

  assert.deepEqual(await json('quiet-hours', 'acme'), []);
  await json('quiet-hours', 'acme', '22:00-08:00');
  assert.deepEqual(await json('quiet-hours', 'acme', '21:00-09:30', '--country', 'fr'), [
    { country: null, hours: '22:00-08:00' },
    { country: 'FR', hours: '21:00-09:30' },
  ]);
  assert.deepEqual(await json('quiet-hours', 'acme', 'none'), [{ country: 'FR', hours: '21:00-09:30' }]);
  const wrong = await run('account', 'quiet-hours', 'acme', '22');
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /two different times of a day, such as 22:00 and 08:00/);
});

test('a campaign is paused and resumed over the API', async (t) => {
  const { url, liveKey } = await startTestCarillon(t);
  const env = { CARILLON_URL: url, CARILLON_KEY: liveKey };
  const run = (...args: string[]) => carillon(t, ['campaign', ...args], env);
  const sent = await run(
    ...['send', '--to', '34600000100', '--sender', 'Shop', '--text', 'Hello', '--json'],
    ...['--start-at', new Date(Date.now() + 864e5).toISOString()],
  );
  assert.equal(sent.code, 0, sent.stderr);
  const id = String(JSON.parse(sent.stdout).data.id);
  assert.equal((await run('pause', id)).stdout, `campaign ${id} is paused\n`);
  const again = await run('pause', id);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /that is paused cannot be paused: only one that is scheduled or sending can/);
  assert.equal((await run('resume', id)).stdout, `campaign ${id} is resumed\n`);
  assert.equal((await run('stop', id)).stdout, `campaign ${id} is stopped\n`);
});
