// Proves tariffs, rates and prices over HTTP: the admin API, the import of rate cards, and the price lists of customers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listAudit } from '../src/audit/index.ts';
import { Status } from '../src/messages/index.ts';
import { parseAmount } from '../src/money/index.ts';
import { loadPriceTable, tariffByCode } from '../src/tariffs/index.ts';
import { type Api, admin, customer, testApi } from './support/api.ts';

const tariffs = '/admin/api/tariffs';

/** Posts a rate card. */
async function importCard(api: Api, key: string, path: string, csv: string) {
  const response = await api.app.inject({
    method: 'POST',
    url: `${tariffs}/${path}`,
    headers: { 'content-type': 'text/csv', 'x-api-key': key },
    payload: csv,
  });
  return { status: response.statusCode, body: response.json(), text: response.payload };
}

test('tariffs are made, renamed, put out of use and made the default', async (t) => {
  const api = await testApi(t);
  const { get, post, patch } = await admin(api);
  const made = await post(tariffs, { code: 3, name: ' Premium ', currency: 'EUR', bill_on: 'delivered' });
  assert.equal(made.status, 201, made.text);
  assert.deepEqual(made.body.data, {
    ...{ id: made.body.data.id, code: 3, name: 'Premium', currency: 'EUR', bill_on: 'delivered' },
    ...{ is_active: true, is_default: false },
  });
  assert.equal((await post(tariffs, { code: 3, name: 'Again', currency: 'EUR' })).status, 409);
  for (const wrong of [
    { code: 10, name: 'Far', currency: 'EUR' },
    { code: 4, name: ' ', currency: 'EUR' },
    { code: 4, name: 'Foreign', currency: 'ZZZ' },
  ]) {
    assert.equal((await post(tariffs, wrong)).status, 422, JSON.stringify(wrong));
  }

  const code = 3;
  assert.equal((await patch(`${tariffs}/${code}`, { name: 'Gold' })).body.data.name, 'Gold');
  assert.equal((await patch(`${tariffs}/${code}`, { is_default: true })).body.data.is_default, true);
  assert.equal((await get(`${tariffs}/0`)).body.data.is_default, false);
  assert.equal((await patch(`${tariffs}/${code}`, { is_active: false })).status, 422);
  assert.equal((await patch(`${tariffs}/${code}`, { is_default: false })).status, 422);
  assert.equal((await patch(`${tariffs}/0`, { is_active: false })).status, 200);
  assert.equal((await patch(`${tariffs}/7`, { name: 'None' })).status, 404);
  assert.equal((await get(tariffs)).body.meta.page.total, 2);

  const { entries } = await listAudit(api.db, { subject: 'tariff/3' }, { offset: 0, limit: 50 });
  assert.deepEqual(
    entries.map((entry) => entry.action),
    ['tariff.change', 'tariff.change', 'tariff.create'],
  );
  // Customers see what they may name, and in their currency only.
  await post(tariffs, { code: 5, name: 'Dollars', currency: 'USD' });
  const buyer = await customer(api);
  const { data } = (await buyer.get('/api/accounts/tariff')).body;
  assert.deepEqual(
    data.map(({ name, is_default }) => [name, is_default]),
    [['Gold', true]],
  );
});

