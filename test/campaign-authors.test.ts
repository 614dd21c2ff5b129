// Proves that it is written down who made a campaign, that its account, moderators and administrators are shown it and
// nobody else is, and that moderators see what became of that person's campaigns.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admin, customer, testApi } from './support/api.ts';
import { consoleUser, signIn } from './support/console.ts';

type Held = { campaign_id: number; author: unknown; history: Record<string, unknown> };

const order = (n: number) => ({
  ...{ sender: 'Carillon', text: `Hello ${n}`, phones: [{ number: 34600000100 + n }] },
});
const dataOf = <T>(answer: { body: { data: unknown } }) => answer.body.data as T;

test('a campaign has its user or its key as its author', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api, { keyOptions: { name: 'Web shop' } });
  const plain = await customer(api);
  const stranger = await signIn(api, (await consoleUser(api, plain.account)).email);
  const user = await consoleUser(api, shop.account);
  const ann = await signIn(api, user.email);
  const boss = await admin(api);
  await api.db.pool.query(`update account set moderation = 'always' where id = $1`, [shop.account.id]);

  let n = 0;
  const send = async (
    caller: { post: typeof shop.post },
    path = '/api/campaigns/sms/send',
    body?: object,
  ) => {
    n += 1;
    const answer = await caller.post(path, body ?? order(n));
    assert.equal(answer.status, 200, answer.text);
    return answer.body.data.id;
  };
  const [byKey, byUser] = [await send(shop), await send(ann)];
  const unnamed = await send(plain);
  const personal = await send(ann, '/api/campaigns/sms/send-individual', {
    sender: 'Carillon',
    messages: [{ phone: 34600000200, sender: 'Carillon', text: 'For you alone' }],
  });

  const authors = {
    user: { type: 'user', id: user.id, name: 'Ann Lee' },
    key: { type: 'key', id: shop.keyId, name: 'Web shop' },
  };
  const shown = async (id: number) =>
    dataOf<{ author: unknown }>(await ann.get(`/console/api/campaigns/${id}/author`));
  assert.deepEqual(await shown(byKey), { author: authors.key });
  assert.deepEqual(await shown(byUser), { author: authors.user });
  assert.deepEqual(await shown(personal), { author: authors.user });
  for (const id of [byUser, 987_654_321]) {
    const answer = await stranger.get(`/console/api/campaigns/${id}/author`);
    assert.deepEqual([answer.status, answer.body.message], [404, 'There is no such campaign.']);
  }
  // The published answers are as published.
  assert.ok(!('author' in (await shop.get(`/api/campaigns/${byUser}`)).body.data));

  const report = dataOf<{ author: unknown }>(await boss.get(`/admin/api/campaigns/${byUser}`));
  assert.deepEqual(report.author, authors.user);
  const list = dataOf<{ id: number; author: { name: string } }[]>(await boss.get('/admin/api/campaigns'));
  assert.deepEqual(list.find(({ id }) => id === byKey)?.author, authors.key as never);
  // A key without a name is told by how it begins, never by more.
  const hint = list.find(({ id }) => id === unnamed)!.author.name;
  assert.match(hint, /…$/);
  assert.ok(plain.key.startsWith(hint.slice(0, -1)) && hint.length < plain.key.length / 2, hint);

  const held = async () => dataOf<Held[]>(await boss.get('/admin/api/moderation?filter[status]=open'));
  const historyOf = async (id: number) => (await held()).find((each) => each.campaign_id === id)!.history;
  const all = { approved: 0, rejected: 0 };
  assert.deepEqual((await held()).find((each) => each.campaign_id === byUser)!.author, authors.user);
  assert.deepEqual(await historyOf(byUser), { of: 'user', campaigns: 2, held: 2, ...all });
  assert.deepEqual(await historyOf(byKey), { of: 'account', campaigns: 3, held: 3, ...all });
  await boss.post(`/admin/api/moderation/${personal}/reject`, { reason: 'No.' });
  assert.deepEqual(await historyOf(byUser), { of: 'user', campaigns: 2, held: 2, approved: 0, rejected: 1 });
});
