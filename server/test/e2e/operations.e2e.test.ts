import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { deskInvoice } from '../support/desk-invoice.ts';
import { startProduct, type Product } from '../support/product.ts';
import { invoicingSide, quickBooksSide } from '../support/simulators.ts';

const demoRealm = '9130000000000001';
const seenMsMax = 30_000;
/** A replay has to cross, and a repair too. */
const crossedMsMax = 60_000;
const adminKey = `lb_${randomBytes(32).toString('base64url')}`;
const closed = [1, 2, 3].map((n) => `INV-CLOSED-${n}`);

let product: Product;
let browser: Browser;
let operator: BrowserContext;
let invoicing: ReturnType<typeof invoicingSide>;
let quickbooks: ReturnType<typeof quickBooksSide>;

const makeInvoice = (number: string, issueDate?: string) =>
  invoicing.human(deskInvoice(number, issueDate));

/** An invoice that only QuickBooks has: the demo company does not bring such ones in, so it is a drift. */
const makeInQuickBooks = (number: string) =>
  quickbooks.human({
    action: 'create',
    entity: 'Invoice',
    body: {
      DocNumber: number,
      TxnDate: '2026-11-28',
      CustomerRef: { value: '1' },
      Line: [
        {
          Amount: 900_000,
          DetailType: 'SalesItemLineDetail',
          SalesItemLineDetail: { ItemRef: { value: '1' }, Qty: 1, UnitPrice: 900_000 },
        },
      ],
    },
  });

