// What the address of the moderation queue keeps. Read by the router and by ModerationPage.
import { defined, oneOf, whole } from '../components/listSearch.ts';

export const queueStates = ['open', 'approved', 'rejected'] as const;

export type ModerationSearch = { state?: (typeof queueStates)[number]; offset?: number };

/** Where in its two lists the page of rules is. */
export type RulesSearch = { rules?: number; domains?: number };

export function rulesSearch(given: Record<string, unknown>): RulesSearch {
  return defined({ rules: whole(given.rules, 1), domains: whole(given.domains, 1) });
}

export function moderationSearch(given: Record<string, unknown>): ModerationSearch {
  return defined({ state: oneOf(queueStates, given.state), offset: whole(given.offset, 1) });
}
