// Everybody who watches, and what they are told: one hub per process reads the state of everything that is watched once
// a turn, in one statement for all campaigns, however many browsers look on. It rests while nobody does. Called by the
// routes.

import {
  type CampaignRow,
  campaignReport,
  campaignResource,
  selectActiveCampaigns,
  selectCampaignsById,
  statisticsOf,
} from '../campaigns/index.ts';
import type { Db } from '../db/index.ts';
import { operatorsLive } from './operators.ts';
import { systemState } from './system.ts';
import type { Topic } from './topics.ts';

/** Two turns a second; operators and the system change no faster than dispatchers publish. */
const turnMs = 500;
const slowTurns = 4;

/** How often it is looked whether sessions have ended, and how often a comment keeps proxies from cutting a stream. */
const sessionMs = 5_000;
const beatMs = 15_000;

/** What a browser that does not read may have waiting before its stream is ended; it comes again. */
const maxWaiting = 1024 * 1024;

/** One open stream. */
export type Stream = {
  userId: number;
  sessionId: number;
  accountId: number;
  topics: readonly Topic[];
  /** Writes to the browser; gives how many bytes wait. */
  write(text: string): number;
  end(): void;
};

type Watched = Stream & { last: Map<string, string> };

export type HubOptions = {
  db: Db;
  /** Which of these sessions are live still. */
  liveSessions: (ids: readonly number[]) => Promise<Set<number>>;
  failed: (error: unknown) => void;
};

export class Hub {
  readonly #options: HubOptions;
  readonly #streams = new Set<Watched>();
  #timer: NodeJS.Timeout | undefined;
  #turn = 0;
  #checkedAt = 0;
  #beatAt = 0;
  #closed = false;

  constructor(options: HubOptions) {
    this.#options = options;
  }

  /** Streams of a user that are open. */
  streamsOf(userId: number): number {
    return [...this.#streams].filter((stream) => stream.userId === userId).length;
  }

  /** Begins to tell a stream; it is told everything at once. Gives what ends that. */
  add(stream: Stream): () => void {
    const watched = { ...stream, last: new Map<string, string>() };
    this.#streams.add(watched);
    if (this.#closed) this.#bye(watched, 'stopping');
    // Its first turn is a whole one.
    this.#turn = 0;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), 0);
    return () => this.#streams.delete(watched);
  }

  /** Ends all streams. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const stream of this.#streams) this.#bye(stream, 'stopping');
  }

  #running = false;

  async #run(): Promise<void> {
    if (this.#running || this.#closed) return;
    this.#running = true;
    const whole = this.#turn % slowTurns === 0;
    this.#turn += 1;
    try {
      await this.#check();
      await this.#tell(whole);
    } catch (error) {
      this.#options.failed(error);
    }
    this.#running = false;
    if (this.#streams.size > 0 && !this.#closed) {
      this.#timer = setTimeout(() => void this.#run(), this.#turn === 0 ? 0 : turnMs);
    }
  }

  /** Ends the streams of sessions that have ended, and lets the others see that the stream lives. */
  async #check(): Promise<void> {
    const now = performance.now();
    if (now - this.#beatAt >= beatMs) {
      this.#beatAt = now;
      for (const stream of this.#streams) this.#write(stream, ': still here\n\n');
    }
    if (now - this.#checkedAt < sessionMs) return;
    this.#checkedAt = now;
    const ids = new Set([...this.#streams].map(({ sessionId }) => sessionId));
    const live = await this.#options.liveSessions([...ids]);
    for (const stream of this.#streams) {
      if (ids.has(stream.sessionId) && !live.has(stream.sessionId)) this.#bye(stream, 'signed_out');
    }
  }

  async #tell(whole: boolean): Promise<void> {
    const { db } = this.#options;
    const streams = [...this.#streams];
    const watched = streams.flatMap((stream) => stream.topics.map((topic) => ({ stream, topic })));
    const campaignIds = new Set(watched.flatMap(({ topic }) => (topic.name === 'campaign' ? topic.id : [])));
    const accountIds = new Set(
      watched.flatMap(({ topic, stream }) => (topic.name === 'campaigns' ? stream.accountId : [])),
    );
    const asked = (name: Topic['name']) => whole && watched.some(({ topic }) => topic.name === name);
    const [campaigns, active, operators, system] = await Promise.all([
      campaignIds.size > 0 ? selectCampaignsById(db.pool, [...campaignIds]) : [],
      accountIds.size > 0 ? selectActiveCampaigns(db.pool, [...accountIds]) : [],
      asked('operators') ? operatorsLive(db) : undefined,
      asked('system') ? systemState(db) : undefined,
    ]);
    const reports = new Map(campaigns.map((row) => [row.id, JSON.stringify(campaignReport(row))]));
    const lists = new Map(
      [...accountIds].map((id) => [
        id,
        JSON.stringify(active.filter((row) => row.account_id === id).map(listed)),
      ]),
    );
    const others = { operators: written(operators), system: written(system) };
    for (const { stream, topic } of watched) {
      if (topic.name === 'campaign') this.#send(stream, topic.name, reports.get(topic.id), topic.id);
      else if (topic.name === 'campaigns') this.#send(stream, topic.name, lists.get(stream.accountId));
      else this.#send(stream, topic.name, others[topic.name]);
    }
  }

  /** Tells a stream what is new to it. */
  #send(stream: Watched, name: string, data: string | undefined, id?: number): void {
    const topic = `${name}:${id}`;
    if (data === undefined || stream.last.get(topic) === data) return;
    stream.last.set(topic, data);
    this.#write(stream, `event: ${name}\ndata: ${data}\n\n`);
  }

  #write(stream: Watched, text: string): void {
    if (!this.#streams.has(stream)) return;
    if (stream.write(text) <= maxWaiting) return;
    this.#streams.delete(stream);
    stream.end();
  }

  #bye(stream: Watched, reason: 'signed_out' | 'stopping'): void {
    this.#write(stream, `event: bye\ndata: ${JSON.stringify({ reason })}\n\n`);
    this.#streams.delete(stream);
    stream.end();
  }
}

function listed(row: CampaignRow) {
  return { ...campaignResource(row), total_messages: row.message_count, statistics: statisticsOf(row) };
}

const written = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));
