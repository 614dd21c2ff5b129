// When figures are computed: not again while the counters of the campaign are the same, and while they change, seldom
// enough that a twentieth of the time is spent on them. Called by the routes.

import pLimit from 'p-limit';
import type { CampaignRow } from '../campaigns/index.ts';
import type { Db } from '../db/index.ts';
import { Refusal } from '../http/index.ts';
import { Status } from '../messages/index.ts';
import { computeFigures, countersOf, type Figures } from './compute.ts';

/** How long figures of a campaign that goes on are good: two seconds, or twenty times what they took. */
const keepMs = 2_000;
const share = 20;

/** Campaigns that one process remembers figures of. */
const remembered = 200;

const queryCanceled = '57014';

type Known = { figures: Promise<Figures>; until: number };

/** Gives the figures of campaigns. */
export class FigureSource {
  readonly #db: Db;
  readonly #known = new Map<number, Known>();
  /** One pass at a time: figures have no hurry, and the database has other work. */
  readonly #once = pLimit(1);

  constructor(db: Db) {
    this.#db = db;
  }

  /** The figures of a campaign, at most some seconds old; `final`: they cannot change any more. */
  async of(row: CampaignRow): Promise<{ figures: Figures; final: boolean }> {
    const figures = await this.#figures(row);
    return {
      figures,
      final: isOver(row, [...open, Status.timedOut]) && figures.counters === countersOf(row),
    };
  }

  async #figures(row: CampaignRow): Promise<Figures> {
    const known = this.#known.get(row.id);
    if (known !== undefined) {
      // Who comes while they are computed waits for the same ones.
      if (known.until === Number.POSITIVE_INFINITY || performance.now() < known.until) return known.figures;
      const figures = await known.figures.catch(() => undefined);
      if (figures?.counters === countersOf(row)) return figures;
    }
    return this.#renewed(row);
  }

  #renewed(row: CampaignRow): Promise<Figures> {
    const running = this.#known.get(row.id);
    if (running?.until === Number.POSITIVE_INFINITY) return running.figures;
    const known: Known = { figures: this.#stored(row), until: Number.POSITIVE_INFINITY };
    if (this.#known.size >= remembered) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(row.id, known);
    const began = performance.now();
    const over = () => {
      const ended = performance.now();
      known.until = ended + Math.max(keepMs, share * (ended - began));
    };
    known.figures.then(over, over);
    return known.figures;
  }

  /** As they were kept, where the counters are the same; else computed, and kept once everything has left. */
  async #stored(row: CampaignRow): Promise<Figures> {
    const left = isOver(row, [Status.queued]);
    if (left) {
      const { rows } = await this.#db.pool.query<{ figures: Figures }>(
        'select figures from campaign_figures where campaign_id = $1',
        [row.id],
      );
      if (rows[0]?.figures.counters === countersOf(row)) return rows[0].figures;
    }
    const figures = await this.#once(() => computeFigures(this.#db, row.id)).catch(tooLarge);
    if (left) {
      await this.#db.pool.query(
        `insert into campaign_figures (campaign_id, figures) values ($1, $2)
         on conflict (campaign_id) do update set at = now(), figures = excluded.figures`,
        [row.id, JSON.stringify(figures)],
      );
    }
    return figures;
  }
}

const open: readonly number[] = [Status.queued, Status.sent, Status.accepted];

/** Whether no message of the campaign is in one of these states. */
function isOver(row: CampaignRow, states: readonly number[]): boolean {
  return !row.statuses?.some((status, i) => states.includes(status) && row.counts![i]! > 0);
}

function tooLarge(error: unknown): never {
  if ((error as { code?: string }).code !== queryCanceled) throw error;
  const refusal = new Refusal(
    503,
    'figures_late',
    'The figures take too long at the moment: try again later.',
  );
  refusal.retryAfter = 60;
  throw refusal;
}
