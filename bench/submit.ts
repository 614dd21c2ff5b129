// How many submit_sm a second a client alone can do: ours beside the npm package `smpp`, one after the other, against
// the same minimal operator in a process of its own. Called by bench.ts; `node bench/submit.ts` prints the result.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import smpp from 'smpp';
import { buildSubmitTemplate, createServer, Esme, openSession } from '../src/smpp/index.ts';

/** Unanswered submits, the same for both clients. */
const windowSize = 1_000;
/** Runs with a given count end after this long in any case. */
const longestSeconds = 30;
/** Numbers are the same for both clients. */
const firstNumber = 491_700_000_000;
const text = 'Your parcel arrives today between 14:00 and 16:00. Track it at https://example.com/t/8QX2';

export interface SubmitBench {
  /** submit_sm answered per second, by our client and by the npm package `smpp`. */
  carillon: number;
  npmSmpp: number;
  /** Microseconds of the client's CPU per submit_sm and its response. */
  carillonCpuUs: number;
  npmSmppCpuUs: number;
}

interface Run {
  perSecond: number;
  cpuUs: number;
}

/** Measures both clients, each for `seconds` (4 by default) or until `count` submits are answered. */
export async function benchSubmit(limit: { seconds?: number; count?: number } = {}): Promise<SubmitBench> {
  const seconds = limit.seconds ?? (limit.count === undefined ? 4 : longestSeconds);
  const count = limit.count ?? Number.POSITIVE_INFINITY;
  const operator = fork(fileURLToPath(import.meta.url), ['operator']);
  try {
    const port = await portOf(operator);
    const own = await measure((counter) => runCarillon(port, counter), seconds, count);
    const npm = await measure((counter) => runNpmSmpp(port, counter), seconds, count);
    return {
      carillon: own.perSecond,
      carillonCpuUs: own.cpuUs,
      npmSmpp: npm.perSecond,
      npmSmppCpuUs: npm.cpuUs,
    };
  } finally {
    operator.kill();
  }
}

/** What a run counts, and whether it goes on. */
interface Counter {
  answered: number;
  over(): boolean;
}

async function measure(
  run: (counter: Counter) => Promise<void>,
  seconds: number,
  count: number,
): Promise<Run> {
  const start = performance.now();
  const cpu = process.cpuUsage();
  const counter: Counter = {
    answered: 0,
    over: () => counter.answered >= count || performance.now() - start >= seconds * 1000,
  };
  await run(counter);
  const used = process.cpuUsage(cpu);
  return {
    perSecond: Math.round(counter.answered / ((performance.now() - start) / 1000)),
    cpuUs: Math.round(((used.user + used.system) / counter.answered) * 100) / 100,
  };
}

function runCarillon(port: number, counter: Counter): Promise<void> {
  const template = buildSubmitTemplate({
    source: { ton: 5, npi: 0, addr: 'Carillon' },
    dest: { ton: 1, npi: 1 },
    esmClass: 0,
    validityPeriod: '',
    registeredDelivery: 1,
    dataCoding: 0,
    shortMessage: Buffer.from(text),
  });
  let sent = 0;
  return new Promise((resolve, reject) => {
    const fill = () => {
      for (let room = session.room; room > 0; room--) session.submit(template, firstNumber + sent, sent++);
    };
    const session = openSession<number>(
      {
        host: '127.0.0.1',
        port,
        systemId: 'bench',
        password: 'bench',
        systemType: '',
        mode: 'transceiver',
        windowSize,
        responseTimeoutMs: 10_000,
        enquireLinkMs: 10_000,
        connectTimeoutMs: 10_000,
        bindTimeoutMs: 10_000,
      },
      {
        onBound: fill,
        onResponses(tokens) {
          counter.answered += tokens.length;
          if (counter.over()) session.destroy();
          else fill();
        },
        onDeliveries() {},
        onTimeouts(tokens) {
          reject(new Error(`${tokens.length} submits were not answered`));
        },
        onClosed: ({ error }) => (error === null ? resolve() : reject(error)),
        onDrain: fill,
      },
    );
  });
}

function runNpmSmpp(port: number, counter: Counter): Promise<void> {
  let sent = 0;
  return new Promise((resolve, reject) => {
    const session = smpp.connect({ host: '127.0.0.1', port }, () => {
      session.bind_transceiver({ system_id: 'bench', password: 'bench' }, () => {
        for (let i = 0; i < windowSize; i++) next();
      });
    });
    session.on('error', reject);
    session.on('close', resolve);
    const next = () =>
      session.submit_sm(
        {
          source_addr_ton: 5,
          source_addr: 'Carillon',
          dest_addr_ton: 1,
          dest_addr_npi: 1,
          destination_addr: String(firstNumber + sent++),
          registered_delivery: 1,
          short_message: text,
        },
        () => {
          counter.answered++;
          if (counter.over()) session.destroy();
          else next();
        },
      );
  });
}

async function portOf(operator: ChildProcess): Promise<number> {
  const [port] = await once(operator, 'message');
  return Number(port);
}

/** The minimal operator: an id for every submit, as fast as it can. */
async function serve(): Promise<void> {
  let id = Date.now() * 1000;
  const server = await createServer(
    {
      host: '127.0.0.1',
      port: 0,
      systemId: 'bench',
      authenticate: () => Esme.ESME_ROK,
      windowSize: 1,
      enquireLinkMs: 60_000,
      bindTimeoutMs: 10_000,
    },
    (session) => ({
      onSubmits(submits) {
        for (const submit of submits) session.respond(submit.sequence, Esme.ESME_ROK, id++);
      },
      onAcknowledged() {},
      onClosed() {},
    }),
  );
  process.once('disconnect', () => void server.close());
  process.send?.(server.port);
}

if (process.argv[2] === 'operator') await serve();
else if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await benchSubmit());
