// Which operator a number goes to: the longest prefix that has routes, then the lowest priority with a connected
// operator, then weight among those that have room. Called by the dispatcher once per message.

import { type PrefixTable, prefixTable } from '../phones/index.ts';

/** One row of the table `route`. */
export type RouteRow = { prefix: string; operatorId: number; priority: number; weight: number };

/** What the router needs to know of an operator's connection. */
export type Target = { readonly id: number; readonly simulator: boolean; readonly up: boolean };

type Choice<T> = { target: T; priority: number; weight: number };

export class Router<T extends Target> {
  readonly #choices: PrefixTable<Choice<T>[]>;
  readonly #simulators: Choice<T>[];
  readonly #byId: ReadonlyMap<number, Choice<T>[]>;
  readonly #random: () => number;

  /**
   * @param routes every route; those of operators that are not among the targets are left out
   * @param random 0 ≤ x < 1, for weights
   */
  constructor(routes: readonly RouteRow[], targets: readonly T[], random: () => number = Math.random) {
    this.#random = random;
    const byId = new Map(targets.map((t) => [t.id, t]));
    this.#byId = new Map(targets.map((target) => [target.id, [{ target, priority: 0, weight: 1 }]]));
    const byPrefix = new Map<string, Choice<T>[]>();
    for (const { prefix, operatorId, priority, weight } of routes) {
      const target = byId.get(operatorId);
      if (target === undefined) continue;
      const choices = byPrefix.get(prefix) ?? [];
      choices.push({ target, priority, weight });
      choices.sort((a, b) => a.priority - b.priority);
      byPrefix.set(prefix, choices);
    }
    this.#choices = prefixTable(byPrefix);
    this.#simulators = targets
      .filter((t) => t.simulator)
      .map((target) => ({ target, priority: 0, weight: 1 }));
  }

  /**
   * The operator for a number. The lowest priority with a connected operator decides; those of it that have room share
   * by weight. So an operator that is full leaves its share to the others of its priority, and never to the next one:
   * that takes over when the whole priority is down.
   *
   * @param test whether only simulators may be used (campaigns of test_ keys)
   * @param room whether a connected operator can take the message now
   * @param only the operator that a message is meant for, whatever the routes say; null: the routes decide
   * @returns the target; 'wait' where there are routes, but the operators of them are down or without room; 'none'
   *   where no route matches
   */
  choose(
    phone: number,
    test: boolean,
    room: (target: T) => boolean,
    only: number | null = null,
  ): T | 'wait' | 'none' {
    const choices = this.#choicesOf(phone, test, only);
    if (choices === undefined || choices.length === 0) return 'none';
    if (choices.length === 1) {
      const only = choices[0]!.target;
      return only.up && room(only) ? only : 'wait';
    }
    return this.#pick(choices, room) ?? 'wait';
  }

  #choicesOf(phone: number, test: boolean, only: number | null): Choice<T>[] | undefined {
    if (only === null) return test ? this.#simulators : this.#choices.find(phone);
    const choices = this.#byId.get(only);
    // Whatever it is meant for, a message of a test_ key reaches simulators only.
    return test && choices?.some(({ target }) => !target.simulator) ? undefined : choices;
  }

  // The choices come in the order of their priority.
  #pick(choices: readonly Choice<T>[], room: (target: T) => boolean): T | undefined {
    let start = 0;
    while (start < choices.length) {
      const { priority } = choices[start]!;
      let end = start;
      let up = false;
      let weight = 0;
      for (; end < choices.length && choices[end]!.priority === priority; end++) {
        const { target, weight: own } = choices[end]!;
        if (!target.up) continue;
        up = true;
        if (room(target)) weight += own;
      }
      if (up) return weight > 0 ? this.#draw(choices, start, end, weight, room) : undefined;
      start = end;
    }
    return undefined;
  }

  // Of the choices from start to end, by weight; `weight` is the sum of those that are up and have room.
  #draw(
    choices: readonly Choice<T>[],
    start: number,
    end: number,
    weight: number,
    room: (target: T) => boolean,
  ): T | undefined {
    let mark = this.#random() * weight;
    let last: T | undefined;
    for (let i = start; i < end && mark >= 0; i++) {
      const { target, weight: own } = choices[i]!;
      if (!target.up || !room(target)) continue;
      last = target;
      mark -= own;
    }
    return last;
  }
}
