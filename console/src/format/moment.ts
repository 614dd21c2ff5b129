// Dates of the server (`YYYY-MM-DD hh:mm:ss`, UTC) and what people write (their own zone). Pure; used by useFormat and
// by forms.

/** A date of an answer. */
export function parseMoment(moment: string): Date {
  return new Date(`${moment.replace(' ', 'T')}Z`);
}

/** A date for a request. */
export function toMoment(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}

/**
 * The instant at which a clock of `zone` shows `local` (`YYYY-MM-DD hh:mm:ss`, as the date pickers give it). A time
 * that the change to summer time skips is moved on by the hour.
 */
export function fromLocal(local: string, zone: string): Date {
  const wanted = parseMoment(local).getTime();
  let instant = wanted;
  // Twice: the first guess may lie on the other side of a change of the clocks.
  for (let round = 0; round < 2; round++) instant = wanted - offsetAt(new Date(instant), zone);
  return new Date(instant);
}

/** What a clock of `zone` shows at an instant, as the date pickers take it. */
export function toLocal(date: Date, zone: string): string {
  return toMoment(new Date(date.getTime() + offsetAt(date, zone)));
}

/** How far a zone is ahead of UTC at an instant, in ms. */
function offsetAt(date: Date, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(date);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return shown - Math.floor(date.getTime() / 1000) * 1000;
}
