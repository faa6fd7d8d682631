import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishedDocuments, webDir } from '#main/places.ts';
import { adminKey, startBridge, type Bridge } from '../graphql/bridge.ts';
import { seedCompany } from '../graphql/seed.ts';
import { axeFindings } from '../support/axe.ts';
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

/** A page with the cookie of somebody who signed in, and nothing else. */
async function signedIn(address: string, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const page = await browser.newPage({ bypassCSP: true, colorScheme });
  await page.request.post(`${bridge.url}/session`, {
    headers: { 'x-ledgerbridge-csrf': '1' },
    data: { apiKey: adminKey },
  });
  await page.goto(`${bridge.url}${address}`);
  return page;
}

const run = (page: Page) => page.getByRole('button', { name: /Execute query/ }).click();

/** Two operations as the page sends them; the second takes what the first answered. */
const chained = `(async () => {
  const ask = async (operationName, query, variables) => (await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ operationName, query, variables }),
  })).text();
  await ask('One', 'query One { companies(first: 1) { nodes { id } } }', {});
  return ask('Named', 'query Named($id: ID!) { company(id: $id) { name } }', { id: '{One.companies.nodes.0.id}' });
})()`;

test('a signed-in person opens the ten recipes, and what they run fills in what the next one needs', async () => {
  const page = await signedIn('/graphql');
  const tabs = page.getByRole('list', { name: 'Select active operation' }).getByRole('listitem');
  await tabs.nth(9).waitFor();
  expect(await tabs.count()).toBe(10);

  await run(page);
  await page.locator('.result-window', { hasText: 'Harbor Lane' }).waitFor();
  expect(await axeFindings(page), 'light').toEqual([]);
  expect(await page.evaluate(chained)).toContain('"name":"Harbor Lane"');

  // The bearer is in memory alone: what a later script of the page could read does not hold it.
  expect(
    await page.evaluate(
      'JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])',
    ),
  ).not.toMatch(/lbs_|lb_test|Bearer/);
  await page.close();
});

test('an address with a document opens it in a tab, and a subscription runs over the socket', async () => {
  const query = 'subscription Numbers { stats(minIntervalMs: 250) { __typename } }';
  const page = await signedIn(`/graphql?query=${encodeURIComponent(query)}`, 'dark');

  await page.locator('.view-lines', { hasText: 'Numbers' }).first().waitFor();
  await run(page);

  await page.locator('.result-window', { hasText: '"__typename": "Stats"' }).waitFor();
  expect(await axeFindings(page), 'dark').toEqual([]);
  await page.close();
});
