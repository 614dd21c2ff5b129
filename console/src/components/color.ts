/** A colour of the theme such as `teal.6` as CSS takes it. */
export function colorVariable(color: string): string {
  return `var(--mantine-color-${color.replace('.', '-')})`;
}
