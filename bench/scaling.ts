// Several processes on one database: what they send together, and how soon others take over when one is killed. Called
// by bench.ts.

import { createLargeCampaign } from './large-campaign.ts';
import { type Layout, ordinaryNumbers, round, startWorld, type World } from './world.ts';

/** How the same work is laid out. */
const layouts: readonly { name: string; layout: Layout | undefined }[] = [
  { name: 'one process', layout: undefined },
  { name: '1 dispatcher, 1 API', layout: { dispatchers: 1, apis: 1 } },
  { name: '2 dispatchers, 3 API', layout: { dispatchers: 2, apis: 3 } },
];
/** Campaigns under way at once. */
const atOnce = 4;
const warmUp = 10_000;
/** The part that is delivered when one is killed. */
const killAt = 0.3;
const pollMs = 20;
const timeoutMs = 10 * 60_000;

export type Scaling = {
  layouts: {
    name: string;
    messagesPerSecond: number;
    cpuMicrosecondsPerMessage: { server: number; postgres: number };
  }[];
  takeOver: {
    /** From SIGKILL until nothing is leased to the dead one any more. */
    freedMs: number;
    messages: number;
    uncertain: number;
    /** Messages that may be uncertain: in_flight_limit times sessions. */
    limit: number;
  };
};

/** Sends so many messages by each layout, and kills one of two dispatchers in the middle; a smoke test does that only. */
export async function benchScaling(messages: number, smoke: boolean): Promise<Scaling> {
  const runs: Scaling['layouts'] = [];
  for (const { name, layout } of smoke ? [] : layouts) {
    const world = await startWorld({ layout });
    try {
      await sendAll(world, 0, warmUp);
      const before = world.cpu();
      const started = performance.now();
      await sendAll(world, warmUp, messages);
      const seconds = (performance.now() - started) / 1000;
      const after = world.cpu();
      const perMessage = (part: 'server' | 'postgres') =>
        round(((after[part] - before[part]) * 1e6) / messages, 1);
      runs.push({
        name,
        messagesPerSecond: Math.round(messages / seconds),
        cpuMicrosecondsPerMessage: { server: perMessage('server'), postgres: perMessage('postgres') },
      });
    } finally {
      await world.stop();
    }
  }
  return { layouts: runs, takeOver: await killOne(messages) };
}

async function killOne(messages: number): Promise<Scaling['takeOver']> {
  const world = await startWorld({ layout: { dispatchers: 2, apis: 1 } });
  try {
    const { db, dispatchers } = world;
    const value = async (sql: string, ...values: unknown[]): Promise<number> =>
      (await db.pool.query<{ n: number }>(sql, values)).rows[0]!.n;
    await sendAll(world, 0, warmUp);
    const killed = dispatchers[0]!;
    const dead = await value('select id as n from dispatcher where pid = $1', killed.pid);
    const limit = await value('select in_flight_limit * sessions as n from operator');
    const { promise: inTheMiddle, resolve: reached } = Promise.withResolvers<void>();
    const sending = sendAll(world, warmUp, messages, (part) => {
      if (part > killAt) reached();
    });
    await Promise.race([inTheMiddle, sending]);
    const killedAt = performance.now();
    process.kill(killed.pid, 'SIGKILL');
    await until(
      async () =>
        (await value(
          'select count(*) as n from batch where lease_owner = $1 and lease_until > now() and state = 0',
          dead,
        )) === 0,
    );
    const freedMs = round(performance.now() - killedAt, 0);
    await sending;
    const uncertain = await value('select coalesce(sum(messages), 0)::bigint as n from uncertain_event');
    return { freedMs, messages, uncertain, limit };
  } finally {
    await world.stop();
  }
}

/** Sends so many messages in campaigns at once, and waits until all are delivered. */
async function sendAll(
  { db, buyer, api }: World,
  first: number,
  messages: number,
  progress: (part: number) => void = () => {},
): Promise<void> {
  const each = messages / atOnce;
  const ids: number[] = [];
  for (let i = 0; i < atOnce; i += 1) {
    ids.push(await createLargeCampaign(db, buyer, ordinaryNumbers(first + i * each, each)));
  }
  await until(async () => {
    const reports = await Promise.all(ids.map((id) => api.report(id)));
    const delivered = reports.reduce((sum, { statistics }) => sum + (statistics.delivered ?? 0), 0);
    progress(delivered / messages);
    return delivered === messages;
  });
}

async function until(over: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await over())) {
    if (performance.now() > deadline) throw new Error('not over in time');
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
