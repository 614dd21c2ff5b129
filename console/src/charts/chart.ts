// What a chart is told. Shared by the panel and by the drawing, which is loaded later.

/** The height of a chart, also while it is being loaded, so that nothing jumps. */
export const chartHeight = 260;

export type Series = { name: string; label: string; color: string };
export type Point = Record<string, string | number>;

export type ChartProps = {
  kind: 'bar' | 'line' | 'stacked';
  /** The key of a point that stands at the axis. */
  x: string;
  series: Series[];
};
