import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openBrowser } from '../support/browser.ts';
import { deskInvoice } from '../support/desk-invoice.ts';
import { startProduct, type Product } from '../support/product.ts';
import { invoicingSide, quickBooksSide } from '../support/simulators.ts';
import { until } from '../simulator/control/until.ts';

const demoRealm = '9130000000000001';
const seenMsMax = 60_000;
const adminKey = `lb_${randomBytes(32).toString('base64url')}`;
/** Long enough that nobody is too slow to take a decision back, on any machine. */
const longWindowSeconds = 120;

let product: Product;
let browser: Browser;
let context: BrowserContext;
let invoicing: ReturnType<typeof invoicingSide>;
let quickbooks: ReturnType<typeof quickBooksSide>;

beforeAll(async () => {
  [product, browser] = await Promise.all([
    startProduct({ LEDGERBRIDGE_BOOTSTRAP_API_KEY: adminKey }),
    openBrowser(),
  ]);
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const headers = { 'x-ledgerbridge-csrf': '1' };
  await context.request.post(`${product.url}/session`, { headers, data: { apiKey: adminKey } });
  invoicing = invoicingSide(product.invoicingUrl);
  quickbooks = quickBooksSide(product.quickbooksUrl, demoRealm);
  await setWindow(longWindowSeconds);
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

const answerShape = z.object({ data: z.unknown() });

async function ask(query: string, variables: object = {}): Promise<unknown> {
  const answer = await fetch(`${product.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${adminKey}` },
    body: JSON.stringify({ query, variables }),
  });
  return answerShape.parse(await answer.json()).data;
}

const companyShape = z.object({
  companies: z.object({ nodes: z.tuple([z.object({ id: z.string(), version: z.number() })]) }),
});

/** Seconds in which decisions can be taken back from now on; with none they cross at once. */
async function setWindow(undoWindowSeconds: number): Promise<void> {
  const { companies } = companyShape.parse(await ask('{ companies { nodes { id version } } }'));
  const [{ id, version }] = companies.nodes;
  const input = {
    companyId: id,
    expectedVersion: version,
    undoWindowSeconds,
    idempotencyKey: randomBytes(16).toString('hex'),
  };
  const done = await ask(
    'mutation ($input: UpdateCompanySettingsInput!) { updateCompanySettings(input: $input) { __typename } }',
    { input },
  );
  expect(done).toMatchObject({
    updateCompanySettings: { __typename: 'UpdateCompanySettingsSuccess' },
  });
}

