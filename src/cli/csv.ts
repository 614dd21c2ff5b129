// CSV as commands write it (RFC 4180), and as src/tariffs reads it again.

type Cell = string | number | boolean | Date | null;

/** A line without its end: null is empty, a date is in UTC, what needs quotes has them. */
export function csvLine(cells: readonly Cell[]): string {
  return cells.map((cell) => quoted(text(cell))).join(',');
}

function text(cell: Cell): string {
  if (cell === null) return '';
  if (cell instanceof Date) return cell.toISOString().slice(0, 19).replace('T', ' ');
  return String(cell);
}

function quoted(value: string): string {
  return /[",;\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
