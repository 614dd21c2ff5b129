// Tries the regular expressions of the rules on a text. People write them, and a bad one can take longer than the age
// of the universe for a text of 30 letters, so all of a campaign's patterns together have a time limit that V8
// enforces. Called by reasons.ts.

import { createContext, Script } from 'node:vm';

/** Long enough for any list of alternatives that a person can still read. */
export const maxPatternLength = 300;

/**
 * For all patterns of a campaign together, during which this process does nothing else. A sane pattern takes some
 * microseconds for a text of 765 characters; but the clock also runs while a busy machine does other things.
 */
export const patternBudgetMs = 50;

/** So often the time may run out before the pattern at work is too slow: once may have been the machine. */
const attempts = 2;

// Code in a context is interrupted when its time is over, also inside of a regular expression; it only calls back.
const context = createContext({ work: () => {} });
const callWork = new Script('work()');

/** Runs `work` for so long at most. */
function within(ms: number, work: () => void): void {
  context.work = work;
  try {
    callWork.runInContext(context, { timeout: ms });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
  } finally {
    context.work = undefined;
  }
}

/** A pattern by its place among those tried; `tooSlow` where it took all the time there was, or did not run. */
export type PatternHit = { index: number; tooSlow: boolean };

/**
 * Which patterns match somewhere in the text, in any case of letters. One that takes too long ends the search: those
 * after it are not tried.
 */
export function findPatterns(patterns: readonly string[], text: string): PatternHit[] {
  const matching = new Set<number>();
  let index = 0;
  const work = () => {
    for (; index < patterns.length; index += 1) {
      if (test(patterns[index]!, text)) matching.add(index);
    }
  };
  for (let attempt = 1; attempt <= attempts && index < patterns.length; attempt += 1) {
    within(patternBudgetMs, work);
  }
  const hits = [...matching].map((each) => ({ index: each, tooSlow: false }));
  return index < patterns.length ? [...hits, { index, tooSlow: true }] : hits;
}

/** A pattern that V8 finds too large only when it runs holds the campaign, as one that matches. */
function test(pattern: string, text: string): boolean {
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, 'iu');
    return expression.test(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return true;
    throw error;
  }
}

/** Texts on which patterns of bad habits show them. */
const probes = ['', `${'a'.repeat(30)}!`, `${'1'.repeat(30)}!`, `${'ab '.repeat(20)}.`];

/** What is wrong with a pattern, in words; undefined where nothing is. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > maxPatternLength) return `must have at most ${maxPatternLength} characters`;
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, 'iu');
  } catch (error) {
    return `must be a regular expression of JavaScript: ${(error as Error).message}`;
  }
  const tried = probes.map((probe) => findPatterns([pattern], probe)[0]);
  if (tried.some((hit) => hit?.tooSlow))
    return 'must not take so long: it has repetitions inside of repetitions';
  return expression.test('') ? 'must not match an empty text, as it would match every text' : undefined;
}
