import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../simulator/control/until.ts';
import { axeFindings } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { startProduct, type Product } from '../support/product.ts';
import { invoicingSide, quickBooksSide } from '../support/simulators.ts';

const demoRealm = '9130000000000001';
const seenMsMax = 20_000;
/** The undo window of the demo company, and the way across after it. */
const crossedMsMax = 45_000;

let product: Product;
let browser: Browser;
let invoicing: ReturnType<typeof invoicingSide>;
let quickbooks: ReturnType<typeof quickBooksSide>;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), openBrowser()]);
  invoicing = invoicingSide(product.invoicingUrl);
  quickbooks = quickBooksSide(product.quickbooksUrl, demoRealm);
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

const openPage = async (path: string, more: object = {}): Promise<Page> => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...more });
  await page.goto(`${product.url}${path}`);
  return page;
};

async function theirsOf(id: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const invoices = await quickbooks.all('Invoice');
  return invoices.find(({ PrivateNote }) => String(PrivateNote).includes(`LedgerBridge ${id}`));
}

const oursOf = (id: string) => invoicing.invoice(id);

const ourThree = { customerMemo: 'Ours', dueDate: '2026-12-24', poNumber: 'PO-1' };
const theirThree = { CustomerMemo: { value: 'Theirs' }, DueDate: '2026-12-31', PONumber: 'PO-2' };

type Disputed = { readonly id: string; readonly page: Page };

/** An invoice on both sides that two people then edit at once; the page of its conflict is open. */
async function disputed(number: string, ours: object, theirs: object): Promise<Disputed> {
  const { id } = await invoicing.human({
    action: 'create',
    invoice: {
      number,
      customer: { id: 'cus_1' },
      issueDate: '2026-11-20',
      dueDate: '2026-12-20',
      lines: [
        {
          item: { id: 'itm_1' },
          description: 'Desk',
          quantity: '2',
          unitPrice: '649.00',
          taxCode: 'TAX',
        },
      ],
    },
  });
  const page = await openPage(`/invoices?text=${number}`);
  const row = page.getByRole('row').filter({ hasText: number });
  await row.filter({ hasText: 'In sync' }).waitFor({ timeout: seenMsMax });
  const copy = await theirsOf(id);
  await quickbooks.human({ action: 'edit', entity: 'Invoice', id: copy?.['Id'], set: theirs });
  await invoicing.human({ action: 'edit', id, set: ours });
  await row.getByRole('link', { name: number }).click();
  await page.getByRole('link', { name: 'Settle the conflict' }).click({ timeout: seenMsMax });
  await page.getByRole('form', { name: 'Decision' }).waitFor({ timeout: seenMsMax });
  return { id, page };
}

const statusLine = (page: Page) => page.locator('[data-recent-decision]');