const openPage = async (path: string): Promise<Page> => {
  const page = await context.newPage();
  page.setDefaultTimeout(seenMsMax);
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
const ourMemo = { customerMemo: 'Ours' };
const theirMemo = { CustomerMemo: { value: 'Theirs' } };

const statusShape = z.object({
  invoices: z.object({ nodes: z.array(z.object({ id: z.string(), status: z.string() })) }),
});

/** Waits until an invoice stands like this; answers the id of its page. */
const standing = (number: string, status: string): Promise<string> =>
  until(
    `${number} to be ${status}`,
    async () => {
      const found = await ask(
        'query ($text: String!) { invoices(first: 5, filter: { text: $text }) { nodes { id status } } }',
        { text: number },
      );
      return statusShape.parse(found).invoices.nodes.find((node) => node.status === status)?.id;
    },
    seenMsMax,
  );

/** An invoice on both sides that two people then edit at once; answers its id in the internal books. */
async function disputedInvoice(number: string, ours: object, theirs: object): Promise<string> {
  const { id } = await invoicing.human(deskInvoice(number));
  await standing(number, 'IN_SYNC');
  const copy = await theirsOf(id);
  await quickbooks.human({ action: 'edit', entity: 'Invoice', id: copy?.['Id'], set: theirs });
  await invoicing.human({ action: 'edit', id, set: ours });
  return id;
}

type Disputed = { readonly id: string; readonly page: Page };

/** The same with the page of its conflict open. */
async function disputed(number: string, ours: object, theirs: object): Promise<Disputed> {
  const id = await disputedInvoice(number, ours, theirs);
  const page = await openPage(
    `/invoices/${encodeURIComponent(await standing(number, 'CONFLICT'))}`,
  );
  await page.getByRole('link', { name: 'Settle the conflict' }).click();
  await page.getByRole('form', { name: 'Decision' }).waitFor();
  return { id, page };
}

const statusLine = (page: Page) => page.locator('[data-recent-decision]');

/** Both sides hold this note, whoever wrote it first. */
const bothSay = (id: string, memo: string) =>
  expect
    .poll(
      async () => [
        (await oursOf(id))['customerMemo'],
        z.object({ CustomerMemo: z.object({ value: z.string() }) }).parse(await theirsOf(id))
          .CustomerMemo.value,
      ],
      { timeout: seenMsMax },
    )
    .toEqual([memo, memo]);

let takenBack: string;

describe('a person at the conflict desk, while decisions can be taken back', () => {
  test('takes one back with Z, and it is open again', async () => {
    const { id, page } = await disputed('INV-DESK-0', ourThree, theirThree);
    takenBack = id;
    await page.keyboard.press('Shift+Digit2');
    await page.getByRole('button', { name: 'Settle' }).click();
    await page.getByRole('region', { name: 'Outcome' }).waitFor();
    await statusLine(page)
      .getByRole('button', { name: /^Undo \(Z\) until \d\d:\d\d:\d\d$/ })
      .waitFor();

    await page.keyboard.press('z');

    await statusLine(page).getByText('Taken back.').waitFor();
    await page.getByRole('form', { name: 'Decision' }).waitFor();
    await page.close();
  });

  test('sees at once what somebody else decided, makes a rule of it after its rehearsal, and takes that back', async () => {
    const { page } = await disputed('INV-DESK-5', ourMemo, theirMemo);
    const other = await openPage(new URL(page.url()).pathname);
    await other.getByRole('button', { name: /take Internal, Ours$/ }).click();

    await page.getByRole('region', { name: 'Outcome' }).waitFor();
    await statusLine(page).getByRole('button', { name: /^Undo/ }).click();
    await other.getByRole('form', { name: 'Decision' }).waitFor();
    await other.close();

    // What is decided again and again becomes a rule: it is rehearsed first, and can be taken back as well.
    await page.getByRole('link', { name: /^Make it a rule for/ }).click();
    const editor = page.getByRole('form', { name: /^Rule for/ });
    await page.locator('[data-rehearsal]').getByRole('status').waitFor();
    await editor.getByRole('radio', { name: /QuickBooks wins/ }).check();
    await page.locator('[data-rehearsal][aria-busy="false"]').waitFor();
    await editor.getByRole('button', { name: 'Switch it on' }).click();
    const row = page.getByRole('row').filter({ hasText: 'Note to the customer' });
    await statusLine(page).getByText('Rule switched on.').waitFor();
    await statusLine(page).getByRole('button', { name: /^Undo/ }).click();
    await statusLine(page).getByText('Taken back.').waitFor();
    await row.getByRole('cell', { name: 'ask a person' }).waitFor();
    await page.close();
  });
});

describe('a person at the conflict desk, whose decisions cross at once', () => {
  beforeAll(() => setWindow(0));

  test('settles one field with one click', async () => {
    const { id, page } = await disputed('INV-DESK-1', ourMemo, theirThree);
    await page.locator('[data-preview]').waitFor();
    await page.getByRole('button', { name: /take QuickBooks, Theirs$/ }).click();
    await page.getByText('Both sides equal').waitFor();
    await bothSay(id, 'Theirs');
    expect(await oursOf(id)).toMatchObject({ poNumber: 'PO-2' });
    await page.close();
  });

  test('settles three fields by keys only, and every value arrives on both sides', async () => {
    const { id, page } = await disputed('INV-DESK-3', ourThree, theirThree);
    const form = page.getByRole('form', { name: 'Decision' });
    const fields = form.locator('[data-field]');
    const order = await fields.evaluateAll((all) =>
      all.map((one) => one.getAttribute('data-field')),
    );
    expect(order).toHaveLength(3);

    // Internal, QuickBooks, what is suggested: the focus goes on to the next field by itself.
    await page.keyboard.press('1');
    await page.keyboard.press('2');
    const suggested = form.getByText('Suggested for').getByRole('strong');
    const isOursSuggested = (await suggested.innerText()) === 'Internal';
    await page.keyboard.press('s');
    await page.keyboard.press('Control+Enter');

    await page.getByText('Both sides equal').waitFor();
    const isOurs = (path: string) =>
      [true, false, isOursSuggested][order.findIndex((one) => one === path)] === true;
    const wanted = {
      memo: isOurs('customerMemo') ? 'Ours' : 'Theirs',
      dueDate: isOurs('dueDate') ? ourThree.dueDate : theirThree.DueDate,
      order: isOurs('poNumber') ? ourThree.poNumber : theirThree.PONumber,
    };
    await bothSay(id, wanted.memo);
    expect(await oursOf(id)).toMatchObject({ dueDate: wanted.dueDate, poNumber: wanted.order });
    expect(await theirsOf(id)).toMatchObject({ DueDate: wanted.dueDate, PONumber: wanted.order });
    await page.close();
  });

  test('goes back to what was last agreed with 0', async () => {
    const ours = { dueDate: ourThree.dueDate };
    const { id, page } = await disputed('INV-DESK-6', ours, { DueDate: theirThree.DueDate });
    await page.locator('[data-preview]').waitFor();
    await page.keyboard.press('0');
    await page.getByText('Both sides equal').waitFor();
    expect(await oursOf(id)).toMatchObject({ dueDate: '2026-12-20' });
    expect(await theirsOf(id)).toMatchObject({ DueDate: '2026-12-20' });
    await page.close();
  });

  test('types a value of their own, and both sides take it', async () => {
    const { id, page } = await disputed('INV-DESK-7', ourMemo, theirMemo);
    await page.getByRole('button', { name: 'Another value…' }).click();
    await page.getByRole('form', { name: 'Decision' }).getByRole('textbox').first().fill('Agreed');
    await page.getByRole('button', { name: 'Settle' }).click();
    await page.getByText('Both sides equal').waitFor();
    await bothSay(id, 'Agreed');
    await page.close();
  });

  test('settles two of one field together, after seeing what each would write', async () => {
    const numbers = ['INV-MANY-1', 'INV-MANY-2'];
    const ids = await Promise.all(
      numbers.map((number) => disputedInvoice(number, ourMemo, theirMemo)),
    );
    await Promise.all(numbers.map((number) => standing(number, 'CONFLICT')));
    const page = await openPage('/conflicts');
    for (const number of numbers) await page.getByLabel(`Select ${number}`).check();
    const bar = page.getByRole('region', { name: 'Selected conflicts' });
    await bar.getByRole('button', { name: /^Keep QuickBooks for .* on 2…$/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason, kept in the audit trail').fill('The bookkeeper knows.');
    await dialog.getByRole('button', { name: 'Settle 2' }).click();
    await page.locator('[data-bulk="SUCCEEDED"]').waitFor();
    for (const id of ids) await bothSay(id, 'Theirs');
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

  test('left what was taken back as it was: neither side ever heard of it', async () => {
    expect(await oursOf(takenBack)).toMatchObject(ourThree);
    expect(await theirsOf(takenBack)).toMatchObject(theirThree);
  });
});
