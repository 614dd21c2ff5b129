// Whether a process is alive (/healthz) and whether it can do its work (/readyz), judged from what its engine and its
// database say. Alive is a matter of the process alone: restarting it must be the cure. A database that is away makes it
// unready, not dead. An operator that is down is neither: its messages wait for it, and the others go on.

import type { EngineMetrics } from '../engine/index.ts';

/** What is wrong, in words that may be shown to anybody; nothing: all is well. */
export type Verdict = { ok: boolean; problems: string[] };

/** A round of a loop, or a try of a commit, takes milliseconds; one that takes this long will not end by itself. */
const stuckSeconds = 120;

export function verdict(problems: string[]): Verdict {
  return { ok: problems.length === 0, problems };
}

/** What of an engine does not move any more. */
export function stuckParts({ loops, journals }: Pick<EngineMetrics, 'loops' | 'journals'>): string[] {
  const problems: string[] = [];
  for (const [name, seconds] of Object.entries(loops)) {
    if (seconds > stuckSeconds) problems.push(`The loop ${name} of the engine is stuck.`);
  }
  for (const { name, tryingSeconds } of journals) {
    if (tryingSeconds > stuckSeconds) problems.push(`The journal of ${name} is stuck.`);
  }
  return problems;
}

/** Why an engine cannot send. */
export function unreadyParts(
  engine: Pick<EngineMetrics, 'stopping' | 'leases' | 'listening' | 'journals'>,
): string[] {
  const problems: string[] = [];
  if (engine.stopping) problems.push('The engine is stopping.');
  if (!engine.leases.hold) problems.push('Leases are not renewed in time: nothing is sent.');
  if (!engine.listening) problems.push('The engine has lost its connection to the database.');
  for (const { name, failing } of engine.journals) {
    if (failing) problems.push(`The journal of ${name} cannot be written.`);
  }
  return problems;
}
