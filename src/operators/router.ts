// Which operator a number goes to: the longest prefix that has routes, then the lowest priority with a connected
// operator, then weight. Called by the dispatcher once per message.

/** One row of the table `route`. */
export type RouteRow = { prefix: string; operatorId: number; priority: number; weight: number };

/** What the router needs to know of an operator's connection. */
export type Target = { readonly id: number; readonly simulator: boolean; readonly up: boolean };

type Choice<T> = { target: T; priority: number; weight: number };

/** The longest prefix of a number, in digits. */
const longestPrefix = 15;

export class Router<T extends Target> {
  /** By prefix length, then by the prefix as a number. */
  readonly #byLength: (Map<string, Choice<T>[]> | undefined)[] = [];
  readonly #simulators: Choice<T>[];
  readonly #random: () => number;

  /**
   * @param routes every route; those of operators that are not among the targets are left out
   * @param random 0 ≤ x < 1, for weights
   */
  constructor(routes: readonly RouteRow[], targets: readonly T[], random: () => number = Math.random) {
    this.#random = random;
    const byId = new Map(targets.map((t) => [t.id, t]));
    for (const { prefix, operatorId, priority, weight } of routes) {
      const target = byId.get(operatorId);
      if (target === undefined) continue;
      const length = Math.min(prefix.length, longestPrefix);
      this.#byLength[length] ??= new Map();
      const map = this.#byLength[length];
      const choices = map.get(prefix) ?? [];
      choices.push({ target, priority, weight });
      choices.sort((a, b) => a.priority - b.priority);
      map.set(prefix, choices);
    }
    this.#simulators = targets
      .filter((t) => t.simulator)
      .map((target) => ({ target, priority: 0, weight: 1 }));
  }

  /**
   * The operator for a number.
   *
   * @param test whether only simulators may be used (campaigns of test_ keys)
   * @returns the target; 'wait' where there are routes but no operator of them is connected; 'none' where no route
   *   matches
   */
  choose(phone: number, test: boolean): T | 'wait' | 'none' {
    if (test) return this.#pick(this.#simulators);
    const digits = String(phone);
    for (let length = Math.min(this.#byLength.length - 1, digits.length); length >= 0; length--) {
      const choices = this.#byLength[length]?.get(digits.slice(0, length));
      if (choices !== undefined) return this.#pick(choices);
    }
    return 'none';
  }

  // The choices come in the order of their priority: the first tier with a connected operator decides.
  #pick(choices: readonly Choice<T>[]): T | 'wait' | 'none' {
    if (choices.length === 1) {
      const only = choices[0]!.target;
      return only.up ? only : 'wait';
    }
    if (choices.length === 0) return 'none';
    let start = 0;
    while (start < choices.length) {
      const priority = choices[start]!.priority;
      let end = start;
      let weight = 0;
      while (end < choices.length && choices[end]!.priority === priority) {
        if (choices[end]!.target.up) weight += choices[end]!.weight;
        end++;
      }
      if (weight > 0) {
        let mark = this.#random() * weight;
        for (let i = start; i < end; i++) {
          const { target, weight: own } = choices[i]!;
          if (!target.up) continue;
          mark -= own;
          if (mark < 0) return target;
        }
      }
      start = end;
    }
    return 'wait';
  }
}
