// Minutes put together into hours and days. Pure; called by the routes.

import type { Minute } from './compute.ts';

export const spans = ['minute', 'hour', 'day'] as const;
export type Span = (typeof spans)[number];

const seconds: Record<Span, number> = { minute: 60, hour: 3600, day: 86_400 };

/** Points that a chart shows well. */
const enoughPoints = 180;

/** The finest span with so many points that a chart shows them well. */
export function fittingSpan(minutes: readonly Minute[]): Span {
  const first = minutes[0]?.at ?? 0;
  const length = (minutes.at(-1)?.at ?? 0) - first;
  return spans.find((span) => length / seconds[span] <= enoughPoints) ?? 'day';
}

/** The same counts in longer spans, which begin in UTC. */
export function inSpans(minutes: readonly Minute[], span: Span): Minute[] {
  const points = new Map<number, Minute>();
  for (const { at, sent, delivered, failed } of minutes) {
    const start = at - (at % seconds[span]);
    const point = points.get(start) ?? { at: start, sent: 0, delivered: 0, failed: 0 };
    point.sent += sent;
    point.delivered += delivered;
    point.failed += failed;
    points.set(start, point);
  }
  return [...points.values()];
}
