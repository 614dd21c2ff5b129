// Sums over the states of a campaign's messages. Pure.
import { type MessageStatus, messageStatuses, type Report, type Statistics } from '../api/types.ts';

const waiting = ['moderation', 'scheduled', 'sending'] as const satisfies MessageStatus[];
const undecided = [...waiting, 'sent', 'accepted'] as const satisfies MessageStatus[];
const endings = ['done', 'stopped', 'spam'];

/** How many messages have not left yet. */
export function waitingOf(statistics: Partial<Statistics>): number {
  return waiting.reduce((sum, status) => sum + (statistics[status] ?? 0), 0);
}

/** Whether nothing of a campaign will change any more. */
export function isOver({ status, statistics }: Pick<Report, 'status' | 'statistics'>): boolean {
  return endings.includes(status) && undecided.every((each) => statistics[each] === 0);
}

/** The states in which messages are, in the order of the report; those that every campaign may have, and one, always. */
export function shownStatuses(statistics: Statistics, one?: MessageStatus): MessageStatus[] {
  const always = ['delivered', 'sent', 'undelivered', 'expired', 'unknown', 'failed', one];
  return messageStatuses.filter((status) => always.includes(status) || statistics[status] > 0);
}
