// The chart itself. Loaded by ChartPanel.tsx when the first one is shown; only what its kinds of charts are made of.
import { useComputedColorScheme } from '@mantine/core';
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartOptions,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js';
import { useEffect, useRef } from 'react';
import { colorVariable } from '../components/color.ts';
import { useFormat } from '../format/useFormat.ts';
import { theme } from '../theme.ts';
import { type ChartProps, chartHeight, type Point } from './chart.ts';

Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale);
Chart.register(LineController, LineElement, PointElement, Tooltip);

/** Points that are closer together than this many a chart are a line without dots. */
const mostDots = 60;

export default function Drawing({ kind, x, series, data }: ChartProps & { data: Point[] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Chart>(undefined);
  const scheme = useComputedColorScheme();
  const { number } = useFormat();

  useEffect(() => {
    chart.current = new Chart(canvas.current!, {
      type: kind === 'line' ? 'line' : 'bar',
      data: { datasets: [] },
    });
    return () => chart.current?.destroy();
  }, [kind]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read anew where the scheme is another
  useEffect(() => {
    const drawn = chart.current!;
    const color = colorsOf(canvas.current!);
    drawn.options = options(kind === 'stacked', color('dimmed'), color('default-border'), number);
    drawn.data = {
      labels: data.map((point) => point[x]),
      datasets: series.map(({ name, label, color: named }) => ({
        label,
        data: data.map((point) => Number(point[name])),
        backgroundColor: color(named),
        borderColor: color(named),
        borderWidth: kind === 'line' ? 2 : 0,
        pointRadius: data.length < mostDots ? 3 : 0,
        maxBarThickness: 36,
      })),
    };
    drawn.update();
    canvas.current!.dataset.drawn = 'true';
  }, [kind, x, series, data, number, scheme]);

  return (
    <div style={{ height: chartHeight, position: 'relative' }}>
      <canvas ref={canvas} />
    </div>
  );
}

/** What Mantine's names of colours, such as `blue.5` or `dimmed`, are on the page. */
function colorsOf(element: Element): (name: string) => string {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(colorVariable(name).replace(/^var\((.*)\)$/, '$1'));
}

function options(
  stacked: boolean,
  text: string,
  lines: string,
  number: (value: number) => string,
): ChartOptions {
  return {
    animation: false,
    maintainAspectRatio: false,
    color: text,
    font: { family: theme.fontFamily!, size: 12 },
    interaction: { mode: 'index', intersect: false },
    plugins: {
      legend: { labels: { boxWidth: 10, boxHeight: 10, color: text } },
      tooltip: {
        callbacks: { label: ({ dataset, parsed }) => `${dataset.label}: ${number(parsed.y ?? 0)}` },
      },
    },
    scales: {
      x: { stacked, grid: { display: false }, ticks: { color: text, maxRotation: 0 } },
      y: {
        stacked,
        beginAtZero: true,
        grid: { color: lines },
        border: { display: false },
        ticks: { color: text, precision: 0, callback: (value) => number(Number(value)) },
      },
    },
  };
}
