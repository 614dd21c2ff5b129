// Every page of the console, with who looks at it and what there is to see: for the pictures (screenshots.ts) and for the
// measurements (bench/console.ts).
import type { Page } from 'playwright-core';

export type ConsolePage = {
  name: string;
  path: string;
  /** Who looks at it; the customer unless said. */
  as?: 'customer' | 'administrator' | 'nobody';
  /** A selector of what its visitor came for: who sees it can begin to work. By default rows of a table; null: no page. */
  content?: string | null;
  /** What is done before a picture is taken; by default, the page's title is waited for. */
  before?: (page: Page) => Promise<unknown>;
};

/** Every page. One that is added to the console adds a line here: it is then photographed and measured. */
export const pages: ConsolePage[] = [
  { name: 'sign-in', path: '/', as: 'nobody', content: 'input[type=password]' },
  { name: 'campaigns', path: '/campaigns' },
  {
    name: 'campaign',
    path: '/campaigns/4',
    content: '[data-status=delivered]',
    before: chartDrawn,
  },
  {
    name: 'campaign-messages',
    path: '/campaigns/4',
    content: null,
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
    content: null,
    before: async (page) => {
      const list = page.getByRole('table', { name: 'Messages', exact: true });
      await list
        .getByRole('row', { name: /Undelivered/ })
        .first()
        .waitFor();
      await list.scrollIntoViewIfNeeded();
    },
  },
  { name: 'new-campaign', path: '/campaigns/new', content: 'main textarea', before: writeCampaign },
  { name: 'campaign-confirm', path: '/campaigns/new', content: null, before: uploadCampaign },
  {
    name: 'comparison',
    path: '/campaigns/comparison',
    before: chartDrawn,
  },
  { name: 'profile', path: '/profile', before: (page) => page.getByRole('table').nth(1).waitFor() },
  { name: 'users', path: '/users', as: 'administrator', before: (page) => page.getByRole('table').waitFor() },
  { name: 'contacts', path: '/contacts' },
  { name: 'contact-fields', path: '/contacts/fields' },
  { name: 'lists', path: '/lists' },
  { name: 'stop-list', path: '/stop-list' },
  { name: 'imports', path: '/imports' },
  { name: 'import-new', path: '/imports/new', content: 'main input[type=file]', before: chooseFile },
  { name: 'inbound', path: '/inbound' },
  { name: 'senders', path: '/senders' },
  {
    name: 'balance',
    path: '/balance',
    before: chartDrawn,
  },
  { name: 'moderation', path: '/moderation', as: 'administrator', content: 'main section h2' },
  { name: 'moderation-rules', path: '/moderation/rules', as: 'administrator' },
  { name: 'inbound-numbers', path: '/inbound/numbers', as: 'administrator' },
  { name: 'sender-requests', path: '/sender-requests', as: 'administrator' },
  { name: 'accounts', path: '/accounts', as: 'administrator' },
  { name: 'account', path: '/accounts/2', as: 'administrator' },
  { name: 'operators', path: '/operators', as: 'administrator' },
  { name: 'operator-new', path: '/operators', as: 'administrator', content: null, before: addOperator },
  { name: 'system', path: '/system', as: 'administrator' },
  { name: 'audit', path: '/audit', as: 'administrator' },
];

function chartDrawn(page: Page): Promise<void> {
  return page.locator('canvas[data-drawn]').first().waitFor();
}

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

/** Goes to a page, and comes back when all that there is to see is there. */
export async function visit(page: Page, { path, before }: ConsolePage): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await before?.(page);
  await page.locator(loading).first().waitFor({ state: 'detached' });
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
}

/** A selector of what stands in place of what is still being loaded. */
export const loading = '[role=status] .mantine-Skeleton-root';

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
