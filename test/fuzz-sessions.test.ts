// SMPP sessions against hostile streams and hostile habits, over real sockets. `npm run fuzz -- --only sessions` tries
// more streams.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { attackClient, attackServer } from '../fuzz/sessions.ts';
import { fuzzSettings } from '../fuzz/settings.ts';
import { LinkError } from '../src/smpp/index.ts';
import { Recording } from '../src/smpp/recording.ts';

test('a hostile ESME ends its own session at worst: a server goes on, and after a bad PDU so does the session', () =>
  attackServer(fuzzSettings(1500)));

test('a hostile operator ends its own session at worst: a client goes on after a bad PDU', () =>
  attackClient(fuzzSettings(1500)));

test('an operator that asks without end and never reads the answers is left, before they fill the memory', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => void server.close());
  const client = new Recording({ port: (server.address() as AddressInfo).port });
  const [socket] = (await once(server, 'connection')) as [Socket];
  t.after(() => void socket.destroy());
  socket.on('error', () => {});
  const [request] = (await once(socket, 'data')) as [Buffer];
  socket.pause();
  const bound = Buffer.alloc(17);
  bound.writeUInt32BE(17, 0);
  bound.writeUInt32BE(0x80000009, 4);
  request.copy(bound, 12, 12, 16);
  const ask = Buffer.alloc(16);
  ask.writeUInt32BE(16, 0);
  ask.writeUInt32BE(0x15, 4);
  const questions = Buffer.concat(Array.from({ length: 65_536 }, () => ask));
  socket.write(bound);
  const left = client.whenClosed();
  // Far more than the client and the socket buffers between hold.
  const most = 256 * 1024 * 1024;
  let written = 0;
  for (; client.closed.length === 0 && written < most; written += questions.length) {
    if (socket.write(questions)) continue;
    await Promise.race([left, new Promise((resolve) => socket.once('drain', resolve))]);
  }
  assert.ok(written < most, 'it went on');
  const { error } = await left;
  assert.ok(error instanceof LinkError, String(error));
  assert.match(error.message, /does not read/);
});
