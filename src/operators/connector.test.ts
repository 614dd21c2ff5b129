import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type OwnOperator, ownOperator, waitFor } from '../../test/support/index.ts';
import { buildSubmitTemplate, createServer } from '../smpp/index.ts';
import { Connector, type OperatorConfig, type Outgoing } from './connector.ts';

const template = buildSubmitTemplate({
  source: { ton: 5, npi: 0, addr: 'Shop' },
  dest: { ton: 1, npi: 1 },
  esmClass: 0,
  validityPeriod: '',
  registeredDelivery: 1,
  dataCoding: 0,
  shortMessage: Buffer.from('Hello'),
});

class Message implements Outgoing {
  readonly template = template;
  readonly phone: number;
  revoked = false;
  writtenAt = 0;

  leaves() {}

  constructor(phone: number) {
    this.phone = phone;
  }
}

const messages = (count: number, first = 380_500_000_000) =>
  Array.from({ length: count }, (_, i) => new Message(first + i));
const phones = (of: readonly { phone: number }[]) => of.map(({ phone }) => phone);

/** ESME_RTHROTTLED. */
const throttled = 0x58;

type Heard = {
  connector: Connector<Message>;
  answered: { phone: number; status: number; id: string }[];
  unanswered: Message[];
  returned: Message[];
  delivered: number;
  mayWrite: boolean;
};

/** A started connector to that port, and what it has said. */
function connect(t: TestContext, port: number, config: Partial<OperatorConfig> = {}): Heard {
  const heard: Omit<Heard, 'connector'> = {
    answered: [],
    unanswered: [],
    returned: [],
    delivered: 0,
    mayWrite: true,
  };
  const connector = new Connector<Message>(
    {
      id: 1,
      name: 'north',
      simulator: false,
      host: '127.0.0.1',
      port,
      receiverHost: null,
      receiverPort: null,
      tls: false,
      systemId: 'me',
      password: 'secret',
      systemType: '',
      bindMode: 'transceiver',
      sessions: 1,
      windowSize: 10,
      inFlightLimit: 2000,
      throttle: null,
      responseTimeoutMs: 30_000,
      enquireLinkMs: 30_000,
      messageIdFormat: 'auto',
      ...config,
    },
    {
      late: () => {},
      answered(connector, parts, statuses, ids) {
        parts.forEach((part, i) => {
          heard.answered.push({ phone: part.phone, status: statuses[i]!, id: ids[i]! });
          if (statuses[i] !== throttled) return;
          connector.slowDown();
          connector.retry(part);
        });
      },
      unanswered: (_, parts) => void heard.unanswered.push(...parts),
      returned: (_, parts) => void heard.returned.push(...parts),
      delivered: (_, session, deliveries) => {
        heard.delivered += deliveries.length;
        session.acknowledge(deliveries.map(({ sequence }) => sequence));
      },
      changed: () => {},
      mayWrite: () => heard.mayWrite,
      log: () => {},
    },
  );
  connector.start();
  t.after(() => connector.stop());
  return Object.assign(heard, { connector });
}

async function operator(
  t: TestContext,
  onSubmit: Parameters<typeof ownOperator>[0] = (submit, own) => own.accept(submit),
): Promise<OwnOperator> {
  const own = await ownOperator(onSubmit);
  t.after(() => own.close());
  return own;
}

const up = (heard: Heard) => waitFor(() => heard.connector.up, { what: 'a session' });

