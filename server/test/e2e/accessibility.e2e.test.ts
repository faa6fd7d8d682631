import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFindings } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { startProduct, type Product } from '../support/product.ts';

let product: Product;
let browser: Browser;

beforeAll(async () => {
  [product, browser] = await Promise.all([
    startProduct({ LEDGERBRIDGE_DEMO_ACTIVITY_PER_MINUTE: '120' }),
    openBrowser(),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  test.each([
    '/',
    '/live',
    '/invoices',
    '/invoices?text=nothing-is-called-so',
    '/invoices/no-such-id',
    '/conflicts',
    '/conflicts?view=settled',
    '/conflicts/no-such-id',
  ])('axe finds nothing wrong at %s', async (address) => {
    const page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
      colorScheme,
      bypassCSP: true,
    });
    await page.goto(`${product.url}${address}`);
    await page.locator('main').first().waitFor();
    await page.locator('[data-freshness="live"]').first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.close();
  });
});