test('rates are added, corrected and removed, and price the campaigns that follow', async (t) => {
  const api = await testApi(t);
  const { get, post, patch, delete: remove } = await admin(api);
  await post(tariffs, { code: 1, name: 'Empty', currency: 'EUR' });
  const rates = `${tariffs}/1/rates`;
  const added = await post(rates, {
    prefix: '38067',
    price: '0.0455',
    operator: 'Kyivstar',
    billed: 'delivered',
  });
  assert.equal(added.status, 201, added.text);
  const { id } = added.body.data;
  assert.match(added.text, /"country":"UA".*"price":0.0455/);
  assert.equal((await post(rates, { prefix: '380', price: 0.03 })).status, 201);
  assert.equal(
    (await post(rates, { prefix: '49', price: '0.07', valid_from: '2099-01-01 00:00:00' })).status,
    201,
  );
  for (const wrong of [
    { prefix: '+380', price: 1 },
    { prefix: '1', price: -1 },
    { prefix: '1', price: '1000000.1' },
    { prefix: '1', price: 'a' },
  ]) {
    assert.equal((await post(rates, wrong)).status, 422, JSON.stringify(wrong));
  }
  const again = { prefix: '49', price: '0.08', valid_from: '2099-01-01 00:00:00' };
  assert.equal((await post(rates, again)).status, 409);

  const prefixes = async (query: string) =>
    ((await get(`${rates}?${query}`)).body.data as unknown as { prefix: string }[]).map(
      (rate) => rate.prefix,
    );
  assert.deepEqual(await prefixes(''), ['380', '38067']);
  assert.deepEqual(await prefixes('filter[when]=all'), ['380', '38067', '49']);
  assert.deepEqual(await prefixes('filter[number]=380671234567'), ['380', '38067']);
  assert.deepEqual(await prefixes('filter[prefix]=3806'), ['38067']);
  assert.deepEqual(await prefixes('filter[country]=DE&filter[when]=all'), ['49']);

  const tariff = (await tariffByCode(api.db, 1))!;
  const { priceOf } = await loadPriceTable(api.db, tariff.id);
  assert.deepEqual(priceOf(380671234567), { price: parseAmount('0.0455'), onDelivery: true });
  assert.deepEqual(priceOf(380501234567), { price: parseAmount('0.03'), onDelivery: false });
  assert.equal(priceOf(4915112345678), undefined);

  const changed = await patch(`${rates}/${id}`, { price: '0.05', operator: null });
  assert.match(changed.text, /"operator":null.*"price":0.05,"valid_from"|"price":0.05/);
  assert.equal((await remove(`${rates}/${id}`)).status, 204);
  assert.equal((await remove(`${rates}/${id}`)).status, 404);
  assert.deepEqual(await prefixes(''), ['380']);
});

test('a rate card is imported as a whole or not at all, and a dry run changes nothing', async (t) => {
  const api = await testApi(t);
  const { key, post, get } = await admin(api);
  await post(tariffs, { code: 2, name: 'Cards', currency: 'EUR' });
  const total = async () => (await get(`${tariffs}/2/rates`)).body.meta.page.total;
  const card = 'prefix;operator;price;billed\r\n38067;"Kyivstar; UA";0,0455;delivered\r\n49;;0,07;\r\n';
  const dry = await importCard(api, key, '2/rates/import?dry_run=true', card);
  assert.equal(dry.status, 200, dry.text);
  assert.deepEqual([dry.body.data.applied, dry.body.data.added, await total()], [false, 2, 0]);
  const done = await importCard(api, key, '2/rates/import', card);
  assert.deepEqual([done.body.data.applied, done.body.data.added, await total()], [true, 2, 2]);
  assert.match(done.text, /"prefix":"38067","country":"UA","operator":"Kyivstar; UA".*"price":0.0455/);

  const bad = `${card}1234567890123456;;1;\r\n`;
  const refused = await importCard(api, key, '2/rates/import', bad.replace('0,07', '0,08'));
  assert.deepEqual([refused.body.data.applied, refused.body.data.changed], [false, 1]);
  assert.deepEqual(
    refused.body.data.bad_lines.map((line: { line: number }) => line.line),
    [4],
  );
  const skipped = await importCard(api, key, '2/rates/import?skip_bad=true', bad.replace('0,07', '0,08'));
  assert.deepEqual([skipped.body.data.applied, skipped.body.data.changed], [true, 1]);
  assert.deepEqual([skipped.body.data.unchanged, await total()], [1, 2]);

  assert.equal((await importCard(api, key, '2/rates/import', 'a,b\n1,2')).status, 422);
  assert.equal((await importCard(api, key, '9/rates/import', card)).status, 404);
  assert.equal((await post(`${tariffs}/2/rates/import`, { prefix: '1' })).status, 422);
});

