// One campaign of a million on a table of ten million: how fast, with how much memory, and how quick its report is while
// it is sent at full rate, beside counting its rows. Called by bench.ts.

import { createAccount } from '../src/accounts/index.ts';
import { fill } from './fill.ts';
import { createLargeCampaign } from './large-campaign.ts';
import { rssMb } from './processes.ts';
import { reporter } from './report.ts';
import { ordinaryNumbers, quantile, round, startWorld, type World } from './world.ts';

/** Messages of a campaign that was sent before. */
const perOldCampaign = 1000;
/** The campaign that warms up code, plans and caches. */
const warmUp = 10_000;
/** How often the report is asked for, memory looked at, and the rows counted. */
const reportEveryMs = 20;
const rssEveryMs = 250;
const countEveryMs = 3000;
/** Rows are counted when so much of the campaign is delivered, and reports timed before: a count takes a core for a second. */
const countFrom = 0.7;
const timeoutMs = 30 * 60_000;

export type Large = {
  messages: number;
  /** Messages of other campaigns in the table. */
  tableRows: number;
  seconds: number;
  messagesPerSecond: number;
  /** Of the server, when so many per cent were delivered. */
  rssMb: { at10: number; at50: number; at100: number };
  reportMs: { p50: number; p99: number; worst: number; requests: number };
  /** `select status, count(*) … group by status` over the campaign's rows, afterwards while it is still sent. */
  countRowsMs: { median: number; counts: number };
};

/** Fills the table, sends the campaign, and measures. */
export async function benchLarge(
  messages: number,
  tableRows: number,
  progress: (done: number) => void,
): Promise<Large> {
  const world = await startWorld();
  try {
    const { db, buyer } = world;
    const old = await createAccount(db, { name: 'of former years' });
    await fill(db, old.id, Math.ceil(tableRows / perOldCampaign), perOldCampaign);
    await db.pool.query('vacuum (analyze) message');
    await db.pool.query('checkpoint');
    await sendAndWatch(world, await createLargeCampaign(db, buyer, ordinaryNumbers(0, warmUp)), () => {});
    const id = await createLargeCampaign(db, buyer, ordinaryNumbers(warmUp, messages));
    return { messages, tableRows, ...(await sendAndWatch(world, id, progress)) };
  } finally {
    await world.stop();
  }
}

async function sendAndWatch(
  { db, key, server, urls }: World,
  id: number,
  progress: (done: number) => void,
): Promise<Omit<Large, 'messages' | 'tableRows'>> {
  const started = performance.now();
  const reportMs: number[] = [];
  const countMs: number[] = [];
  const rss: { delivered: number; mb: number }[] = [];
  let delivered = 0;
  let total = 1;
  let over = false;

  const reporting = await reporter(urls[0]!, key, id);
  const every = async (ms: number, look: () => Promise<void>) => {
    while (!over) {
      await new Promise((resolve) => setTimeout(resolve, ms));
      if (!over) await look();
    }
  };
  const counting = every(countEveryMs, async () => {
    if (delivered < total * countFrom) return;
    const asked = performance.now();
    await db.pool.query(
      `select status, count(*) from message
       where id between (select first_message_id from campaign where id = $1)
         and (select first_message_id + message_count - 1 from campaign where id = $1)
       group by status`,
      [id],
    );
    countMs.push(performance.now() - asked);
  });
  const memory = every(rssEveryMs, async () => void rss.push({ delivered, mb: rssMb(server.pid) }));
  const reports = every(reportEveryMs, async () => {
    const asked = performance.now();
    const report = await reporting.ask();
    if (delivered < total * countFrom) reportMs.push(performance.now() - asked);
    delivered = report.statistics.delivered ?? 0;
    total = report.total_messages;
    progress(delivered);
    if (delivered === total) over = true;
    if (performance.now() - started > timeoutMs) throw new Error(`not delivered in time: campaign ${id}`);
  });
  try {
    await reports;
  } finally {
    over = true;
    reporting.close();
    await Promise.all([counting, memory]);
  }
  const seconds = (performance.now() - started) / 1000;
  const rssAt = (part: number) =>
    rss.find((sample) => sample.delivered >= total * part)?.mb ?? rssMb(server.pid);
  return {
    seconds: round(seconds, 2),
    messagesPerSecond: Math.round(total / seconds),
    rssMb: { at10: rssAt(0.1), at50: rssAt(0.5), at100: rssAt(1) },
    reportMs: {
      p50: round(quantile(reportMs, 0.5), 1),
      p99: round(quantile(reportMs, 0.99), 1),
      worst: round(Math.max(...reportMs), 1),
      requests: reportMs.length,
    },
    countRowsMs: { median: round(quantile(countMs, 0.5), 1), counts: countMs.length },
  };
}