describe('a person at the conflict desk', () => {
  test('takes a decision back inside its window, and neither side ever hears of it', async () => {
    const { id, page } = await disputed('INV-DESK-0', ourThree, theirThree);
    await page.keyboard.press('Shift+Digit2');
    await page.getByRole('button', { name: 'Settle' }).click();
    await page.getByRole('region', { name: 'Outcome' }).waitFor({ timeout: seenMsMax });
    await statusLine(page)
      .getByRole('button', { name: /^Undo \(Z\) until \d\d:\d\d:\d\d$/ })
      .waitFor();

    await page.keyboard.press('z');

    await statusLine(page).getByText('Taken back.').waitFor({ timeout: seenMsMax });
    await page.getByRole('form', { name: 'Decision' }).waitFor({ timeout: seenMsMax });
    await page.close();

    // A later decision has crossed: the window of the one taken back is long over.
    const later = await disputed('INV-DESK-1', { customerMemo: 'Ours' }, theirThree);
    const preview = later.page.locator('[data-preview]');
    await preview.waitFor();
    await later.page.getByRole('button', { name: /take QuickBooks, Theirs$/ }).click();
    await statusLine(later.page).getByText('Settled.').waitFor({ timeout: seenMsMax });
    await later.page.getByText('Both sides equal').waitFor({ timeout: crossedMsMax });
    expect(await oursOf(later.id)).toMatchObject({ customerMemo: 'Theirs', poNumber: 'PO-2' });
    expect(await theirsOf(later.id)).toMatchObject({ CustomerMemo: { value: 'Theirs' } });
    await later.page.close();

    expect(await oursOf(id)).toMatchObject(ourThree);
    expect(await theirsOf(id)).toMatchObject(theirThree);
  });

  test('settles three fields by keys only, and every value arrives on both sides', async () => {
    const { id, page } = await disputed('INV-DESK-3', ourThree, theirThree);
    const fields = page.getByRole('form', { name: 'Decision' }).locator('[data-field]');
    expect(await fields.count()).toBe(3);
    const order = await fields.evaluateAll((all) =>
      all.map((one) => one.getAttribute('data-field')),
    );

    // Internal, QuickBooks, internal: the focus goes on to the next field by itself.
    for (const key of ['1', '2', '1']) await page.keyboard.press(key);
    await page.keyboard.press('Control+Enter');

    await page.getByText('Both sides equal').waitFor({ timeout: crossedMsMax });
    const isOurs = (path: string) => order.findIndex((one) => one === path) !== 1;
    const wanted = {
      memo: isOurs('customerMemo') ? 'Ours' : 'Theirs',
      dueDate: isOurs('dueDate') ? ourThree.dueDate : theirThree.DueDate,
      order: isOurs('poNumber') ? ourThree.poNumber : theirThree.PONumber,
    };
    expect(await oursOf(id)).toMatchObject({
      customerMemo: wanted.memo,
      dueDate: wanted.dueDate,
      poNumber: wanted.order,
    });
    expect(await theirsOf(id)).toMatchObject({
      CustomerMemo: { value: wanted.memo },
      DueDate: wanted.dueDate,
      PONumber: wanted.order,
    });
    await page.close();
  });

  test('keeps what was chosen when another field moves meanwhile, and is told what moved', async () => {
    const { id, page } = await disputed('INV-DESK-4', ourThree, theirThree);
    const memo = page.locator('[data-field="customerMemo"]');
    await memo.getByRole('radio').first().check();

    await invoicing.human({ action: 'edit', id, set: { poNumber: 'PO-9' } });

    await page
      .locator('[data-moved-sentence]')
      .getByText(/changed while you were looking/)
      .waitFor({
        timeout: seenMsMax,
      });
    await page.locator('[data-field="poNumber"] [data-moved]').getByText('PO-9').waitFor();
    expect(await memo.getByRole('radio').first().isChecked()).toBe(true);
    await page.close();
  });

  test('sees at once what somebody else decided', async () => {
    const { page } = await disputed('INV-DESK-5', { customerMemo: 'Ours' }, theirThree);
    const other = await openPage(new URL(page.url()).pathname);
    await other.getByRole('button', { name: /take Internal, Ours$/ }).click({ timeout: seenMsMax });

    await page.getByRole('region', { name: 'Outcome' }).waitFor({ timeout: seenMsMax });
    await statusLine(page).getByRole('button', { name: /^Undo/ }).click();
    await other.getByRole('form', { name: 'Decision' }).waitFor({ timeout: seenMsMax });
    await other.close();
    await page.close();
  });

  test('finds the open conflicts from anywhere with G then C, and one row for each', async () => {
    const page = await openPage('/');
    await page.locator('[data-freshness="live"]').first().waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    const rows = page.getByRole('row').filter({ hasText: 'INV-DESK-' });
    await rows.first().waitFor({ timeout: seenMsMax });
    expect(await rows.filter({ hasText: 'Waits for you' }).count()).toBe(await rows.count());
    await page.close();
  });
});

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  test('axe finds nothing wrong with the list of conflicts and with one of them', async () => {
    const page = await openPage('/conflicts', { colorScheme, bypassCSP: true });
    const link = page.getByRole('link', { name: /^INV-DESK-0/ });
    await link.waitFor({ timeout: seenMsMax });
    expect(await axeFindings(page)).toEqual([]);
    await link.click();
    await page.locator('[data-preview]').waitFor({ timeout: seenMsMax });
    await until('the page to be live', async () =>
      page.locator('[data-freshness="live"]').first().isVisible(),
    );
    expect(await axeFindings(page)).toEqual([]);
    await page.close();
  });
});
