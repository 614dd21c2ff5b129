// The commands of moderation and senders as a user has them: real processes on a database, and a running server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { child, ordinary, startTestCarillon, waitFor } from './support/index.ts';

test('rules, domains, policies, decisions and senders are managed by the command line', async (t) => {
  const carillon = await startTestCarillon(t);
  const run = async (...args: string[]) => {
    const command = child(t, ['bin/carillon.js', ...args], {
      LOG_LEVEL: '',
      DATABASE_URL: carillon.databaseUrl,
    });
    return { code: await command.ended, stdout: command.stdout(), stderr: command.stderr() };
  };
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(...args, '--json');
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };
  const send = async (text: string) => {
    const phones = ordinary(2).map((number) => ({ number }));
    const { body, text: answer } = await carillon.call('POST', '/api/campaigns/sms/send', {
      ...{ phones, sender: 'Shop', text },
    });
    assert.ok(body.data, answer);
    return body.data as { id: number; status: string };
  };

  const rule = await json('rule', 'add', 'word', 'casino', '--account', 'customer');
  assert.deepEqual([rule.kind, rule.value, rule.accountId], ['word', 'casino', carillon.account.id]);
  await json('rule', 'add', 'link');
  await json('domain', 'add', 'shop.example');
  assert.equal((await send('See shop.example/sale')).status, 'scheduled');
  const [good, bad] = [await send('Casino Royale'), await send('casino')];

  const { stdout } = await run('moderation', 'list');
  assert.match(stdout, /Casino Royale +rule 1: the word "casino"/);
  assert.equal((await run('moderation', 'approve', String(good.id))).code, 0);
  assert.equal((await json('moderation', 'reject', String(bad.id), '--reason', 'No')).decision, 'rejected');
  const twice = await run('moderation', 'approve', String(bad.id));
  assert.deepEqual(
    [twice.code, twice.stderr],
    [1, `carillon: Campaign ${bad.id} is spam and no longer in moderation.\n`],
  );
  await waitFor(
    async () =>
      (await carillon.call('GET', `/api/campaigns/${good.id}/detail`)).body.data.statistics.delivered === 2,
  );

  assert.deepEqual(await json('moderation', 'policy', 'customer', '--senders', 'refuse'), {
    ...{ moderation: 'off', senderPolicy: 'refuse' },
  });
  const sender = await json('sender', 'add', 'customer', 'Shop', '--country', 'ua');
  assert.equal((await send('Hello')).status, 'scheduled');
  assert.equal((await json('sender', 'block', String(sender.id))).status, 'blocked');
  const wrong = await run('sender', 'add', 'customer', 'Shop!', '--country', 'XX');
  assert.deepEqual([wrong.code, wrong.stderr.trim().split('\n').length], [1, 2], wrong.stderr);

  const person = { country_code: 'ES', type: 'sms', sender: 'Anna', name: 'Anna', code_of_company: '1' };
  const request = { ...person, description: 'Hello', informing_purpose: 'News' };
  const { body } = await carillon.call('POST', '/api/senders/requests/natural', request);
  assert.match((await run('sender', 'list')).stdout, /Anna +ES +new/);
  assert.equal((await json('sender', 'approve', String(body.data.id))).status, 'registered');
  assert.equal((await run('sender', 'reject', String(body.data.id), '--reason', 'late')).code, 1);

  assert.equal((await json('rule', 'remove', String(rule.id))).id, rule.id);
  assert.deepEqual(
    (await json('rule', 'list')).map((each: { kind: string }) => each.kind),
    ['link'],
  );
  const { rows } = await carillon.db.pool.query('select action from audit_log where account_id is null');
  assert.equal(rows.length, 10);
});
