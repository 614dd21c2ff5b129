// Proves the life of a session on real sockets: our client with our server, and with peers that misbehave.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import {
  BindError,
  buildSubmitTemplate,
  createServer,
  Esme,
  LinkError,
  openSession,
  type ServerOptions,
  type ServerSession,
  type ShortMessage,
  StreamError,
} from './index.ts';
import { Recording, testOptions } from './recording.ts';

const template = buildSubmitTemplate({
  source: { ton: 5, npi: 0, addr: 'Shop' },
  dest: { ton: 1, npi: 1 },
  esmClass: 0,
  validityPeriod: '',
  registeredDelivery: 1,
  dataCoding: 0,
  shortMessage: Buffer.from('Hello'),
});

const key = readFileSync(new URL('testdata/key.pem', import.meta.url));
const cert = readFileSync(new URL('testdata/cert.pem', import.meta.url));

/** A server that answers a submit to an even number with id<number>, one to an odd number not at all. */
async function operator(t: TestContext, options: Partial<ServerOptions> = {}) {
  const sessions: ServerSession<string>[] = [];
  const submits: ShortMessage[] = [];
  const batches: number[] = [];
  const acknowledged: [string, number][] = [];
  const unacknowledged: string[] = [];
  const server = await createServer<string>(
    {
      host: '127.0.0.1',
      port: 0,
      systemId: 'operator',
      authenticate: () => Esme.ESME_ROK,
      windowSize: 100,
      enquireLinkMs: 30_000,
      bindTimeoutMs: 30_000,
      ...options,
    },
    (session) => {
      sessions.push(session);
      return {
        onSubmits: (batch) => {
          batches.push(batch.length);
          submits.push(...batch);
          for (const submit of batch) {
            const number = submit.destinationNumber;
            if (number % 2 === 0) session.respond(submit.sequence, Esme.ESME_ROK, `id${number}`);
          }
        },
        onAcknowledged: (tokens, statuses) => {
          for (const [i, token] of tokens.entries()) acknowledged.push([token, statuses[i]!]);
        },
        onClosed: ({ unanswered }) => void unacknowledged.push(...unanswered),
      };
    },
  );
  t.after(() => server.close());
  return { port: server.port, server, sessions, submits, batches, acknowledged, unacknowledged };
}

function pdu(
  command: number,
  status: number,
  sequence: number,
  body: Uint8Array = new Uint8Array(0),
): Buffer {
  const bytes = Buffer.alloc(16 + body.length);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(command, 4);
  bytes.writeUInt32BE(status, 8);
  bytes.writeUInt32BE(sequence, 12);
  bytes.set(body, 16);
  return bytes;
}

