// Proves what the HTTP server does with clients that do not speak HTTP as they should: ambiguous requests, bodies without
// end, bytes that never come, and connections that only stand there.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { testApi } from './support/api.ts';
import { atEnd } from './support/at-end.ts';
import { child } from './support/child.ts';

/** A listening server; `served` counts what reached an operation. */
async function listening(t: TestContext, options: Parameters<typeof testApi>[1] = {}) {
  const counted = { served: 0 };
  const api = await testApi(t, {
    live: async () => {
      counted.served += 1;
      return { ok: true, problems: [] };
    },
    ...options,
  });
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  return { api, counted, port: (api.app.server.address() as AddressInfo).port };
}

/** A connection with all that came over it. */
async function dial(t: TestContext, port: number) {
  const socket: Socket = connect(port, '127.0.0.1');
  atEnd(t, () => socket.destroy());
  await once(socket, 'connect');
  const got = { text: '', closed: false };
  const ended = new Promise<void>((resolve) => {
    socket.on('close', () => {
      got.closed = true;
      resolve();
    });
  });
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    got.text += chunk.toString('latin1');
  });
  return { socket, got, ended };
}

const post = 'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const hidden = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';

/** Requests whose end two readers could see in two places, each with another behind it. */
const ambiguous: Record<string, string> = {
  'a length and chunks': `${post}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'chunks and a length': `${post}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${hidden}`,
  'two lengths': `${post}Content-Length: 2\r\nContent-Length: ${hidden.length}\r\n\r\n{}${hidden}`,
  'a list of lengths': `${post}Content-Length: 2, 2\r\n\r\n{}${hidden}`,
  'a length with a sign': `${post}Content-Length: +2\r\n\r\n{}${hidden}`,
  'a negative length': `${post}Content-Length: -1\r\n\r\n${hidden}`,
  'a length in hexadecimal': `${post}Content-Length: 0x2\r\n\r\n{}${hidden}`,
  'a length beyond all numbers': `${post}Content-Length: 99999999999999999999999\r\n\r\n{}${hidden}`,
  'a coding that is none': `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`,
  'chunks that are not last': `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`,
  'a blank before the colon': `${post}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'a chunk size that is none': `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n${hidden}`,
  'a chunk size with a sign': `${post}Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n${hidden}`,
  'a chunk size beyond all numbers': `${post}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n${hidden}`,
  'a chunk longer than it says': `${post}Transfer-Encoding: chunked\r\n\r\n2\r\n{}}}}\r\n0\r\n\r\n${hidden}`,
  'a folded header': `${post}X-A: b\r\n Content-Length: 2\r\nContent-Length: 0\r\n\r\n${hidden}`,
  'a bare CR in a header': `${post}X-A: b\rContent-Length: 2\r\n\r\n${hidden}`,
  'a NUL in a header': `${post}X-A: b\0c\r\nContent-Length: 2\r\n\r\n{}${hidden}`,
  'a header without a name': `${post}: b\r\nContent-Length: 2\r\n\r\n{}${hidden}`,
  'a version that is none': `GET /nothing HTTP/9.9\r\nHost: x\r\n\r\n${hidden}`,
  'a method that is none': `GETT /healthz HTTP/1.1\r\nHost: x\r\n\r\n${hidden}`,
  'a space in the target': `GET /healthz /x HTTP/1.1\r\nHost: x\r\n\r\n${hidden}`,
  'the preface of HTTP/2': `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${hidden}`,
  'a greeting of TLS': `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03${hidden}`,
  'a header of 64 KiB': `${post}X-A: ${'b'.repeat(65_536)}\r\n\r\n${hidden}`,
  'a target of 64 KiB': `GET /${'b'.repeat(65_536)} HTTP/1.1\r\nHost: x\r\n\r\n${hidden}`,
  'ten thousand headers': `${post}${'a: b\r\n'.repeat(10_000)}\r\n${hidden}`,
};

test('an ambiguous request is refused, the connection closed, and what stands behind it never looked at', async (t) => {
  const { port, counted } = await listening(t);
  for (const [name, bytes] of Object.entries(ambiguous)) {
    const { socket, got, ended } = await dial(t, port);
    socket.write(bytes, 'latin1');
    await ended;
    assert.match(got.text, /^HTTP\/1\.1 (400|431) /, `${name}: ${got.text.slice(0, 200)}`);
    assert.equal(got.text.split('HTTP/1.1 ').length, 2, `${name}: one answer`);
    assert.equal(counted.served, 0, `${name}: the hidden request was served`);
  }
});

