// Moderation end to end, over HTTP, with the engine and the simulator running: what is held sends nothing, what is
// approved is sent, what is rejected costs nothing; who decided is written down.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createAccount, createKey, topUp } from '../src/accounts/index.ts';
import { examine } from '../src/doctor/index.ts';
import { parseAmount } from '../src/money/index.ts';
import { type Answer, ordinary, startTestCarillon, waitFor } from './support/index.ts';

const approvals = '/admin/api/moderation';

async function moderated(t: TestContext) {
  const carillon = await startTestCarillon(t);
  const adminKey = carillon.firstAdmin!.live.key;
  const { account, db } = carillon;

  const admin = (method: string, path: string, body?: unknown) => carillon.call(method, path, body, adminKey);
  async function done(answer: Promise<Answer>, status = 200) {
    const { status: got, body, text } = await answer;
    assert.equal(got, status, text);
    return body.data;
  }
  return {
    ...carillon,
    admin,
    done,
    adminKey,
    policy: (change: object) => done(admin('PATCH', `/admin/api/accounts/${account.id}/moderation`, change)),
    rule: (kind: string, value?: string, accountId?: number) =>
      done(admin('POST', `${approvals}/rules`, { kind, value, account_id: accountId }), 201),
    send: (order: object = {}, key?: string): Promise<{ id: number; status: string }> =>
      done(
        carillon.call(
          'POST',
          '/api/campaigns/sms/send',
          { phones: ordinary(5).map((number) => ({ number })), sender: 'Shop', text: 'Hello', ...order },
          key,
        ),
      ),
    report: (id: number) => done(carillon.call('GET', `/api/campaigns/${id}/detail`)),
    balance: async () => (await done(carillon.call('GET', '/api/accounts/balance'))).balance,
    delivered: (id: number, count = 5) =>
      waitFor(
        async () => (await done(carillon.call('GET', `/api/campaigns/${id}`))).statistics.delivered === count,
        { what: `campaign ${id} to be delivered` },
      ),
    audit: async (subject: string) => {
      const { rows } = await db.pool.query(
        'select action, account_id, owner_id, details from audit_log where subject = $1 order by id',
        [subject],
      );
      return rows;
    },
    sound: async () => assert.deepEqual((await examine(db)).breaches, []),
  };
}

