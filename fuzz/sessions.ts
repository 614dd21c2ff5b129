// Sessions of both sides against hostile streams, over real sockets: after each stream the session must still work, or
// have been closed for a reason that the stream gave it. Called by test/fuzz-sessions.test.ts.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { Command, Esme } from '../src/smpp/constants.ts';
import {
  buildSubmitTemplate,
  writeBind,
  writeDeliver,
  writeSubmit,
  writeWithText,
} from '../src/smpp/encode.ts';
import { createServer, openSession, type ShortMessage, StreamError } from '../src/smpp/index.ts';
import { Outbox } from '../src/smpp/outbox.ts';
import { readInt32, Splitter } from '../src/smpp/splitter.ts';
import { streamOf } from './decoder.ts';
import { Random } from './random.ts';
import { replay, type Settings } from './settings.ts';

/** The sequence number of the PDU that asks whether a session still works; the streams hold it by no chance. */
const probeSequence = 0x1234_5678;

/** What should become of a session that gets a stream and then the probe. */
type Expected = 'works' | 'closed' | 'waits';

/** Reads the stream with the probe behind it as a splitter does, and looks for what ends a session. */
function expectedOf(stream: Buffer, probe: Buffer): Expected {
  let at = 0;
  let expected: Expected = 'waits';
  const sink = {
    pdu(bytes: Buffer, start: number, end: number) {
      if (readInt32(bytes, start + 4) === Command.unbind) expected = 'closed';
      if (at === stream.length && expected === 'waits') expected = 'works';
      at += end - start;
    },
  };
  try {
    new Splitter().push(Buffer.concat([stream, probe]), sink);
  } catch {
    return 'closed';
  }
  return expected;
}

/** Sends a stream in pieces and then the probe, and waits for what should come of it. */
async function attack(
  socket: Socket,
  input: { random: Random; stream: Buffer; probe: Buffer },
): Promise<void> {
  const { random, stream, probe } = input;
  const expected = expectedOf(stream, probe);
  socket.setNoDelay(true);
  const answered = new Promise<boolean>((resolve) => {
    const splitter = new Splitter();
    socket.on('data', (chunk: Buffer) =>
      splitter.push(chunk, {
        pdu(bytes, start) {
          if (readInt32(bytes, start + 12) !== probeSequence) return;
          assert.ok(readInt32(bytes, start + 4) < 0, 'a probe is answered by a response');
          assert.equal(readInt32(bytes, start + 8), 0, 'a valid PDU is taken, whatever came before it');
          resolve(true);
        },
      }),
    );
    socket.once('close', () => resolve(false));
    socket.on('error', () => resolve(false));
  });
  const middle = random.below(stream.length + 1);
  socket.write(stream.subarray(0, middle));
  if (random.oneIn(3)) await new Promise((resolve) => setImmediate(resolve));
  socket.write(Buffer.concat([stream.subarray(middle), probe]));
  // A stream that ends in the middle of a PDU has swallowed the probe: the peer waits for the rest.
  if (expected === 'waits') socket.end();
  assert.equal(await answered, expected === 'works', `expected: ${expected}`);
  socket.destroy();
}

/** What is thrown names the input. */
async function named(
  index: number,
  settings: Settings,
  stream: Buffer,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    const command = replay('sessions', settings.seed, index);
    throw new Error(`input ${index}: ${String(error)}\nstream ${stream.toString('hex')}\n${command}`);
  }
}

function inputOf(seed: number, index: number) {
  const { stream } = streamOf(seed, index);
  return { random: new Random(seed, -index - 1), stream };
}

/** A server of ours and a hostile ESME: some attack before they bind. */
export async function attackServer(settings: Settings): Promise<void> {
  const server = await createServer<null>(
    {
      ...{ host: '127.0.0.1', port: 0, systemId: 'operator', authenticate: () => Esme.ESME_ROK },
      ...{ windowSize: 10, enquireLinkMs: 60_000, bindTimeoutMs: 60_000 },
    },
    (session) => ({
      onSubmits(submits: ShortMessage[]) {
        for (const { sequence } of submits) session.respond(sequence, Esme.ESME_ROK, 'x');
      },
      onAcknowledged() {},
      onClosed() {},
    }),
  );
  const probe = submitProbe();
  try {
    for (let index = settings.first; index < settings.first + settings.inputs; index += 1) {
      const input = { ...inputOf(settings.seed, index), probe };
      await named(index, settings, input.stream, async () => {
        const socket = connect(server.port, '127.0.0.1');
        await once(socket, 'connect');
        socket.write(bind());
        await once(socket, 'data');
        await attack(socket, input);
      });
    }
  } finally {
    await server.close();
  }
}

/** A client of ours and a hostile operator. */
export async function attackClient(settings: Settings): Promise<void> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const probe = deliverProbe();
  try {
    for (let index = settings.first; index < settings.first + settings.inputs; index += 1) {
      const input = { ...inputOf(settings.seed, index), probe };
      await named(index, settings, input.stream, async () => {
        const accepted = once(server, 'connection') as Promise<[Socket]>;
        const closed = openClient(port);
        const [socket] = await accepted;
        const [request] = (await once(socket, 'data')) as [Buffer];
        socket.write(bindResponse(readInt32(request, 12)));
        await attack(socket, input);
        const error = await closed;
        if (expectedOf(input.stream, probe) === 'closed' && error !== null) {
          assert.ok(error instanceof StreamError, String(error));
        }
      });
    }
  } finally {
    server.close();
  }
}

/** A client that acknowledges what it gets; resolves with how it ended. */
function openClient(port: number): Promise<Error | null> {
  return new Promise((resolve) => {
    const session = openSession<null>(
      {
        ...{ host: '127.0.0.1', port, systemId: 'x', password: 'x', systemType: '', mode: 'transceiver' },
        ...{ windowSize: 10, responseTimeoutMs: 60_000, enquireLinkMs: 60_000 },
        ...{ connectTimeoutMs: 60_000, bindTimeoutMs: 60_000 },
      },
      {
        onBound() {},
        onResponses() {},
        onDeliveries: (deliveries) => session.acknowledge(deliveries.map(({ sequence }) => sequence)),
        onTimeouts() {},
        onClosed: ({ error }) => resolve(error),
      },
    );
  });
}

function bind(): Buffer {
  const out = new Outbox();
  writeBind(out, Command.bindTransceiver, { systemId: 'x', password: 'x', systemType: '' }, 1);
  return out.take()!;
}

function bindResponse(sequence: number): Buffer {
  const out = new Outbox();
  writeWithText(out, Command.bindTransceiverResp, Esme.ESME_ROK, sequence, 'operator');
  return out.take()!;
}

function submitProbe(): Buffer {
  const out = new Outbox();
  const template = buildSubmitTemplate({
    ...{ source: { ton: 5, npi: 0, addr: 'Shop' }, dest: { ton: 1, npi: 1 }, esmClass: 0 },
    ...{ validityPeriod: '', registeredDelivery: 1, dataCoding: 0, shortMessage: Buffer.from('Hello') },
  });
  writeSubmit(out, template, 34_600_000_000, probeSequence);
  return out.take()!;
}

function deliverProbe(): Buffer {
  const out = new Outbox();
  writeDeliver(
    out,
    {
      ...{ sourceTon: 1, sourceNpi: 1, source: '34600000000', destinationTon: 5, destinationNpi: 0 },
      ...{ destination: 'Shop', esmClass: 0, dataCoding: 0 },
      ...{ shortMessage: Buffer.from('Hello'), optional: new Uint8Array(0) },
    },
    probeSequence,
  );
  return out.take()!;
}
