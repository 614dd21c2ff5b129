// An answer that is kept for a while, so that whoever asks often, or many at once, costs one question.

/**
 * Asks `ask` at most once at a time and not again within `keepMs` of its answer, nor within `share` times of what the
 * question took: a slow one is asked less often. A failure is kept as well.
 */
export function remembered<T>(ask: () => Promise<T>, keepMs: number, share = 0): () => Promise<T> {
  let last: Promise<T> | undefined;
  let until = 0;
  return () => {
    if (last !== undefined && performance.now() < until) return last;
    const began = performance.now();
    const now = ask();
    last = now;
    until = Number.POSITIVE_INFINITY;
    const over = () => {
      const ended = performance.now();
      until = ended + Math.max(keepMs, share * (ended - began));
    };
    now.then(over, over);
    return now;
  };
}

/** Fails with `reason` when the answer takes longer than `ms`; the question goes on, and nobody waits for it. */
export async function inTime<T>(ms: number, reason: string, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(reason)), ms);
  });
  answer.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
