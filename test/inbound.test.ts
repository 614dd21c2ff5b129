// Messages from subscribers, from the operator's socket to the API: kept before they are acknowledged, joined, given to
// the right account, and what their words do.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { addNumber, keepInbound } from '../src/inbound/index.ts';
import { EsmClass, Tag, tlv } from '../src/smpp/index.ts';
import { admin, customer, testApi } from './support/api.ts';
import {
  engineBench,
  type OwnOperator,
  ordinary,
  ownOperator,
  type Submit,
  waitFor,
} from './support/index.ts';

/** An engine with an operator that delivers what the test writes. */
async function mailbox(t: TestContext) {
  const bench = await engineBench(t);
  const operator = await ownOperator((submit, own) => {
    own.accept(submit);
    own.receipt(submit, 'DELIVRD');
  });
  bench.later(() => operator.close());
  await bench.operator({ port: operator.port });
  await bench.engine();
  await waitFor(() => operator.sessions.size === 1, { what: 'the engine to bind' });
  return { bench, operator };
}

type Letter = {
  source?: string;
  destination?: string;
  octets?: Buffer;
  dataCoding?: number;
  esmClass?: number;
  optional?: Uint8Array;
};

function write(operator: OwnOperator, letter: Letter): void {
  const [session] = operator.sessions;
  session!.deliver(
    {
      ...{ sourceTon: 1, sourceNpi: 1, source: letter.source ?? '380501112233' },
      ...{ destinationTon: 0, destinationNpi: 0, destination: letter.destination ?? '3838' },
      ...{ esmClass: letter.esmClass ?? 0, dataCoding: letter.dataCoding ?? 0 },
      ...{ shortMessage: letter.octets ?? new Uint8Array(0), optional: letter.optional ?? new Uint8Array(0) },
    },
    {} as Submit,
  );
  session!.flush();
}

const rowsOf = async (bench: Awaited<ReturnType<typeof mailbox>>['bench']) =>
  (
    await bench.db.pool.query(
      'select account_id, phone, text, encoding, action, complete, open from inbound_message order by id',
    )
  ).rows;

test('a message is acknowledged only when it is durable', async (t) => {
  const { bench, operator } = await mailbox(t);
  const lock = await bench.db.pool.connect();
  await lock.query('begin');
  await lock.query('lock table inbound_message');
  write(operator, { octets: Buffer.from('Hello') });
  // The transaction that would write it waits for the lock.
  await waitFor(
    () =>
      bench.value<boolean>(
        "select exists (select from pg_locks where not granted and relation = 'inbound_message'::regclass)",
      ),
    { what: 'the commit to wait' },
  );
  assert.equal(operator.acknowledged, 0);
  await lock.query('rollback');
  lock.release();
  await waitFor(() => operator.acknowledged === 1, { what: 'the acknowledgement' });
  assert.deepEqual(await rowsOf(bench), [
    {
      ...{ account_id: null, phone: 380501112233, text: 'Hello', encoding: 'gsm7' },
      ...{ action: null, complete: true, open: false },
    },
  ]);
});

test('texts in message_payload, in UCS-2 and in parts by header and by sar_*, in any order and twice', async (t) => {
  const { bench, operator } = await mailbox(t);
  write(operator, { optional: tlv(Tag.messagePayload, Buffer.from('x'.repeat(300))) });
  const udh = (part: number, text: string) => ({
    octets: Buffer.concat([Buffer.from([5, 0, 3, 7, 3, part]), Buffer.from(text, 'utf16le').swap16()]),
    ...{ dataCoding: 8, esmClass: EsmClass.udhIndicator },
  });
  write(operator, udh(3, ' три'));
  write(operator, udh(1, 'раз '));
  await waitFor(() => operator.acknowledged === 3);
  assert.equal((await rowsOf(bench))[1].text, 'раз … три');
  write(operator, udh(1, 'раз ')); // again
  write(operator, udh(2, 'два'));
  const sar = (part: number, text: string) => ({
    octets: Buffer.from(text),
    optional: Buffer.concat([
      tlv(Tag.sarReference, Buffer.from([0, 7])),
      tlv(Tag.sarTotal, Buffer.from([2])),
      tlv(Tag.sarPart, Buffer.from([part])),
    ]),
  });
  write(operator, sar(2, 'OP'));
  await waitFor(() => operator.acknowledged === 6);
  write(operator, sar(1, 'ST'));
  await waitFor(() => operator.acknowledged === 7);
  assert.deepEqual(
    (await rowsOf(bench)).map(({ text, complete, encoding }) => [text, complete, encoding]),
    [
      ['x'.repeat(300), true, 'gsm7'],
      ['раз два три', true, 'ucs2'],
      ['STOP', true, 'gsm7'],
    ],
  );
});

