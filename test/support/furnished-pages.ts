// What the pages beyond campaigns show of an installation that looks lived in: contacts, lists, answers, held campaigns,
// requests for senders. Used by the screenshots of the console.
import { createAccount, createKey, topUp } from '../../src/accounts/index.ts';
import { addNumber } from '../../src/inbound/index.ts';
import { addDomain, addRule } from '../../src/moderation/index.ts';
import { parseAmount } from '../../src/money/index.ts';
import type { TestCarillon } from './carillon.ts';
import { waitFor } from './wait-for.ts';

const people = [
  ['Ada Bell', 'Berlin', '1990-05-17', '120.50'],
  ['Benoît Cloche', 'Paris', '1984-11-02', '36'],
  ['Carmen Campana', 'Madrid', '1979-01-30', '410.25'],
  ['Dmytro Dzvin', 'Київ', '2001-08-24', '12'],
  ['Elsa Glocke', 'Köln', '1966-03-09', '88.90'],
  ['Finn Klokke', 'Oslo', '1995-12-12', '5'],
] as const;

const held = [
  ['Harbour', 'Your check-up is due. Book at https://harbour-clinic.example/book', 1800],
  ['Harbour', 'Flu vaccination without an appointment, every day from 9 to 17.', 5200],
  ['Lucky7', 'Casino night! 100 free spins for new guests: https://lucky7.example', 40_000],
] as const;

/** Makes them; resolves when the answers of subscribers have come. */
export async function furnishPages(carillon: TestCarillon): Promise<void> {
  const { db } = carillon;
  await contactBook(carillon);
  await answers(carillon);
  await request(carillon, 'Bellfoundry');
  await request(carillon, 'BellShop');

  await rulesAndNumbers(carillon);
  const clinic = await createAccount(db, { name: 'Northern Clinics' });
  await topUp(db, clinic.id, parseAmount('9000'));
  await db.pool.query(`update account set moderation = 'always' where id = $1`, [clinic.id]);
  const { key } = await createKey(db, clinic.id, 'live');
  for (const [sender, text, count] of held) {
    const phones = Array.from({ length: Math.min(count, 3000) }, (_, i) => ({ number: 34611000100 + i }));
    await ask(carillon, '/api/campaigns/sms/send', { phones, sender, text }, key);
  }
}

/** What moderators and administrators keep. */
async function rulesAndNumbers({ db, account, simulator }: TestCarillon): Promise<void> {
  const every = { accountId: null };
  await addRule(db, null, { ...every, kind: 'word', value: 'casino' });
  await addRule(db, null, { ...every, kind: 'link', value: '' });
  await addRule(db, null, { accountId: account.id, kind: 'recipients', value: '50000' });
  await addDomain(db, null, { ...every, domain: 'bellfoundry.example' });
  await addNumber(db, null, { address: '3838', accountId: account.id });
  simulator!.simulator.write({ from: '34600300100', to: '7070', text: 'Is the shop open on Sunday?' });
  await waitFor(
    async () => (await db.pool.query('select from inbound_message where account_id is null')).rowCount !== 0,
  );
}

async function contactBook(carillon: TestCarillon): Promise<void> {
  const field = (name: string, type: string) => ask(carillon, '/api/contacts/fields', { name, type });
  const fields = [
    await field('Name', 'text'),
    await field('City', 'text'),
    await field('Birthday', 'date'),
    await field('Bought for', 'number'),
  ];
  const friends = await ask(carillon, '/api/groups', { name: 'Friends of the foundry', default: true });
  const shop = await ask(carillon, '/api/groups', {
    name: 'Shop customers',
    description: 'Everybody who bought something since 2020',
  });
  for (const [place, person] of people.entries()) {
    await ask(carillon, '/api/contacts', {
      phone: 34600100200 + place * 137,
      fields: person.map((value, at) => ({ id: fields[at], value })),
      groups: place % 2 === 0 ? [{ id: friends }, { id: shop }] : [{ id: shop }],
    });
  }
  await ask(carillon, '/api/stoplist/attach', { phones: [34600100999, 34600100998], types: ['sms'] });
  await ask(carillon, '/api/stoplist/attach', { phones: [34600100997], types: ['sms', 'viber'] });
  const form = new FormData();
  form.set('create_fields', 'true');
  form.set('file', new Blob(['phone,Name,City\n34600777001,Gil,Lisboa\n12,Nobody,\n']), 'autumn-fair.csv');
  await fetch(new URL('/api/contacts/import', carillon.url), {
    method: 'POST',
    headers: { 'x-api-key': carillon.liveKey },
    body: form,
  });
  await waitFor(async () => {
    const { rows } = await carillon.db.pool.query(`select from import where state = 'done'`);
    return rows.length > 0;
  });
}

/** The simulator's subscribers answer where a number ends in 030 to 033. */
async function answers(carillon: TestCarillon): Promise<void> {
  const phones = ['030', '031', '032', '033'].map((ending) => ({ number: Number(`34600200${ending}`) }));
  await ask(carillon, '/api/campaigns/sms/send', {
    ...{ phones, sender: 'Bellfoundry', text: 'Will you come to the autumn concert? Please answer.' },
  });
  await waitFor(async () => {
    const { rows } = await carillon.db.pool.query('select from inbound_message');
    return rows.length >= phones.length;
  });
}

function request(carillon: TestCarillon, sender: string): Promise<number> {
  return ask(carillon, '/api/senders/requests/legal', {
    ...{ country_code: 'ES', type: 'sms', sender, code_of_company: '12345678', tax_number: 'ESB12345678' },
    ...{ legal_name: 'Bellfoundry SL', address: 'Calle Mayor 1, Madrid' },
    ...{ description: 'Your bell is ready to be fetched.', informing_purpose: 'News of orders' },
  });
}

/** Asks for something to be made and resolves with its id. */
export async function ask(carillon: TestCarillon, path: string, body: object, key?: string): Promise<number> {
  const answer = await carillon.call('POST', path, body, key);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  return answer.body?.data?.id;
}
