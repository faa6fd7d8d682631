// Takes the pictures of docs/screenshots from a running demo, or those named:
// node server/test/e2e/screenshots.ts http://127.0.0.1:4000 [overview …]
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { Page } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';

const [, , url = 'http://127.0.0.1:4000', ...names] = process.argv;
const folder = path.resolve(import.meta.dirname, '../../../docs/screenshots');
const quietMs = 1_500;
const seenMsMax = 30_000;

const sizes = {
  desk: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const;

/** Opens a page and lets what is on its way arrive. */
async function open(page: Page, address: string): Promise<void> {
  await page.goto(`${url}${address}`);
  await page.locator('main h1, .graphiql-container').first().waitFor({ timeout: seenMsMax });
  await page.locator('main .late').first().waitFor({ state: 'detached', timeout: seenMsMax });
  await page.waitForTimeout(quietMs);
}

/** Where the first link of a list leads whose address begins so; the list itself when there is none. */
async function firstOf(page: Page, list: string, beginning: string): Promise<string> {
  await open(page, list);
  const link = page.locator(`main a[href^="${beginning}"]:not([href*="/evidence"])`).first();
  const isThere = (await link.count()) > 0;
  return (isThere ? await link.getAttribute('href') : null) ?? list;
}

/** A newest invoice that both sides agree on, that is about money still, and whose last crossing was written to QuickBooks. */
async function settledInvoice(page: Page): Promise<string> {
  await open(page, '/invoices');
  const rows = page.getByRole('row').filter({ hasText: 'In sync', hasNotText: '$0.00' });
  const links = await rows.getByRole('link').all();
  const addresses = await Promise.all(links.map((link) => link.getAttribute('href')));
  for (const address of addresses) {
    if (address === null) continue;
    await open(page, `${address}?tab=crossing`);
    if ((await page.getByText(/^(Create|Update) Invoice/).count()) > 0) return address;
  }
  return addresses[0] ?? '/invoices';
}

type Picture = {
  readonly name: string;
  readonly address: string;
  /** Also as a phone shows it. */
  readonly onPhone?: true;
};

async function picturesOf(page: Page): Promise<readonly Picture[]> {
  const invoice = await settledInvoice(page);
  const company = await firstOf(page, '/companies', '/companies/Q');
  const today = new Date().toISOString().slice(0, 10);
  return [
    { name: 'overview', address: '/', onPhone: true },
    { name: 'live', address: '/live', onPhone: true },
    { name: 'invoices', address: '/invoices', onPhone: true },
    { name: 'invoice', address: `${invoice}?tab=compare` },
    { name: 'crossing', address: `${invoice}?tab=crossing`, onPhone: true },
    { name: 'conflicts', address: '/conflicts' },
    { name: 'conflict', address: await firstOf(page, '/conflicts', '/conflicts/'), onPhone: true },
    { name: 'dead-letters', address: '/dead-letters' },
    { name: 'dead-letter', address: await firstOf(page, '/dead-letters', '/dead-letters/') },
    { name: 'work', address: '/work', onPhone: true },
    { name: 'reconcile', address: '/reconcile' },
    { name: 'reconcile-run', address: await firstOf(page, '/reconcile', '/reconcile/') },
    {
      name: 'evidence',
      address: `/reconcile/evidence?from=${today.slice(0, 4)}-01-01&to=${today}`,
    },
    { name: 'audit', address: '/audit' },
    { name: 'rules', address: '/rules' },
    { name: 'companies', address: '/companies' },
    { name: 'company', address: company },
    { name: 'connect', address: '/companies/new' },
    { name: 'setup', address: `${company}/setup?step=checks` },
    { name: 'health', address: '/health' },
    { name: 'playground', address: '/graphql' },
    { name: 'settings', address: '/settings' },
    { name: 'simulator', address: '/simulator', onPhone: true },
  ];
}

mkdirSync(folder, { recursive: true });
const browser = await openBrowser();
for (const colorScheme of ['light', 'dark'] as const) {
  const page = await browser.newPage({ viewport: sizes.desk, colorScheme });
  for (const { name, address, onPhone } of await picturesOf(page)) {
    if (names.length > 0 && !names.includes(name)) continue;
    await open(page, address);
    await page.screenshot({ path: path.join(folder, `${name}-${colorScheme}.png`) });
    if (onPhone !== true) continue;
    await page.setViewportSize(sizes.phone);
    await page.waitForTimeout(quietMs);
    await page.screenshot({ path: path.join(folder, `${name}-${colorScheme}-phone.png`) });
    await page.setViewportSize(sizes.desk);
  }
  await page.close();
}
await browser.close();
