// `carillon doctor`: examines the whole database, for people, monitoring and the end of crash tests.
import { Command } from 'commander';
import { examine, recordExamination } from '../doctor/index.ts';
import { type Env, withDatabase } from './environment.ts';
import { say, sayJson } from './output.ts';

const foundSomething = 1;

/** The command; exits 1 when an invariant is broken. */
export function doctorCommand(env: Env, end: (exitCode: number) => void): Command {
  return new Command('doctor')
    .description('check every invariant of the database: counters, money, batches')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nReads every message once, in one snapshot; a running server may go on. Exits 1 on a breach.',
    )
    .action(async (options: { json?: boolean }) => {
      const { ok, checked, breaches } = await withDatabase(env, async (db) => {
        const began = performance.now();
        const examination = await examine(db);
        await recordExamination(db, examination, (performance.now() - began) / 1000);
        return examination;
      });
      if (!ok) end(foundSomething);
      if (options.json) return sayJson({ ok, checked, breaches });
      for (const { name, holds } of checked) {
        const breach = breaches.find((each) => each.name === name);
        const mark = breach === undefined ? 'ok     ' : breach.severity === 'error' ? 'BROKEN ' : 'warning';
        say(`${mark}  ${holds}`);
        for (const example of breach?.examples ?? []) say(`           ${example}`);
        const more = (breach?.breaches ?? 0) - (breach?.examples.length ?? 0);
        if (more > 0) say(`           and ${more} more`);
      }
    });
}
