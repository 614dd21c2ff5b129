// `carillon campaign send --csv` and `carillon contacts import` as a user has them: real processes against a server.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { child, startTestCarillon, temporaryFolder } from './support/index.ts';

async function client(t: TestContext) {
  const carillon = await startTestCarillon(t);
  const folder = await temporaryFolder(t);
  const run = async (...args: string[]) => {
    const command = child(t, ['bin/carillon.js', ...args], {
      ...{ LOG_LEVEL: '', CARILLON_URL: carillon.url, CARILLON_KEY: carillon.liveKey },
    });
    return { code: await command.ended, stdout: command.stdout(), stderr: command.stderr() };
  };
  const file = async (name: string, content: string | Buffer) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  return { carillon, run, file, path: (name: string) => join(folder, name) };
}

const send = ['campaign', 'send', '--sender', 'Shop', '--text', 'Hello {name|friend}'];

test('campaign send --csv sends to the rows of a file, tells what was left out, and watches it to its end', async (t) => {
  const { carillon, run, file, path } = await client(t);
  const people = await file(
    'people.csv.gz',
    gzipSync('phone;name\n380501000100;Олена\n12;Nobody\n380501000101;\n380501000100;Twice\n'),
  );
  const sent = await run(...send, '--csv', people, '--rejected', path('left-out.csv'), '--watch');
  assert.equal(sent.code, 0, sent.stderr);
  assert.match(sent.stdout, /^import 1 is done$/m);
  assert.match(sent.stdout, / 4 {2}rows read\n +2 {2}accepted\n +2 {2}rejected\n +1 {2}of them repeated/);
  assert.match(sent.stdout, /from Shop: done\n +2 {2}delivered\n +2 {2}messages for/);
  assert.match(
    await readFile(path('left-out.csv'), 'utf8'),
    /^line;reason;raw\r\n3;".*";"?12;Nobody"?\r\n5;".* before.*";"?380501000100;Twice"?\r\n$/,
  );
  const { rows } = await carillon.db.pool.query('select text from message order by phone');
  assert.deepEqual(rows, [{ text: 'Hello Олена' }, { text: 'Hello friend' }]);

  const mapped = await file('mapped.csv', 'a,b\n380501000102,Ann\n');
  const json = await run(...send, '--csv', mapped, '--mapping', '{"phone":"a","name":2}', '--json');
  assert.equal(json.code, 0, json.stderr);
  const { data } = JSON.parse(json.stdout);
  assert.deepEqual([data.state, data.accepted, data.rejected], ['done', 1, 0]);
});

test('campaign send --csv --check says what it costs, and resume sends it', async (t) => {
  const { carillon, run, file } = await client(t);
  const people = await file('people.csv', 'phone;name\n380501000100;Ann\n999123456789;Nobody\n');
  const checked = await run(...send, '--csv', people, '--check');
  assert.equal(checked.code, 0, checked.stderr);
  assert.match(checked.stdout, /^it costs 0\.\d{7} EUR; 1 numbers have no price and get no message$/m);
  assert.match(checked.stdout, /^send it: {2}carillon campaign resume 1$/m);
  assert.equal((await carillon.call('GET', '/api/campaigns/1/detail')).body.data.status, 'paused');
  assert.equal((await run('campaign', 'resume', '1')).code, 0);
  const watched = await run('campaign', 'watch', '1');
  assert.match(watched.stdout, /from Shop: done\n +1 {2}delivered\n +1 {2}failed/);
  assert.equal((await run(...send, '--to', '380501000100', '--check')).code, 1);
});

test('campaign send --csv says what is wrong with a file, and exits with 1', async (t) => {
  const { run, file, path } = await client(t);
  const code = ['campaign', 'send', '--sender', 'Shop', '--text', 'Your code is {code}'];
  const small = await file('small.csv', 'phone,name\n380501000100,Ann\n');
  const missing = await run(...code, '--csv', small);
  assert.deepEqual([missing.code, missing.stdout], [1, '']);
  assert.match(missing.stderr, /^carillon: 422: .*\ncarillon: text: .*no column for \{code\}/);
  // The refusal comes while most of the file is still to be sent.
  const big = await file('big.csv', `phone,name\n${'380501000100,Ann\n'.repeat(1_000_000)}`);
  const early = await run(...code, '--csv', big);
  assert.equal(early.code, 1);
  assert.match(early.stderr, /no column for \{code\}/);

  const nobody = await run(...send, '--csv', await file('nobody.csv', 'phone\n1\n2\n'));
  assert.equal(nobody.code, 1);
  assert.match(nobody.stdout, /^import \d+ is failed: /m);
  const broken = await run(...send, '--csv', await file('broken.gz', gzipSync('phone\n').subarray(0, 12)));
  assert.equal(broken.code, 1, broken.stdout);
  assert.match(broken.stderr, /^carillon: 422: /);
  const none = await run(...send, '--csv', path('none.csv'));
  assert.equal(none.code, 1);
  assert.match(none.stderr, /none\.csv/);
  const both = await run(...send, '--csv', small, '--to', '380501000100');
  assert.equal(both.code, 1);
  assert.match(both.stderr, /not both/);
});

test('contacts import fills the contact book and its groups, and says what is wrong', async (t) => {
  const { carillon, run, file, path } = await client(t);
  const group = (await carillon.call('POST', '/api/groups', { name: 'News' })).body.data.id;
  const people = await file('people.csv', 'phone,name\n380501000100,Ann\nx,Bob\n380501000101,Eve\n');
  const load = ['contacts', 'import', '--file'];
  const unknown = await run(...load, people, '--mapping', '{"phone":1,"name":2}');
  assert.deepEqual([unknown.code, unknown.stdout], [1, '']);
  assert.match(unknown.stderr, /mapping\.name: There is no such field/);
  const noGroup = await run(...load, people, '--group', '999');
  assert.equal(noGroup.code, 1);
  assert.match(noGroup.stderr, /groups/);
  assert.equal((await carillon.call('GET', '/api/contacts')).body.total, 0);

  const more = ['--group', String(group), '--create-fields', '--rejected', path('left-out.csv')];
  const done = await run(...load, people, ...more);
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stdout, /is done\n +3 {2}rows read\n +2 {2}accepted\n +1 {2}rejected\n$/);
  assert.match(await readFile(path('left-out.csv'), 'utf8'), /\r\n3;".*";"?x,Bob"?\r\n$/);
  const { data } = (await carillon.call('GET', `/api/contacts?groups[]=${group}`)).body;
  assert.deepEqual(
    data.map((each: { phone: number; fields: object[] }) => [each.phone, Object.values(each.fields[0]!)]),
    [
      [380501000100, ['Ann']],
      [380501000101, ['Eve']],
    ],
  );

  const noPhone = await run(...load, await file('names.csv', 'name,town\nAnn,Kyiv\n'));
  assert.equal(noPhone.code, 1);
  assert.match(noPhone.stderr, /file: .*no such column of phone numbers/);
  const empty = await run(...load, await file('empty.csv', ''));
  assert.equal(empty.code, 1);
  assert.match(empty.stderr, /^carillon: 422: .*\ncarillon: file: /);
  assert.equal((await run('contacts', 'import')).code, 2);
});
