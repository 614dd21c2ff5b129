// The time zones of a country, from the IANA database inside Node (its ICU data), which every release of Node brings
// up to date. Used by the quiet hours.

/** Countries with numbers of their own for which ICU names no zone. */
const others: Readonly<Record<string, readonly string[]>> = {
  AC: ['Atlantic/St_Helena'],
  TA: ['Atlantic/St_Helena'],
  XK: ['Europe/Belgrade'],
};

const known = new Map<string, readonly string[]>();

/** The IANA zones of a country by its ISO 3166-1 alpha-2 code; none where there is no such country. */
export function timeZonesOf(country: string): readonly string[] {
  const before = known.get(country);
  if (before !== undefined) return before;
  const zones = /^[A-Z]{2}$/.test(country)
    ? (others[country] ?? new Intl.Locale('und', { region: country }).getTimeZones() ?? [])
    : [];
  known.set(country, zones);
  return zones;
}