test('with two sessions no more than two windows are unanswered, and all messages get their answers', async (t) => {
  const held: (() => void)[] = [];
  const own = await operator(t, (submit, o) => void held.push(() => o.accept(submit)));
  const heard = connect(t, own.port, { sessions: 2, windowSize: 10 });
  await waitFor(() => own.sessions.size === 2, { what: 'both sessions' });
  const sent = messages(100);
  await up(heard);
  heard.connector.push(sent);
  await waitFor(() => own.outstanding === 20, { what: 'full windows' });
  assert.deepEqual([heard.connector.waiting, heard.connector.inWindow], [80, 20]);
  await waitFor(
    () => {
      for (const answer of held.splice(0, 7)) answer();
      return heard.answered.length === 100;
    },
    { what: 'all answers' },
  );
  assert.equal(own.mostOutstanding, 20);
  assert.deepEqual(heard.answered.map(({ phone }) => phone).sort(), phones(sent));
  assert.ok(heard.answered.every(({ status, id }) => status === 0 && id.startsWith('own-')));
  const perSession = [...own.sessions].map((s) => own.submits.filter(({ session }) => session === s).length);
  assert.ok(Math.min(...perSession) > 25, `shared ${perSession.join(' and ')}`);
});

test('when the session ends, what was written is unanswered, what was not comes back, and it connects again', async (t) => {
  const own = await operator(t, () => {});
  const heard = connect(t, own.port, { windowSize: 5 });
  await up(heard);
  const sent = messages(12);
  heard.connector.push(sent);
  await waitFor(() => own.outstanding === 5, { what: 'a full window' });
  for (const session of own.sessions) session.destroy();
  await waitFor(() => heard.unanswered.length > 0, { what: 'the end of the session' });
  assert.deepEqual(phones(heard.unanswered), phones(sent.slice(0, 5)));
  assert.deepEqual(phones(heard.returned), phones(sent.slice(5)));
  assert.deepEqual([heard.connector.inWindow, heard.connector.waiting, heard.connector.wanted()], [0, 0, 0]);
  assert.match(heard.connector.lastError ?? '', /closed|ECONNRESET/);
  await up(heard);
  assert.equal(own.sessions.size, 1);
});

test('what is pushed while no session is bound comes back at once', async (t) => {
  const own = await operator(t);
  const { port } = own;
  await own.close();
  const heard = connect(t, port);
  heard.connector.push(messages(3));
  assert.equal(heard.returned.length, 3);
});

test('nothing is written while the lease may be over, and all of it after', async (t) => {
  const own = await operator(t);
  const heard = connect(t, own.port);
  await up(heard);
  heard.mayWrite = false;
  heard.connector.push(messages(5));
  heard.connector.pump();
  assert.deepEqual([heard.connector.inWindow, heard.connector.waiting], [0, 5]);
  heard.mayWrite = true;
  await waitFor(() => heard.answered.length === 5, { what: 'the answers' });
});

test('a revoked message is not written any more', async (t) => {
  const held: (() => void)[] = [];
  const own = await operator(t, (submit, o) => void held.push(() => o.accept(submit)));
  const heard = connect(t, own.port, { windowSize: 2 });
  await up(heard);
  const sent = messages(6);
  heard.connector.push(sent);
  await waitFor(() => own.outstanding === 2, { what: 'a full window' });
  sent[2]!.revoked = true;
  sent[4]!.revoked = true;
  await waitFor(
    () => {
      for (const answer of held.splice(0)) answer();
      return heard.answered.length === 4;
    },
    { what: 'the answers' },
  );
  assert.deepEqual(phones(heard.returned), [sent[2]!.phone, sent[4]!.phone]);
  assert.deepEqual(
    phones(own.submits),
    [0, 1, 3, 5].map((i) => sent[i]!.phone),
  );
});

test('a message that was throttled goes again before the others, after a pause', async (t) => {
  const own = await operator(t, (submit, o) => {
    if (submit.index === 0) o.answer(submit, throttled);
    else o.accept(submit);
  });
  const heard = connect(t, own.port, { windowSize: 1 });
  await up(heard);
  const sent = messages(3);
  heard.connector.push(sent);
  await waitFor(() => heard.answered.length === 4, { what: 'all answers' });
  assert.deepEqual(
    phones(own.submits),
    [0, 0, 1, 2].map((i) => sent[i]!.phone),
  );
});

