// Every kind of fault, in one table: what happens, for how long, and what it may leave uncertain. The schedule draws
// from it; the round injects.
import type { Pair } from './link.ts';
import { type Random, randomOf } from './random.ts';
import { inFlightOfProcess, type LabOperator, type LabServer, responseTimeout, type World } from './world.ts';

/** A fault as the seed has drawn it. */
export type Fault = {
  kind: string;
  /** Which process and which operator, where the kind concerns one. */
  server: number;
  operator: number;
  /** How long it lasts, or what it waits for, in milliseconds. */
  ms: number;
  /** From 0 to 1: whatever else the kind has to choose. */
  amount: number;
  /** When, after the one before: the first of so much progress of the round's messages, and so many milliseconds. */
  after: { progress: number; ms: number };
};

type Scene = { world: World; server: LabServer; operator: LabOperator; fault: Fault; random: Random };

type Kind = {
  about: string;
  /** How often beside the others. */
  weight: number;
  /** The span of `ms`. */
  ms: readonly [from: number, to: number];
  /** How many messages it may make uncertain, each once. */
  uncertain(world: World, fault: Fault): number;
  /** Injects it. Returns what ends it, or false where it was not possible at this moment. */
  inject(scene: Scene): Promise<Lift | false> | Lift | false;
};

/** Ends a fault; null where it ends by itself. */
export type Lift = (() => void | Promise<void>) | null;

// What a fault may make uncertain: what is on its way at that moment, of one process, of all, to one operator; and
// where it lasts, once more for every time that the operator's time to answer has passed.
const nothing = () => 0;
const ofProcess = () => inFlightOfProcess;
const ofAll = (world: World) => inFlightOfProcess * world.servers.length;
const toOperator = (world: World, fault: Fault) => operatorOf(world, fault).inFlight * world.servers.length;
const lasting =
  (bound: (world: World, fault: Fault) => number, freeMs = 0) =>
  (world: World, fault: Fault) =>
    fault.ms < freeMs ? 0 : bound(world, fault) * (1 + Math.ceil(fault.ms / responseTimeout));

/** What connects to the operators is framed; the sessions of pairs that carry submits are not told from the others. */
function somePair(pairs: readonly Pair[], random: Random): Pair | undefined {
  return pairs.length === 0 ? undefined : random.pick(pairs);
}

/** Octets that no PDU begins with, or that lie about what follows. */
function garbage(random: Random): Buffer {
  const noise = Buffer.from(Array.from({ length: random.whole(16, 300) }, () => random.whole(0, 255)));
  const header = (length: number, command: number, status = 0) => {
    const bytes = Buffer.alloc(16);
    bytes.writeUInt32BE(length, 0);
    bytes.writeUInt32BE(command >>> 0, 4);
    bytes.writeUInt32BE(status, 8);
    bytes.writeUInt32BE(random.whole(0x7000_0000, 0x7fff_ffff), 12);
    return bytes;
  };
  switch (random.whole(0, 5)) {
    case 0:
      noise[0] = random.whole(1, 255); // a length of at least 16 MB
      return noise;
    case 1:
      return header(0, 0x8000_0004);
    case 2:
      return header(15, 0x8000_0004);
    case 3:
      return header(0x7fff_ffff, 0x8000_0004);
    case 4: // a command that nobody knows, well framed
      return header(16, random.whole(0x200, 0xffff));
    default: // answers to what was never asked, and a refusal of it
      return Buffer.concat([header(16, 0x8000_0004, 8), header(16, 0x8000_0000, 3)]);
  }
}

