// Proves how the built console is served, and what is not taken for a page of it.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { testDatabase } from '../../test/support/index.ts';
import { keySource, sharedSecret } from '../accounts/index.ts';
import { buildServer } from '../http/index.ts';
import { createLog } from '../log.ts';
import { consolePage } from './index.ts';

test('the console is served for every path that no API has, under a policy that runs nothing of others', async (t) => {
  const db = await testDatabase(t);
  const folder = mkdtempSync(join(tmpdir(), 'carillon-page-'));
  const signingKey = await sharedSecret(db, 'jwt');
  const app = await buildServer({ db, keys: keySource(db), signingKey, log: createLog('silent') });
  t.after(() => app.close());
  await consolePage(app, folder);
  const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });
  const html = { accept: 'text/html,*/*' };

  const bare = await get('/');
  assert.match(bare.payload, /has not been built/);
  assert.match(String(bare.headers['content-type']), /^text\/plain/);

  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__">');
  writeFileSync(join(folder, 'favicon.svg'), '<svg/>');
  writeFileSync(join(folder, 'assets/index-a1b2.js'), 'run();');
  writeFileSync(join(folder, 'assets/index-a1b2.js.gz'), gzipSync('run();'));

  for (const path of ['/', '/campaigns/12', '/index.html', '/apiary']) {
    const { statusCode, payload, headers } = await get(path, html);
    assert.equal(statusCode, 200, path);
    const nonce = /content="([\w+/=]{24})"/.exec(payload)?.[1];
    const policy = String(headers['content-security-policy']);
    assert.ok(policy.includes(`style-src 'self' 'nonce-${nonce}'`), policy);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(headers['cache-control'], 'no-store');
  }
  const script = await get('/assets/index-a1b2.js');
  assert.match(String(script.headers['content-type']), /javascript/);
  assert.equal(script.payload, 'run();');
  assert.equal(script.headers['cache-control'], 'public, max-age=31536000, immutable');
  const packed = await get('/assets/index-a1b2.js', { 'accept-encoding': 'gzip' });
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.equal(gunzipSync(packed.rawPayload).toString(), 'run();');
  assert.equal((await get('/favicon.svg', html)).headers['cache-control'], 'no-cache');

  for (const path of ['/api/nothing', '/admin/api/nothing', '/console/api/nothing', '/assets/gone.js']) {
    const { statusCode, payload } = await get(path, html);
    assert.equal(statusCode, 404, path);
    assert.match(payload, /^{"message"/, path);
  }
  assert.equal((await get('/somewhere')).statusCode, 404, 'a program that asks for no page');
  for (const path of ['/..%2f..%2fetc/passwd', '/assets/..%2f..%2f..%2fetc%2fpasswd', '/%2e%2e/x.js']) {
    const { payload } = await get(path, html);
    assert.ok(!payload.includes('root:'), path);
  }
  assert.equal((await app.inject({ method: 'POST', url: '/' })).statusCode, 404);
});
