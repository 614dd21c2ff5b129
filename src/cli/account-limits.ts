// `carillon account limits` and `carillon account quiet-hours`: what an account may send, how fast, and when not.
import { Command } from 'commander';
import { changeAccount } from '../accounts/index.ts';
import {
  clearQuietHours,
  formatSpan,
  listQuietHours,
  parseSpan,
  type QuietSpan,
  setQuietHours,
} from '../quiet/index.ts';
import { type Env, withDatabase } from './environment.ts';
import { findAccount } from './find-account.ts';
import { readBy, whole } from './options.ts';
import { say, sayJson, sayTable } from './output.ts';

type Limit = number | 'none';
type LimitOptions = { perSecond?: Limit; perDay?: Limit; retention?: Limit; json?: boolean };
type QuietOptions = { country?: string; json?: boolean };

const largest = 2_147_483_647;
const mostDays = 36_500;

// Not null: that is what Commander makes of a missing value.
const limit =
  (most: number) =>
  (text: string): Limit =>
    text === 'none' ? text : whole(1, most)(text);

const limitOf = (given: Limit | undefined) => (given === 'none' ? null : given);

function hoursOrNone(text: string): QuietSpan | null {
  return text === 'none' ? null : parseSpan(text);
}

/** Shows an account's limits, and changes those that are given. */
export function limitsCommand(env: Env): Command {
  return new Command('limits')
    .description(
      'how many messages an account may send a second and a day, and how long they keep their numbers',
    )
    .argument('<account>', 'its name or its id')
    .option('--per-second <n>', 'messages a second over all its campaigns, or none', limit(largest))
    .option('--per-day <n>', 'messages a day (UTC), counted when they are accepted, or none', limit(largest))
    .option('--retention <days>', 'after a campaign, until numbers are erased, or none', limit(mostDays))
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  carillon account limits acme --per-second 100 --per-day none')
    .action(async (name: string, { perSecond, perDay, retention, json }: LimitOptions) => {
      await withDatabase(env, async (db) => {
        let account = await findAccount(db, name);
        if ([perSecond, perDay, retention].some((each) => each !== undefined)) {
          const change = {
            messagesPerSecond: limitOf(perSecond),
            messagesPerDay: limitOf(perDay),
            retentionDays: limitOf(retention),
          };
          account = await changeAccount(db, account.id, change, null);
        }
        const { messagesPerSecond, messagesPerDay, retentionDays } = account;
        if (json) {
          return sayJson({
            per_second: messagesPerSecond,
            per_day: messagesPerDay,
            retention_days: retentionDays,
          });
        }
        say(`messages a second:  ${messagesPerSecond ?? 'no limit'}`);
        say(`messages a day:     ${messagesPerDay ?? 'no limit'}`);
        say(`numbers are kept:   ${retentionDays === null ? 'for ever' : `${retentionDays} days`}`);
      });
    });
}

/** Shows an account's quiet hours, sets those of a country or of all others, or removes them. */
export function quietHoursCommand(env: Env): Command {
  return new Command('quiet-hours')
    .description(
      'hours in which messages of campaigns with respect_curfew wait, by local time of the destination',
    )
    .argument('<account>', 'its name or its id')
    .argument('[hours]', 'such as 22:00-08:00, or none; without it, shows them', readBy(hoursOrNone))
    .option(
      '--country <code>',
      'of this country (ISO 3166-1, as FR); without it, of all that have none of their own',
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  carillon account quiet-hours acme 22:00-08:00
  carillon account quiet-hours acme 21:00-09:00 --country FR
  carillon account quiet-hours acme none --country FR`,
    )
    .action(async (name: string, hours: QuietSpan | null | undefined, { country, json }: QuietOptions) => {
      const place = country?.toUpperCase() ?? null;
      await withDatabase(env, async (db) => {
        const { id } = await findAccount(db, name);
        if (hours === null) await clearQuietHours(db, id, place, null);
        else if (hours !== undefined) await setQuietHours(db, id, place, hours, null);
        const shown = (await listQuietHours(db, id)).map((each) => ({
          country: each.country ?? (json ? null : 'all others'),
          hours: formatSpan(each.span),
        }));
        if (json) return sayJson(shown);
        sayTable(shown, 'no quiet hours: carillon account quiet-hours ACCOUNT 22:00-08:00');
      });
    });
}
