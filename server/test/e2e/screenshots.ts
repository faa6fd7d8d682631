// Takes the pictures of docs/screenshots from a running demo: node server/test/e2e/screenshots.ts http://127.0.0.1:4000
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { Page } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';

const url = process.argv[2] ?? 'http://127.0.0.1:4000';
const folder = path.resolve(import.meta.dirname, '../../../docs/screenshots');
const quietMs = 1_500;

/** Opens a page and lets what is on its way arrive. */
async function open(page: Page, address: string): Promise<void> {
  await page.goto(`${url}${address}`);
  await page.locator('main h1').first().waitFor();
  await page.waitForTimeout(quietMs);
}

/** The newest invoice that both sides agree on. */
async function settledInvoice(page: Page): Promise<string> {
  await open(page, '/invoices');
  const row = page.getByRole('row').filter({ hasText: 'In sync' }).first();
  return (await row.getByRole('link').first().getAttribute('href')) ?? '/invoices';
}

mkdirSync(folder, { recursive: true });
const browser = await openBrowser();
for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const invoice = await settledInvoice(page);
    const pages = [
      ['overview', '/'],
      ['live', '/live'],
      ['invoices', '/invoices'],
      ['invoice', `${invoice}?tab=compare`],
      ['crossing', `${invoice}?tab=crossing`],
    ] as const;
    for (const [name, address] of pages) {
      await open(page, address);
      await page.screenshot({ path: path.join(folder, `${name}-${colorScheme}-${width}.png`) });
    }
    await page.close();
  }
}
await browser.close();
