// `carillon demo`: the command. What it does is in demo-run.ts, which loads the whole of Carillon and so only when asked.
import { Command } from 'commander';
import type { Env } from './environment.ts';
import { whole } from './options.ts';

/** The most numbers that one request takes. */
const largestCampaign = 10_000;

const about = `
Everything is kept in DATA_DIR/demo (./data/demo). One number in twenty has an unusual end, chosen by its last three
digits: undelivered, expired, refused, never reported, reported twice, … ("carillon simulator --help" lists them).

Examples:
  carillon demo                     send 1,000 messages, show the report, and end
  carillon demo --count 10000
  carillon demo --keep              and go on serving until Ctrl-C`;

/** The command; ends by itself unless --keep. */
export function demoCommand(env: Env): Command {
  return new Command('demo')
    .description('watch a campaign of 1,000 messages go out to the simulator, and its report add up')
    .option('--count <n>', 'how many messages', whole(1, largestCampaign), 1000)
    .option('--keep', 'go on serving afterwards, until Ctrl-C')
    .option('--json', 'print the report as JSON only')
    .addHelpText('after', about)
    .action(async (options: { count: number; keep?: boolean; json?: boolean }) => {
      const { runDemo } = await import('./demo-run.ts');
      await runDemo(env, options);
    });
}
