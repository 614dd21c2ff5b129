// Cleaning up in the reverse order of building, as what came later uses what came before; t.after alone runs in the
// order of building. Called by everything in this folder, and by tests that start something of their own.
import type { TestContext } from 'node:test';

const stacks = new WeakMap<TestContext, (() => unknown)[]>();

/** Runs `fn` when the test ends, before what was registered earlier. All run, even when one fails. */
export function atEnd(t: TestContext, fn: () => unknown): void {
  const known = stacks.get(t);
  if (known) {
    known.push(fn);
    return;
  }
  const stack = [fn];
  stacks.set(t, stack);
  t.after(async () => {
    const errors: unknown[] = [];
    for (let next = stack.pop(); next; next = stack.pop()) {
      try {
        await next();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  });
}
