// Delays of the simulator: how they are written on the command line, and how they are drawn from a seed.

/** Milliseconds: always the same, uniform between two, or exponential around a mean. */
export type Distribution = number | { min: number; max: number } | { mean: number };

/** The longest delay that can be asked for or drawn: a day. */
export const longestMs = 86_400_000;

/** Reads '5', '5-20' or 'exp:50'. Throws RangeError with what would be right. */
export function parseDistribution(text: string): Distribution {
  const match = /^(?:(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)|exp:(\d+(?:\.\d+)?))$/.exec(text.trim());
  if (match === null)
    throw new RangeError(`"${text}" is not a delay: write 5, 5-20 or exp:50 (milliseconds)`);
  const [, fixed, min, max, mean] = match;
  if (fixed !== undefined) return checked(Number(fixed));
  if (mean !== undefined) return checked({ mean: Number(mean) });
  return checked({ min: Number(min), max: Number(max) });
}

/** A function that draws from a distribution; `random` gives numbers from 0 to 1. Throws RangeError on nonsense. */
export function sampler(distribution: Distribution, random: () => number): () => number {
  checked(distribution);
  if (typeof distribution === 'number') return () => distribution;
  if ('mean' in distribution) {
    const { mean } = distribution;
    return () => Math.min(longestMs, -mean * Math.log(1 - random()));
  }
  const { min, max } = distribution;
  return () => min + (max - min) * random();
}

/** A small generator of numbers from 0 to 1 that repeats itself for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function checked(distribution: Distribution): Distribution {
  const values = typeof distribution === 'number' ? [distribution] : Object.values(distribution);
  const ordered =
    typeof distribution === 'number' || 'mean' in distribution || distribution.min <= distribution.max;
  if (!ordered || values.some((ms) => !(ms >= 0 && ms <= longestMs))) {
    throw new RangeError(`a delay is from 0 to ${longestMs} ms, its lower bound first`);
  }
  return distribution;
}
