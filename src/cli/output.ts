// How commands show what they found: aligned columns for people, JSON for programs.

/** Writes a line to standard output. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Writes a value as JSON: amounts, which are bigint, must have become strings before. */
export function sayJson(value: unknown): void {
  say(JSON.stringify(value, null, 2));
}

type Cell = string | number | boolean | Date | null | undefined;

/** Writes rows as aligned columns under their names; `none` is said when there is no row. */
export function sayTable(rows: readonly Record<string, Cell>[], none: string): void {
  const [first] = rows;
  if (first === undefined) {
    say(none);
    return;
  }
  const names = Object.keys(first);
  const lines = [
    names.map((name) => name.toUpperCase()),
    ...rows.map((row) => names.map((name) => text(row[name]))),
  ];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  for (const line of lines) {
    say(
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
  }
}

function text(value: Cell): string {
  if (value === null || value === undefined) return '-';
  if (value instanceof Date) return value.toISOString().slice(0, 19).replace('T', ' ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}