export const kinds: Record<string, Kind> = {
  kill: {
    about: 'a process is killed with SIGKILL, and started again',
    weight: 4,
    ms: [0, 0],
    uncertain: ofProcess,
    inject: ({ server }) => (server.process.kill() ? null : false),
  },
  suspend: {
    about: 'a process is suspended with SIGSTOP, up to well past its lease, and goes on',
    weight: 4,
    ms: [200, 5500],
    uncertain: lasting(ofProcess),
    inject: ({ server }) => server.process.suspend() && (() => server.process.resume()),
  },
  'suspend-kill': {
    about: 'a process is suspended past its lease, and killed as it is',
    weight: 1,
    ms: [2500, 4500],
    uncertain: ofProcess,
    inject: ({ server }) => server.process.suspend() && (() => void server.process.kill()),
  },
  stop: {
    about: 'a process is stopped cleanly with SIGTERM, and started again',
    weight: 1,
    ms: [0, 0],
    uncertain: ofProcess,
    inject: ({ server }) => (server.process.terminate() ? null : false),
  },
  clock: {
    about: 'the wall clock of a process moves by up to two days, either way, and back',
    weight: 3,
    ms: [300, 5000],
    uncertain: nothing,
    inject({ server, fault }) {
      const movedMs = Math.round((fault.amount * 2 - 1) * 2 * 86_400_000);
      return server.process.moveClock(movedMs) && (() => void server.process.moveClock(0));
    },
  },
  'db-restart': {
    about: 'PostgreSQL is stopped and started again',
    weight: 1,
    ms: [0, 1500],
    uncertain: ofAll,
    inject: ({ world, fault }) => restart(world, 'SIGINT', fault.ms),
  },
  'db-crash': {
    about: 'PostgreSQL ends at once (SIGQUIT) and recovers from its log',
    weight: 1,
    ms: [0, 1500],
    uncertain: ofAll,
    inject: ({ world, fault }) => restart(world, 'SIGQUIT', fault.ms),
  },
  'db-kill-backend': {
    about: 'a process of PostgreSQL is killed with SIGKILL: it drops all connections and recovers',
    weight: 1,
    ms: [0, 0],
    uncertain: ofAll,
    async inject({ world, random }) {
      const pids = await backends(world);
      if (pids.length === 0) return false;
      await world.cluster.killBackend(random.pick(pids));
      return null;
    },
  },
  'db-terminate': {
    about: 'every connection to the database is ended by the server',
    weight: 1,
    ms: [0, 0],
    uncertain: ofAll,
    async inject({ world }) {
      const pids = await backends(world);
      const db = await world.db();
      await db.pool.query('select pg_terminate_backend(pid) from unnest($1::integer[]) as p (pid)', [pids]);
      return null;
    },
  },
  'db-cut': {
    about: 'the connections of one process to the database are reset',
    weight: 3,
    ms: [0, 0],
    uncertain: ofProcess,
    inject({ server }) {
      if (server.link.pairs.length === 0) return false;
      server.link.cut();
      return null;
    },
  },
  'db-cut-one': {
    about: 'one connection of one process to the database is reset',
    weight: 2,
    ms: [0, 0],
    uncertain: ofProcess,
    inject({ server, random }) {
      const pair = somePair(server.link.pairs, random);
      if (pair === undefined) return false;
      pair.cut();
      return null;
    },
  },
  'db-hold': {
    about: 'nothing passes between one process and the database, up to past its lease',
    weight: 3,
    ms: [200, 4500],
    uncertain: lasting(ofProcess),
    inject({ server, fault }) {
      const ways = fault.amount < 0.3 ? (['up'] as const) : fault.amount < 0.6 ? (['down'] as const) : both;
      server.link.hold(ways, true);
      return () => server.link.hold(ways, false);
    },
  },
  'db-slow': {
    about: 'the database is far away: up to 60 ms each way',
    weight: 2,
    ms: [300, 3000],
    uncertain: lasting(ofProcess),
    inject({ server, fault }) {
      server.link.slow(2 + fault.amount * 58);
      return () => server.link.slow(0);
    },
  },
  'op-cut': {
    about: 'every session of an operator is reset',
    weight: 3,
    ms: [0, 0],
    uncertain: toOperator,
    inject({ operator }) {
      if (operator.link.pairs.length === 0) return false;
      operator.link.cut();
      return null;
    },
  },
  'op-cut-one': {
    about: 'one session is reset',
    weight: 3,
    ms: [0, 0],
    uncertain: toOperator,
    inject: (scene) => toOne(scene, (pair) => pair.cut()),
  },
  'op-close': {
    about: 'an operator closes a session without unbind',
    weight: 1,
    ms: [0, 0],
    uncertain: toOperator,
    inject: (scene) => toOne(scene, (pair) => pair.finish()),
  },
  'op-half-open': {
    about: 'an operator loses a session, and the process is not told: what it submits is lost',
    weight: 2,
    ms: [0, 0],
    uncertain: lasting(toOperator),
    inject: (scene) => toOne(scene, (pair) => pair.halfOpen('far')),
  },
  'op-ghost': {
    about: 'a process loses a session, and the operator is not told for a while: its receipts are lost',
    weight: 2,
    ms: [300, 4000],
    uncertain: toOperator,
    inject: (scene) =>
      toOne(
        scene,
        (pair) => pair.halfOpen('near'),
        (pair) => pair.cut(),
      ),
  },
  'op-refuse': {
    about: 'an operator resets its sessions, and refuses connections for a while',
    weight: 1,
    ms: [200, 2500],
    uncertain: toOperator,
    inject({ operator }) {
      operator.link.refusing = true;
      operator.link.cut();
      return () => {
        operator.link.refusing = false;
      };
    },
  },
  'op-hold': {
    about: 'nothing passes between the processes and an operator, up to past its time to answer',
    weight: 2,
    ms: [200, 4500],
    uncertain: lasting(toOperator),
    inject({ operator, fault }) {
      const ways = fault.amount < 0.3 ? (['up'] as const) : fault.amount < 0.6 ? (['down'] as const) : both;
      operator.link.hold(ways, true);
      return () => operator.link.hold(ways, false);
    },
  },
  'op-slow': {
    about: 'an operator is slow: everything takes up to 400 ms longer each way',
    weight: 2,
    ms: [300, 3000],
    uncertain: lasting(toOperator),
    inject({ operator, fault }) {
      operator.link.slow(10 + fault.amount * 390);
      return () => operator.link.slow(0);
    },
  },
  'op-garbage': {
    about: 'an operator sends what is no PDU: noise, lengths that lie, commands and answers out of nowhere',
    weight: 4,
    ms: [0, 0],
    uncertain: toOperator,
    inject: (scene) => toOne(scene, (pair) => pair.down.insert(garbage(scene.random))),
  },
  'op-garbage-up': {
    about: 'what a process sends is disturbed on its way: the operator reads noise and ends the session',
    weight: 1,
    ms: [0, 0],
    uncertain: toOperator,
    inject: (scene) => toOne(scene, (pair) => pair.up.insert(Buffer.alloc(32, 0xff))),
  },
  'op-mid-pdu': {
    about: 'a session is cut in the middle of a PDU, either way, by a reset or a close',
    weight: 4,
    ms: [1000, 1000],
    uncertain: toOperator,
    inject: (scene) =>
      toOne(
        scene,
        (pair) => {
          const flow = scene.random.chance(0.5) ? pair.up : pair.down;
          const octets = scene.random.whole(1, 40);
          const close = scene.random.chance(0.5);
          flow.atNextPdu = (_, chunk, offset) => {
            const end = Math.min(offset + octets, chunk.length - 1);
            flow.write(chunk.subarray(0, end));
            if (close) pair.finish();
            else setImmediate(() => pair.cut());
          };
        },
        // No PDU came by.
        (pair) => pair.cut(),
      ),
  },
};

