// An installation that looks lived in: users, and campaigns in every state. Used by the screenshots of the console.
import { createAccount, topUp } from '../../src/accounts/index.ts';
import { parseAmount } from '../../src/money/index.ts';
import type { TestCarillon } from './carillon.ts';
import { consoleUser } from './console.ts';
import { waitFor } from './wait-for.ts';

/** E-mails of who may sign in, with the password of console.ts. */
export type Users = { customer: string; administrator: string };

/** Texts of campaigns as customers write them, each with its sender. */
const campaigns = [
  ['Carillon', 'Good morning! Your parcel arrives today between 9 and 12.', 1000],
  ['Bellfoundry', 'Our autumn concert begins at 20:00. Doors open at 19:15. We look forward to you.', 4000],
  ['Bellfoundry', 'Grüße aus Köln – heute läuten alle Glocken um 12 Uhr', 700],
  ['Carillon', 'Last call: 20 % off every music box until Sunday. Reply STOP to leave the list.', 2500],
] as const;

/** Makes them, and waits until what is to be done is done. */
export async function furnish(carillon: TestCarillon): Promise<Users> {
  const { db, account } = carillon;
  await db.pool.query(`update account set name = 'Bellfoundry Ltd' where id = $1`, [account.id]);
  const customer = await consoleUser({ db }, account, 'customer', 'ann@bellfoundry.example');
  const office = await createAccount(db, { name: 'Carillon office', role: 'admin' });
  const administrator = await consoleUser({ db }, office, 'administrator', 'kim@carillon.example');
  const other = await createAccount(db, { name: 'Harbour Clinic' });
  await topUp(db, other.id, parseAmount('250'));

  const ids: number[] = [];
  for (const [sender, text, count] of campaigns) ids.push(await send(carillon, sender, text, count));
  await waitFor(async () => {
    const { rows } = await db.pool.query('select from campaign where id = any($1) and finished_at is null', [
      ids,
    ]);
    return rows.length === 0;
  });
  const planned = await send(
    carillon,
    'Bellfoundry',
    'Tomorrow at noon: the new bell rings for the first time.',
    300,
    {
      start_at: new Date(Date.now() + 26 * 3_600_000).toISOString(),
    },
  );
  await carillon.call('PATCH', `/api/campaigns/${planned}/pause`);
  await send(carillon, 'Carillon', 'Your appointment is on Thursday at 10:30.', 120, {
    start_at: new Date(Date.now() + 50 * 3_600_000).toISOString(),
  });
  return { customer: customer.email, administrator: administrator.email };
}

/** Sends a campaign to numbers of several countries whose ends the simulator chooses. Resolves with its id. */
async function send(
  carillon: TestCarillon,
  sender: string,
  text: string,
  count: number,
  more: object = {},
): Promise<number> {
  const prefixes = [34600, 34600, 34600, 49151, 33612];
  const phones = Array.from({ length: count }, (_, i) => {
    // Most numbers deliver (their last three digits are above 100), one in twenty does something else.
    const ending = i % 20 === 0 ? 1 + ((i / 20) % 6) : 100 + (i % 800);
    const middle = String(100 + Math.floor(i / 7)).padStart(4, '0');
    return { number: Number(`${prefixes[i % prefixes.length]}${middle}${String(ending).padStart(3, '0')}`) };
  });
  const {
    status,
    body,
    text: said,
  } = await carillon.call('POST', '/api/campaigns/sms/send', {
    ...{ phones, sender, text },
    ...more,
  });
  if (status !== 200) throw new Error(`not sent: ${status} ${said}`);
  return body.data.id;
}
