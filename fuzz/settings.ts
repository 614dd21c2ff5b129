// How much is tried and from which seed. The tests of fuzz/ read it; `npm run fuzz` (fuzz.ts) sets it by environment
// variables, and without it a test runs at the size of CI.

export type Settings = {
  seed: number;
  /** The number of the first input: with `inputs` 1, one input is replayed. */
  first: number;
  inputs: number;
};

/** CI always tries the same inputs, so that what fails there fails at home; `npm run fuzz` takes a new seed each time. */
const ciSeed = 20_260_201;

/** What to try; `inputs` is how many CI tries. */
export function fuzzSettings(inputs: number): Settings {
  return {
    seed: number('FUZZ_SEED') ?? ciSeed,
    first: number('FUZZ_FIRST') ?? 0,
    inputs: number('FUZZ_INPUTS') ?? inputs,
  };
}

function number(name: string): number | undefined {
  const text = process.env[name];
  return text === undefined || text === '' ? undefined : Number(text);
}

/** How a found input is found again. */
export function replay(target: string, seed: number, index: number): string {
  return `npm run fuzz -- --only ${target} --seed ${seed} --first ${index} --inputs 1`;
}
