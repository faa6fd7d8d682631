import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishedDocuments, webDir } from '#main/places.ts';
import { adminKey, startBridge, type Bridge } from '../graphql/bridge.ts';
import { seedCompany } from '../graphql/seed.ts';
import { openBrowser } from '../support/browser.ts';

let bridge: Bridge;
let browser: Browser;

beforeAll(async () => {
  bridge = await startBridge({ http: { webDir }, publishedDocuments: publishedDocuments() });
  await seedCompany(bridge.prisma, 'Harbor Lane');
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await bridge?.close();
});

async function signIn(page: Page, key: string): Promise<void> {
  await page.goto(bridge.url);
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('option', { name: 'Harbor Lane' }).waitFor({ state: 'attached' });
}

test('with the demo off a person signs in with an API key, which no script can read afterwards', async () => {
  const page = await browser.newPage();
  await page.goto(bridge.url);
  const field = page.getByLabel('API key');
  await field.fill('lb_not-a-key');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('This API key is not known, or it was revoked.').waitFor();

  await field.fill(adminKey);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('option', { name: 'Harbor Lane' }).waitFor({ state: 'attached' });

  // What a script of the page could get at; the session must not be in it.
  expect(
    await page.evaluate(
      'JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])',
    ),
  ).not.toMatch(/lbs_|lb_test/);
  for (const address of ['/live', '/invoices']) {
    await page.goto(`${bridge.url}${address}`);
    await page.locator('[data-freshness="live"]').first().waitFor();
  }
  await page.getByRole('button', { name: /^Sign out/ }).click();
  await page.getByLabel('API key').waitFor();
  await page.close();
});

test('an administrator makes a key, which is shown once, and revoking it signs its holder out at once', async () => {
  const admin = await browser.newPage();
  await signIn(admin, adminKey);
  await admin.goto(`${bridge.url}/settings`);
  await admin.getByLabel('Who is it for').fill('Dana');
  await admin.getByRole('button', { name: 'Make a key' }).click();
  const key = await admin.locator('[data-secret]').innerText();
  await admin.getByRole('button', { name: 'I have it' }).click();
  const row = admin
    .getByRole('list', { name: 'API keys' })
    .getByRole('listitem')
    .filter({ hasText: 'Dana' });
  await row.getByText(/Never used/).waitFor();
  expect(await admin.content()).not.toContain(key);

  const context = await browser.newContext();
  const dana = await context.newPage();
  await signIn(dana, key);
  await admin.reload();
  await row.getByText(/Last used/).waitFor();
  await row.getByRole('button', { name: 'Revoke… Dana' }).click();
  await admin.getByRole('button', { name: 'Revoke for good' }).click();
  await row.getByText('Revoked').waitFor();

  await dana.reload();
  await dana.getByLabel('API key').waitFor();
  await context.close();
  await admin.close();
});
