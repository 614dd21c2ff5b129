// A page of the console in a real browser, signed in, on a Carillon of its own: one line for the tests of the pages.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { type Account, createAccount } from '../../src/accounts/index.ts';
import { atEnd } from './at-end.ts';
import { assertAccessible, launchBrowser, openWindow, signInAt } from './browser.ts';
import type { TestCarillon } from './carillon.ts';
import { consoleUser } from './console.ts';
import { waitFor } from './wait-for.ts';

export type SignedIn = {
  page: Page;
  /** Goes to a page by its address and waits for its title. */
  visit(path: string, title: string): Promise<void>;
  /** Fails where axe finds something serious, or the browser complained of anything, the policy included. */
  check(what: string): Promise<void>;
};

/** Opens a browser for each person, in a window of their own; all are closed when the test ends. */
export async function consolePages(t: TestContext, carillon: TestCarillon) {
  const browser = await launchBrowser();
  atEnd(t, () => browser.close());
  const office = await createAccount(carillon.db, { name: 'Office', role: 'admin' });

  async function signedIn(
    account: Pick<Account, 'id'>,
    role: 'customer' | 'moderator' | 'administrator',
  ): Promise<SignedIn> {
    const { email } = await consoleUser(carillon, account, role);
    const { page, complaints } = await openWindow(browser, carillon.url, { reducedMotion: 'reduce' });
    await page.goto('/');
    await signInAt(page, email);
    return {
      page,
      async visit(path, title) {
        await page.goto(path);
        await page.getByRole('heading', { level: 1, name: title }).waitFor();
      },
      async check(what) {
        // What slides or fades in is looked at when it stands.
        await waitFor(() =>
          page.evaluate('document.getAnimations().every((each) => each.playState !== "running")'),
        );
        await assertAccessible(page, what);
        assert.deepEqual(complaints, [], `the browser complains of nothing on ${what}`);
      },
    };
  }
  return {
    office,
    signedIn,
    /** The customer whose keys the Carillon knows. */
    customer: () => signedIn(carillon.account, 'customer'),
    moderator: () => signedIn(office, 'moderator'),
    administrator: () => signedIn(office, 'administrator'),
  };
}
