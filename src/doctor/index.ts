// Examines a whole database against its invariants. The door of this folder, for `carillon doctor` and for tests.
import { type Db, transaction } from '../db/index.ts';
import type { Invariant } from './invariant.ts';
import { invariants, prepare } from './invariants.ts';

export { recordExamination } from './record.ts';

/** An invariant that does not hold, with examples in words. */
export type Breach = { name: string; severity: Invariant['severity']; breaches: number; examples: string[] };

export type Examination = {
  /** True when no error was found; warnings do not count. */
  ok: boolean;
  checked: { name: string; holds: string }[];
  breaches: Breach[];
};

/** Examples that are kept for each invariant; a broken counter usually means thousands of the same. */
const exampleLimit = 20;

/**
 * Checks every invariant in one snapshot, so that a running engine cannot be seen between two of its commits.
 * Reads every message once: seconds for each ten million.
 */
export async function examine(db: Db): Promise<Examination> {
  return transaction(db, async (client) => {
    await client.query('set transaction isolation level repeatable read');
    await client.query(prepare);
    const breaches: Breach[] = [];
    for (const { name, severity, sql } of invariants) {
      const { rows } = await client.query<{ detail: string }>(sql);
      if (rows.length === 0) continue;
      const examples = rows.slice(0, exampleLimit).map((row) => row.detail);
      breaches.push({ name, severity, breaches: rows.length, examples });
    }
    return {
      ok: breaches.every((breach) => breach.severity === 'warning'),
      checked: invariants.map(({ name, holds }) => ({ name, holds })),
      breaches,
    };
  });
}
