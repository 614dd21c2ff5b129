// A real browser that looks at the console of a running Carillon, in one line. Used by the end-to-end tests of the
// console and by the screenshots.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { TestContext } from 'node:test';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { Account } from '../../src/accounts/index.ts';
import type { UserRole } from '../../src/users/index.ts';
import { atEnd } from './at-end.ts';
import { startTestCarillon, type TestCarillon, type TestOptions } from './carillon.ts';
import { consoleUser, password } from './console.ts';

/** Debian's; CHROMIUM names another. */
export const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const chromiumArgs = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The reason to skip tests that need a browser, else false. On CI they fail instead, so that nobody is fooled. */
export const noBrowser: string | false =
  existsSync(chromiumPath) || process.env.CI
    ? false
    : `there is no ${chromiumPath}: install chromium, or name one in CHROMIUM`;

/** A test waits this long for what a page should show: the machine may be busy with other tests. */
const patienceMs = 120_000;

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath, args: chromiumArgs });
}

/** A window of its own (cookies, storage), with everything that its log complains about. */
export type Window = { page: Page; complaints: string[] };

/** Opens one on the console at `url`; German or another size by the options. */
export async function openWindow(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Window> {
  const context = await browser.newContext({
    baseURL: url,
    locale: 'en-GB',
    timezoneId: 'Europe/Madrid',
    ...options,
  });
  context.setDefaultTimeout(patienceMs);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // The browser says so of every answer that is an error; pages show those in words.
    if (message.text().startsWith('Failed to load resource')) return;
    complaints.push(message.text());
  });
  return { page, complaints };
}

/** Signs in on the page that asks for it. */
export async function signInAt(page: Page, email: string, given = password): Promise<void> {
  await page.getByRole('textbox', { name: 'E-mail' }).fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(given);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page
    .getByRole('navigation', { name: 'Main' })
    .or(page.getByRole('heading', { name: 'One more step' }))
    .waitFor();
}

/** A running Carillon with its console, and a browser to look at it. */
export type Site = { carillon: TestCarillon; browser: Browser };

/** Starts both, and stops them when the test ends. */
export async function testConsole(t: TestContext, options: TestOptions = {}): Promise<Site> {
  const carillon = await startTestCarillon(t, options);
  const browser = await launchBrowser();
  atEnd(t, () => browser.close());
  return { carillon, browser };
}

/** A new user of an account, signed in in a window of its own. */
export async function signedIn(
  { carillon, browser }: Site,
  account: Pick<Account, 'id'>,
  role: UserRole = 'customer',
): Promise<Window> {
  const user = await consoleUser(carillon, account, role);
  const opened = await openWindow(browser, carillon.url);
  await opened.page.goto('/');
  await signInAt(opened.page, user.email);
  return opened;
}

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

type Violation = { id: string; impact: string | null; help: string; nodes: { html: string }[] };

/** Fails where axe finds something serious or critical on the page. */
export async function assertAccessible(page: Page, what: string): Promise<void> {
  const { readFile } = await import('node:fs/promises');
  // What fades in has too little contrast until it is there; what turns for ever is not waited for.
  await page.evaluate(`(async () => {
    for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame);
    const moving = document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime < Infinity);
    await Promise.allSettled(moving.map(({ finished }) => finished));
  })()`);
  // Evaluated, not added as a script: the policy of the page allows no script but its own.
  await page.evaluate(await readFile(axePath, 'utf8'));
  const violations = (await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] }).then((found) => found.violations)',
  )) as Violation[];
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(
    serious.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join('\n  ')}`),
    [],
    `axe finds nothing serious on ${what}`,
  );
}
