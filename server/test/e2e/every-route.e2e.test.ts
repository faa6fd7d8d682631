import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { until } from '../simulator/control/until.ts';
import { axeFindings } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { startProduct, type Product } from '../support/product.ts';
import { invoicingSide, quickBooksSide } from '../support/simulators.ts';

const demoRealm = '9130000000000001';
const seenMsMax = 60_000;
/** Some seventy looks of axe, on two cores that others use too. */
const pageByPageMsMax = 600_000;
const adminKey = `lb_${randomBytes(32).toString('base64url')}`;

let product: Product;
let browser: Browser;
let context: BrowserContext;
let ids: z.output<typeof idsShape>;

const one = z.object({ nodes: z.tuple([z.object({ id: z.string() })], z.unknown()) });
const idsShape = z
  .object({ conflicts: one, deadLetters: one, reconcileRuns: one, companies: one, invoices: one })
  .transform(({ conflicts, deadLetters, reconcileRuns, companies, invoices }) => ({
    conflict: conflicts.nodes[0].id,
    letter: deadLetters.nodes[0].id,
    run: reconcileRuns.nodes[0].id,
    company: companies.nodes[0].id,
    invoice: invoices.nodes[0].id,
  }));

const askForIds = `{
  conflicts(first: 1) { nodes { id } } deadLetters(first: 1) { nodes { id } } reconcileRuns(first: 1) { nodes { id } }
  companies(first: 1) { nodes { id } } invoices(first: 1, filter: { statuses: [CONFLICT] }) { nodes { id } }
}`;

async function ask(query: string, variables: object = {}): Promise<unknown> {
  const answer = await fetch(`${product.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${adminKey}` },
    body: JSON.stringify({ query, variables }),
  });
  return z.object({ data: z.unknown() }).parse(await answer.json()).data;
}

const line = {
  item: { id: 'itm_1' },
  description: 'Desk',
  quantity: '2',
  unitPrice: '649.00',
  taxCode: 'TAX',
};

/** Something of everything: an invoice in conflict, one that stopped, one that agrees, and a run over all of them. */
async function fillTheBooks(): Promise<void> {
  const invoicing = invoicingSide(product.invoicingUrl);
  const quickbooks = quickBooksSide(product.quickbooksUrl, demoRealm);
  const make = (number: string, issueDate: string) =>
    invoicing.human({
      action: 'create',
      invoice: {
        number,
        customer: { id: 'cus_1' },
        issueDate,
        dueDate: '2026-12-20',
        lines: [line],
      },
    });
  await quickbooks.human({ action: 'close-books', through: '2026-10-31' });
  const { id } = await make('INV-BOTH', '2026-11-20');
  await make('INV-FINE', '2026-11-20');
  await make('INV-CLOSED', '2026-10-15');
  const theirs = async () =>
    (await quickbooks.all('Invoice')).find(({ DocNumber }) => DocNumber === 'INV-BOTH')?.['Id'];
  await until('the invoice to be made', async () => (await theirs()) !== undefined, seenMsMax);
  await quickbooks.human({
    action: 'edit',
    entity: 'Invoice',
    id: await theirs(),
    set: { CustomerMemo: { value: 'Theirs' } },
  });
  await invoicing.human({ action: 'edit', id, set: { customerMemo: 'Ours' } });
  const companies = z
    .object({ companies: one })
    .parse(await ask('{ companies(first: 1) { nodes { id } } }'));
  const input = {
    companyId: companies.companies.nodes[0].id,
    scope: 'FULL',
    idempotencyKey: 'every-route-of-the-app',
  };
  await ask(
    'mutation ($input: StartReconcileInput!) { startReconcile(input: $input) { __typename } }',
    { input },
  );
  const isThere = async () => idsShape.safeParse(await ask(askForIds)).success;
  await until('one of everything', isThere, seenMsMax);
  ids = idsShape.parse(await ask(askForIds));
}

beforeAll(async () => {
  [product, browser] = await Promise.all([
    startProduct({ LEDGERBRIDGE_BOOTSTRAP_API_KEY: adminKey }),
    openBrowser(),
  ]);
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, bypassCSP: true });
  const headers = { 'x-ledgerbridge-csrf': '1' };
  await context.request.post(`${product.url}/session`, { headers, data: { apiKey: adminKey } });
  await fillTheBooks();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

async function openPage(address: string): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(seenMsMax);
  await page.goto(`${product.url}${address}`);
  return page;
}

/** Goes on inside the app, as a link does. */
async function goTo(page: Page, address: string): Promise<void> {
  await page.evaluate((to) => history.pushState(null, '', to), address);
  await page.evaluate(() => window.dispatchEvent(new PopStateEvent('popstate')));
  await page.locator('main h1').first().waitFor({ state: 'attached' });
}

