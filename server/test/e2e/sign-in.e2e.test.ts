import type { Browser } from 'playwright-core';
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
