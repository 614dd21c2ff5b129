// A run: rounds until enough faults were injected, and what came of them. Called by the command and by the test.
import { Cluster } from './cluster.ts';
import { seedOfRound } from './random.ts';
import { playRound, type RoundReport } from './round.ts';

export type RunOptions = {
  seed: number;
  /** Ends after the round in which so many faults are reached. */
  faults?: number;
  rounds?: number;
  /** No round begins after so long. */
  seconds?: number;
  faultsPerRound?: number;
  messagesPerRound?: number;
  only?: readonly string[];
  /** Hears what happens. */
  say?: (what: string) => void;
  /** Hears of each round that is over. */
  played?: (round: RoundReport) => void;
  signal?: AbortSignal;
};

export type RunReport = {
  seed: number;
  rounds: number;
  faults: number;
  faultsByKind: Record<string, number>;
  messages: number;
  accepted: number;
  duplicates: number;
  uncertain: number;
  unknown: number;
  longestStallMs: number;
  longestRecoveryMs: number;
  seconds: number;
  /** Every breach, and the seed of its round: `npm run lab -- --rounds 1 --seed SEED` plays it again. */
  breaches: { seed: number; round: number; breach: string }[];
};

export const defaults = { faultsPerRound: 25, messagesPerRound: 4000 };

/** Plays rounds one after the other, on a PostgreSQL of its own that is gone afterwards. */
export async function run(options: RunOptions): Promise<RunReport> {
  const { seed, say = () => {}, signal = new AbortController().signal } = options;
  const begun = performance.now();
  const report: RunReport = {
    ...{
      seed,
      rounds: 0,
      faults: 0,
      faultsByKind: {},
      messages: 0,
      accepted: 0,
      duplicates: 0,
      uncertain: 0,
    },
    ...{ unknown: 0, longestStallMs: 0, longestRecoveryMs: 0, seconds: 0, breaches: [] },
  };
  const elapsed = () => Math.round((performance.now() - begun) / 1000);
  const cluster = await Cluster.start();
  try {
    while (!signal.aborted && goesOn(options, report, elapsed())) {
      const roundSeed = seedOfRound(seed, report.rounds);
      say(`round ${report.rounds}, seed ${roundSeed}`);
      const round = await playRound(
        cluster,
        {
          seed: roundSeed,
          faults: options.faultsPerRound ?? defaults.faultsPerRound,
          messages: options.messagesPerRound ?? defaults.messagesPerRound,
          only: options.only ?? [],
        },
        say,
        signal,
      );
      add(report, round);
      options.played?.(round);
      say(
        `  ${round.messages} messages, ${round.accepted} submits, ${round.duplicates} sent again, ${round.uncertain} ` +
          `uncertain, ${round.unknown} unknown, at rest after ${round.recoveryMs} ms, longest stall ${round.longestStallMs} ms`,
      );
      for (const breach of round.breaches) say(`  BREACH ${breach}`);
    }
  } catch (error) {
    if (signal.aborted) return { ...report, seconds: elapsed() };
    say(await cluster.lastWords());
    throw error;
  } finally {
    await cluster.stop();
  }
  report.seconds = elapsed();
  return report;
}

function goesOn({ faults, rounds, seconds }: RunOptions, report: RunReport, elapsed: number): boolean {
  if (rounds !== undefined && report.rounds >= rounds) return false;
  if (seconds !== undefined && elapsed >= seconds) return false;
  return faults === undefined || report.faults < faults;
}

function add(report: RunReport, round: RoundReport): void {
  for (const [kind, n] of Object.entries(round.faults)) {
    report.faultsByKind[kind] = (report.faultsByKind[kind] ?? 0) + n;
    report.faults += n;
  }
  report.messages += round.messages;
  report.accepted += round.accepted;
  report.duplicates += round.duplicates;
  report.uncertain += round.uncertain;
  report.unknown += round.unknown;
  report.longestStallMs = Math.max(report.longestStallMs, round.longestStallMs);
  report.longestRecoveryMs = Math.max(report.longestRecoveryMs, round.recoveryMs);
  for (const breach of round.breaches) {
    report.breaches.push({ seed: round.seed, round: report.rounds, breach });
  }
  report.rounds++;
}