/** A peer made of bare octets: answers the bind, then does what the test says with each chunk. */
async function rawOperator(t: TestContext, onData: (socket: Socket, data: Buffer) => void = () => {}) {
  const sockets: Socket[] = [];
  const received: Buffer[] = [];
  const server = createTcpServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.once('data', (bind) => {
      socket.write(pdu(0x80000009, 0, bind.readUInt32BE(12), Buffer.from('raw\0')));
      socket.on('data', (data) => {
        received.push(data);
        onData(socket, data);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, sockets, received };
}

const delivery = (text: string) => ({
  sourceTon: 1,
  sourceNpi: 1,
  source: 491700000000,
  destinationTon: 5,
  destinationNpi: 0,
  destination: 'Shop',
  esmClass: 0,
  dataCoding: 0,
  shortMessage: Buffer.from(text),
  optional: Buffer.alloc(0),
});

test('everything submitted in a turn leaves in one write and is answered with its token', async (t) => {
  const peer = await operator(t);
  const client = new Recording({ port: peer.port });
  await client.whenBound();
  assert.equal(client.session.state, 'bound');
  for (let i = 0; i < 100; i++) client.session.submit(template, 2 * i + 2, i);
  assert.equal(client.session.room, 0);
  assert.throws(() => client.session.submit(template, 2, 0), RangeError);
  await client.until(() => client.tokens.length === 100);
  assert.deepEqual(peer.batches, [100]);
  assert.equal(client.calls, 2, 'one call for the bind and one for all responses');
  assert.deepEqual(client.tokens, [...Array(100).keys()]);
  assert.deepEqual(client.statuses, Array(100).fill(0));
  assert.equal(client.idOf(7), 'id16');
  assert.equal(client.session.room, 100);
  assert.equal(peer.submits[3]!.destination, '8');
  assert.equal(peer.submits[3]!.shortMessage.toString(), 'Hello');
  await client.session.unbind();
  assert.deepEqual(await client.whenClosed(), { error: null, unanswered: [] });
  assert.equal(client.session.state, 'closed');
});

test('an impossible destination leaves the window as it was', async (t) => {
  const peer = await operator(t);
  const client = new Recording({ port: peer.port });
  await client.whenBound();
  assert.throws(() => client.session.submit(template, 'x'.repeat(30), 1), RangeError);
  assert.equal(client.session.room, 100);
  client.session.destroy();
  await client.whenClosed();
  assert.throws(() => client.session.submit(template, 2, 1), /closed/);
});

test('deliveries reach the client and their acknowledgements the operator', async (t) => {
  const peer = await operator(t);
  const client = new Recording({ port: peer.port }, false);
  await client.whenBound();
  for (const text of ['a', 'b', 'c']) peer.sessions[0]!.deliver(delivery(text), text);
  assert.equal(peer.sessions[0]!.room, 97);
  await client.until(() => client.deliveries.length === 3);
  assert.equal(client.calls, 2);
  assert.deepEqual(
    client.deliveries.map((d) => [d.source, d.destination, d.shortMessage.toString(), d.receipt]),
    ['a', 'b', 'c'].map((text) => ['491700000000', 'Shop', text, null]),
  );
  const sequences = client.deliveries.map((d) => d.sequence);
  client.session.acknowledge(sequences.slice(0, 1));
  client.session.acknowledge(sequences.slice(1, 2), Esme.ESME_RX_T_APPN);
  await client.session.unbind();
  assert.deepEqual(peer.acknowledged, [
    ['a', 0],
    ['b', Esme.ESME_RX_T_APPN],
  ]);
  assert.deepEqual(peer.unacknowledged, ['c'], 'what was not acknowledged comes back to the operator');
  client.session.acknowledge(sequences);
});

test('a lost connection gives every unanswered token back exactly once', async (t) => {
  const peer = await operator(t);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 1000 }), { maxLength: 60 }), async (numbers) => {
      const client = new Recording({ port: peer.port });
      await client.whenBound();
      const even = numbers.filter((number) => number % 2 === 0).length;
      for (const [token, number] of numbers.entries()) client.session.submit(template, number, token);
      await client.until(() => client.tokens.length === even);
      peer.sessions.at(-1)!.destroy();
      const { error, unanswered } = await client.whenClosed();
      assert.ok(error instanceof Error);
      assert.deepEqual(
        unanswered,
        [...numbers.keys()].filter((token) => numbers[token]! % 2 === 1),
      );
      assert.equal(client.closed.length, 1);
    }),
    { numRuns: 15 },
  );
});

test('a response that does not come in time gives its token back, and is told apart when it comes late', async (t) => {
  const peer = await operator(t);
  const client = new Recording({ port: peer.port, responseTimeoutMs: 60 });
  await client.whenBound();
  client.session.submit(template, 1, 11);
  client.session.submit(template, 3, 13);
  await client.until(() => client.timeouts.length === 2);
  assert.deepEqual(client.timeouts, [11, 13]);
  assert.equal(client.session.room, 100);
  peer.sessions[0]!.respond(peer.submits[0]!.sequence, Esme.ESME_ROK, 'late');
  peer.sessions[0]!.respond(peer.submits[0]!.sequence, Esme.ESME_ROK, 'twice');
  peer.sessions[0]!.respond(peer.submits[1]!.sequence, Esme.ESME_RINVDSTADR, 'refused');
  client.session.submit(template, 2, 2);
  await client.until(() => client.tokens.length === 1);
  assert.deepEqual(client.tokens, [2]);
  assert.deepEqual(client.late, [[11, 'late']]);
  assert.equal(client.session.ignoredResponses, 2, 'the repeated one, and the refusal');
  await client.session.unbind();
  assert.deepEqual((await client.whenClosed()).unanswered, []);
});