test('a held campaign sends nothing, an approved one is sent, a rejected one is paid back to the last digit', async (t) => {
  const m = await moderated(t);
  const before = await m.balance();
  await m.policy({ moderation: 'always' });
  const good = await m.send();
  const bad = await m.send({ text: 'Buy now' });
  assert.deepEqual([good.status, bad.status], ['moderation', 'moderation']);
  assert.ok((await m.balance()) < before, 'the price is held');

  const waiting = await m.done(m.admin('GET', approvals));
  assert.deepEqual(
    waiting.map((held: { campaign_id: number }) => held.campaign_id),
    [good.id, bad.id],
  );
  const { held_at, created_at, start_at, author, ...held } = await m.done(
    m.admin('GET', `${approvals}/${bad.id}`),
  );
  for (const moment of [held_at, created_at, start_at]) assert.match(moment, /^\d{4}-/);
  assert.equal(author.type, 'key');
  assert.deepEqual(held, {
    campaign_id: bad.id,
    account: { id: m.account.id, name: 'customer' },
    ...{ sender: 'Shop', text: 'Buy now', recipients: 5, sample: ordinary(5), test: false },
    sample_texts: ['Buy now'],
    status: 'moderation',
    reasons: ['every campaign of this account is moderated'],
    ...{ decision: null, decided_at: null, decided_by: null, reason: null },
    history: { of: 'account', campaigns: 2, held: 2, approved: 0, rejected: 0 },
  });

  await m.done(m.admin('POST', `${approvals}/${good.id}/approve`));
  await m.delivered(good.id);
  // The engine has been at work since, and has left the other one alone.
  const report = await m.report(bad.id);
  assert.deepEqual(
    [report.status, report.statistics.moderation, report.reason],
    ['moderation', 5, undefined],
  );

  const rejected = await m.done(
    m.admin('POST', `${approvals}/${bad.id}/reject`, { reason: ' Not like this. ' }),
  );
  assert.deepEqual(
    [rejected.status, rejected.decision, rejected.reason, rejected.decided_by],
    ['spam', 'rejected', 'Not like this.', { id: m.firstAdmin!.account.id, name: 'admin' }],
  );
  await waitFor(async () => (await m.report(bad.id)).statistics.failed === 5, { what: 'the refund' });
  const end = await m.report(bad.id);
  assert.deepEqual([end.status, end.reason, end.total_price], ['spam', 'Not like this.', '0.0000000']);
  const { data: messages } = (await m.call('GET', `/api/messages?filter[campaign_id]=${bad.id}`)).body;
  assert.deepEqual(
    messages.map((message: { error: string }) => message.error),
    Array(5).fill('rejected by moderation'),
  );
  const spent = Number((await m.report(good.id)).total_price);
  assert.equal(await m.balance(), Number((before - spent).toFixed(7)));

  const states = await Promise.all(
    ['open', 'approved', 'rejected'].map(async (state) =>
      (await m.done(m.admin('GET', `${approvals}?filter[status]=${state}`))).map(
        (each: { campaign_id: number }) => each.campaign_id,
      ),
    ),
  );
  assert.deepEqual(states, [[], [good.id], [bad.id]]);
  const actor = { account_id: m.firstAdmin!.account.id, owner_id: m.account.id };
  assert.deepEqual(await m.audit(`campaign/${good.id}`), [
    { action: 'campaign.approve', ...actor, details: {} },
  ]);
  assert.deepEqual(await m.audit(`campaign/${bad.id}`), [
    { action: 'campaign.reject', ...actor, details: { reason: 'Not like this.' } },
  ]);
  await m.sound();
});

test('of two moderators, and of a moderator and an author who stops, one wins', async (t) => {
  const m = await moderated(t);
  await m.policy({ moderation: 'always' });
  for (let round = 0; round < 5; round += 1) {
    const { id } = await m.send({ text: `Round ${round}` });
    const answers = await Promise.all([
      m.admin('POST', `${approvals}/${id}/approve`),
      m.admin('POST', `${approvals}/${id}/reject`, { reason: 'No' }),
      m.admin('POST', `${approvals}/${id}/approve`),
    ]);
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 409, 409]);
    const won = answers[1]!.status === 200 ? 'rejected' : 'approved';
    assert.equal((await m.done(m.admin('GET', `${approvals}/${id}`))).decision, won);
    assert.equal((await m.audit(`campaign/${id}`)).length, 1);
  }
  const { id } = await m.send({ text: 'Stopped' });
  await m.done(m.call('PATCH', `/api/campaigns/${id}/stop`));
  assert.equal((await m.admin('POST', `${approvals}/${id}/approve`)).status, 409);
  assert.deepEqual(await m.done(m.admin('GET', approvals)), []);
  await waitFor(async () => (await m.report(id)).statistics.failed === 5, { what: 'the refund' });
  await m.sound();
});

test('the first campaign of each sender is held until one was approved', async (t) => {
  const m = await moderated(t);
  await m.policy({ moderation: 'first' });
  const first = await m.send();
  const second = await m.send({ text: 'Hello again' });
  assert.deepEqual([first.status, second.status], ['moderation', 'moderation']);
  await m.done(m.admin('POST', `${approvals}/${first.id}/reject`, { reason: 'No' }));
  assert.equal((await m.send({ text: 'And again' })).status, 'moderation');
  await m.done(m.admin('POST', `${approvals}/${second.id}/approve`));
  assert.notEqual((await m.send({ text: 'At last', sender: 'SHOP' })).status, 'moderation');
  const other = await m.send({ text: 'At last', sender: 'Other' });
  assert.equal(other.status, 'moderation');
  const held = await m.done(m.admin('GET', `${approvals}/${other.id}`));
  assert.deepEqual(held.reasons, ['the first campaign of the sender Other']);
  // What a test_ key sent says nothing about live campaigns.
  await m.policy({ moderation: 'off' });
  assert.notEqual((await m.send({ sender: 'Tested' }, m.testKey)).status, 'moderation');
  await m.policy({ moderation: 'first' });
  assert.equal((await m.send({ sender: 'Tested', text: 'Live' })).status, 'moderation');
});

