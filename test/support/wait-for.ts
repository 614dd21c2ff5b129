// Waiting for something that another process or connection brings about, without guessing how long it takes.

/** How often a condition is looked at: short beside what it waits for, long beside a query. */
const pollMs = 20;

/**
 * Calls `condition` until it gives something other than undefined, null or false, and returns that. Errors of the
 * condition end the wait. Fails with `what` after the time-out, which is for broken code, not for slow machines.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 120_000, what = 'the condition' }: { timeoutMs?: number; what?: string } = {},
): Promise<Exclude<T, undefined | null | false>> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== null && value !== false) {
      return value as Exclude<T, undefined | null | false>;
    }
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await new Promise((done) => setTimeout(done, pollMs));
  }
}