test('it wants what limit, window and throttle leave room for', async (t) => {
  const own = await operator(t, () => {});
  const limited = connect(t, own.port, { inFlightLimit: 30, windowSize: 20 });
  assert.equal(limited.connector.wanted(), 0, 'nothing without a session');
  await up(limited);
  assert.equal(limited.connector.wanted(), 20);
  limited.connector.unresolved = 25;
  assert.equal(limited.connector.wanted(), 5);
  limited.connector.unresolved = 31;
  assert.equal(limited.connector.wanted(), -1);
  const narrow = connect(t, own.port, { throttle: 100 });
  await up(narrow);
  assert.equal(narrow.connector.wanted(), 10, 'no more than a window');
  const wide = connect(t, own.port, { throttle: 100, windowSize: 1000 });
  await up(wide);
  assert.equal(wide.connector.wanted(), 20, 'a fifth of a second');
});

test('a pair submits on its transmitter and hears receipts on its receiver', async (t) => {
  const own = await operator(t);
  const heard = connect(t, own.port, { bindMode: 'pair' });
  await waitFor(() => own.sessions.size === 2, { what: 'both sessions' });
  await up(heard);
  heard.connector.push(messages(4));
  await waitFor(() => heard.answered.length === 4, { what: 'the answers' });
  assert.deepEqual([...own.sessions].map(({ mode }) => mode).sort(), ['receiver', 'transmitter']);
  assert.ok(own.submits.every(({ session }) => session.mode === 'transmitter'));
  for (const submit of own.submits) own.receipt(submit, 'DELIVRD');
  await waitFor(() => own.acknowledged === 4, { what: 'the acknowledgements' });
  assert.equal(heard.delivered, 4);
});

test('a refused bind is said in words and tried again', async (t) => {
  let refusals = 2;
  const server = await createServer<never>(
    {
      host: '127.0.0.1',
      port: 0,
      systemId: 'own',
      authenticate: () => (refusals-- > 0 ? 0x0e : 0),
      windowSize: 10,
      enquireLinkMs: 30_000,
      bindTimeoutMs: 10_000,
    },
    () => ({ onSubmits() {}, onAcknowledged() {}, onClosed() {} }),
  );
  t.after(() => server.close());
  const heard = connect(t, server.port);
  await waitFor(() => heard.connector.lastError !== null, { what: 'the refusal' });
  assert.match(heard.connector.lastError ?? '', /ESME_RINVPASWD|password/i);
  await up(heard);
});

test('a retired connector gives back what waits and stays until what it wrote is answered', async (t) => {
  const held: (() => void)[] = [];
  const own = await operator(t, (submit, o) => void held.push(() => o.accept(submit)));
  const heard = connect(t, own.port, { windowSize: 4 });
  await up(heard);
  heard.connector.push(messages(10));
  await waitFor(() => own.outstanding === 4, { what: 'a full window' });
  let retired = false;
  const end = heard.connector.retire().then(() => {
    retired = true;
  });
  assert.equal(heard.returned.length, 6);
  for (const answer of held.splice(0, 3)) answer();
  await waitFor(() => heard.answered.length === 3, { what: 'three answers' });
  assert.deepEqual([retired, own.sessions.size, heard.connector.wanted()], [false, 1, 0]);
  held[0]!();
  await end;
  assert.deepEqual([heard.answered.length, heard.unanswered.length, own.submits.length], [4, 0, 4]);
  await waitFor(() => own.sessions.size === 0, { what: 'the unbind' });
});

test('the messages a second are shared by as many processes as live', async (t) => {
  const operator = await ownOperator((submit, own) => own.accept(submit));
  t.after(() => operator.close());
  const { connector } = connect(t, operator.port, { throttle: 1000, windowSize: 1000 });
  await waitFor(() => connector.up, { what: 'the session' });
  assert.equal(connector.wanted(), 200);
  connector.share(4);
  assert.equal(connector.wanted(), 50);
  connector.share(1);
  assert.equal(connector.wanted(), 200);
});
