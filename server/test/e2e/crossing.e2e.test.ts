import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openBrowser } from '../support/browser.ts';
import { deskInvoice } from '../support/desk-invoice.ts';
import { startProduct, type Product } from '../support/product.ts';

const made = z.object({ id: z.string() });
const seenMsMax = 20_000;

let product: Product;
let browser: Browser;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), openBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

/** A person in internal invoicing does something. */
async function human(body: object): Promise<string> {
  const answer = await fetch(`${product.invoicingUrl}/_control/human`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return made.parse(await answer.json()).id;
}

/** Counts full page loads, so that a test can say that none happened. */
async function openPage(
  path: string,
): Promise<{ page: Page; loads: () => number; errors: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  let count = 0;
  const errors: string[] = [];
  page.on('load', () => (count += 1));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(`${product.url}${path}`);
  return { page, loads: () => count, errors };
}

describe('a person who watches', () => {
  test('sees an invoice reach Settled on the live page without reloading', async () => {
    const { page, loads, errors } = await openPage('/live');
    await page.getByText(/Live/).first().waitFor();

    await human(deskInvoice('INV-E2E-1'));

    const row = page
      .getByRole('row')
      .filter({ hasText: 'INV-E2E-1' })
      .filter({ hasText: 'Settled' });
    await row.first().waitFor({ timeout: seenMsMax });
    expect(loads()).toBe(1);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('follows an edit stage by stage on the page of the invoice until it settles', async () => {
    const id = await human(deskInvoice('INV-E2E-2'));
    const { page, loads, errors } = await openPage('/invoices');
    await page.getByRole('link', { name: 'INV-E2E-2' }).first().click({ timeout: seenMsMax });
    await page.getByText('Both sides agree.').first().waitFor({ timeout: seenMsMax });
    await page
      .getByRole('link', { name: 'Crossing' })
      .or(page.getByRole('tab', { name: 'Crossing' }))
      .first()
      .click();
    await page.locator('[data-crossing-stage="SETTLED"]').waitFor({ timeout: seenMsMax });
    const before = loads();

    await human({ action: 'edit', id, set: { customerMemo: 'Thank you for your patience' } });

    const moved = page.getByRole('main').getByText('Thank you for your patience');
    await moved.first().waitFor({ timeout: seenMsMax });
    await page.locator('[data-crossing-stage="SETTLED"]').waitFor({ timeout: seenMsMax });
    expect(loads()).toBe(before);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('sees an empty list fill by itself, and only an empty one', async () => {
    const { page, loads } = await openPage('/invoices?text=INV-E2E-3');
    await page
      .getByText(/matches “INV-E2E-3”/)
      .first()
      .waitFor({ timeout: seenMsMax });

    await human(deskInvoice('INV-E2E-3'));

    await page.getByRole('link', { name: 'INV-E2E-3' }).first().waitFor({ timeout: seenMsMax });
    expect(loads()).toBe(1);
    await page.close();
  });

  test('finds GraphiQL at the address of the API, served by the product itself', async () => {
    const page = await browser.newPage();
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(product.url) && !/^(data|blob):/.test(request.url()))
        foreign.push(request.url());
    });
    await page.goto(`${product.url}/graphql`);
    await page.locator('.graphiql-container').first().waitFor({ timeout: seenMsMax });
    expect(foreign).toEqual([]);
    await page.close();
  });
});
