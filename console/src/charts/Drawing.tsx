// The chart itself. Loaded by ChartPanel.tsx, as the library weighs more than all the rest of the console.
import '@mantine/charts/styles.css';
import { BarChart, LineChart } from '@mantine/charts';
import { useFormat } from '../format/useFormat.ts';
import { type ChartProps, chartHeight, type Point } from './chart.ts';

export default function Drawing({ kind, x, series, data }: ChartProps & { data: Point[] }) {
  const { number } = useFormat();
  const shared = {
    h: chartHeight,
    data,
    dataKey: x,
    series,
    withLegend: true,
    legendProps: { verticalAlign: 'top' as const, height: 36, itemSorter: null },
    valueFormatter: number,
    gridAxis: 'x' as const,
    yAxisProps: { width: 56, allowDecimals: false },
  };
  if (kind === 'line') return <LineChart {...shared} curveType="linear" withDots={data.length < 60} />;
  const bars = { maxBarWidth: 36, barProps: { isAnimationActive: false } };
  return kind === 'stacked' ? (
    <BarChart {...shared} {...bars} type="stacked" />
  ) : (
    <BarChart {...shared} {...bars} />
  );
}
