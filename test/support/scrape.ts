// What Prometheus would read from a Carillon. Used by tests of its metrics.

export type Scrape = {
  text: string;
  /** The names of all metrics with the names of their samples, whether or not there are any. */
  names: Set<string>;
  samples: { name: string; labels: Record<string, string>; value: number }[];
  /** The sum of the samples with this name and these labels; fails when there is none. */
  sum(name: string, labels?: Record<string, string>): number;
};

/** Asks /metrics of that port. */
export async function scrape(port: number | undefined): Promise<Scrape> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  const names = new Set<string>();
  const samples: Scrape['samples'] = [];
  for (const line of text.split('\n')) {
    const type = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (type) {
      const [, name = '', kind] = type;
      names.add(name);
      if (kind === 'histogram') for (const end of ['bucket', 'sum', 'count']) names.add(`${name}_${end}`);
    }
    const sample = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (!sample) continue;
    const [, name = '', labels = '', value] = sample;
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key, text]);
    samples.push({ name, labels: Object.fromEntries(pairs), value: Number(value) });
  }
  return {
    ...{ text, names, samples },
    sum(name, labels = {}) {
      const fitting = samples.filter(
        (sample) =>
          sample.name === name && Object.entries(labels).every(([key, text]) => sample.labels[key] === text),
      );
      if (fitting.length === 0) throw new Error(`no sample of ${name} ${JSON.stringify(labels)}`);
      return fitting.reduce((sum, { value }) => sum + value, 0);
    },
  };
}
