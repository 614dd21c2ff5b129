// Chance from a seed, so that a run can be repeated: everything the laboratory draws comes from here.

export type Random = {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number, both ends included. */
  whole(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
};

/** A generator that gives the same numbers for the same seed (a Weyl sequence through a 32-bit mixer). */
export function randomOf(seed: number): Random {
  let state = Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1);
  function next(): number {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  }
  const whole = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    whole,
    chance: (probability) => next() < probability,
    pick: (list) => list[whole(0, list.length - 1)]!,
  };
}

/** The seed of a round: a round can be repeated alone. */
export function seedOfRound(seed: number, round: number): number {
  return round === 0 ? seed : randomOf(Math.imul(seed, 31) + round).whole(1, 2 ** 31 - 1);
}
