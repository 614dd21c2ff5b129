// What the address of the moderation queue keeps. Read by the router and by ModerationPage.
import { defined, oneOf, whole } from '../components/listSearch.ts';

export const queueStates = ['open', 'approved', 'rejected'] as const;

export type ModerationSearch = { state?: (typeof queueStates)[number]; offset?: number };

export function moderationSearch(given: Record<string, unknown>): ModerationSearch {
  return defined({ state: oneOf(queueStates, given.state), offset: whole(given.offset, 1) });
}
