import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { axeFindings } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { startProduct, type Product } from '../support/product.ts';

const seenMsMax = 60_000;
/** The demo's year of books crosses first, with the delays that QuickBooks has. */
const demoMsMax = 180_000;
/** Some eighty looks of axe, on two cores that others use too. */
const pageByPageMsMax = 600_000;
const adminKey = `lb_${randomBytes(32).toString('base64url')}`;

let product: Product;
let browser: Browser;
let context: BrowserContext;
/** What waits for a person in the demo, and what it is about. */
let shown: Shown;

beforeAll(async () => {
  [product, browser] = await Promise.all([
    startProduct({
      LEDGERBRIDGE_BOOTSTRAP_API_KEY: adminKey,
      // A gentle stream, as in the demo: a full comparison takes its turns between other work.
      LEDGERBRIDGE_DEMO_ACTIVITY_PER_MINUTE: '6',
    }),
    openBrowser(),
  ]);
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, bypassCSP: true });
  const headers = { 'x-ledgerbridge-csrf': '1' };
  await context.request.post(`${product.url}/session`, { headers, data: { apiKey: adminKey } });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

const list = <Shape extends z.ZodType>(node: Shape) => z.object({ nodes: z.array(node) });
const waiting = z.object({
  data: z.object({
    companies: list(z.object({ id: z.string() })),
    conflicts: list(
      z.object({
        id: z.string(),
        invoice: z.object({ id: z.string(), number: z.string() }),
        fields: z.array(z.object({ path: z.string() })),
      }),
    ),
    deadLetters: list(z.object({ id: z.string(), reason: z.string(), explanation: z.string() })),
    reconcileRuns: list(
      z.object({
        id: z.string(),
        drifts: list(z.object({ kind: z.string() })),
        residual: z.array(z.object({ reason: z.string() })),
      }),
    ),
  }),
});

type Waiting = z.output<typeof waiting>['data'];
type Shown = { readonly [Name in keyof Waiting]: Waiting[Name]['nodes'][number] };

