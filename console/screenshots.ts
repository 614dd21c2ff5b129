// Writes a picture of every page to docs/screenshots: light, dark, and as wide as a phone. `npm run screenshots`; SHOTS names
// after `--` are the pages wanted, such as `npm run screenshots -- campaigns`. It runs as a test, for the database and
// the server that tests have.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { launchBrowser, openWindow, signInAt } from '../test/support/browser.ts';
import { furnish } from '../test/support/furnished.ts';
import { furnishPages } from '../test/support/furnished-pages.ts';
import { startTestCarillon } from '../test/support/index.ts';

const folder = join(import.meta.dirname, '..', 'docs', 'screenshots');

type Shot = {
  name: string;
  path: string;
  /** Who looks at it; the customer unless said. */
  as?: 'customer' | 'administrator' | 'nobody';
  /** What is done before the picture is taken; by default, the page's title is waited for. */
  before?: (page: Page) => Promise<unknown>;
};

/** Every page. One that is added to the console adds a line here. */
const shots: Shot[] = [
  { name: 'sign-in', path: '/', as: 'nobody' },
  { name: 'campaigns', path: '/campaigns' },
  {
    name: 'campaign',
    path: '/campaigns/4',
    before: (page) => page.locator('.recharts-surface').first().waitFor(),
  },
  {
    name: 'campaign-messages',
    path: '/campaigns/4',
    before: async (page) => {
      const list = page.getByRole('table', { name: 'Messages', exact: true });
      await list
        .getByRole('row', { name: /Delivered/ })
        .first()
        .waitFor();
      await list.scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'campaign-state',
    path: '/campaigns/4?status=undelivered',
    before: async (page) => {
      const list = page.getByRole('table', { name: 'Messages', exact: true });
      await list
        .getByRole('row', { name: /Undelivered/ })
        .first()
        .waitFor();
      await list.scrollIntoViewIfNeeded();
    },
  },
  { name: 'new-campaign', path: '/campaigns/new', before: writeCampaign },
  { name: 'campaign-confirm', path: '/campaigns/new', before: uploadCampaign },
  {
    name: 'comparison',
    path: '/campaigns/comparison',
    before: (page) => page.getByRole('table').first().waitFor(),
  },
  { name: 'profile', path: '/profile', before: (page) => page.getByRole('table').nth(1).waitFor() },
  { name: 'users', path: '/users', as: 'administrator', before: (page) => page.getByRole('table').waitFor() },
  { name: 'contacts', path: '/contacts' },
  { name: 'contact-fields', path: '/contacts/fields' },
  { name: 'lists', path: '/lists' },
  { name: 'stop-list', path: '/stop-list' },
  { name: 'imports', path: '/imports' },
  { name: 'import-new', path: '/imports/new', before: chooseFile },
  { name: 'inbound', path: '/inbound' },
  { name: 'senders', path: '/senders' },
  { name: 'balance', path: '/balance', before: (page) => page.locator('.recharts-bar').first().waitFor() },
  { name: 'moderation', path: '/moderation', as: 'administrator' },
  { name: 'sender-requests', path: '/sender-requests', as: 'administrator' },
  { name: 'accounts', path: '/accounts', as: 'administrator' },
  { name: 'account', path: '/accounts/2', as: 'administrator' },
  { name: 'operators', path: '/operators', as: 'administrator' },
  { name: 'operator-new', path: '/operators', as: 'administrator', before: addOperator },
  { name: 'system', path: '/system', as: 'administrator' },
  { name: 'audit', path: '/audit', as: 'administrator' },
];

async function writeCampaign(page: Page): Promise<void> {
  await page
    .getByLabel('Phone numbers')
    .fill('+34 600 000 100\n+34 600 000 101\n+49 151 0000 102\n+33 612 000 103');
  await page.getByLabel('What it says').fill('Grüße aus Köln – heute läuten alle Glocken um 12 Uhr');
  await page.getByRole('combobox', { name: 'Sender' }).fill('Bellfoundry');
  await page.getByText(/^€0\.\d+$/).waitFor();
  await page.evaluate('document.activeElement.blur(), scrollTo(0, 0)');
}

/** Each look makes a campaign of its own. */
async function uploadCampaign(page: Page): Promise<void> {
  const rows = Array.from({ length: 1200 }, (_, i) => `+34 600 ${100_100 + i};Customer ${i};${1000 + i}`);
  rows[7] = '12;Nobody;';
  rows[90] = rows[80]!;
  rows[91] = '+999 123 456 789;Far away;17';
  await page.getByText('Upload a file').click();
  await page.locator('input[type=file]').setInputFiles({
    ...{ name: 'autumn.csv', mimeType: 'text/csv' },
    buffer: Buffer.from(['Mobile;Name;Order', ...rows].join('\n')),
  });
  await page.getByRole('table').first().waitFor();
  await page.getByLabel('What it says').fill('Dear {Name}, your order {Order} is on its way.');
  await page.getByRole('combobox', { name: 'Sender' }).fill('Bellfoundry');
  await page.getByRole('button', { name: 'Check the file' }).click();
  await page.getByRole('button', { name: 'Discard' }).waitFor();
  await page.getByRole('link', { name: 'Download them' }).waitFor();
}

const looks = [
  { suffix: '', viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  { suffix: '-dark', viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  { suffix: '-phone', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
] as const;

test('a picture of every page', async (t) => {
  const wanted = process.env.SHOTS?.split(',');
  const carillon = await startTestCarillon(t, { balance: '5000' });
  const users = await furnish(carillon);
  await furnishPages(carillon);
  const browser = await launchBrowser();
  t.after(() => browser.close());
  await mkdir(folder, { recursive: true });
  for (const { suffix, ...look } of looks) {
    for (const as of ['nobody', 'customer', 'administrator'] as const) {
      const { page } = await openWindow(browser, carillon.url, { ...look, reducedMotion: 'reduce' });
      if (as !== 'nobody') {
        await page.goto('/');
        await signInAt(page, users[as]);
      }
      for (const shot of shots) {
        if ((shot.as ?? 'customer') !== as || (wanted && !wanted.includes(shot.name))) continue;
        await page.goto(shot.path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await shot.before?.(page);
        // Whatever was asked for has been drawn.
        await page.waitForFunction('document.querySelector("[role=status] .mantine-Skeleton-root") === null');
        await page.evaluate(
          'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))',
        );
        await page.screenshot({ path: join(folder, `${shot.name}${suffix}.png`) });
      }
      await page.context().close();
    }
  }
});

async function chooseFile(page: Page): Promise<void> {
  const rows = [
    'Mobile;Name;City;Remarks',
    '+34 600 100 200;Ada;Berlin;',
    '49151100200;Elsa;Köln;likes organs',
    '12;?;;',
  ];
  await page.locator('input[type=file]').setInputFiles({
    ...{ name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) },
  });
  await page.getByRole('table').first().waitFor();
}

async function addOperator(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add an operator' }).click();
  await page.getByRole('dialog').waitFor();
}
