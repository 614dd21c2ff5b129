// `npm run fuzz`: the fuzz tests with another seed, more inputs, or one input again. They are the files
// test/fuzz-*.test.ts, which `npm test` runs at the size of CI; docs/security.md says what each proves.
//
//   npm run fuzz                                             everything, at the size of CI, from a new seed
//   npm run fuzz -- --only pdu --inputs 10000000 --seed 7    ten million streams for the PDU decoder
//   npm run fuzz -- --only http --seed 7 --first 123 --inputs 1    one input again, as a failure says
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';

const targets = ['pdu', 'sessions', 'http', 'csv'] as const;

const root = fileURLToPath(new URL('..', import.meta.url));

function whole(text: string): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw new InvalidArgumentError('a whole number of up to nine digits');
  return value;
}

const command = new Command('fuzz')
  .description('hostile inputs, from a seed')
  .addOption(new Option('--only <target>', 'one target').choices(targets))
  .option('--inputs <n>', 'how many inputs; without it as many as in CI', whole)
  .option('--seed <n>', 'the seed; without it a new one', whole)
  .option('--first <n>', 'the number of the first input', whole)
  .parse();
const { only, inputs, seed, first } = command.opts<{
  only?: string;
  inputs?: number;
  seed?: number;
  first?: number;
}>();

const taken = seed ?? randomInt(1_000_000_000);
console.log(`seed ${taken}`);
const files = targets.filter((target) => only === undefined || target === only);
const child = spawn(
  process.execPath,
  ['test/run.ts', '--test-concurrency=1', ...files.map((target) => `test/fuzz-${target}.test.ts`)],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      FUZZ_SEED: String(taken),
      FUZZ_INPUTS: inputs === undefined ? '' : String(inputs),
      FUZZ_FIRST: first === undefined ? '' : String(first),
    },
  },
);
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
