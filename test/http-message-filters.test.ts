// Proves the filters of the message search by state and number over HTTP: their totals are those of the report, and they
// combine with the others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Status } from '../src/messages/index.ts';
import { type Customer, customer, testApi } from './support/api.ts';

let campaigns = 0;

async function campaign({ post }: Customer, numbers: number, more: object = {}): Promise<number> {
  const phones = Array.from({ length: numbers }, (_, i) => ({
    number: 34600000100 + i,
    reference_id: `r${campaigns}n${i}`,
  }));
  const { body } = await post('/api/campaigns/sms/send', {
    ...{ sender: 'Carillon', text: `Hello ${++campaigns}`, phones },
    ...more,
  });
  return body.data.id;
}

test('messages are filtered by states of the report, with its totals', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const later = new Date(Date.now() + 864e5).toISOString();
  const id = await campaign(shop, 60, { start_at: later });
  const list = async (query: string) =>
    (await shop.get(`/api/messages?filter[campaign_id]=${id}&${query}`)).body;
  assert.equal((await list('filter[status]=scheduled')).meta.page.total, 60);
  assert.equal((await list('filter[status]=sending')).meta.page.total, 0);
  assert.equal((await list('filter[status]=read&filter[status]=not_rcs_user')).meta.page.total, 0);

  const { rows } = await api.db.pool.query<{ first: number }>(
    'select first_message_id as first from campaign where id = $1',
    [id],
  );
  const first = rows[0]!.first;
  await api.db.pool.query(
    `update message set status = case id % 4 when 0 then ${Status.delivered} when 1 then ${Status.timedOut}
       when 2 then ${Status.unknown} else ${Status.queued} end where campaign_id = $1`,
    [id],
  );
  await api.db.pool.query('delete from campaign_count where campaign_id = $1', [id]);
  await api.db.pool.query(
    `insert into campaign_count (campaign_id, slot, status, on_delivery, n, price_e7)
     select campaign_id, status % 3, status, false, count(*), 0 from message where campaign_id = $1 group by 1, 2, 3`,
    [id],
  );
  const report = (await shop.get(`/api/campaigns/${id}/detail`)).body.data as unknown as {
    statistics: Record<string, number>;
  };
  for (const status of ['delivered', 'unknown', 'scheduled', 'failed']) {
    const { data, meta } = await list(`filter[status]=${status}&page[limit]=500`);
    assert.equal(meta.page.total, report.statistics[status], status);
    assert.equal(data.length, meta.page.total);
    assert.ok(data.every((message) => message.status === status));
  }
  const two = await list(
    'filter[status]=delivered&filter[status]=unknown&page[limit]=15&page[offset]=30&way=desc',
  );
  assert.deepEqual(two.meta, { page: { total: 45, limit: 15, offset: 30 } });
  assert.deepEqual(
    two.data.map((message) => message.id),
    Array.from({ length: 60 }, (_, i) => first + i)
      .filter((each) => each % 4 !== 3)
      .slice(0, 15)
      .reverse(),
  );
  // Together with the other filters.
  const all = (await list('page[limit]=500')).data as { id: number; status: string; reference_id?: string }[];
  const one = all.find(({ status }) => status === 'delivered')!;
  assert.equal((await list(`filter[status]=delivered&filter[id]=${one.id}`)).meta.page.total, 1);
  assert.equal((await list(`filter[status]=unknown&filter[id]=${one.id}`)).meta.page.total, 0);
  assert.equal(
    (await list(`filter[status]=delivered&filter[reference_id]=${one.reference_id}`)).data[0]!.id,
    one.id,
  );
  assert.equal(
    (await list(`filter[status]=delivered&filter[to]=${new Date().toISOString()}`)).meta.page.total,
    0,
  );
});

test('messages are filtered by a number and by how it begins', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const id = await campaign(shop, 40);
  const list = async (query: string) =>
    (await shop.get(`/api/messages?filter[campaign_id]=${id}&${query}`)).body;
  assert.equal((await list('filter[phone]=34600000105')).data[0]!.phone, 34600000105);
  assert.equal((await list('filter[phone]=%2B34%20600%20000%20105')).meta.page.total, 1);
  assert.equal((await list('filter[phone]=3460000010')).meta.page.total, 10);
  assert.equal((await list('filter[phone]=346000')).meta.page.total, 40);
  assert.equal((await list('filter[phone]=346001')).meta.page.total, 0);
  assert.equal((await list('filter[phone]=3460000010&filter[status]=sending')).meta.page.total, 0);
  assert.equal((await list('filter[phone]=3460000010&filter[status]=scheduled')).meta.page.total, 10);
  const message = (await list('filter[phone]=34600000105')).data[0]!;
  assert.equal((await list(`filter[phone]=346000&filter[id]=${message.id}`)).meta.page.total, 1);
  assert.equal((await list(`filter[phone]=346001&filter[id]=${message.id}`)).meta.page.total, 0);
});

test('what the filters need is said, and another account finds nothing', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const other = await customer(api);
  const id = await campaign(shop, 20);
  const wrong = async (query: string) => {
    const answer = await shop.get(`/api/messages?${query}`);
    assert.equal(answer.status, 422, answer.text);
    return Object.keys(answer.body.errors).sort();
  };
  assert.deepEqual(await wrong('filter[status]=sent'), ['filter[campaign_id]']);
  assert.deepEqual(await wrong('filter[phone]=34600000105'), ['filter[campaign_id]']);
  assert.deepEqual(await wrong(`filter[campaign_id]=${id}&filter[status]=late`), ['filter[status].0']);
  for (const phone of ['34600', '0346000', 'x', '3460000010012345', '346000-1']) {
    assert.deepEqual(
      await wrong(`filter[campaign_id]=${id}&filter[phone]=${phone}`),
      ['filter[phone]'],
      phone,
    );
  }
  assert.deepEqual(await wrong(`filter[campaign_id]=${id}&filter[status]=sent&sort=phone`), ['sort']);
  for (const filter of ['filter[status]=scheduled', 'filter[phone]=34600000105']) {
    const { body } = await other.get(`/api/messages?filter[campaign_id]=${id}&${filter}`);
    assert.deepEqual(body, { data: [], meta: { page: { total: 0, limit: 50, offset: 0 } } });
    const none = await shop.get(`/api/messages?filter[campaign_id]=${id + 1000}&${filter}`);
    assert.deepEqual(none.body, body);
  }
});