/** One of each kind of thing that waits for a person; null while one is lacking. */
async function whatWaits(): Promise<Shown | null> {
  const answer = await fetch(`${product.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: `{ companies(first: 1) { nodes { id } }
        conflicts(first: 2) { nodes { id invoice { id number } fields { path } } }
        deadLetters(first: 2) { nodes { id reason explanation } }
        reconcileRuns(first: 1, filter: { triggers: [DAILY], statuses: [DRIFT_FOUND] }) {
          nodes { id drifts(first: 2, statuses: [OPEN]) { nodes { kind } } residual { reason } } } }`,
    }),
  });
  const { data } = waiting.parse(await answer.json());
  const { companies, conflicts, deadLetters, reconcileRuns } = data;
  const [company, conflict] = [companies.nodes[0], conflicts.nodes[0]];
  const [letter, run] = [deadLetters.nodes[0], reconcileRuns.nodes[0]];
  const isThere = run !== undefined && run.drifts.nodes.length > 0;
  if (company === undefined || conflict === undefined || letter === undefined || !isThere)
    return null;
  expect([conflicts.nodes.length, deadLetters.nodes.length]).toEqual([1, 1]);
  return { companies: company, conflicts: conflict, deadLetters: letter, reconcileRuns: run };
}

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

/** The rules of axe whose outcome hangs on colours: the only ones a theme can change. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/** Everything axe knows in the light theme; in the dark one what a theme can change. */
async function nothingWrong(page: Page, where: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' });
  expect.soft(await axeFindings(page), `${where}, light`).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect.soft(await axeFindings(page, colourRules), `${where}, dark`).toEqual([]);
}

/** What the demo's bookkeeper wrote in QuickBooks, where a colleague wrote something else. */
const theirWords = 'Delivered in full. Thank you!';

/** Every route with its data, and what it shows once they are there. */
function loaded() {
  const {
    companies: company,
    conflicts: conflict,
    deadLetters: letter,
    reconcileRuns: run,
  } = shown;
  const { id: invoice, number } = conflict.invoice;
  return [
    ['/', /agree/],
    ['/live', 'On the bridge'],
    ['/invoices', /^INV-/],
    [`/invoices/${invoice}?tab=compare`, theirWords],
    [`/invoices/${invoice}?tab=crossing`, /Detected|Seen/],
    [`/invoices/${invoice}?tab=history`, new RegExp(number)],
    [`/invoices/${invoice}?tab=audit`, new RegExp(number)],
    [`/invoices/${invoice}?tab=raw`, new RegExp(number)],
    ['/conflicts', number],
    [`/conflicts/${conflict.id}`, theirWords],
    ['/dead-letters', 'The books are closed for the date'],
    [`/dead-letters/${letter.id}`, 'Replay or discard'],
    ['/work', /INV-/],
    ['/reconcile', 'Every invoice'],
    [`/reconcile/${run.id}`, /compared/],
    ['/reconcile/evidence?from=2026-11-01&to=2026-11-30', /[0-9a-f]{64}/],
    ['/audit', 'Verify chain'],
    ['/rules', 'Due date'],
    [`/rules?edit=dueDate&company=${company.id}`, /Switch it on/],
    ['/companies', 'Acme Books'],
    [`/companies/${company.id}`, 'Acme Books'],
    [`/companies/${company.id}?tab=settings`, 'Go-live date'],
    [`/companies/${company.id}?tab=references`, 'Nothing waits to be paired.'],
    [`/companies/${company.id}?tab=notifications`, 'A conflict was opened'],
    ['/companies/new', 'Name of the company'],
    [`/companies/${company.id}/setup?step=connect`, /Connected to the QuickBooks company/],
    [`/companies/${company.id}/setup?step=checks`, 'Closed books'],
    [`/companies/${company.id}/setup?step=start`, 'Save and go on'],
    [`/companies/${company.id}/setup?step=matching`, 'No unlinked pair looks alike.'],
    [`/companies/${company.id}/setup?step=rules`, 'Where both sides already differ'],
    [`/companies/${company.id}/setup?step=plan`, /nothing is planned/],
    [`/companies/${company.id}/setup?step=live`, 'These are the newest to cross'],
    ['/health', 'Queue and speed'],
    ['/settings', 'Undo and notifications, by company'],
    ['/simulator', 'The proof, read from both books'],
  ] as const;
}

const empty = [
  '/live?text=nothing-is-called-so',
  '/invoices?text=nothing-is-called-so',
  '/invoices?text=nothing-is-called-so&form=table',
  '/conflicts?view=settled',
  '/dead-letters?view=over',
  '/dead-letters?safety=RISKY',
  '/audit?correlation=no-such-id',
  '/invoices/no-such-id',
  '/conflicts/no-such-id',
  '/dead-letters/no-such-letter',
  '/reconcile/no-such-run',
  '/companies/no-such-company',
  '/no-such-page',
];

test(
  'with nothing to show axe finds nothing wrong in either theme',
  { timeout: pageByPageMsMax },
  async () => {
    const page = await openPage('/');
    for (const address of empty) {
      await goTo(page, address);
      await nothingWrong(page, address);
    }
    await page.close();
  },
);

test(
  'the demo shows a visitor one conflict, one dead letter and one drift',
  { timeout: demoMsMax },
  async () => {
    shown = await vi.waitUntil(whatWaits, { timeout: demoMsMax, interval: 500 });
    const { conflicts: conflict, deadLetters: letter, reconcileRuns: run } = shown;

    expect(conflict.fields).toEqual([{ path: 'customerMemo' }]);
    expect(letter.reason).toBe('PERIOD_CLOSED');
    expect(letter.explanation).toContain('The books are closed through');
    expect(run.drifts.nodes).toEqual([{ kind: 'MISSING_IN_QUICKBOOKS' }]);
    expect(run.residual.map(({ reason }) => reason)).not.toContain('unexplained');
  },
);

test(
  'with everything there axe finds nothing wrong in either theme',
  { timeout: pageByPageMsMax },
  async () => {
    const page = await openPage('/');
    for (const [address, words] of loaded()) {
      await goTo(page, address);
      await page.locator('main').getByText(words).first().waitFor({ state: 'attached' });
      await nothingWrong(page, address);
    }
    await page.close();
  },
);

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
    for (const [address, words] of asking())
      pages.push({ address, words, page: await openPage(address) });
    for (const { address, page } of pages) {
      await page.getByRole('main').getByRole('alert').first().waitFor();
      expect(await page.getByText(goodNews).count(), address).toBe(0);
      await nothingWrong(page, `${address}, failed`);
    }

    isAway = false;
    for (const { words, page } of pages) {
      await page.locator('main').getByText(words).first().waitFor({ state: 'attached' });
      await page.getByRole('main').getByRole('alert').first().waitFor({ state: 'detached' });
      await page.close();
    }
  },
);