test('a number without a price is counted by the price call, and fails without cost', async (t) => {
  const api = await testApi(t);
  const { post } = await admin(api);
  await post(tariffs, { code: 1, name: 'Ukraine', currency: 'EUR' });
  await post(`${tariffs}/1/rates`, { prefix: '380', price: '0.5' });
  const buyer = await customer(api);
  const numbers = [380671234567, 4915112345678, 34600000000];
  const order = { sender: 'Shop', text: 'Hello', tariff_code: 1 };
  const price = await buyer.post('/api/campaigns/price', {
    ...order,
    messages: numbers.map((phone) => ({ phone })),
  });
  assert.equal(price.text, '{"price":0.5,"currency":"EUR","unpriced":2}');
  const sent = await buyer.post('/api/campaigns/sms/send', {
    ...order,
    phones: numbers.map((number) => ({ number })),
  });
  assert.equal(sent.status, 200, sent.text);
  const { rows } = await api.db.pool.query(
    'select phone, status, price_e7::text as price from message order by id',
  );
  assert.deepEqual(rows, [
    { phone: numbers[0], status: Status.queued, price: '5000000' },
    { phone: numbers[1], status: Status.failed, price: '0' },
    { phone: numbers[2], status: Status.failed, price: '0' },
  ]);
});

test("prices, countries and currencies come from the account's tariff", async (t) => {
  const api = await testApi(t);
  const { key, post, patch } = await admin(api);
  await post(tariffs, { code: 1, name: 'Small', currency: 'EUR' });
  const card = [
    'prefix,mcc,mnc,operator,price,billed',
    '38067,255,03,Kyivstar,0.05,delivered',
    '38097,255,03,Kyivstar,0.05,delivered',
    '380,,,,0.04,sent',
    '34,,,,0.03,sent',
  ].join('\n');
  await importCard(api, key, '1/rates/import', card);
  const fresh = await customer(api);
  // Before the key is used for the first time: an account is believed for a second.
  await patch(`/admin/api/accounts/${fresh.account.id}`, { tariff_code: 1 });
  const prices = '/api/internal/core/prices';
  const all = await fresh.get(`${prices}?product=sms`);
  assert.equal(all.status, 200, all.text);
  const tariff = (await tariffByCode(api.db, 1))!.id;
  const common = { currency: 'EUR', sender_registration: false };
  const data = all.body.data as unknown as { tariff: number; operators: { id: number }[] }[];
  const [spain, ukraine] = data;
  assert.deepEqual(
    { ...spain, operators: spain!.operators.map(({ id, ...rest }) => ({ known: id > 0, ...rest })) },
    {
      ...{ tariff, limitation_info: null, country_id: 'ES' },
      operators: [
        {
          known: true,
          mcc: 214,
          mnc: 0,
          brand: 'ES',
          name: 'ES',
          price: 0.03,
          price_type: 'Sent',
          ...common,
        },
      ],
    },
  );
  assert.deepEqual(
    ukraine!.operators.map(({ id, ...rest }) => rest),
    [
      {
        mcc: 255,
        mnc: 3,
        brand: 'Kyivstar',
        name: 'Kyivstar',
        price: 0.05,
        price_type: 'Delivered',
        ...common,
      },
      { mcc: 255, mnc: 0, brand: 'UA', name: 'UA', price: 0.04, price_type: 'Sent', ...common },
    ],
  );
  assert.deepEqual((await fresh.get(`${prices}/es?product=sms`)).body.data, spain);
  assert.equal((await fresh.get(`${prices}/FR?product=sms`)).status, 404);
  assert.equal((await fresh.get(`${prices}/ES?product=viber`)).status, 404);
  assert.equal((await fresh.get(prices)).status, 422);
  assert.deepEqual((await fresh.get(`${prices}?product=otp`)).body.data, []);
  assert.deepEqual((await fresh.get('/api/internal/countries')).body.data, [{ id: 'ES' }, { id: 'UA' }]);
  assert.deepEqual((await fresh.get('/api/internal/countries?service=viber')).body.data, []);
  const currencies = (await fresh.get('/api/internal/currencies')).body.data;
  assert.deepEqual(
    currencies.map(({ id }) => id as unknown),
    ['EUR'],
  );
  assert.deepEqual((await fresh.get('/api/internal/currencies?currency_code=usd')).body.data, []);
});