test('rules hold what they are for, of everybody or of one account, and no longer when they are gone', async (t) => {
  const m = await moderated(t);
  const other = await createAccount(m.db, { name: 'other' });
  await topUp(m.db, other.id, parseAmount('10'));
  const { key: otherKey } = await createKey(m.db, other.id, 'live');
  let n = 0;
  const statusOf = async (order: object, key?: string) => {
    const text = (order as { text?: string }).text ?? 'Hello';
    n += 1;
    return (await m.send({ ...order, text: `${text} ${n}` }, key)).status;
  };

  const word = await m.rule('word', 'casino', m.account.id);
  assert.equal(await statusOf({ text: 'Our C4$1NO is open' }), 'moderation');
  assert.notEqual(await statusOf({ text: 'Our casino is open' }, otherKey), 'moderation');
  await m.done(m.admin('PATCH', `${approvals}/rules/${word.id}`, { enabled: false }));
  assert.notEqual(await statusOf({ text: 'Our casino is open' }), 'moderation');
  await m.done(m.admin('PATCH', `${approvals}/rules/${word.id}`, { enabled: true, value: 'poker' }));
  assert.notEqual(await statusOf({ text: 'Our casino is open' }), 'moderation');
  assert.equal(await statusOf({ text: 'Our poker is open' }), 'moderation');
  await m.done(m.admin('DELETE', `${approvals}/rules/${word.id}`));
  assert.notEqual(await statusOf({ text: 'Our poker is open' }), 'moderation');
  assert.deepEqual(
    (await m.audit(`rule/${word.id}`)).map((entry) => [entry.action, entry.details.enabled]),
    [
      ['rule.add', true],
      ['rule.change', false],
      ['rule.change', true],
      ['rule.remove', true],
    ],
  );

  await m.rule('pattern', 'win \\d+ (eur|€)');
  assert.equal(await statusOf({ text: 'You WIN 100 EUR' }, otherKey), 'moderation');
  assert.notEqual(await statusOf({ text: 'You win hearts' }), 'moderation');

  await m.rule('recipients', '5');
  assert.notEqual(await statusOf({}), 'moderation');
  assert.equal(await statusOf({ phones: ordinary(6).map((number) => ({ number })) }), 'moderation');

  await m.rule('link');
  assert.equal(await statusOf({ text: 'See https://shop.example/sale' }), 'moderation');
  const domain = await m.done(
    m.admin('POST', `${approvals}/domains`, { domain: 'Shop.Example', account_id: m.account.id }),
    201,
  );
  assert.equal(domain.domain, 'shop.example');
  assert.notEqual(await statusOf({ text: 'See https://www.shop.example/sale' }), 'moderation');
  assert.equal(await statusOf({ text: 'See shop.example/sale and evil.com' }), 'moderation');
  assert.equal(await statusOf({ text: 'See https://shop.example/sale' }, otherKey), 'moderation');
  await m.done(m.admin('DELETE', `${approvals}/domains/${domain.id}`));
  assert.equal(await statusOf({ text: 'See https://shop.example/sale' }), 'moderation');

  await m.rule('sender', '', m.account.id);
  const held = await m.send({ text: 'From nobody' });
  assert.deepEqual((await m.done(m.admin('GET', `${approvals}/${held.id}`))).reasons, [
    `rule ${(await m.done(m.admin('GET', `${approvals}/rules`))).at(-1).id}: the sender Shop is not registered`,
  ]);
  await m.done(m.admin('POST', '/admin/api/senders', { account_id: m.account.id, sender: 'Shop' }), 201);
  assert.notEqual(await statusOf({ text: 'From somebody' }), 'moderation');
  await m.sound();
});

