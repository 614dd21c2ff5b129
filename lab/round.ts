// One round: campaigns are created and sent while faults come one after the other; then all faults are lifted, and
// everything must come to rest by itself and be judged.
import { Client } from './client.ts';
import type { Cluster } from './cluster.ts';
import { drawFaults, type Fault, inject, type Lift, uncertainBound } from './faults.ts';
import { judge, type Verdict } from './judge.ts';
import { drawOrders } from './orders.ts';
import { finish, live, makeGroups, type People, sendOrders } from './people.ts';
import { randomOf } from './random.ts';
import { type Watch, watch } from './watch.ts';
import { buildWorld, type World } from './world.ts';

export type RoundOptions = {
  seed: number;
  faults: number;
  messages: number;
  /** Only these kinds of fault; all where it is empty. */
  only?: readonly string[];
};

export type RoundReport = Verdict & {
  seed: number;
  /** How many faults of each kind were injected; what was not possible at its moment is not counted. */
  faults: Record<string, number>;
  longestStallMs: number;
  /** From the lifting of the last fault until everything had come to rest. */
  recoveryMs: number;
  /** What the processes said, where there was a breach. */
  logs: Record<string, string>;
};

/** For broken code, not for slow machines: the longest wait of the engine itself is the half minute of a reconnect. */
const settleMs = 180_000;
const startMs = 120_000;
const pollMs = 50;
const settledPollMs = 250;
/** A round without progress does not end while it waits for a fault's moment. */
const faultLookMs = 10;

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** What a seed draws for a round. */
export function drawRound({ seed, faults, messages, only = [] }: RoundOptions) {
  const random = randomOf(seed);
  return {
    processes: random.chance(0.3) ? 3 : 2,
    orders: drawOrders(random, randomOf(seed + 1), messages),
    faults: drawFaults(random, faults, only),
    ordersSeed: random.whole(1, 2 ** 30),
    peopleSeed: random.whole(1, 2 ** 30),
  };
}

/** Plays a round. `say` hears every fault; `signal` ends it early, by an error. */
export async function playRound(
  cluster: Cluster,
  options: RoundOptions,
  say: (what: string) => void,
  signal: AbortSignal,
): Promise<RoundReport> {
  const { seed } = options;
  const { processes, orders, faults, ordersSeed, peopleSeed } = drawRound(options);
  const world = await buildWorld(cluster, `lab_${process.pid}_${Date.now()}`, seed, processes);
  let watching: Watch | undefined;
  const servers = world.servers.map((server) => server.process);
  const client = new Client(servers);
  const stop = () => client.close();
  signal.addEventListener('abort', stop);
  try {
    const groups = await makeGroups(world, orders);
    for (const server of servers) server.start();
    await until(() => servers.every((server) => server.serves), startMs, 'the processes to start', signal);
    watching = watch(world);
    const people: People = { campaigns: new Map(), deeds: [], topUps: 0, refused: [] };
    let over = false;
    const ordering = sendOrders(world, client, orders, randomOf(ordersSeed), people, groups);
    const living = live(world, client, orders, randomOf(peopleSeed), people, () => over || signal.aborted);

    const total = orders.reduce((sum, { phones, parts }) => sum + phones.length * parts, 0);
    const { injected, allowed } = await attack(world, watching, faults, total, say, signal);
    const lifted = performance.now();
    over = true;
    const troubles: string[] = [];
    let settled: string[] = [];
    try {
      await within(
        settleMs,
        Promise.all([ordering, living]).then(() => finish(world, client, orders, people)),
      );
      await until(
        async () => {
          settled = await watching!.unsettled().catch((error: Error) => [`the database: ${error.message}`]);
          return settled.length === 0;
        },
        settleMs,
        'the round to come to rest',
        signal,
        settledPollMs,
      );
    } catch (error) {
      if (signal.aborted) throw error;
      troubles.push(`all recovers without a hand: ${(error as Error).message}; ${settled.join('; ')}`);
    }
    const recoveryMs = Math.round(performance.now() - lifted);
    client.close();
    await watching.stop();
    await Promise.all(servers.map((server) => server.stop()));
    await until(() => reachable(world), startMs, 'the database to be there for the judge', signal);
    const verdict = await judge(world, orders, people, allowed);
    verdict.breaches.push(...troubles);
    for (const server of servers) verdict.breaches.push(...server.misdeeds);
    for (const error of client.errors)
      verdict.breaches.push(`no answer says that the server has an error: ${error}`);
    const logs = verdict.breaches.length > 0 ? Object.fromEntries(servers.map((s) => [s.name, s.log])) : {};
    const longestStallMs = watching.longestStallMs();
    return { seed, faults: injected, longestStallMs, recoveryMs, logs, ...verdict };
  } finally {
    signal.removeEventListener('abort', stop);
    client.close();
    await watching?.stop();
    await world.close();
  }
}

/** Injects the faults, each at its moment, and lifts them again; resolves when none is left. */
async function attack(
  world: World,
  { answered }: Watch,
  faults: readonly Fault[],
  total: number,
  say: (what: string) => void,
  signal: AbortSignal,
): Promise<{ injected: Record<string, number>; allowed: number }> {
  const injected: Record<string, number> = {};
  let allowed = 0;
  // Before anything is sent a fault finds little.
  await until(() => answered() > 0, startMs, 'the first message to be sent', signal);
  const begun = performance.now();
  const running: Promise<void>[] = [];
  async function run(fault: Fault): Promise<void> {
    let lift: Lift | false;
    try {
      lift = await inject(world, fault);
    } catch {
      // The database was away already.
      lift = false;
    }
    const { kind, ms, server, operator } = fault;
    const at = Math.round(performance.now() - begun);
    say(
      `${String(at).padStart(6)} ms ${lift === false ? '(not possible) ' : ''}${kind} ${ms} ms, server ${server}, operator ${operator}`,
    );
    if (lift === false) return;
    injected[kind] = (injected[kind] ?? 0) + 1;
    allowed += uncertainBound(world, fault);
    if (lift === null) return;
    await pause(ms);
    await lift();
  }
  for (const fault of faults) {
    const from = { answered: answered(), at: performance.now() };
    while (
      !signal.aborted &&
      answered() - from.answered < fault.after.progress * total &&
      performance.now() - from.at < fault.after.ms
    ) {
      await pause(faultLookMs);
    }
    if (signal.aborted) break;
    running.push(run(fault));
  }
  await Promise.all(running);
  heal(world);
  return { injected, allowed };
}

/** Whether the database answers on a connection that was broken or not. */
async function reachable(world: World): Promise<boolean> {
  try {
    await (await world.db()).pool.query('select 1');
    return true;
  } catch {
    return false;
  }
}

/** Whatever overlapping faults have left behind. */
function heal(world: World): void {
  for (const { link } of [...world.operators, ...world.servers]) {
    link.refusing = false;
    link.hold(['up', 'down'], false);
    link.slow(0);
  }
  for (const { process } of world.servers) process.resume();
}

async function until(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  what: string,
  signal: AbortSignal,
  everyMs = pollMs,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (signal.aborted) throw new Error('interrupted');
    if (performance.now() > end) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await pause(everyMs);
  }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`waited ${ms} ms in vain for the API to answer everybody`)), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