beforeAll(async () => {
  [product, browser] = await Promise.all([
    startProduct({ LEDGERBRIDGE_BOOTSTRAP_API_KEY: adminKey }),
    openBrowser(),
  ]);
  operator = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  invoicing = invoicingSide(product.invoicingUrl);
  quickbooks = quickBooksSide(product.quickbooksUrl, demoRealm);
  await makeInvoice('INV-SETTLED-1');
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

async function openPage(path: string, context = operator): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${product.url}${path}`);
  await page.locator('main h1').first().waitFor({ timeout: seenMsMax });
  return page;
}

const rowOf = (page: Page, number: string) =>
  page.locator('li[data-row-id]').filter({ hasText: number });

describe('before anything stopped', () => {
  test('the dead letters say the good news, and the runs what will stand there', async () => {
    const letters = await openPage('/dead-letters');
    await letters.getByText('No dead letters.').waitFor({ timeout: seenMsMax });
    await letters.goto(`${product.url}/reconcile`);
    await letters.getByText('No run yet.').waitFor({ timeout: seenMsMax });
    await letters.close();
  });
});

describe('a person at the dead letters', () => {
  test('sees those of one cause together, discards one with a reason and takes it back', async () => {
    await quickbooks.human({ action: 'close-books', through: '2026-10-31' });
    for (const number of closed) await makeInvoice(number, '2026-10-15');
    const page = await openPage('/dead-letters');
    const cause = page.getByRole('region', { name: 'The books are closed for the date' });
    const show = page.getByRole('button', { name: /changed · show$/ });
    await cause.waitFor({ timeout: seenMsMax });
    for (const number of closed) {
      // A group is read when it opens; what stops later waits behind the button.
      await expect
        .poll(
          async () => {
            if (await show.isVisible()) await show.click();
            return rowOf(page, number).isVisible();
          },
          { timeout: seenMsMax },
        )
        .toBe(true);
    }

    await rowOf(page, 'INV-CLOSED-1')
      .getByRole('button', { name: /^Discard/ })
      .click();
    const dialog = page.getByRole('dialog', { name: 'Discard the dead letter of INV-CLOSED-1' });
    await dialog.getByLabel('Reason, kept in the audit trail').fill('Entered by hand.');
    await dialog.getByRole('button', { name: 'Discard' }).click();
    const row = rowOf(page, 'INV-CLOSED-1');
    await row.getByText('Discarded').waitFor({ timeout: seenMsMax });
    await row.getByText('“Entered by hand.”').waitFor();

    await page.locator('[data-recent-decision]').getByText('Discarded.').waitFor();
    await page.getByRole('heading', { name: 'Dead letters' }).click();
    await page.keyboard.press('z');
    await row.getByRole('button', { name: 'Replay INV-CLOSED-1' }).waitFor({ timeout: seenMsMax });
    await page.close();
  });

  test('replays one by keys only, and it stops for the same cause while the books stay closed', async () => {
    const page = await openPage('/dead-letters');
    await rowOf(page, 'INV-CLOSED-1').waitFor({ timeout: seenMsMax });

    await page.keyboard.press('j');
    expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-row'))).toBe(true);
    const number = await page.evaluate(() => document.activeElement?.textContent);
    await page.keyboard.press('r');
    const row = rowOf(page, number ?? '');
    await row
      .getByRole('link', { name: 'Watch it cross' })
      .or(row.getByText('Healed by news'))
      .waitFor({ timeout: seenMsMax });
    await page.keyboard.press('Enter');
    await page
      .getByRole('heading', { name: number ?? '' })
      .first()
      .waitFor({ timeout: seenMsMax });
    await page.getByText('What QuickBooks said, for support').click();
    await page.getByRole('button', { name: 'Copy correlation id' }).waitFor({ timeout: seenMsMax });
    await page.close();
  });

  test('replays a whole cause as planned, watches it to its end, and each is made once', async () => {
    await quickbooks.human({ action: 'close-books', through: '2020-01-31' });
    const page = await openPage('/dead-letters');
    // A closing date read in the last ten seconds serves the replay too: then it stops once more, and is replayed again.
    await expect
      .poll(
        async () => {
          await replayTheCause(page);
          return Promise.all(closed.map(madeOf));
        },
        { timeout: crossedMsMax * 2, interval: 1_000 },
      )
      .toEqual(closed.map(() => 1));
    await page.goto(`${product.url}/dead-letters?view=over`);
    await page.getByText('Went across').first().waitFor({ timeout: seenMsMax });
    await page.close();
  });
});

const madeOf = async (number: string): Promise<number> =>
  (await quickbooks.all('Invoice')).filter(({ DocNumber }) => DocNumber === number).length;

/** Replays what is open of the cause by its plan, and waits for the operation to end; nothing when none is open. */
async function replayTheCause(page: Page): Promise<void> {
  await page.goto(`${product.url}/dead-letters`);
  const cause = page.getByRole('region', { name: 'The books are closed for the date' });
  await cause.or(page.getByText('No dead letters.')).first().waitFor({ timeout: seenMsMax });
  if (!(await cause.isVisible())) return;
  await cause.getByRole('button', { name: /^Replay \d+…$/ }).click();
  const plan = page.getByRole('dialog', { name: /^Replay/ });
  const start = plan.getByRole('button', { name: /^(Replay \d+|Nothing to replay)$/ });
  await start.waitFor({ timeout: seenMsMax });
  await plan.getByText('Takes about').waitFor();
  if (await start.isDisabled()) return;
  await start.click();
  await page.locator('[data-bulk="SUCCEEDED"]').waitFor({ timeout: crossedMsMax });
  expect(await page.getByRole('progressbar', { name: 'Progress' }).isVisible()).toBe(true);
  expect(new URL(page.url()).searchParams.has('bulk')).toBe(true);
}

/** Both sides hold it, and QuickBooks has nothing more to tell of it. */
async function settled(number: string): Promise<void> {
  await expect.poll(() => madeOf(number), { timeout: seenMsMax }).toBe(1);
  const left = async () => (await quickbooks.webhookCounts()).left;
  await expect.poll(left, { timeout: seenMsMax }).toBe(0);
  const page = await openPage(`/invoices?text=${number}`);
  await page.getByText('In sync').first().waitFor({ timeout: seenMsMax });
  await page.close();
}

describe('a person at the reconcile', () => {
  test('starts a run, sees what explains the difference down to nothing, accepts one drift and repairs another', async () => {
    await settled('INV-SETTLED-1');
    await quickbooks.webhooks({ drop: 1 });
    const gone = (await quickbooks.all('Invoice')).find(
      ({ DocNumber }) => DocNumber === 'INV-SETTLED-1',
    );
    await quickbooks.human({ action: 'delete', entity: 'Invoice', id: gone?.['Id'] });
    await makeInQuickBooks('QB-ONLY-1');
    const page = await openPage('/reconcile');
    await page.getByRole('button', { name: 'Reconcile now' }).click({ timeout: seenMsMax });
    await page.getByText('Left over after all of these').waitFor({ timeout: crossedMsMax });
    const left = page.getByRole('row').filter({ hasText: 'Left over after all of these' });
    expect(await left.innerText()).toContain('0.00');

    await page.goto(`${page.url()}?kind=MISSING_INTERNALLY&status=OPEN`);
    await rowOf(page, 'QB-ONLY-1').waitFor({ timeout: seenMsMax });
    await rowOf(page, 'QB-ONLY-1')
      .getByRole('button', { name: /^Accept/ })
      .click();
    const dialog = page.getByRole('dialog', { name: 'Accept the difference' });
    await dialog.getByLabel('Reason, kept in the audit trail').fill('Made by the bank.');
    await dialog.getByRole('button', { name: 'Accept the difference' }).click();
    const accepted = page.locator('[data-drift="ACCEPTED"]').filter({ hasText: 'QB-ONLY-1' });
    await accepted.getByText('“Made by the bank.”').waitFor({ timeout: seenMsMax });

    await page.getByRole('combobox', { name: 'Kind' }).selectOption('BROKEN_LINK');
    const broken = rowOf(page, 'INV-SETTLED-1');
    await broken.getByRole('button', { name: /^Repair/ }).click({ timeout: seenMsMax });
    await page.getByRole('dialog').getByRole('button', { name: 'Repair 1' }).click();
    await page.locator('[data-bulk="SUCCEEDED"]').waitFor({ timeout: crossedMsMax });
    await page.close();
  });

  test('prints a period with the head of the audit chain, and nothing around it', async () => {
    const page = await openPage('/reconcile/evidence?from=2026-11-01&to=2026-11-30');
    const head = page.locator('[data-audit-head]');
    await head.waitFor({ timeout: seenMsMax });
    expect(await head.innerText()).toMatch(/^[0-9a-f]{64}$/);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('navigation', { name: 'Pages' }).isVisible()).toBe(false);
    expect(await page.getByRole('heading', { level: 2 }).first().isVisible()).toBe(true);
    await page.close();
  });
});

describe('a person at the audit trail', () => {
  test('may not verify the chain without the right, and with it finds it intact', async () => {
    const page = await openPage('/audit');
    await page.getByText('This needs a key with the right ADMIN').waitFor({ timeout: seenMsMax });
    expect(await page.getByRole('button', { name: 'Verify chain' }).isDisabled()).toBe(true);
    await page.close();

    const admin = await browser.newContext();
    const headers = { 'x-ledgerbridge-csrf': '1' };
    await admin.request.post(`${product.url}/session`, { headers, data: { apiKey: adminKey } });
    const own = await openPage('/audit', admin);
    await own.getByRole('button', { name: 'Verify chain' }).click({ timeout: seenMsMax });
    await own.locator('[data-chain="intact"]').waitFor({ timeout: seenMsMax });

    await own.getByLabel('A hash kept from earlier').fill('0'.repeat(63) + '1');
    await own.getByRole('button', { name: 'Verify chain' }).click();
    await own.getByText('the hash you kept is not among them').waitFor({ timeout: seenMsMax });
    await admin.close();
  });

  test('narrows to an action, and goes from an entry to its crossing and back', async () => {
    const page = await openPage('/audit?action=DISCARDED');
    const entry = page.locator('li[data-row-id]').first();
    await entry.getByText('“Entered by hand.”').waitFor({ timeout: seenMsMax });
    await entry.getByRole('link', { name: 'Its crossing' }).click();
    await page.getByRole('link', { name: 'Its audit entries' }).click({ timeout: seenMsMax });
    await page.getByLabel('Correlation id').waitFor({ timeout: seenMsMax });
    expect(new URL(page.url()).searchParams.get('correlation')).not.toBeNull();
    await page.close();
  });
});