test('a message belongs to whom its number was given, else to who sent last from there, else to nobody', async (t) => {
  const { bench, operator } = await mailbox(t);
  const [first, second, third] = [await bench.buyer(), await bench.buyer(), await bench.buyer()];
  const [phone] = ordinary(1) as [number];
  await bench.settled(await bench.send(first, { phones: [phone] }));
  await bench.settled(await bench.send(second, { phones: [phone] }));
  await bench.settled(await bench.send(first, { phones: [phone], sender: 'Other' }));
  await addNumber(bench.db, null, { address: '3838', accountId: third.accountId });
  const before = operator.acknowledged;
  const source = `+${phone}`;
  write(operator, { source, destination: 'SHOP', octets: Buffer.from('stop') });
  write(operator, { source, destination: 'Other', octets: Buffer.from('Hi') });
  write(operator, { source, destination: '3838', octets: Buffer.from('STOP') });
  write(operator, { source, destination: 'Nobody', octets: Buffer.from('STOP') });
  await waitFor(() => operator.acknowledged === before + 4);
  assert.deepEqual(
    (await rowsOf(bench)).map(({ account_id, action }) => [account_id, action]),
    [
      [second.accountId, 'stop'],
      [first.accountId, null],
      [third.accountId, 'stop'],
      [null, null],
    ],
  );
});

test('a commit whose answer was lost is repeated without harm', async (t) => {
  const { db } = await testApi(t);
  const client = await db.pool.connect();
  const arrival = (text: string, part: number) => ({
    ...{ key: `00000000-0000-4000-8000-00000000000${part}`, operatorId: 1, source: '380501112233' },
    ...{
      phone: 380501112233,
      destination: '3838',
      address: '3838',
      dataCoding: 0,
      octets: Buffer.from(text),
    },
    place: part === 0 ? null : { reference: 1, total: 2, part },
  });
  const group = [arrival('whole', 0), arrival('b', 2), arrival('a', 1)];
  await keepInbound(client, group);
  await keepInbound(client, group);
  const { rows } = await client.query('select text from inbound_message order by id');
  client.release();
  assert.deepEqual(rows, [{ text: 'whole' }, { text: 'ab' }]);
});

test('a stop word stops for its account alone, the last word counts, and a start word takes it off', async (t) => {
  const api = await testApi(t);
  const [owner, stranger] = [await customer(api), await customer(api)];
  await addNumber(api.db, null, { address: '3838', accountId: owner.account.id });
  await addNumber(api.db, null, { address: '3939', accountId: stranger.account.id });
  const client = await api.db.pool.connect();
  let n = 0;
  const said = (phone: number, text: string, address = '3838') => ({
    ...{ key: `00000000-0000-4000-8000-${String(++n).padStart(12, '0')}`, operatorId: 1, source: `${phone}` },
    ...{ phone, destination: address, address, dataCoding: 8, octets: Buffer.from(text, 'utf16le').swap16() },
    place: null,
  });
  const stopped = async () =>
    (await client.query('select account_id, phone from stop_entry order by account_id, phone')).rows.map(
      ({ account_id, phone }) => [account_id === owner.account.id ? 'owner' : 'stranger', phone],
    );
  const [a, b, c] = ordinary(3) as [number, number, number];
  await keepInbound(client, [
    said(a, 'СТОП'),
    said(b, 'stop'),
    said(b, 'start'),
    said(c, 'stop', '3939'),
    said(a, 'Hi'),
  ]);
  assert.deepEqual(await stopped(), [
    ['owner', a],
    ['stranger', c],
  ]);
  await keepInbound(client, [said(a, 'СТАРТ'), said(c, 'start')]);
  assert.deepEqual(await stopped(), [['stranger', c]]);
  client.release();
});