const both = ['up', 'down'] as const;

function toOne(
  { operator, random }: Scene,
  act: (pair: Pair) => void,
  lift?: (pair: Pair) => void,
): Lift | false {
  const pair = somePair(operator.link.pairs, random);
  if (pair === undefined) return false;
  act(pair);
  return lift === undefined ? null : () => lift(pair);
}

async function restart(world: World, how: 'SIGINT' | 'SIGQUIT', downMs: number): Promise<Lift> {
  await world.cluster.restart(how, downMs);
  for (const { link } of world.servers) link.cut();
  return null;
}

async function backends(world: World): Promise<number[]> {
  const db = await world.db();
  const { rows } = await db.pool.query<{ pid: number }>(
    `select pid from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid() order by pid`,
  );
  return rows.map(({ pid }) => pid);
}

function operatorOf(world: World, { operator }: Fault): LabOperator {
  return world.operators[operator % world.operators.length]!;
}

/** Draws the faults of a round. */
export function drawFaults(random: Random, count: number, only: readonly string[] = []): Fault[] {
  const names = Object.keys(kinds).filter((name) => only.length === 0 || only.includes(name));
  const drawn = names.flatMap((name) => Array<string>(kinds[name]!.weight).fill(name));
  return Array.from({ length: count }, () => {
    const kind = random.pick(drawn);
    const [from, to] = kinds[kind]!.ms;
    return {
      kind,
      server: random.whole(0, 5),
      operator: random.whole(0, 5),
      ms: random.whole(from, to),
      amount: random.next(),
      after: { progress: random.next() * 0.05, ms: random.whole(100, 2000) },
    };
  });
}

/** Injects a fault; see Kind. */
export async function inject(world: World, fault: Fault): Promise<Lift | false> {
  const server = world.servers[fault.server % world.servers.length]!;
  const operator = operatorOf(world, fault);
  const random = randomOf(Math.floor(fault.amount * 2 ** 31));
  return kinds[fault.kind]!.inject({ world, server, operator, fault, random });
}

/** How many second sends a fault may cost. */
export function uncertainBound(world: World, fault: Fault): number {
  return kinds[fault.kind]!.uncertain(world, fault);
}
