// Sums over the states of a campaign's messages. Pure.
import type { MessageStatus, Statistics } from '../api/types.ts';

const waiting = ['moderation', 'scheduled', 'sending'] as const satisfies MessageStatus[];

/** How many messages have not left yet. */
export function waitingOf(statistics: Partial<Statistics>): number {
  return waiting.reduce((sum, status) => sum + (statistics[status] ?? 0), 0);
}