test('lists, filters and words over HTTP, each account by itself', async (t) => {
  const api = await testApi(t);
  const [owner, stranger, chief] = [await customer(api), await customer(api), await admin(api)];
  const given = await chief.post('/admin/api/inbound-numbers', {
    address: '+3838',
    account_id: owner.account.id,
  });
  assert.equal(given.status, 201, given.text);
  const twice = await chief.post('/admin/api/inbound-numbers', {
    address: '3838',
    account_id: stranger.account.id,
  });
  assert.equal(twice.status, 409);
  const wrong = await chief.post('/admin/api/inbound-numbers', { address: 'ж', account_id: 999_999 });
  assert.equal(wrong.status, 422);

  assert.equal((await owner.put('/api/inbound/words', { stop: ['Nein'] })).status, 200);
  assert.equal((await owner.put('/api/inbound/words', { stop: ['Ja'], start: ['JA!'] })).status, 422);
  assert.equal((await owner.put('/api/inbound/words', { stop: ['...'] })).status, 422);
  const words = (await owner.get('/api/inbound/words')).body.data as unknown as Record<string, unknown>;
  assert.deepEqual([words.stop, words.default], [['Nein'], false]);
  assert.match((await stranger.get('/api/inbound/words')).text, /"STOP".*"default":true/);

  const client = await api.db.pool.connect();
  const arrival = (text: string, n: number, destination = '3838') => ({
    ...{ key: `00000000-0000-4000-8000-00000000000${n}`, operatorId: 1, source: `38050111223${n}` },
    ...{ phone: Number(`38050111223${n}`), destination, address: destination, dataCoding: 0 },
    ...{ octets: Buffer.from(text), place: null },
  });
  await keepInbound(client, [
    arrival('Hello', 1),
    arrival('nein', 2),
    arrival('STOP', 3),
    arrival('?', 4, '99'),
  ]);
  client.release();

  const texts = async (caller: typeof owner, query: string) => {
    const { status, text, body } = await caller.get(query);
    assert.equal(status, 200, text);
    assert.equal(body.meta.page.total, body.data.length);
    return body.data.map(({ text: its }) => its);
  };
  assert.deepEqual(await texts(owner, '/api/inbound'), ['STOP', 'nein', 'Hello']);
  assert.deepEqual(await texts(owner, '/api/inbound?filter[phone]=380501112231'), ['Hello']);
  assert.deepEqual(await texts(owner, '/api/inbound?filter[search]=ELL'), ['Hello']);
  assert.deepEqual(await texts(owner, '/api/inbound?filter[action]=stop'), ['nein']);
  assert.deepEqual(await texts(owner, '/api/inbound?filter[to]=2020-01-01 00:00:00'), []);
  assert.deepEqual(await texts(stranger, '/api/inbound'), []);
  assert.deepEqual(await texts(chief, '/admin/api/inbound'), ['?', 'STOP', 'nein', 'Hello']);
  assert.deepEqual(await texts(chief, '/admin/api/inbound?filter[account_id]=0'), ['?']);
  assert.deepEqual(await texts(chief, '/admin/api/inbound?filter[destination]=3838'), [
    'STOP',
    'nein',
    'Hello',
  ]);
  assert.equal((await owner.get('/api/inbound?filter[from]=yesterday')).status, 422);

  assert.equal((await owner.put('/api/inbound/words', {})).status, 200);
  assert.match((await owner.get('/api/inbound/words')).text, /"default":true/);
  const id = given.body.data.id;
  assert.equal((await chief.delete(`/admin/api/inbound-numbers/${id}`)).status, 200);
  assert.equal((await chief.delete(`/admin/api/inbound-numbers/${id}`)).status, 404);
});

test('the simulator’s subscribers answer', async (t) => {
  const bench = await engineBench(t);
  const simulator = await bench.simulator();
  await bench.engine();
  const buyer = await bench.buyer();
  const campaign = await bench.send(buyer, { phones: [30, 31, 32, 33].map((n) => 380_500_000_000 + n) });
  await bench.settled(campaign);
  await waitFor(() => simulator.stats().lettersAcknowledged === 5, { what: 'five deliver_sm' });
  assert.ok(simulator.write({ from: '380501112233', to: 'Shop', text: 'Hi' }));
  await waitFor(() => simulator.stats().lettersAcknowledged === 6);
  const rows = await rowsOf(bench);
  const texts = Object.fromEntries(rows.map(({ phone, text, action }) => [phone % 1000, [text, action]]));
  assert.deepEqual(texts[30], ['STOP', 'stop']);
  assert.deepEqual(texts[31], ['START', 'start']);
  assert.deepEqual(texts[33], [`${'Спасибо! '.repeat(9)}Это длинный ответ.`, null]);
  assert.deepEqual(rows.filter(({ account_id }) => account_id === buyer.accountId).length, 4);
  const stopped = await bench.db.pool.query('select account_id, phone, sms, source from stop_entry');
  assert.deepEqual(stopped.rows, [
    { account_id: buyer.accountId, phone: 380_500_000_030, sms: true, source: 'inbound' },
  ]);
  await bench.stopEngines();
  await bench.sound();
});
