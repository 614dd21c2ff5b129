// `carillon privacy` as a user has it: real processes on a database.
import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDatabase } from '../src/db/index.ts';
import { makeGroup } from './support/contacts.ts';
import { atEnd, child, createTestDatabase, temporaryFolder } from './support/index.ts';

test('what is known of a number is written to a file, and erased', async (t) => {
  const { connectionString, drop } = await createTestDatabase();
  atEnd(t, drop);
  const run = async (...args: string[]) => {
    const command = child(t, ['bin/carillon.js', ...args], { LOG_LEVEL: '', DATABASE_URL: connectionString });
    return { code: await command.ended, stdout: command.stdout(), stderr: command.stderr() };
  };
  const acme = JSON.parse((await run('account', 'create', 'acme', '--json')).stdout);
  const db = await openDatabase({ connectionString, max: 2 });
  atEnd(t, () => db.close());
  await makeGroup(db, acme.id, [{ phone: 34_600_000_001, Name: 'Anna' }]);

  const out = join(await temporaryFolder(t), 'known.json');
  const phone = ['--phone', '+34600000001'];
  const written = await run('privacy', 'export', ...phone, '--account', 'acme', '--out', out);
  assert.equal(written.code, 0, written.stderr);
  assert.equal(written.stdout, `what is known of 3460•••0001 is in ${out}\n`);
  const known = JSON.parse(await readFile(out, 'utf8'));
  assert.deepEqual([known.phone, known.contacts[0].fields.Name], [34_600_000_001, 'Anna']);
  assert.equal((await stat(out)).mode & 0o777, 0o600);
  assert.match((await run('privacy', 'export', ...phone, '--out', out)).stderr, /EEXIST|exists/);

  const erased = await run('privacy', 'erase', ...phone);
  assert.equal(erased.code, 0, erased.stderr);
  assert.match(erased.stdout, /3460•••0001 is erased:\n(.|\n)*contacts: +1\n/);
  assert.deepEqual(JSON.parse((await run('privacy', 'export', ...phone)).stdout).contacts, []);
  const again = JSON.parse((await run('privacy', 'erase', ...phone, '--stop-list', '--json')).stdout);
  assert.equal(again.contacts, 0);
  assert.equal((await run('privacy', 'erase', '--phone', '12')).code, 2);
});
