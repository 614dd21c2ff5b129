// PostgreSQL array literals for the hot statements; pg's own conversion walks every element through its type
// checks, which costs more than the statement's other work in Node.

/** `{1,2,3}` for numeric arrays. */
export function arrayLiteral(values: readonly number[]): string {
  return `{${values.join(',')}}`;
}

/** `{"a","b"}` for text arrays, with quotes and backslashes escaped. */
export function textArrayLiteral(values: readonly string[]): string {
  if (values.length === 0) return '{}';
  // Operators' ids are nearly always plain: escape element by element only when one of them is not.
  const plain = !values.some(hasSpecial);
  return `{"${(plain ? values : values.map(escaped)).join('","')}"}`;
}

function hasSpecial(value: string): boolean {
  return value.includes('"') || value.includes('\\');
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}
