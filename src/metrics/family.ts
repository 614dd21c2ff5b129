// Metrics that are read from a snapshot when Prometheus asks, instead of being kept in prom-client while messages are
// sent: a name, what it means, and where in the snapshot its values are. Used by the lists of families in this folder.

import type { Metric, Registry } from 'prom-client';
import type { HistogramSnapshot } from '../tally/index.ts';

export type Labels = Readonly<Record<string, string>>;
export type Sample = { labels: Labels; value: number; metricName?: string };

/** A metric with all its label values. `S` is the snapshot that it is read from. */
export type Family<S> = {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly read: (snapshot: S) => readonly Sample[];
};

/** Values by the one label that tells them apart; a bare number where there is one value only. */
export type Values = number | readonly (readonly [Labels, number])[];

function samples(values: Values): Sample[] {
  if (typeof values === 'number') return [{ labels: {}, value: values }];
  return values.map(([labels, value]) => ({ labels, value }));
}

/** Something that only grows until the process ends. */
export function counter<S>(name: string, help: string, read: (snapshot: S) => Values): Family<S> {
  return { name, help, type: 'counter', read: (snapshot) => samples(read(snapshot)) };
}

/** How it is at this moment. */
export function gauge<S>(name: string, help: string, read: (snapshot: S) => Values): Family<S> {
  return { name, help, type: 'gauge', read: (snapshot) => samples(read(snapshot)) };
}

/** A distribution. */
export function histogram<S>(
  name: string,
  help: string,
  read: (snapshot: S) => readonly (readonly [Labels, HistogramSnapshot])[],
): Family<S> {
  return {
    name,
    help,
    type: 'histogram',
    read: (snapshot) => read(snapshot).flatMap(([labels, one]) => histogramSamples(name, labels, one)),
  };
}

// Prometheus wants the buckets cumulated, each with its bound as the label `le`.
function histogramSamples(
  name: string,
  labels: Labels,
  { bounds, counts, sum }: HistogramSnapshot,
): Sample[] {
  const out: Sample[] = [];
  let n = 0;
  counts.forEach((count, i) => {
    n += count;
    const le = i < bounds.length ? String(rounded(bounds[i]!)) : '+Inf';
    out.push({ metricName: `${name}_bucket`, labels: { ...labels, le }, value: n });
  });
  out.push({ metricName: `${name}_sum`, labels, value: sum });
  out.push({ metricName: `${name}_count`, labels, value: n });
  return out;
}

/** 0.002 instead of 0.0020000000000000001: a bound is a name, too. */
function rounded(bound: number): number {
  return Number(bound.toPrecision(12));
}

/** Values of a record as samples with its keys as that label. */
export function byKey(label: string, record: Readonly<Record<string, number>>, more: Labels = {}) {
  return Object.entries(record).map(([key, value]) => [{ ...more, [label]: key }, value] as const);
}

/** Adds families to a registry; they are left out of an answer while `snapshot` gives null. */
export function register<S>(
  registry: Registry,
  families: readonly Family<S>[],
  snapshot: () => S | null,
): void {
  for (const { name, help, type, read } of families) {
    const present = () => {
      const state = snapshot();
      return { name, help, type, aggregator: 'sum', values: state === null ? [] : read(state) };
    };
    // What a registry needs of a metric is its name and `get`; its type asks for a class of prom-client.
    registry.registerMetric({ name, get: async () => present() } as unknown as Metric);
  }
}