test('a generic_nack refuses the submit it names', async (t) => {
  const peer = await rawOperator(t, (socket, data) => {
    socket.write(pdu(0x80000000, Esme.ESME_RINVCMDID, data.readUInt32BE(12)));
  });
  const client = new Recording({ port: peer.port });
  await client.whenBound();
  client.session.submit(template, 2, 5);
  await client.until(() => client.tokens.length === 1);
  assert.deepEqual([client.tokens, client.statuses, client.smscIds], [[5], [Esme.ESME_RINVCMDID], ['']]);
  client.session.destroy();
});

test('keep-alive is answered, unknown requests are refused, and strange responses ignored', async (t) => {
  const peer = await rawOperator(t);
  const client = new Recording({ port: peer.port });
  await client.whenBound();
  peer.sockets[0]!.write(
    Buffer.concat([
      pdu(0x15, 0, 100), // enquire_link
      pdu(0x103, 0, 101), // data_sm, which we do not take
      pdu(0x102, 0, 102), // alert_notification has no answer
      pdu(0x80000004, 0, 103, Buffer.from('x\0')),
      pdu(0x80000abc, 0, 104),
      pdu(0x5, 0, 105, Buffer.from('cut')), // deliver_sm
      pdu(0x6, 0, 106), // unbind
    ]),
  );
  assert.deepEqual(await client.whenClosed(), { error: null, unanswered: [] });
  assert.equal(client.session.ignoredResponses, 2);
  assert.deepEqual(
    Buffer.concat(peer.received),
    Buffer.concat([
      pdu(0x80000015, 0, 100),
      pdu(0x80000000, Esme.ESME_RINVCMDID, 101),
      pdu(0x80000005, Esme.ESME_RINVCMDLEN, 105, Buffer.from([0])),
      pdu(0x80000006, 0, 106),
    ]),
  );
});

test('an idle peer is asked by enquire_link, and one that does not answer counts as dead', async (t) => {
  const peer = await rawOperator(t);
  const client = new Recording({ port: peer.port, enquireLinkMs: 50, responseTimeoutMs: 50 });
  await client.whenBound();
  client.session.submit(template, 2, 1);
  const { error } = await client.whenClosed();
  assert.ok(error instanceof LinkError);
  assert.match(error.message, /enquire_link/);
  assert.deepEqual(Buffer.concat(peer.received).subarray(-16), pdu(0x15, 0, 3));
});

test('an idle peer that answers enquire_link keeps its session', async (t) => {
  let asked = 0;
  const peer = await rawOperator(t, (socket, data) => {
    if (data.readUInt32BE(4) === 0x15 && ++asked < 4) socket.write(pdu(0x80000015, 0, data.readUInt32BE(12)));
    if (asked === 4) socket.write(pdu(0x6, 0, 1));
  });
  const client = new Recording({ port: peer.port, enquireLinkMs: 20, responseTimeoutMs: 2_000 });
  assert.equal((await client.whenClosed()).error, null);
  assert.equal(asked, 4);
});

test('a stream that is not SMPP ends the session with a StreamError', async (t) => {
  const peer = await rawOperator(t);
  const client = new Recording({ port: peer.port });
  await client.whenBound();
  client.session.submit(template, 2, 9);
  peer.sockets[0]!.write('HTTP/1.1 400 Bad Request\r\n');
  const { error, unanswered } = await client.whenClosed();
  assert.ok(error instanceof StreamError);
  assert.deepEqual(unanswered, [9]);
});

test('a refused bind tells its status and not the password', async (t) => {
  const peer = await operator(t, {
    authenticate: (bind) => (bind.password === 'right' ? Esme.ESME_ROK : Esme.ESME_RINVPASWD),
  });
  const client = new Recording({ port: peer.port, password: 'wrong1' });
  const closed = await client.whenClosed();
  assert.ok(closed.error instanceof BindError);
  assert.equal(closed.status, Esme.ESME_RINVPASWD);
  assert.match(closed.error.message, /ESME_RINVPASWD/);
  assert.doesNotMatch(closed.error.message, /wrong1/);
  assert.equal(client.bound, false);
});

