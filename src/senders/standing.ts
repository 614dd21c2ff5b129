// Whether a campaign may use a sender, by what is registered and by the account's policy. Called by campaigns when
// they are created.

import type { Db } from '../db/index.ts';

/** What becomes of a campaign whose sender is not registered. */
type SenderPolicy = 'refuse' | 'moderate' | 'allow';

export type Standing = {
  /** For every country of the campaign. */
  registered: boolean;
  /** Hold the campaign for moderation. */
  hold: boolean;
  /** Refuse it, for this reason; undefined: do not. */
  refusal: string | undefined;
};

type Known = { country: string | null; status: string };

/** The countries that a sender is used in, asked for only where that matters; undefined for numbers of none. */
type Countries = () => ReadonlySet<string | undefined>;

/** How an account stands to a sender in some countries. */
export async function senderStanding(
  db: Db,
  accountId: number,
  sender: string,
  countries: Countries,
): Promise<Standing> {
  return (await loadStanding(db, accountId, sender))(countries);
}

/** The same for whoever learns of the countries one by one: what is registered is read once. */
export async function loadStanding(
  db: Db,
  accountId: number,
  sender: string,
): Promise<(countries: Countries) => Standing> {
  const { rows } = await db.pool.query<{ policy: SenderPolicy; known: Known[] }>({
    name: 'sender-standing',
    text: `select a.sender_policy as policy, (
        select coalesce(json_agg(json_build_object('country', country, 'status', status)), '[]')
        from sender where account_id = a.id and lower(sender) = lower($2)
      ) as known
      from account a where a.id = $1`,
    values: [accountId, sender],
  });
  const { policy, known } = rows[0] ?? { policy: 'refuse', known: [] };
  return (countries) => judge(sender, policy, known, countries);
}

/** The decision by itself. Pure. */
export function judge(
  sender: string,
  policy: SenderPolicy,
  known: readonly Known[],
  countries: Countries,
): Standing {
  // A row for no country in particular is for all of them.
  const covered = (status: string, country: string | undefined) =>
    known.some((row) => row.status === status && (row.country === null || row.country === country));
  const everywhere = (status: string) => covered(status, undefined);
  const somewhere = (status: string) => known.some((row) => row.status === status);

  const blocked =
    everywhere('blocked') ||
    (somewhere('blocked') && [...countries()].some((country) => covered('blocked', country)));
  const registered =
    !blocked &&
    (everywhere('active') ||
      (somewhere('active') && [...countries()].every((country) => covered('active', country))));
  const refusal = blocked
    ? `The sender ${sender} is blocked: choose another one of GET /api/senders?type=sms.`
    : !registered && policy === 'refuse'
      ? `The sender ${sender} is not registered for the countries of all numbers: choose one of ` +
        'GET /api/senders?type=sms, or request it by POST /api/senders/requests/legal or /natural.'
      : undefined;
  return { registered, hold: !registered && policy === 'moderate', refusal };
}
