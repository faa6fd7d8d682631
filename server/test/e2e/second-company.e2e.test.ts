import { randomBytes } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createInvoicingSimulator } from '../../simulator/invoicing/server.ts';
import { internalBooks } from '../recorded/internal-books.ts';
import { internalForm } from '../recorded/internal-form.ts';
import { loadCompany, recordedCompanies } from '../recorded/recorded-company.ts';
import { isVoided } from '../recorded/wire.ts';
import { axeFindings } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { startProduct, type Product } from '../support/product.ts';
import { control, invoicingSide, quickBooksSide } from '../support/simulators.ts';

/** A realm the demo company does not have. */
const realm = '9130000000000002';
const seenMsMax = 60_000;
const crossedMsMax = 90_000;
const adminKey = `lb_${randomBytes(32).toString('base64url')}`;
/** Written in the internal books before the company is connected; the first of them is in QuickBooks too. */
const invoiceCount = 5;

let product: Product;
let browser: Browser;
let ownBooks: Awaited<ReturnType<typeof createInvoicingSimulator>>;
let invoicing: ReturnType<typeof invoicingSide>;
let quickbooks: ReturnType<typeof quickBooksSide>;

beforeAll(async () => {
  [product, browser, ownBooks] = await Promise.all([
    startProduct({ LEDGERBRIDGE_BOOTSTRAP_API_KEY: adminKey }),
    openBrowser(),
    createInvoicingSimulator(),
  ]);
  invoicing = invoicingSide(ownBooks.url);
  quickbooks = quickBooksSide(product.quickbooksUrl, realm);
  await keepRecordedBooks();
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
  await ownBooks?.close();
});

/** A recorded company on both sides: one invoice stands in both books, the others only in the internal ones. */
async function keepRecordedBooks(): Promise<void> {
  const [name = ''] = recordedCompanies();
  const company = loadCompany(name);
  const invoices = company.invoices.filter(({ shown }) => !isVoided(shown)).slice(0, invoiceCount);
  const shared = invoices.slice(0, 1).map(({ raw }) => raw);
  await control(`${product.quickbooksUrl}/_control/reset`, 'POST', {
    realm,
    history: false,
    company: { ...company.masters, Invoice: shared },
  });
  await invoicing.reset(internalBooks(company));
  for (const { open } of invoices)
    await invoicing.human({ action: 'create', invoice: internalForm(open, company) });
}

/** What the bridge wrote, as both simulators counted it themselves. */
async function writes(): Promise<number> {
  const sides = await Promise.all([quickbooks.mutations(), invoicing.mutations()]);
  return sides.flat().filter(({ actor }) => actor === 'api').length;
}

async function openAsAdmin(): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    bypassCSP: true,
  });
  const headers = { 'x-ledgerbridge-csrf': '1' };
  await context.request.post(`${product.url}/session`, { headers, data: { apiKey: adminKey } });
  const page = await context.newPage();
  page.setDefaultTimeout(seenMsMax);
  return page;
}

/** A step says what it is called; no step may leave anything that axe finds wrong, in either theme. */
async function stands(page: Page, step: string): Promise<void> {
  await page.getByRole('region', { name: step }).waitFor();
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await axeFindings(page), `${step}, light`).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await axeFindings(page), `${step}, dark`).toEqual([]);
}

const next = (page: Page) => page.getByRole('link', { name: /^Next:/ }).click();

test('a second company is connected step by step, nothing is written before the last, and then exactly its plan', async () => {
  const page = await openAsAdmin();
  await page.goto(`${product.url}/companies`);
  await page.getByRole('link', { name: 'Connect a company' }).click();
  await stands(page, 'Connect both sides');
  await page.getByLabel('Name of the company').fill('Craig’s Design');
  await page.getByLabel('Address of the internal invoicing system').fill(ownBooks.url);
  await page.getByLabel('Bearer token for it').fill('simulator-invoicing-token');
  const secret = await page.getByLabel('Secret its webhooks are signed with').inputValue();
  await page.getByRole('button', { name: 'Go on to QuickBooks' }).click();

  const connect = page.getByRole('button', { name: 'Connect to QuickBooks' });
  await connect.waitFor();
  const webhookUrl = await page.getByText(`${product.url}/webhooks/invoicing/`).innerText();
  await invoicing.webhooks({ url: webhookUrl, secret });
  await stands(page, 'Connect both sides');
  await connect.click();
  await page.getByRole('heading', { name: 'Connect to QuickBooks' }).waitFor();
  await page.getByRole('link', { name: `Connect ${realm}` }).click();

  await page.locator('[data-checks]').waitFor();
  expect(await page.locator('[data-checks]').getByText('Down', { exact: true }).count()).toBe(0);
  await stands(page, 'Look at both sides');
  await next(page);

  await page.getByLabel('Go-live date').fill('');
  await stands(page, 'From when on');
  await page.getByRole('button', { name: 'Save and go on' }).click();

  await page.getByText('paired exactly, equal on both sides').waitFor();
  await stands(page, 'What belongs together');
  await next(page);
  await stands(page, 'Who decides');
  await next(page);

  await page
    .getByRole('heading', { name: `${invoiceCount - 1} writes would be made` })
    .waitFor({ timeout: crossedMsMax });
  await stands(page, 'What would be written');
  expect(await writes()).toBe(0);
  await next(page);

  await page.getByLabel(`I have looked at the ${invoiceCount - 1} writes`).check();
  await stands(page, 'Go live');
  await page.getByRole('button', { name: /^Let Craig’s Design go live/ }).click();
  const crossed = page.locator('[data-first-crossings] li').filter({ hasText: 'In sync' });
  await expect.poll(() => crossed.count(), { timeout: crossedMsMax }).toBe(invoiceCount);
  expect(await writes()).toBe(invoiceCount - 1);
  await stands(page, 'Go live');

  await page.goto(`${product.url}/companies`);
  await page.getByRole('link', { name: 'Craig’s Design' }).waitFor();
  await page.close();
});
