// How far a campaign is: a bar on a terminal, a line now and then elsewhere. Called by the demo and `campaign watch`.
import { Presets, SingleBar } from 'cli-progress';
import { type Report, undecided } from './api.ts';

export type Progress = { show(report: Report): void; end(): void };

/** Elsewhere than on a terminal, a line for each part of the way. */
const step = 0.1;

/** Starts to show progress on stderr, so that standard output keeps the result. */
export function showProgress(total: number): Progress {
  return process.stderr.isTTY ? bar(total) : lines(total);
}

function bar(total: number): Progress {
  const single = new SingleBar(
    {
      format: '{bar} {value}/{total} final | {words}',
      stream: process.stderr,
      hideCursor: true,
      barsize: 30,
    },
    Presets.shades_classic,
  );
  single.start(total, 0, { words: '' });
  return {
    show: (report) => single.update(total - undecided(report), { words: words(report) }),
    end: () => single.stop(),
  };
}

function lines(total: number): Progress {
  let next = 0;
  let last = '';
  const write = (line: string) => {
    if (line !== last) process.stderr.write(`${line}\n`);
    last = line;
  };
  let newest = '';
  return {
    show(report) {
      const decided = total - undecided(report);
      newest = `${decided}/${total} final: ${words(report)}`;
      if (decided < next * total) return;
      write(newest);
      next = Math.floor(decided / total / step + 1) * step;
    },
    end: () => write(newest),
  };
}

/** The states that occur, with their numbers. */
function words({ statistics }: Report): string {
  return Object.entries(statistics)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${state} ${count}`)
    .join(', ');
}
