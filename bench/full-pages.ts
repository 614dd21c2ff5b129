// Fills the lists of the console to more than a page each, as in an installation that is used. Called by console.ts.
import { createAccount, topUp } from '../src/accounts/index.ts';
import { addDomain, addRule } from '../src/moderation/index.ts';
import { parseAmount } from '../src/money/index.ts';
import { ask } from '../test/support/furnished-pages.ts';
import type { TestCarillon } from '../test/support/index.ts';

/** More than the fifty rows of a page. */
const count = 60;

/** Makes them; resolves when they are there, and the campaigns among them are sent. */
export async function fillPages(carillon: TestCarillon): Promise<void> {
  const { db, account } = carillon;
  for (let i = 0; i < count; i += 1) {
    await topUp(db, account.id, parseAmount('10'), `Transfer ${i}`);
    await ask(carillon, '/api/campaigns/sms/send', {
      ...{ phones: [{ number: 34_600_100_100 + i }], sender: 'Bellfoundry', text: `Order ${i} is ready.` },
    });
    await ask(carillon, '/api/contacts', { phone: 34_600_300_100 + i });
    await ask(carillon, '/api/groups', { name: `Customers of branch ${i}` });
    await ask(carillon, '/api/stoplist/attach', { phones: [34_600_400_100 + i], types: ['sms'] });
    await createAccount(db, { name: `Shop ${i}` });
    await addRule(db, null, { accountId: null, kind: 'word', value: `word${i}` });
    await addDomain(db, null, { accountId: null, domain: `shop${i}.example` });
  }
  await db.pool.query(
    `insert into app_user (email, name, role, account_id, password_hash)
     select 'user' || n || '@example.org', 'User ' || n, 'customer', $1, '-' from generate_series(1, $2::int) as n`,
    [account.id, count],
  );
  // What takes a file, a subscriber or a form: more of what is there.
  for (const table of ['import', 'inbound_message', 'sender_request']) {
    await db.pool.query(
      `insert into ${table} overriding system value
       select (jsonb_populate_record(null::${table}, to_jsonb(one) || jsonb_build_object(
         'id', one.id + n, 'campaign_id', null, 'arrival', gen_random_uuid()))).*
       from (select * from ${table} order by id desc limit 1) as one, generate_series(1, $1::int) as n`,
      [count],
    );
  }
}
