// Watches a round: how far it is, whether it has come to rest, and the longest time in which nothing moved although
// something could have.
import { Status } from '../src/messages/index.ts';
import { silentSuffix } from './orders.ts';
import type { World } from './world.ts';

const lookMs = 100;

export type Watch = {
  /** How many messages the operators have answered, parts of long ones each. */
  answered(): number;
  /** What still moves: messages that wait for something, by state; empty at rest. Throws while the database is away. */
  unsettled(): Promise<string[]>;
  longestStallMs(): number;
  stop(): Promise<void>;
};

export function watch(world: World): Watch {
  let longest = 0;
  let moved = performance.now();
  let last = 0;
  let couldMove = false;
  let stopped = false;

  const answered = () =>
    world.operators.reduce((sum, { simulator }) => {
      const { accepted, refused } = simulator.stats();
      return sum + accepted + refused;
    }, 0);

  async function look(): Promise<void> {
    while (!stopped) {
      const now = performance.now();
      const count = answered();
      if (count !== last || !couldMove) moved = now;
      last = count;
      longest = Math.max(longest, now - moved);
      // Unknown while the database is away: then it is as it was.
      couldMove = await queued(world).catch(() => couldMove);
      await new Promise((done) => setTimeout(done, lookMs));
    }
  }
  const looking = look();

  return {
    answered,
    longestStallMs: () => Math.round(longest),
    unsettled: () => unsettled(world),
    async stop() {
      stopped = true;
      await looking;
    },
  };
}

/** Whether a campaign that sends has messages in the queue. */
async function queued(world: World): Promise<boolean> {
  const db = await world.db();
  const { rows } = await db.pool.query<{ some: boolean }>(
    `select coalesce(sum(k.n), 0) > 0 as some from campaign_count k join campaign c on c.id = k.campaign_id
     where c.status = 'sending' and k.status = $1`,
    [Status.queued],
  );
  return rows[0]!.some;
}

async function unsettled(world: World): Promise<string[]> {
  const db = await world.db();
  const { rows } = await db.pool.query<{ what: string }>(
    `select format('campaign %s (%s): %s messages in state %s, such as %s', c.id, c.status, count(*), m.status, min(m.id)) as what
     from message m join campaign c on c.id = m.campaign_id
     where m.status in ($1, $2, $3) and not (m.status = $2 and m.phone % 1000 = $4)
     group by c.id, c.status, m.status
     union all
     select format('campaign %s is %s with %s open batches', id, status, open_batches) from campaign
     where status not in ('done', 'stopped', 'spam') or open_batches > 0
     union all
     select format('import %s is %s', id, state) from import where state in ('waiting', 'running')`,
    [Status.queued, Status.sent, Status.accepted, silentSuffix],
  );
  return rows.map(({ what }) => what);
}