test('of requests in a row, none behind garbage is served', async (t) => {
  const { port, counted } = await listening(t);
  const { socket, got, ended } = await dial(t, port);
  socket.write(`${hidden}${hidden}\0\0\0\0\r\n${hidden}`);
  await ended;
  assert.match(got.text.match(/^HTTP\/1\.1 \d+/gm)!.at(-1)!, /400$/);
  assert.ok(counted.served <= 2, `${counted.served} were served`);
});

test('a target that names another server is none of ours', async (t) => {
  const { port } = await listening(t);
  const { socket, got, ended } = await dial(t, port);
  socket.write('GET http://evil.example/api/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  await ended;
  assert.match(got.text, /^HTTP\/1\.1 404 /);
  const tunnel = await dial(t, port);
  tunnel.socket.write('CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n');
  await tunnel.ended;
  assert.doesNotMatch(tunnel.got.text, /^HTTP\/1\.1 2/);
});

test('100 MB are refused by their length, before they are sent', async (t) => {
  const { port } = await listening(t);
  const { socket, got, ended } = await dial(t, port);
  socket.write(`${post}Content-Length: 104857600\r\n\r\n`);
  await ended;
  assert.match(got.text, /^HTTP\/1\.1 413 /);
});

test('100 MB without a length are refused when the limit is reached, and are not kept', async (t) => {
  const { port } = await listening(t);
  const { socket, got, ended } = await dial(t, port);
  socket.write(`${post}Transfer-Encoding: chunked\r\n\r\n`);
  const chunk = Buffer.from(`10000\r\n${' '.repeat(65_536)}\r\n`);
  const most = 100 * 1024 * 1024;
  const before = process.memoryUsage().rss;
  let sent = 0;
  while (sent < most && !got.closed && socket.writable) {
    sent += chunk.length;
    if (socket.write(chunk)) continue;
    await Promise.race([ended, new Promise((resolve) => socket.once('drain', resolve))]);
  }
  await ended;
  assert.ok(got.text === '' || /^HTTP\/1\.1 413 /.test(got.text), got.text.slice(0, 200));
  assert.ok(sent < most / 2, `it took ${sent} bytes`);
  assert.ok(process.memoryUsage().rss - before < 80 * 1024 * 1024);
});

const impatient = { headersMs: 300, requestMs: 900, uploadMs: 5000, idleMs: 300, checkMs: 50 };

test('who sends a byte now and then is left, and others are served meanwhile', async (t) => {
  const { port } = await listening(t, { patience: impatient });
  const slow = await Promise.all(
    ['GET /healthz HTTP/1.1\r\nX-', `${post}Content-Length: 100\r\n\r\n{"`].flatMap((start) =>
      Array.from({ length: 20 }, async () => {
        const client = await dial(t, port);
        client.socket.write(start);
        const timer = setInterval(() => client.socket.write('a'), 20);
        atEnd(t, () => clearInterval(timer));
        return client;
      }),
    ),
  );
  const { socket, got } = await dial(t, port);
  socket.write(hidden);
  while (!got.text.includes('{"status":"ok"}')) await once(socket, 'data');
  await Promise.all(slow.map(({ ended }) => ended));
  for (const { got: theirs } of slow) assert.match(theirs.text, /^(HTTP\/1\.1 408 |$)/);
});

test('a connection on which nothing is asked is closed, before its first request and after it', async (t) => {
  const { port } = await listening(t, { patience: impatient });
  const silent = await dial(t, port);
  const once_ = await dial(t, port);
  once_.socket.write(hidden);
  await Promise.all([silent.ended, once_.ended]);
  assert.match(once_.got.text, /^HTTP\/1\.1 200 /);
});

test('thousands of idle connections keep nobody from being served', async (t) => {
  const connections = Number(process.env.IDLE_CONNECTIONS || 2000);
  const { port, api } = await listening(t);
  const before = process.memoryUsage().rss;
  const idle = child(t, ['fuzz/idle.ts', String(port), String(connections)]);
  await idle.said(new RegExp(`open ${connections}`));
  const response = await fetch(`http://127.0.0.1:${port}/healthz`);
  assert.equal(response.status, 200);
  const open = await new Promise<number>((resolve, reject) => {
    api.app.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
  // A client has opened a connection a moment before its server knows of it.
  assert.ok(open > connections / 2, `${open} are open`);
  const each = (process.memoryUsage().rss - before) / connections / 1024;
  t.diagnostic(`${connections} connections, ${open} known, ${each.toFixed(1)} KiB each`);
  idle.kill('SIGKILL');
});