test('wrong requests are refused and name what is wrong; a customer has no access', async (t) => {
  const m = await moderated(t);
  const { key: moderator } = await createKey(m.db, m.firstAdmin!.account.id, 'live', {
    scopes: ['moderate'],
  });
  assert.equal((await m.call('GET', approvals, undefined, moderator)).status, 200);
  for (const [method, path, body] of [
    ['GET', approvals, undefined],
    ['GET', `${approvals}/1`, undefined],
    ['POST', `${approvals}/1/approve`, undefined],
    ['POST', `${approvals}/1/reject`, { reason: 'x' }],
    ['GET', `${approvals}/rules`, undefined],
    ['POST', `${approvals}/rules`, { kind: 'link' }],
    ['PATCH', `${approvals}/rules/1`, {}],
    ['DELETE', `${approvals}/rules/1`, undefined],
    ['GET', `${approvals}/domains`, undefined],
    ['POST', `${approvals}/domains`, { domain: 'a.com' }],
    ['DELETE', `${approvals}/domains/1`, undefined],
    ['GET', `/admin/api/accounts/${m.account.id}/moderation`, undefined],
    ['PATCH', `/admin/api/accounts/${m.account.id}/moderation`, {}],
  ] as const) {
    assert.equal((await m.call(method, path, body)).status, 403, `${method} ${path}`);
    assert.equal((await m.call(method, path, body, null)).status, 401, `${method} ${path}`);
  }
  for (const [method, path, status, body] of [
    ['GET', `${approvals}/999`, 404],
    ['POST', `${approvals}/999/approve`, 404],
    ['POST', `${approvals}/999/reject`, 404, { reason: 'x' }],
    ['PATCH', `${approvals}/rules/999`, 404, {}],
    ['DELETE', `${approvals}/rules/999`, 404],
    ['DELETE', `${approvals}/domains/999`, 404],
    ['GET', '/admin/api/accounts/999/moderation', 404],
    ['PATCH', '/admin/api/accounts/999/moderation', 404, { moderation: 'off' }],
    ['POST', `${approvals}/rules`, 404, { kind: 'link', account_id: 999 }],
    ['POST', `${approvals}/domains`, 404, { domain: 'a.com', account_id: 999 }],
    ['POST', `${approvals}/rules`, 422, { kind: 'pattern', value: '(a+)+$' }],
    ['POST', `${approvals}/rules`, 422, { kind: 'word', value: '\0' }],
    ['POST', `${approvals}/rules`, 422, { kind: 'pattern', value: 'a\0' }],
    ['POST', `${approvals}/rules`, 422, { kind: 'other' }],
    ['POST', `${approvals}/domains`, 422, { domain: 'https://a.com/' }],
    ['GET', `${approvals}?filter[status]=x`, 422],
    ['PATCH', `/admin/api/accounts/${m.account.id}/moderation`, 422, { moderation: 'maybe' }],
  ] as const) {
    const answer = await m.admin(method, path, body);
    assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`);
    assert.ok(answer.body.message);
  }
  await m.policy({ moderation: 'always' });
  const { id } = await m.send();
  for (const reason of ['', ' ', 'x'.repeat(1001), 'a\0b', null]) {
    const answer = await m.admin('POST', `${approvals}/${id}/reject`, { reason });
    assert.equal(answer.status, 422, answer.text);
    assert.ok(answer.body.errors.reason, answer.text);
  }
  assert.equal((await m.admin('POST', `${approvals}/domains`, { domain: 'a.com' })).status, 201);
  assert.equal((await m.admin('POST', `${approvals}/domains`, { domain: 'A.com' })).status, 409);
});
