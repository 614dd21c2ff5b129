// The main job at full speed: campaigns created over HTTP, sent over SMPP to a simulator in another process, receipts
// back, everything committed by a PostgreSQL with fsync on. Four processes on one machine.

import { peakRssMb } from './processes.ts';
import { type Api, ordinaryNumbers, quantile, round, startWorld } from './world.ts';

/** As many as one request may name. */
const mostPerCampaign = 10_000;
/** How often the reports are asked for while sending: often enough to measure, too seldom to disturb. */
const reportEveryMs = 50;
/** How often the end is looked for: it costs the server a request each time. */
const pollMs = 50;
/** A run that takes longer has gone wrong. */
const timeoutMs = 10 * 60_000;

export type EndToEnd = {
  messages: number;
  /** How many campaigns are under way at once, each of a customer's own request. */
  atOnce: number;
  seconds: number;
  messagesPerSecond: number;
  /** From the first request to the acceptance of the last campaign. */
  acceptSeconds: number;
  /** Milliseconds to accept a campaign: while nothing is being sent, and while sending. */
  acceptMs: { numbers: number; idle: number; median: number };
  reportMs: { p50: number; p99: number; requests: number };
  cpuSeconds: { server: number; simulator: number; postgres: number };
  cpuMicrosecondsPerMessage: { server: number; simulator: number; postgres: number };
  peakRssMb: { server: number; simulator: number };
};

/**
 * Runs it once with that many messages. With `atOnce` 1 a customer posts campaigns of 10,000 one after the other; with
 * more, so many customers post theirs at the same time, of equal parts of the messages. `progress` hears how many are
 * delivered.
 */
export async function benchEndToEnd(
  messages: number,
  atOnce: number,
  progress: (done: number) => void,
  profileFolder?: string,
): Promise<EndToEnd> {
  const perCampaign = Math.min(mostPerCampaign, messages / atOnce);
  const world = await startWorld({ profileFolder });
  try {
    const { api, server, simulator } = world;
    let numbered = 0;
    const campaign = (count: number): string => {
      const numbers = ordinaryNumbers(numbered, count);
      numbered += count;
      return body(numbers);
    };
    // The first campaign warms up code, plans and caches, as the first seconds of a day would.
    await finish(api, [await api.send(campaign(Math.max(perCampaign, mostPerCampaign)))], () => {});
    const bodies = Array.from({ length: messages / perCampaign + 1 }, () => campaign(perCampaign));
    const idleStart = performance.now();
    const warm = await api.send(bodies.pop()!);
    const idle = performance.now() - idleStart;
    await finish(api, [warm], () => {});

    const before = world.cpu();
    const reportMs: number[] = [];
    const acceptMs: number[] = [];
    const campaigns: number[] = [];
    let over = false;
    const started = performance.now();
    const watching = (async () => {
      while (!over) {
        await new Promise((resolve) => setTimeout(resolve, reportEveryMs));
        const id = campaigns.at(-1);
        if (id === undefined) continue;
        const asked = performance.now();
        await api.report(id);
        reportMs.push(performance.now() - asked);
      }
    })();
    let next = 0;
    const customer = async () => {
      while (next < bodies.length) {
        const text = bodies[next++]!;
        const asked = performance.now();
        campaigns.push(await api.send(text));
        acceptMs.push(performance.now() - asked);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, customer));
    const accepted = performance.now();
    await finish(api, campaigns, progress);
    const ended = performance.now();
    over = true;
    await watching;

    const seconds = (ended - started) / 1000;
    const after = world.cpu();
    const used = (part: keyof typeof after) => after[part] - before[part];
    const perMessage = (part: keyof typeof after) => round((used(part) * 1e6) / messages, 1);
    return {
      messages,
      atOnce,
      seconds: round(seconds, 2),
      messagesPerSecond: Math.round(messages / seconds),
      acceptSeconds: round((accepted - started) / 1000, 2),
      acceptMs: { numbers: perCampaign, idle: round(idle, 1), median: round(quantile(acceptMs, 0.5), 1) },
      reportMs: {
        p50: round(quantile(reportMs, 0.5), 1),
        p99: round(quantile(reportMs, 0.99), 1),
        requests: reportMs.length,
      },
      cpuSeconds: {
        server: round(used('server'), 2),
        simulator: round(used('simulator'), 2),
        postgres: round(used('postgres'), 2),
      },
      cpuMicrosecondsPerMessage: {
        server: perMessage('server'),
        simulator: perMessage('simulator'),
        postgres: perMessage('postgres'),
      },
      peakRssMb: { server: peakRssMb(server.pid), simulator: peakRssMb(simulator.pid) },
    };
  } finally {
    await world.stop();
  }
}

// Ends when every message of these campaigns is delivered; anything else is a fault of the run.
async function finish(api: Api, campaigns: number[], progress: (done: number) => void): Promise<void> {
  const open = new Set(campaigns);
  const delivered = new Map<number, number>();
  const deadline = performance.now() + timeoutMs;
  while (open.size > 0) {
    for (const id of open) {
      const report = await api.report(id);
      delivered.set(id, report.statistics.delivered ?? 0);
      if (report.statistics.delivered !== report.total_messages) break; // they end in their order, more or less
      open.delete(id);
    }
    progress([...delivered.values()].reduce((a, b) => a + b, 0));
    if (performance.now() > deadline)
      throw new Error(`not delivered in time: campaigns ${[...open].join(', ')}`);
    if (open.size > 0) await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

function body(numbers: readonly number[]): string {
  const phones = numbers.map((number) => `{"number":${number}}`).join(',');
  return `{"phones":[${phones}],"sender":"Carillon","text":"Your parcel is at the door. ${numbers[0]}"}`;
}
