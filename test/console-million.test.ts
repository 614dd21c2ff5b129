// Proves that the list of messages scrolls over a campaign of a million that are there, also by state and number: real
// rows, a real server, a real browser, whose memory stays as it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, noBrowser, signedIn, testConsole } from './support/browser.ts';
import { manyMessages } from './support/many-messages.ts';

const million = 1_000_000;
const firstPhone = 380_500_000_000;
/** What a hundred pages may leave behind: those of the last seconds are kept. */
const growthBytes = 30 * 1024 * 1024;

test('a million messages are scrolled over, all and by state, and searched', {
  skip: noBrowser,
}, async (t) => {
  const site = await testConsole(t);
  const { db, account, call } = site.carillon;
  const began = performance.now();
  const id = await manyMessages(db, account.id, million);
  await db.pool.query('vacuum (analyze) message, message_by_phone, campaign_count, batch');
  t.diagnostic(`the campaign was made in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  const times: number[] = [];
  for (const offset of [0, 450_000, 899_900]) {
    const asked = performance.now();
    const { body } = await call(
      'GET',
      `/api/messages?filter[campaign_id]=${id}&filter[status]=delivered&page[offset]=${offset}&page[limit]=100`,
    );
    times.push(Math.round(performance.now() - asked));
    assert.equal(body.meta.page.total, 900_000);
    const place = (k: number) => 10 * Math.floor(k / 9) + (k % 9);
    assert.deepEqual(
      body.data.map(({ phone }: { phone: number }) => phone - firstPhone),
      Array.from({ length: 100 }, (_, i) => place(offset + i)),
    );
  }
  t.diagnostic(`pages of delivered ones, the first with counting: ${times.join(', ')} ms`);

  const { page, complaints } = await signedIn(site, account);
  let asked = 0;
  page.on('request', (request) => {
    if (request.url().includes('/api/messages?')) asked += 1;
  });
  await page.goto(`/campaigns/${id}`);
  const list = page.getByRole('table', { name: 'Messages', exact: true });
  const box = list.getByRole('rowgroup').last();
  const jump = page.getByRole('textbox', { name: 'Go to row' });
  const shows = (place: number, state: string) =>
    list.getByRole('row', { name: `+${firstPhone + place} ${state}` }).waitFor();
  const rows = (count: number) => page.getByText(new RegExp(`of ${count.toLocaleString('en')}$`)).waitFor();

  await shows(0, 'Delivered');
  await rows(million);
  await box.press('End');
  await shows(million - 1, 'Undelivered');
  await jump.fill('500000');
  await shows(499_999, 'Undelivered');
  await box.evaluate((element) => element.scrollTo(0, (element.scrollHeight - element.clientHeight) / 4));
  await page.getByText(/Rows (249,99\d|250,00\d) to/).waitFor();
  await shows(250_003, 'Delivered');

  // The number beside a state leads to its messages.
  await page.getByRole('link', { name: 'Show the messages: Undelivered, 100,000' }).click();
  await rows(100_000);
  assert.equal(new URL(page.url()).search, '?status=undelivered');
  await shows(9, 'Undelivered');
  assert.equal(await list.getAttribute('aria-rowcount'), '100001');
  await box.press('End');
  await shows(million - 1, 'Undelivered');
  await jump.fill('50000');
  await shows(499_999, 'Undelivered');
  await assertAccessible(page, 'the messages of a state');

  await page.getByRole('link', { name: 'Show the messages: Delivered, 900,000' }).click();
  await rows(900_000);
  await jump.fill('450000');
  await shows(10 * 49_999 + 8, 'Delivered');
  await box.press('End');
  await shows(million - 2, 'Delivered');

  // A number, and how it begins.
  const number = page.getByRole('textbox', { name: 'Find by number' });
  await number.fill('+380 500 1234 56');
  await rows(1);
  await shows(123_456, 'Delivered');
  await number.fill('+380 500 1234');
  await rows(90);
  await number.fill('380500123459');
  await page.getByText('No message fits').waitFor();
  await page.getByRole('link', { name: 'Show the messages: All, 1,000,000' }).click();
  await rows(million);
  assert.equal(await number.inputValue(), '');
  assert.ok(asked < 60, `pages were asked for ${asked} times`);

  // A hundred places, wherever: what was there before is forgotten.
  const session = await page.context().newCDPSession(page);
  const heap = async () => {
    await session.send('HeapProfiler.collectGarbage');
    return ((await session.send('Runtime.getHeapUsage')) as { usedSize: number }).usedSize;
  };
  const before = await heap();
  for (let i = 1; i <= 100; i += 1) {
    const place = (i * 7_919_77) % million;
    await jump.fill(String(place + 1));
    await shows(place, place % 10 === 9 ? 'Undelivered' : 'Delivered');
  }
  const grown = (await heap()) - before;
  t.diagnostic(
    `the page uses ${(before / 2 ** 20).toFixed(1)} MB, and ${(grown / 2 ** 20).toFixed(1)} more after a hundred jumps`,
  );
  assert.ok(grown < growthBytes, `${grown} octets`);
  assert.ok((await list.getByRole('row').count()) < 30, 'only what is in view exists');
  assert.deepEqual(complaints, []);
});
