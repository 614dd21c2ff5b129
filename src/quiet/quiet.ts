// When it is quiet in a country, and until when. Pure: asked by the engine before it sends a batch that respects
// quiet hours, and by whoever sets them.
//
// A country with several zones is quiet while it is quiet in any of them: where in it a mobile number is, nobody knows.

/** Local times of a day in minutes since midnight: quiet from `from` until just before `to`, past midnight if need be. */
export type QuietSpan = { readonly from: number; readonly to: number };

const minuteMs = 60_000;
const dayMinutes = 1440;

/**
 * How far ahead the end of a quiet time is looked for. Where it never ends, as in a country whose zones together leave
 * no hour (openMinutes says so before), messages are held for that long and then looked at again.
 */
export const horizonHours = 48;

/**
 * Until when it is quiet in any of these zones, or undefined where it is not quiet at `at`. Days on which the clock is
 * changed are exact: a span that would end in the hour that is left out ends where the clock goes on.
 */
export function quietUntil(span: QuietSpan, zones: readonly string[], at: Date): Date | undefined {
  const start = at.getTime();
  const horizon = start + horizonHours * 60 * minuteMs;
  let end = start;
  for (let moved = true; moved && end < horizon; ) {
    moved = false;
    for (const zone of zones) {
      const later = endIn(span, zone, end);
      if (later > end) {
        end = later;
        moved = true;
      }
    }
  }
  return end === start ? undefined : new Date(Math.min(end, horizon));
}

/**
 * How many minutes of a day it is quiet in none of these zones: the fewer of a winter's and a summer's day of `year`.
 */
export function openMinutes(span: QuietSpan, zones: readonly string[], year: number): number {
  const days = [Date.UTC(year, 0, 15), Date.UTC(year, 6, 15)];
  return Math.min(
    ...days.map((day) => {
      const offsets = zones.map((zone) => offsetOf(zone, day));
      let open = 0;
      for (let minute = 0; minute < dayMinutes; minute += 1) {
        const now = day + minute * minuteMs;
        if (!offsets.some((offset) => remaining(span, now + offset) > 0)) open += 1;
      }
      return open;
    }),
  );
}

/** The end of the quiet time that holds the moment `at` in one zone; `at` itself where it is not quiet. */
function endIn(span: QuietSpan, zone: string, at: number): number {
  const offset = offsetOf(zone, at);
  const left = remaining(span, at + offset);
  if (left === 0) return at;
  const end = at + left;
  if (offsetOf(zone, end) === offset) return end;
  // The clock is changed on the way: up to there it is quiet, and from there on another clock counts.
  const change = clockChange(zone, at, end);
  return change === end ? end : endIn(span, zone, change);
}

/** How many milliseconds of a quiet time are left at a local time; 0 where it is not quiet. */
function remaining({ from, to }: QuietSpan, local: number): number {
  const dayMs = dayMinutes * minuteMs;
  const time = ((local % dayMs) + dayMs) % dayMs;
  const [begins, ends] = [from * minuteMs, to * minuteMs];
  const quiet = begins < ends ? time >= begins && time < ends : time >= begins || time < ends;
  return quiet ? (ends - time + dayMs) % dayMs : 0;
}

/** The first moment after `before` and up to `after` that has the clock of `after`. */
function clockChange(zone: string, before: number, after: number): number {
  const offset = offsetOf(zone, before);
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetOf(zone, middle) === offset) low = middle;
    else high = middle;
  }
  return high;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the clock of a zone is ahead of UTC at a moment, in milliseconds. */
function offsetOf(zone: string, at: number): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    formats.set(zone, format);
  }
  const name = format.formatToParts(at).find((part) => part.type === 'timeZoneName')!.value;
  // "GMT", "GMT+05:45", and for old dates "GMT-04:56:02".
  const [, sign, hours, minutes, seconds = '0'] =
    /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(name) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
