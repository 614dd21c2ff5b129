// Files become campaigns, contacts and stop lists: by uploads over real sockets, background jobs and the simulator.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { examine } from '../src/doctor/index.ts';
import { importEnded, startTestCarillon, upload, waitFor } from './support/index.ts';

/** Without the numbers that the simulator treats as its scripts say. */
const phoneOf = (i: number) => 380_501_000_100 + Math.floor(i / 900) * 1000 + (i % 900);

type Fields = Record<string, string>;

const order = { sender: 'Shop', text: 'Hi {name|friend}, {code} is yours' };

test('a file becomes a campaign: every phone gets its own text, and what is wrong is told by its line', async (t) => {
  const carillon = await startTestCarillon(t);
  const rows = 3_000;
  const lines = ['phone;name;code'];
  for (let i = 0; i < rows; i += 1) {
    if (i === 100) lines.push('12;Bad;1');
    if (i === 200) lines.push('380501999999;No code;');
    if (i === 300) lines.push('"380501999998;open');
    if (i === 400) lines.push('380501999997;stopped;1');
    if (i === 500) lines.push('+380 (50) 100-01-00;again;1');
    lines.push(`+${phoneOf(i)};${i % 3 === 0 ? '' : `"Олена ${i}"`};C${i}`);
  }
  await carillon.db.pool.query(
    `insert into stop_entry (account_id, phone, sms, source) values ($1, 380501999997, true, 'api')`,
    [carillon.account.id],
  );
  const answer = await upload(carillon, '/api/campaigns/sms/import', order, gzipSync(lines.join('\r\n')));
  assert.equal(answer.status, 200, answer.text);
  const { data: campaign, import: made } = answer.body;
  assert.equal(campaign.status, 'creation');

  const done = await importEnded(carillon, made.id);
  assert.deepEqual(
    { ...done, format: undefined, created_at: '', started_at: '', finished_at: '' },
    {
      ...{ id: made.id, kind: 'campaign', state: 'done', file_name: 'list.csv', campaign_id: campaign.id },
      ...{ progress: 1, bytes: Buffer.byteLength(lines.join('\r\n')), bytes_read: done.bytes },
      ...{ max_rows: lines.length, rows_read: lines.length - 1, accepted: rows, rejected: 5 },
      ...{ duplicates: 1, stopped: 1, created: 0, error: null, format: undefined },
      ...{ created_at: '', started_at: '', finished_at: '' },
    },
  );
  assert.deepEqual(done.format, {
    ...{ format: 'csv', gzip: true, encoding: 'utf-8', delimiter: ';', header: true },
    columns: ['phone', 'name', 'code'],
  });
  const rejected = await carillon.call('GET', `/api/imports/${made.id}/rejected`);
  assert.match(String(rejected.headers.get('content-type')), /text\/csv/);
  const told = rejected.text.trim().split('\r\n').slice(1);
  assert.deepEqual(
    told.map((row) => Number(row.split(';')[0])),
    [102, 203, 304, 405, 506],
  );
  assert.match(told[0]!, /;"The phone number must .*;"12;Bad;1"$/);
  assert.match(told[1]!, /no value for \{code\}/);
  assert.match(told[2]!, /closing quote/);
  assert.match(told[3]!, /stop list/);
  assert.match(told[4]!, /has come before.*;"\+380 \(50\) 100-01-00;again;1"$/);

  await waitFor(async () => {
    const { data } = (await carillon.call('GET', `/api/campaigns/${campaign.id}/detail`)).body;
    return data.status === 'done' && data.statistics.delivered === rows;
  });
  const { rows: sent } = await carillon.db.pool.query<{ phone: number; text: string }>(
    'select phone, text from message where campaign_id = $1 order by phone',
    [campaign.id],
  );
  assert.equal(sent.length, rows);
  sent.forEach(({ phone, text }, i) => {
    assert.equal(phone, phoneOf(i));
    assert.equal(text, `Hi ${i % 3 === 0 ? 'friend' : `Олена ${i}`}, C${i} is yours`);
  });
  const { rows: left } = await carillon.db.pool.query('select from import_chunk');
  assert.equal(left.length, 0, 'the spool is empty');
  assert.ok((await examine(carillon.db)).ok);
});

test('a file in any encoding, packed or not, CSV or NDJSON, makes the same texts', async (t) => {
  const carillon = await startTestCarillon(t);
  const windows1251 = (text: string) => {
    const decoder = new TextDecoder('windows-1251');
    const bytes = new Map(Array.from({ length: 256 }, (_, i) => [decoder.decode(Uint8Array.of(i)), i]));
    return Buffer.from(Array.from(text, (character) => bytes.get(character)!));
  };
  const people = ['Олена', 'Пётр', 'Ївга'];
  const csv = (mark: string) =>
    ['phone', 'name', 'code'].join(mark) +
    people.map((name, i) => `\n${[phoneOf(i), name, i].join(mark)}`).join('');
  const utf16 = Buffer.from(csv('\t'), 'utf16le');
  const files: [string, Buffer][] = [
    ['utf-8', Buffer.from(csv(','))],
    ['utf-8', Buffer.from(`\ufeff${csv('|')}`)],
    ['windows-1251', windows1251(csv(';'))],
    ['utf-16le', utf16],
    ['utf-16be', Buffer.from(utf16).swap16()],
    [
      'utf-8',
      Buffer.from(people.map((name, i) => JSON.stringify({ phone: phoneOf(i), name, code: i })).join('\n')),
    ],
  ];
  for (const [encoding, file] of files) {
    for (const bytes of [file, gzipSync(file)]) {
      const answer = await upload(carillon, '/api/campaigns/sms/import', order, bytes);
      assert.equal(answer.status, 200, answer.text);
      const done = await importEnded(carillon, answer.body.import.id);
      assert.equal(done.state, 'done', done.error);
      assert.equal(done.format.encoding, encoding);
      const { rows } = await carillon.db.pool.query<{ text: string }>(
        'select text from message where campaign_id = $1 order by phone',
        [answer.body.data.id],
      );
      assert.deepEqual(
        rows.map(({ text }) => text),
        people.map((name, i) => `Hi ${name}, ${i} is yours`),
      );
    }
  }
});

test('what can be known to be wrong is refused at once, by its field, and nothing is left', async (t) => {
  const carillon = await startTestCarillon(t);
  const refusals: [Fields, string, RegExp][] = [
    [{ ...order, sender: '!' }, 'phone,code\n380501000000,1', /sender/],
    [{ ...order, text: 'Hi {name' }, 'phone,code\n380501000000,1', /text/],
    [order, 'phone,name\n380501000000,Ann', /text.*no column for \{code\}/s],
    [order, 'name,code\nAnn,1', /file.*no such column of phone numbers/s],
    [{ ...order, mapping: '{"phone":"x"}' }, 'phone,code\n380501000000,1', /mapping\.phone/],
    [{ ...order, mapping: '{"phone":1,"code":9}' }, 'phone,code\n380501000000,1', /mapping\.code/],
    [{ ...order, mapping: '7' }, 'phone,code\n380501000000,1', /mapping/],
    [
      { ...order, delimiter: 'x', encoding: 'ebcdic' },
      'phone,code\n380501000000,1',
      /delimiter.*encoding|encoding.*delimiter/s,
    ],
    [{ ...order, phones: '1' }, 'phone,code\n380501000000,1', /phones/],
    [order, '', /file/],
  ];
  for (const [fields, file, expected] of refusals) {
    const answer = await upload(carillon, '/api/campaigns/sms/import', fields, file);
    assert.equal(answer.status, 422, answer.text);
    assert.match(JSON.stringify(answer.body.errors), expected);
  }
  const packed = gzipSync('phone,code\n380501000000,1\n'.repeat(10_000)).subarray(0, -30);
  const broken = await upload(carillon, '/api/campaigns/sms/import', order, packed);
  assert.equal(broken.status, 422, broken.text);
  const late = new FormData();
  late.append('sender', 'Shop');
  late.append('text', 'Hi');
  late.append('file', new Blob(['phone\n380501000000']), 'a.csv');
  late.append('validity', '3');
  const answer = await fetch(`${carillon.url}/api/campaigns/sms/import`, {
    ...{ method: 'POST', headers: { 'x-api-key': carillon.liveKey }, body: late },
  });
  assert.equal(answer.status, 422);
  assert.match(await answer.text(), /before the file/);
  const plain = await carillon.call('POST', '/api/campaigns/sms/import', { sender: 'Shop' });
  assert.equal(plain.status, 422, plain.text);
  const { rows } = await carillon.db.pool.query<{ n: number }>(
    'select (select count(*) from import) + (select count(*) from campaign) as n',
  );
  assert.equal(rows[0]!.n, 0);
});

test('an upload that breaks off leaves nothing, and so does one whose process died', async (t) => {
  const carillon = await startTestCarillon(t);
  const boundary = 'x1y2';
  const sending = request(`${carillon.url}/api/campaigns/sms/import`, {
    method: 'POST',
    headers: {
      'x-api-key': carillon.liveKey,
      'content-type': `multipart/form-data; boundary=${boundary}`,
    },
  });
  sending.on('error', () => {});
  const part = (head: string, body: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`;
  sending.write(part('name="sender"', 'Shop') + part('name="text"', 'Hi'));
  sending.write(
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nphone\n`,
  );
  sending.write('380501000000\n'.repeat(300_000));
  const count = async (what: string) =>
    (await carillon.db.pool.query<{ n: number }>(`select count(*) as n from ${what}`)).rows[0]!.n;
  await waitFor(async () => (await count('import_chunk')) > 1, { what: 'the first pieces' });
  assert.equal((await carillon.call('GET', '/api/imports')).body.data.length, 0, 'nobody sees it yet');
  sending.destroy();
  await waitFor(async () => (await count('import')) === 0, { what: 'the upload to be forgotten' });
  assert.equal(await count('import_chunk'), 0);

  await carillon.db.pool.query(
    `insert into import (account_id, kind, state, options, format, touched_at)
     values ($1, 'campaign', 'uploading', '{}', '{}', now() - interval '1 hour'),
       ($1, 'campaign', 'uploading', '{}', '{}', now())`,
    [carillon.account.id],
  );
  await carillon.db.pool.query(`select graphile_worker.add_job('import-clean-up')`);
  await waitFor(async () => (await count('import')) === 1, { what: 'the clean-up' });
});

test('without money, or without a good row, the campaign ends stopped, with a reason', async (t) => {
  const carillon = await startTestCarillon(t, { balance: '0.0000001' });
  for (const [file, reason] of [
    ['phone\n380501000000\n380501000001', /balance|money|cost/i],
    ['phone\n1\n2\n3', /nobody|no row/i],
  ] as const) {
    const answer = await upload(carillon, '/api/campaigns/sms/import', { sender: 'Shop', text: 'Hi' }, file);
    assert.equal(answer.status, 200, answer.text);
    const over = await importEnded(carillon, answer.body.import.id);
    assert.equal(over.state, 'failed');
    assert.match(over.error, reason);
    const { data } = (await carillon.call('GET', `/api/campaigns/${answer.body.data.id}`)).body;
    assert.equal(data.status, 'stopped');
    assert.match(data.reason ?? over.error, reason);
  }
});

test('a preview shows how a file would be read', async (t) => {
  const carillon = await startTestCarillon(t);
  const file = `Name;Mobile\n${'Ann;+34 600 000 000\n'.repeat(100_000)}`;
  const { status, body } = await upload(carillon, '/api/imports/preview', {}, file);
  assert.equal(status, 200);
  assert.deepEqual(
    { ...body.data, rows: body.data.rows.length, lines: body.data.lines.length },
    {
      ...{ format: 'csv', gzip: false, encoding: 'utf-8', delimiter: ';', header: true },
      ...{ columns: ['Name', 'Mobile'], phone_column: 2, rows: 20, lines: 20, bad: [] },
    },
  );
  assert.deepEqual(body.data.rows[0], ['Ann', '+34 600 000 000']);
  assert.equal((await upload(carillon, '/api/imports/preview', {}, gzipSync(file))).body.data.gzip, true);
});

test('a file fills the contact book and its groups, and another the stop list', async (t) => {
  const carillon = await startTestCarillon(t);
  const { id: accountId } = carillon.account;
  const { rows: groups } = await carillon.db.pool.query<{ id: number }>(
    `insert into contact_group (account_id, name) values ($1, 'News') returning id`,
    [accountId],
  );
  const group = groups[0]!.id;
  await carillon.db.pool.query(
    `insert into contact_field (account_id, name, folded, type) values ($1, 'Age', 'age', 'number')`,
    [accountId],
  );
  const lines = ['Phone,Name,Age'];
  for (let i = 0; i < 12_000; i += 1) lines.push(`${phoneOf(i)},N${i},${i === 7 ? 'old' : i % 90}`);
  const unknown = await upload(carillon, '/api/contacts/import', { groups: '[999]' }, lines.join('\n'));
  assert.equal(unknown.status, 422);
  const fields = { create_fields: 'true', groups: `[${group}]` };
  const answer = await upload(carillon, '/api/contacts/import', fields, lines.join('\n'));
  assert.equal(answer.status, 200, answer.text);
  const done = await importEnded(carillon, answer.body.data.id);
  assert.equal(done.state, 'done', done.error);
  assert.deepEqual([done.accepted, done.created, done.rejected], [11_999, 11_999, 1]);
  assert.match(
    (await carillon.call('GET', `/api/imports/${done.id}/rejected`)).text,
    /\r\n9;"The field Age must be/,
  );
  const { rows } = await carillon.db.pool.query(
    `select count(*) as n, (select items from contact_group where id = $2) as items from contact where account_id = $1`,
    [accountId, group],
  );
  assert.deepEqual(rows[0], { n: 11_999, items: 11_999 });
  const again = await upload(carillon, '/api/contacts/import', fields, lines.join('\n'));
  assert.deepEqual(
    await importEnded(carillon, again.body.data.id).then(({ accepted, created }) => [accepted, created]),
    [11_999, 0],
  );

  const stop = await upload(carillon, '/api/stoplist/import', {}, `${phoneOf(1)}\nx\n${phoneOf(2)}`);
  assert.equal(stop.status, 200, stop.text);
  const stopped = await importEnded(carillon, stop.body.data.id);
  assert.deepEqual([stopped.accepted, stopped.rejected], [2, 1]);
});

test('an upload that is repeated with its Idempotency-Key makes one campaign, and one import of contacts', async (t) => {
  const carillon = await startTestCarillon(t);
  const file = `phone\n${Array.from({ length: 20_000 }, (_, i) => phoneOf(i)).join('\n')}`;
  const fields = { sender: 'Shop', text: 'Hi' };
  for (const [path, of] of [
    ['/api/campaigns/sms/import', fields],
    ['/api/contacts/import', {}],
  ] as const) {
    const headers = { 'idempotency-key': path };
    const wrong = await upload(carillon, path, { ...of, delimiter: 'x' }, file, { headers });
    assert.equal(wrong.status, 422, 'a refusal is not kept');
    const first = await upload(carillon, path, of, file, { headers });
    assert.equal(first.status, 200, first.text);
    const again = await upload(carillon, path, of, file, { headers });
    assert.deepEqual([again.status, again.text], [200, first.text]);
    const atOnce = await Promise.all(
      [0, 1, 2].map(() => upload(carillon, path, of, file, { headers: { 'idempotency-key': `${path} 2` } })),
    );
    assert.equal(new Set(atOnce.map(({ text }) => text)).size, 1);
    const elsewhere = await upload(carillon, '/api/stoplist/import', {}, file, { headers });
    assert.notEqual(elsewhere.status, 200, 'the key is of another request');
  }
  const { data } = (await carillon.call('GET', '/api/imports')).body;
  assert.deepEqual(
    data.map(({ kind }: { kind: string }) => kind),
    ['contacts', 'contacts', 'campaign', 'campaign'],
  );
  const { rows } = await carillon.db.pool.query('select from campaign');
  assert.equal(rows.length, 2);
  for (const { id } of data) await importEnded(carillon, id);
  assert.equal((await carillon.db.pool.query('select from import_chunk')).rowCount, 0);
  assert.equal((await carillon.db.pool.query(`select from import where state = 'uploading'`)).rowCount, 0);
});
