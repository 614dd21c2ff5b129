// Proves the search for messages over HTTP: filters, pages, sorting, and the fields of a message.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Status } from '../src/messages/index.ts';
import { type Customer, customer, testApi } from './support/api.ts';

const send = '/api/campaigns/sms/send';

let campaigns = 0;

/** Campaigns with a text of their own each, so that none is refused as a duplicate. */
async function campaign({ post }: Customer, numbers: number, more: object = {}): Promise<number> {
  const phones = Array.from({ length: numbers }, (_, i) => ({ number: 34600000100 - i }));
  const { body } = await post(send, { sender: 'Carillon', text: `Hello ${++campaigns}`, phones, ...more });
  return body.data.id;
}

test('a message is shown with every field, and its amount follows its state', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  await api.db.pool.query(`update rate set price_e7 = 500000 where prefix = '34'`);
  const phones = [{ number: 34600000001, reference_id: 'order17' }];
  const id = await campaign(shop, 0, { phones, text: 'ж'.repeat(71), validity: 9 });
  const show = async () => (await shop.get('/api/messages?filter[reference_id]=order17')).body.data[0];
  const { id: message, created_at, ...rest } = (await show())!;
  assert.deepEqual(rest, {
    campaign_id: id,
    reference_id: 'order17',
    type: 'sms',
    source: 'rest',
    text: 'ж'.repeat(71),
    phone: 34600000001,
    validity: 9,
    status: 'scheduled',
    amount: { value: '0.1000000', currency: 'EUR' },
    sender: 'Carillon',
    sent_at: null,
    delivered_at: null,
    country: 'ES',
    parts: 2,
    alternative_channels: null,
    error: null,
  });
  assert.match(created_at, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  const becomes = async (status: number) => {
    await api.db.pool.query(
      `update message set status = $1, sent_at = now(), done_at = '2026-01-02T03:04:05Z' where id = $2`,
      [status, message],
    );
    const { status: name, amount, delivered_at } = (await show())!;
    return [name, amount.value, delivered_at];
  };
  assert.deepEqual(await becomes(Status.delivered), ['delivered', '0.1000000', '2026-01-02 03:04:05']);
  assert.deepEqual(await becomes(Status.failed), ['failed', '0.0000000', null]);
  assert.deepEqual(await becomes(Status.timedOut), ['unknown', '0.1000000', null]);
});

test('pages run over the campaigns of an account in the order of ids, both ways', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const other = await customer(api);
  for (const n of [20, 1, 33]) {
    await campaign(shop, n);
    await campaign(other, 7);
  }
  const list = async (query: string) => (await shop.get(`/api/messages?${query}`)).body;
  const all = await list('page[limit]=500');
  assert.equal(all.data.length, 54);
  assert.equal(all.meta.page.total, 54);
  const ids = all.data.map(({ id }) => id);
  assert.deepEqual(
    ids,
    ids.toSorted((a, b) => a - b),
  );
  for (const way of ['asc', 'desc']) {
    const expected = way === 'asc' ? ids : ids.toReversed();
    for (const offset of [0, 15, 30, 45, 60]) {
      const page = await list(`way=${way}&page[limit]=15&page[offset]=${offset}`);
      assert.deepEqual(
        page.data.map(({ id }) => id),
        expected.slice(offset, offset + 15),
        `${way} ${offset}`,
      );
      assert.deepEqual(page.meta, { page: { total: 54, limit: 15, offset } });
    }
  }
  const phones = (await list('sort=phone&way=asc')).data.map(({ phone }) => phone);
  assert.deepEqual(
    phones,
    phones.toSorted((a, b) => a - b),
  );
  assert.equal(phones.length, 50);
});

test('messages are filtered by id, campaign and time, and filters combine', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const first = await campaign(shop, 3);
  const second = await campaign(shop, 4, { start_at: new Date(Date.now() + 5 * 86_400_000).toISOString() });
  const list = async (query: string) => (await shop.get(`/api/messages?${query}`)).body;
  const ofSecond = await list(`filter[campaign_id]=${second}`);
  assert.equal(ofSecond.meta.page.total, 4);
  assert.ok(ofSecond.data.every(({ campaign_id }) => campaign_id === second));
  const id = ofSecond.data[2]!.id;
  assert.deepEqual((await list(`filter[id]=${id}`)).data, [ofSecond.data[2]]);
  assert.equal((await list(`filter[id]=${id}&filter[campaign_id]=${second}`)).meta.page.total, 1);
  assert.equal((await list(`filter[id]=${id}&filter[campaign_id]=${first}`)).meta.page.total, 0);
  assert.equal((await list('filter[id]=999999999')).meta.page.total, 0);
  assert.equal((await list('filter[reference_id]=nothing')).meta.page.total, 0);
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  assert.equal((await list(`filter[to]=${tomorrow}`)).meta.page.total, 3);
  assert.equal((await list(`filter[from]=${tomorrow}`)).meta.page.total, 4);
  await api.db.pool.query('update message set status = 3, done_at = now() where id = $1', [id]);
  const delivered = (await list('sort=delivered')).data;
  assert.equal(delivered[0]!.id, id);
  const wrong = await shop.get('/api/messages?filter[id]=0&filter[campaign_id]=x&page[limit]=501&sort=text');
  assert.deepEqual(Object.keys(wrong.body.errors).sort(), [
    'filter[campaign_id]',
    'filter[id]',
    'page[limit]',
    'sort',
  ]);
});
