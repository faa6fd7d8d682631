import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { startProduct, type Product } from '../support/product.ts';
import { control } from '../support/simulators.ts';

/** A generous wait: a busy machine is slow, never wrong. */
const seenMsMax = 60_000;

let product: Product;
let browser: Browser;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), openBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

async function open(address: string, options: Parameters<Browser['newPage']>[0] = {}) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options });
  await page.goto(`${product.url}${address}`);
  await page.locator('main h1').first().waitFor({ timeout: seenMsMax });
  await page.locator('[data-freshness="live"]').first().waitFor({ timeout: seenMsMax });
  return page;
}

const heading = (page: Page, name: string) =>
  page.getByRole('heading', { level: 1, name }).waitFor({ timeout: seenMsMax });

describe('the shell, by keys alone', () => {
  test('the palette goes to a page and gives the focus back', async () => {
    const page = await open('/');
    await page.keyboard.press('Control+k');
    // Whoever knows the way does not wait for the palette to be there.
    await page.keyboard.type('settings');
    await page.getByRole('dialog', { name: 'Search or jump' }).waitFor({ timeout: seenMsMax });
    await page.getByRole('menuitem', { name: /^Settings/ }).waitFor({ timeout: seenMsMax });
    await page.keyboard.press('Enter');
    await heading(page, 'Settings');
    await page.close();
  });

  test('G and a letter go to a page, a question mark lists what the keys do', async () => {
    const page = await open('/');
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await heading(page, 'Health');
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keys' });
    await sheet.getByText('Pause or resume everything that moves').waitFor({ timeout: seenMsMax });
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'hidden', timeout: seenMsMax });
    await page.close();
  });

  test('a key chosen anew works in the place of the plain one', async () => {
    const page = await open('/settings');
    await page.getByRole('button', { name: /^Go to Live: G then L/ }).press('Enter');
    await page.keyboard.press('v');
    await page
      .getByRole('button', { name: /^Go to Live: G then V/ })
      .waitFor({ timeout: seenMsMax });
    await page.locator('main').focus();
    await page.keyboard.press('g');
    await page.keyboard.press('v');
    await heading(page, 'Live');
    await page.close();
  });
});

test('a change of settings that needs another right stays visible and says which', async () => {
  const page = await open('/settings');
  const save = page.getByRole('button', { name: 'Save the notifications' });
  await save.waitFor({ timeout: seenMsMax });
  await page.locator('button[aria-disabled="true"]', { hasText: 'Save the not' }).waitFor();
  expect(await save.getAttribute('title')).toContain('ADMIN');
  await page.close();
});

test('five shuffled deliveries of everything come true as one write each', async () => {
  const page = await open('/simulator');
  const scenario = page.locator('[data-scenario="shuffled"]');
  await scenario.getByRole('button').press('Enter');
  await scenario.locator('[data-came-true="true"]').waitFor({ timeout: 2 * seenMsMax });
  await page
    .locator('[data-proof="Writes for each intent"]')
    .getByText('1.000')
    .waitFor({ timeout: seenMsMax });
  await page.locator('[data-proof="Totals"][data-equal="true"]').waitFor({ timeout: seenMsMax });
  await page.close();
});

/** Rules of QuickBooks' faults as a demo has them of itself. */
const own = [{ match: { operation: 'read' }, effect: 'latency', params: { ms: 5 } }];

test('a lever of the simulator shows what is on, and taken back leaves what the demo does of itself', async () => {
  const faults = `${product.quickbooksUrl}/_control/faults`;
  const rules = async () => (await control(faults, 'GET'))['rules'];
  await control(faults, 'PUT', { rules: own });
  const page = await open('/simulator');
  await page.locator('[data-habits]', { hasText: 'takes 5 ms' }).waitFor({ timeout: seenMsMax });
  const lever = page.getByRole('switch', { name: 'QuickBooks fails now and then' });
  await lever.press('Space');
  await expect.poll(rules, { timeout: seenMsMax }).toMatchObject([{ effect: 'status' }, ...own]);

  const other = await open('/simulator');
  const seen = other.getByRole('switch', { name: 'QuickBooks fails now and then', checked: true });
  await seen.press('Space', { timeout: seenMsMax });
  await expect.poll(rules, { timeout: seenMsMax }).toMatchObject(own);
  await page
    .getByRole('switch', { name: 'QuickBooks fails now and then', checked: false })
    .waitFor({ timeout: seenMsMax });
  await control(faults, 'PUT', { rules: [] });
  await other.close();
  await page.close();
});
