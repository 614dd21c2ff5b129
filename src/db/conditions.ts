// The WHERE of a list with optional filters, and the values of its parameters. Used by the stores that list.

export type Conditions = {
  /** Adds a condition on a value, which it gets as a parameter such as `$2`; none where the value is undefined. */
  where(condition: (parameter: string) => string, value: unknown): void;
  /** All conditions, joined by `and`; `true` where there is none. */
  readonly sql: string;
  /** The values of the parameters, from $1 on. */
  readonly values: unknown[];
};

/** No conditions yet. */
export function conditions(): Conditions {
  const all: string[] = [];
  const values: unknown[] = [];
  return {
    where(condition, value) {
      if (value === undefined) return;
      values.push(value);
      all.push(condition(`$${values.length}`));
    },
    get sql() {
      return all.length === 0 ? 'true' : all.join(' and ');
    },
    values,
  };
}