test('a port where nobody listens ends the session with an error', async (t) => {
  const peer = await operator(t);
  await peer.server.close();
  const client = new Recording({ port: peer.port });
  assert.match(String((await client.whenClosed()).error), /ECONNREFUSED/);
});

test('a peer that accepts but never answers the bind is given up', async (t) => {
  const silent = createTcpServer((socket) => void socket.on('error', () => {}).resume());
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.after(() => silent.close());
  const { port } = silent.address() as AddressInfo;
  const client = new Recording({ port, bindTimeoutMs: 50, responseTimeoutMs: 100 });
  const { error } = await client.whenClosed();
  assert.ok(error instanceof LinkError);
  assert.match(error.message, /bind/);
});

test('a client that never binds, and one that submits before it binds, get nowhere', async (t) => {
  const peer = await operator(t, { bindTimeoutMs: 50, enquireLinkMs: 100 });
  const socket = connect(peer.port, '127.0.0.1');
  socket.write(pdu(0x4, 0, 1, Buffer.alloc(4)));
  const [answer] = await once(socket, 'data');
  assert.deepEqual(answer, pdu(0x80000004, Esme.ESME_RINVBNDSTS, 1));
  await once(socket, 'close');
  assert.equal(peer.sessions.length, 0);
});

test('a receiver has no room for submits, and a transmitter gets no deliveries', async (t) => {
  const peer = await operator(t);
  const receiver = new Recording({ port: peer.port, mode: 'receiver' });
  await receiver.whenBound();
  assert.equal(receiver.session.room, 0);
  assert.throws(() => receiver.session.submit(template, 2, 1));
  const transmitter = new Recording({ port: peer.port, mode: 'transmitter' });
  await transmitter.whenBound();
  assert.equal(peer.sessions[1]!.room, 0);
  await Promise.all([receiver.session.unbind(), transmitter.session.unbind()]);
});

test('an unbind by the operator ends the session without an error', async (t) => {
  const peer = await operator(t);
  const client = new Recording({ port: peer.port });
  await client.whenBound();
  client.session.submit(template, 1, 1);
  await peer.sessions[0]!.unbind();
  assert.deepEqual(await client.whenClosed(), { error: null, unanswered: [1] });
});

test('room is 0 while the socket takes no more, and comes back when it does', async (t) => {
  const peer = await rawOperator(t);
  const drained = Promise.withResolvers<void>();
  const bound = Promise.withResolvers<void>();
  const session = openSession<number>(
    { ...testOptions, port: peer.port, windowSize: 100_000 },
    {
      onBound: bound.resolve,
      onResponses() {},
      onDeliveries() {},
      onTimeouts() {},
      onClosed() {},
      onDrain: drained.resolve,
    },
  );
  await bound.promise;
  peer.sockets[0]!.pause();
  while (session.room > 0) {
    session.submit(template, 491700000000, 1);
    session.flush();
  }
  peer.sockets[0]!.resume();
  await drained.promise;
  assert.ok(session.room > 0);
  session.destroy();
});

test('a session speaks TLS and checks the certificate', async (t) => {
  const peer = await operator(t, { tls: { key, cert } });
  const client = new Recording({ port: peer.port, tls: { ca: cert } });
  await client.whenBound();
  client.session.submit(template, 2, 1);
  await client.until(() => client.tokens.length === 1);
  assert.deepEqual(client.smscIds, ['id2']);
  await client.session.unbind();

  const stranger = new Recording({ port: peer.port, tls: true });
  assert.match(String((await stranger.whenClosed()).error), /self-signed/);
  assert.equal(stranger.bound, false);
});

test('a client without TLS at a TLS port ends with an error', async (t) => {
  const peer = await operator(t, { tls: { key, cert } });
  const client = new Recording({ port: peer.port });
  assert.ok((await client.whenClosed()).error instanceof Error);
});