/** Everything axe knows in the light theme; in the dark one what a theme can change. */
async function nothingWrong(page: Page, where: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' });
  expect.soft(await axeFindings(page), `${where}, light`).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect.soft(await axeFindings(page, ['color-contrast']), `${where}, dark`).toEqual([]);
}

/** Every route with its data, and what it shows once they are there. */
const loaded = () =>
  [
    ['/', /agree/],
    ['/live', 'On the bridge'],
    ['/invoices', /^INV-/],
    [`/invoices/${ids.invoice}?tab=compare`, 'Theirs'],
    [`/invoices/${ids.invoice}?tab=crossing`, /Detected|Seen/],
    [`/invoices/${ids.invoice}?tab=history`, /INV-BOTH/],
    [`/invoices/${ids.invoice}?tab=audit`, /INV-BOTH/],
    [`/invoices/${ids.invoice}?tab=raw`, /INV-BOTH/],
    ['/conflicts', 'INV-BOTH'],
    [`/conflicts/${ids.conflict}`, 'Theirs'],
    ['/dead-letters', 'The books are closed for the date'],
    [`/dead-letters/${ids.letter}`, 'Replay or discard'],
    ['/work', /INV-/],
    ['/reconcile', 'Every invoice'],
    [`/reconcile/${ids.run}`, /compared/],
    ['/reconcile/evidence?from=2026-11-01&to=2026-11-30', /[0-9a-f]{64}/],
    ['/audit', 'Verify chain'],
    ['/rules', 'Due date'],
    [`/rules?edit=dueDate&company=${ids.company}`, /Switch it on/],
    ['/companies', 'Acme Books'],
    [`/companies/${ids.company}`, 'Acme Books'],
    [`/companies/${ids.company}?tab=settings`, 'Go-live date'],
    [`/companies/${ids.company}?tab=references`, 'Bluebird Bakery'],
    [`/companies/${ids.company}?tab=notifications`, 'A conflict was opened'],
    ['/companies/new', 'Name of the company'],
    [`/companies/${ids.company}/setup?step=live`, 'These are the newest to cross'],
    ['/health', 'Queue and speed'],
    ['/settings', 'Undo and notifications, by company'],
    ['/simulator', 'The proof, read from both books'],
  ] as const;

const empty = [
  '/live?text=nothing-is-called-so',
  '/invoices?text=nothing-is-called-so',
  '/invoices?text=nothing-is-called-so&form=table',
  '/conflicts?view=settled',
  '/dead-letters?view=over',
  '/audit?correlation=no-such-id',
  '/invoices/no-such-id',
  '/conflicts/no-such-id',
  '/dead-letters/no-such-letter',
  '/reconcile/no-such-run',
  '/companies/no-such-company',
  '/no-such-page',
];

describe('axe finds nothing wrong in either theme', () => {
  test('with nothing to show', { timeout: pageByPageMsMax }, async () => {
    const page = await openPage('/');
    for (const address of empty) {
      await goTo(page, address);
      await nothingWrong(page, address);
    }
    await page.close();
  });
});

/** One address of each page that asks the API for something. */
const asking = () =>
  loaded().filter(
    ([address]) => !/tab=(history|audit|raw|settings|references|notifications)|step=/.test(address),
  );

/** Words that would say that there is nothing, where nobody could know. */
const goodNews =
  /^No (conflict|dead letters|run yet|entries|company yet|invoice has been seen)|Nothing needs you\.|There is no such/;

test(
  'with no answer from the API every page says so, never looks empty, and recovers by itself, the socket being up all the time',
  { timeout: pageByPageMsMax },
  async () => {
    let isAway = true;
    await context.route(
      (url) => url.pathname === '/graphql' || url.pathname.startsWith('/demo'),
      (route) => (isAway ? route.fulfill({ status: 503, body: 'away' }) : route.continue()),
    );
    const pages = [];
    for (const [address, shown] of asking())
      pages.push({ address, shown, page: await openPage(address) });
    for (const { address, page } of pages) {
      await page.getByRole('main').getByRole('alert').first().waitFor();
      expect(await page.getByText(goodNews).count(), address).toBe(0);
      await nothingWrong(page, `${address}, failed`);
    }

    isAway = false;
    for (const { shown, page } of pages) {
      await page.locator('main').getByText(shown).first().waitFor({ state: 'attached' });
      await page.getByRole('main').getByRole('alert').first().waitFor({ state: 'detached' });
      await page.close();
    }
  },
);
