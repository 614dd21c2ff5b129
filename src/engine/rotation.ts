// Whose turn it is: accounts in turn, each account's campaigns in turn, and each campaign's lanes in turn, so that
// neither a large campaign, nor an account with many campaigns, nor a campaign with many routes delays the others. What
// is new comes first. Called by the dispatcher at each step, and by the engine, which adds and removes lanes.

import { Throttle } from '../operators/index.ts';
import type { Lane } from './lane.ts';

/** Things in turn. */
class Ring<T> {
  readonly items: T[] = [];
  #next = 0;

  /** The new one is the next. */
  add(item: T): void {
    this.items.splice(this.#next, 0, item);
  }

  remove(item: T): void {
    const at = this.items.indexOf(item);
    if (at === -1) return;
    this.items.splice(at, 1);
    if (at < this.#next) this.#next--;
  }

  /**
   * Offers the turn to one after another until somebody uses it.
   *
   * @param use how much the one that is asked has used; 0 passes the turn on
   */
  turn(use: (item: T) => number): number {
    const { length } = this.items;
    for (let i = 0; i < length; i++) {
      const at = (this.#next + i) % length;
      const used = use(this.items[at]!);
      if (used === 0) continue;
      this.#next = at + 1 === length ? 0 : at + 1;
      return used;
    }
    return 0;
  }
}

type CampaignTurns = { id: number; lanes: Ring<Lane>; byRoute: Map<string, Lane> };
type AccountTurns = { id: number; campaigns: Ring<CampaignTurns> };

export class Rotation {
  readonly #accounts = new Ring<AccountTurns>();
  readonly #accountsById = new Map<number, AccountTurns>();
  readonly #campaigns = new Map<number, CampaignTurns>();
  readonly #limits = new Map<number, { perSecond: number; bucket: Throttle }>();
  #size = 0;

  /** How many lanes there are. */
  get size(): number {
    return this.#size;
  }

  /** The lane of a campaign and a route. */
  get(campaignId: number, route: string): Lane | undefined {
    return this.#campaigns.get(campaignId)?.byRoute.get(route);
  }

  /** All lanes of a campaign. */
  lanesOf(campaignId: number): readonly Lane[] {
    return this.#campaigns.get(campaignId)?.lanes.items ?? [];
  }

  *lanes(): Iterable<Lane> {
    for (const { lanes } of this.#campaigns.values()) yield* lanes.items;
  }

  /** From now on these accounts send at most so many messages a second, and all others as many as they can. */
  limit(limits: readonly { accountId: number; perSecond: number }[]): void {
    const named = new Set(limits.map(({ accountId }) => accountId));
    for (const accountId of this.#limits.keys()) if (!named.has(accountId)) this.#limits.delete(accountId);
    for (const { accountId, perSecond } of limits) {
      if (this.#limits.get(accountId)?.perSecond === perSecond) continue;
      this.#limits.set(accountId, { perSecond, bucket: new Throttle(perSecond) });
    }
  }

  /** How many messages of a lane its account may send now. */
  allowed(lane: Lane, now: number): number {
    return this.#limits.get(lane.campaign.accountId)?.bucket.available(now) ?? Number.POSITIVE_INFINITY;
  }

  /** So many were taken. */
  spend(lane: Lane, messages: number): void {
    this.#limits.get(lane.campaign.accountId)?.bucket.take(messages);
  }

  add(lane: Lane): void {
    const { id, accountId } = lane.campaign;
    let account = this.#accountsById.get(accountId);
    if (account === undefined) {
      account = { id: accountId, campaigns: new Ring() };
      this.#accountsById.set(accountId, account);
      this.#accounts.add(account);
    }
    let campaign = this.#campaigns.get(id);
    if (campaign === undefined) {
      campaign = { id, lanes: new Ring(), byRoute: new Map() };
      this.#campaigns.set(id, campaign);
      account.campaigns.add(campaign);
    }
    campaign.byRoute.set(lane.route, lane);
    campaign.lanes.add(lane);
    this.#size++;
  }

  remove(lane: Lane): void {
    const campaign = this.#campaigns.get(lane.campaign.id);
    if (campaign?.byRoute.get(lane.route) !== lane) return;
    campaign.byRoute.delete(lane.route);
    campaign.lanes.remove(lane);
    this.#size--;
    if (campaign.lanes.items.length > 0) return;
    this.#campaigns.delete(campaign.id);
    const account = this.#accountsById.get(lane.campaign.accountId)!;
    account.campaigns.remove(campaign);
    if (account.campaigns.items.length > 0) return;
    this.#accountsById.delete(account.id);
    this.#accounts.remove(account);
  }

  /**
   * One turn: offers it to the next lane of the next campaign of the next account, and passes it on, within the campaign
   * first, while a lane takes nothing. So a lane that has to wait costs its campaign nothing while another of it can
   * send, and a campaign that has to wait costs its account nothing.
   *
   * @param take how many messages of a lane were taken
   * @returns how many were taken; 0 where no lane can
   */
  turn(take: (lane: Lane) => number): number {
    return this.#accounts.turn(({ campaigns }) => campaigns.turn(({ lanes }) => lanes.turn(take)));
  }
}
