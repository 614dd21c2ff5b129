// Proves that our client works with an independent implementation: the server of the npm package `smpp`.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import smpp from 'smpp';
import { BindError, buildSubmitTemplate, Esme, relativeTime } from './index.ts';
import { Recording } from './recording.ts';

interface Peer {
  port: number;
  sessions: smpp.Session[];
  pdus: smpp.Pdu[];
}

/** A server that binds those with the right password and answers submit_sm with the ids m1, m2, … */
async function npmServer(t: TestContext, tls: Record<string, unknown> = {}): Promise<Peer> {
  const sessions: smpp.Session[] = [];
  const pdus: smpp.Pdu[] = [];
  let next = 1;
  const server = smpp.createServer(tls, (session) => {
    sessions.push(session);
    session.on('error', () => {});
    const bind = (pdu: smpp.Pdu) =>
      session.send(pdu.response(pdu.password === 'secret' ? {} : { command_status: Esme.ESME_RINVPASWD }));
    for (const command of ['bind_transceiver', 'bind_transmitter', 'bind_receiver'])
      session.on(command, bind);
    session.on('submit_sm', (pdu: smpp.Pdu) => {
      pdus.push(pdu);
      session.send(pdu.response({ message_id: `m${next++}` }));
    });
    session.on('unbind', (pdu: smpp.Pdu) => {
      pdus.push(pdu);
      session.send(pdu.response());
      session.close();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, sessions, pdus };
}

const fields = {
  source: { ton: 5, npi: 0, addr: 'Shop' },
  dest: { ton: 1, npi: 1 },
  esmClass: 0,
  validityPeriod: relativeTime(48 * 3600),
  registeredDelivery: 1,
  dataCoding: 0,
  shortMessage: Buffer.from('Hello'),
};

test('npm smpp understands our bind, submits and unbind, and we its answers', async (t) => {
  const peer = await npmServer(t);
  for (const mode of ['transceiver', 'transmitter'] as const) {
    const client = new Recording({ port: peer.port, password: 'secret', mode });
    await client.whenBound();
    client.session.submit(buildSubmitTemplate(fields), 491700000001, 1);
    const ucs2 = Buffer.from('Привет', 'utf16le').swap16();
    client.session.submit(
      buildSubmitTemplate({ ...fields, dataCoding: 8, shortMessage: ucs2 }),
      '491700000002',
      2,
    );
    const part = Buffer.concat([Buffer.from([5, 0, 3, 7, 2, 1]), Buffer.from('first')]);
    client.session.submit(
      buildSubmitTemplate({ ...fields, esmClass: 0x40, shortMessage: part }),
      491700000003,
      3,
    );
    const long = Buffer.alloc(300, 'x');
    client.session.submit(buildSubmitTemplate({ ...fields, shortMessage: long }), 491700000004, 4);
    await client.until(() => client.tokens.length === 4);
    assert.deepEqual(client.tokens, [1, 2, 3, 4]);
    assert.match(client.smscIds.join(), /^m\d,m\d,m\d,m\d$/);
    await client.session.unbind();
    assert.equal((await client.whenClosed()).error, null);

    const [plain, cyrillic, multipart, payload, unbind] = peer.pdus.splice(0) as [
      smpp.Pdu,
      smpp.Pdu,
      smpp.Pdu,
      smpp.Pdu,
      smpp.Pdu,
    ];
    assert.equal(plain.source_addr, 'Shop');
    assert.equal(plain.source_addr_ton, 5);
    assert.equal(plain.destination_addr, '491700000001');
    assert.equal(plain.registered_delivery, 1);
    assert.deepEqual(plain.short_message, { message: 'Hello' });
    assert.ok(plain.validity_period instanceof Date);
    assert.deepEqual(cyrillic.short_message, { message: 'Привет' });
    const { message, udh } = multipart.short_message as { message: string; udh: Buffer[] };
    assert.equal(message, 'first');
    assert.deepEqual(Buffer.concat(udh.map((element) => Buffer.from(element))), Buffer.from([0, 3, 7, 2, 1]));
    assert.deepEqual(payload.message_payload, { message: 'x'.repeat(300) });
    assert.equal(unbind.command, 'unbind');
  }
});

test('we understand the receipts and messages that npm smpp delivers, and acknowledge them', async (t) => {
  const peer = await npmServer(t);
  const client = new Recording({ port: peer.port, password: 'secret', mode: 'transceiver' });
  await client.whenBound();
  const answers: smpp.Pdu[] = [];
  const answered = Promise.withResolvers<void>();
  const answer = (pdu: smpp.Pdu) => {
    answers.push(pdu);
    if (answers.length === 4) answered.resolve();
  };
  const [session] = peer.sessions as [smpp.Session];
  const from = { source_addr: '491700000001', destination_addr: 'Shop' };
  session.deliver_sm(
    { ...from, esm_class: 4, short_message: 'id:m1 sub:001 dlvrd:000 stat:UNDELIV err:012 text:Hello' },
    answer,
  );
  session.deliver_sm(
    {
      ...from,
      esm_class: 4,
      receipted_message_id: 'm2',
      message_state: 2,
      network_error_code: Buffer.from([3, 0, 7]),
    },
    answer,
  );
  session.deliver_sm({ ...from, esm_class: 0, short_message: 'STOP' }, answer);
  session.enquire_link({}, answer);
  await answered.promise;
  assert.deepEqual(
    client.deliveries.map((delivery) => delivery.receipt),
    [
      { id: 'm1', state: 'UNDELIV', error: 12, fromTlv: false },
      { id: 'm2', state: 'DELIVRD', error: 7, fromTlv: true },
      null,
    ],
  );
  assert.equal(client.deliveries[2]!.shortMessage.toString(), 'STOP');
  assert.equal(client.deliveries[2]!.source, '491700000001');
  const commands = answers.map((pdu) => pdu.command);
  assert.equal(commands.filter((command) => command === 'deliver_sm_resp').length, 3);
  assert.equal(commands.filter((command) => command === 'enquire_link_resp').length, 1);
  assert.ok(answers.every((pdu) => pdu.command_status === 0));
  session.unbind();
  assert.equal((await client.whenClosed()).error, null);
});

test('we understand a bind that npm smpp refuses', async (t) => {
  const peer = await npmServer(t);
  const closed = await new Recording({ port: peer.port, password: 'other' }).whenClosed();
  assert.ok(closed.error instanceof BindError);
  assert.equal(closed.status, Esme.ESME_RINVPASWD);
});

test('we talk to npm smpp over TLS', async (t) => {
  const pem = (name: string) => readFileSync(new URL(`testdata/${name}.pem`, import.meta.url));
  const peer = await npmServer(t, { key: pem('key'), cert: pem('cert') });
  const client = new Recording({ port: peer.port, password: 'secret', tls: { ca: pem('cert') } });
  await client.whenBound();
  client.session.submit(buildSubmitTemplate(fields), 491700000001, 1);
  await client.until(() => client.tokens.length === 1);
  client.session.destroy();
});
