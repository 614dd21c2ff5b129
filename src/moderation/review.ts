// Reviews a campaign of many texts and senders, which become known while it is written. Called by campaigns.

import type { Db } from '../db/index.ts';
import { linkedHosts } from './links.ts';
import { maxReasons, type Registration, selectPolicy, senderReasons, unknownOf } from './reasons.ts';
import { type Candidate, hits, type Rule } from './rules.ts';

/** Kinds of rules that look at a text. */
const textKinds: readonly string[] = ['word', 'pattern', 'link'];

/** Texts of which all reasons are found; once there is one, those beyond are not looked at. */
const fullyReviewed = 10_000;

/** Hosts that are remembered as known or not: a campaign has one or two, unless somebody plays with them. */
const rememberedHosts = 10_000;

/**
 * The reasons to hold a campaign whose texts and senders become known bit by bit: every one of them is looked at, and
 * each rule holds the campaign by the first that meets it.
 */
export class Review {
  readonly #db: Db;
  readonly #account: { accountId: number; test: boolean; moderation: string };
  readonly #rules: Rule[];
  /** Those that look at texts and were not met so far. */
  #textRules: Rule[];
  readonly #reasons = new Set<string>();
  /** Whether a host is known. */
  readonly #hosts = new Map<string, boolean>();
  #reviewed = 0;

  /** Begins a review by the policy of the account and the rules as they are now. */
  static async open(db: Db, campaign: { accountId: number; test: boolean }): Promise<Review> {
    const { moderation, rules } = await selectPolicy(db, campaign.accountId);
    return new Review(db, { ...campaign, moderation }, rules);
  }

  private constructor(
    db: Db,
    account: { accountId: number; test: boolean; moderation: string },
    rules: Rule[],
  ) {
    this.#db = db;
    this.#account = account;
    this.#rules = rules;
    this.#textRules = rules.filter((rule) => textKinds.includes(rule.kind));
  }

  /** Whether texts have to be shown: not where no rule looks at them, or enough is found. */
  get wantsTexts(): boolean {
    return this.#textRules.length > 0 && (this.#reasons.size === 0 || this.#reviewed < fullyReviewed);
  }

  /** Looks at a sender and how the account stands to it. */
  async seeSender(sender: string, standing: Registration): Promise<void> {
    for (const reason of await senderReasons(this.#db, this.#account, sender, standing)) this.#add(reason);
    const rules = this.#rules.filter((rule) => rule.kind === 'sender' || rule.kind === 'word');
    this.#meet(rules, { text: '', sender, senderRegistered: standing.registered, unknownHosts: [] });
  }

  /** Looks at some texts. Some 20 µs each where there are rules for texts: not thousands without a pause. */
  async seeTexts(seen: readonly string[]): Promise<void> {
    for (const text of seen) {
      if (!this.wantsTexts) return;
      this.#reviewed += 1;
      const links = this.#textRules.some((rule) => rule.kind === 'link');
      const unknownHosts = links ? await this.#unknown(linkedHosts(text)) : [];
      this.#meet(this.#textRules, { text, sender: '', senderRegistered: true, unknownHosts });
    }
  }

  /** Why the campaign must be held, now that it has so many recipients; none where it may be sent. */
  reasons(recipients: number): string[] {
    const rules = this.#rules.filter((rule) => rule.kind === 'recipients');
    this.#meet(rules, { text: '', sender: '', senderRegistered: true, unknownHosts: [], recipients });
    return [...this.#reasons];
  }

  /** Those hosts that are not known; the database is asked once for each. */
  async #unknown(hosts: readonly string[]): Promise<string[]> {
    if (this.#hosts.size >= rememberedHosts) this.#hosts.clear();
    const fresh = hosts.filter((host) => !this.#hosts.has(host));
    if (fresh.length > 0) {
      const unknown = new Set(await unknownOf(this.#db, this.#account.accountId, fresh));
      for (const host of fresh) this.#hosts.set(host, !unknown.has(host));
    }
    return hosts.filter((host) => this.#hosts.get(host) === false);
  }

  #meet(rules: readonly Rule[], candidate: Omit<Candidate, 'recipients'> & { recipients?: number }): void {
    for (const { rule, reason } of hits(rules, { recipients: 0, ...candidate })) {
      this.#textRules = this.#textRules.filter((other) => other !== rule);
      this.#add(reason);
    }
  }

  #add(reason: string): void {
    if (this.#reasons.size < maxReasons) this.#reasons.add(reason);
  }
}
