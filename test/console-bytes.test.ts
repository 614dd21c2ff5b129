// Proves that the console is small: what a first visit takes over the wire stays below 300 kB, compressed, and nothing
// is left out for it that is needed.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { noBrowser, testConsole } from './support/browser.ts';
import { countBytes } from './support/bytes.ts';
import { consoleUser } from './support/console.ts';

const limit = 300_000;

test('signing in and the first page take less than 300 kB together', { skip: noBrowser }, async (t) => {
  const { carillon, browser } = await testConsole(t);
  const { email } = await consoleUser(carillon, carillon.account);
  const { signIn, firstPage, gzip } = await countBytes(browser, carillon.url, email);
  t.diagnostic(`${signIn} bytes to sign in, ${firstPage} for the first page; as gzip ${gzip} in all`);
  assert.ok(signIn > 50_000, 'the console came over the wire');
  assert.ok(signIn + firstPage < limit, `${signIn + firstPage} bytes`);
  // Over plain http, other than on this machine, browsers take no br.
  assert.ok(gzip < limit, `${gzip} bytes as gzip`);
});

test('the styles of every component of Mantine that the console uses are there', async () => {
  const root = join(import.meta.dirname, '..');
  const assets = join(root, 'console', 'dist', 'assets');
  const scripts = (await readdir(assets)).filter((name) => name.endsWith('.js'));
  const code = (await Promise.all(scripts.map((name) => readFile(join(assets, name), 'utf8')))).join('');
  const imported = await readFile(join(root, 'console', 'src', 'mantine.css'), 'utf8');
  const styles = join(root, 'node_modules', '@mantine', 'core', 'styles');
  const names = (await readdir(styles)).filter((name) => /^\w+\.css$/.test(name));
  assert.ok(scripts.length > 10 && names.length > 50);
  for (const name of names) {
    const css = await readFile(join(styles, name), 'utf8');
    const used = css.match(/m_[0-9a-f]{7,8}/g)?.some((className) => code.includes(className)) ?? false;
    if (used) assert.ok(imported.includes(`styles/${name}"`), `console/src/mantine.css lacks ${name}`);
  }
});
