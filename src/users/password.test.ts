// Proves how passwords are stored and compared.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generatePassword, hashPassword, isPassword, pretendPassword } from './password.ts';

test('a password is recognised by its hash, and no other is', async () => {
  const stored = await hashPassword('Grüße aus Köln');
  assert.match(stored, /^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
  assert.ok(await isPassword('Grüße aus Köln', stored));
  assert.ok(await isPassword('Grüße aus Köln'.normalize('NFD'), stored), 'however it was typed');
  assert.ok(!(await isPassword('Grüsse aus Köln', stored)));
  assert.notEqual(await hashPassword('Grüße aus Köln'), stored, 'salted');
  assert.equal(await pretendPassword('Grüße aus Köln'), false);
});

test('generated passwords are long and never the same', () => {
  const some = new Set(Array.from({ length: 100 }, generatePassword));
  assert.equal(some.size, 100);
  for (const password of some) assert.match(password, /^(\w{5}-){3}\w{5}$/);
});
