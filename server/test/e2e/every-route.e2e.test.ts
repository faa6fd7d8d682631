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
let subjects: Subjects;

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

async function openPage(): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(seenMsMax);
  await page.goto(product.url);
  await page.locator('main h1').first().waitFor({ state: 'attached' });
  return page;
}

/** Goes to a page inside the app, as a link does, from one that asks nothing, so that it asks all it needs anew. */
async function goTo(page: Page, address: string): Promise<void> {
  const nowhere = page.getByRole('heading', { name: 'Not found', exact: true });
  await follow(page, '/no-such-page');
  await nowhere.waitFor({ state: 'attached' });
  await follow(page, address);
  await nowhere.waitFor({ state: 'detached' });
  await page.locator('main h1').first().waitFor({ state: 'attached' });
}

const follow = (page: Page, address: string) =>
  page.evaluate((to) => {
    history.pushState(null, '', to);
    window.dispatchEvent(new PopStateEvent('popstate'));
  }, address);

const alert = (page: Page) => page.getByRole('main').getByRole('alert').first();

/** Everything axe knows, in both themes. */
async function nothingWrong(page: Page, where: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect.soft(await axeFindings(page), `${where}, ${colorScheme}`).toEqual([]);
  }
}

/** What the demo's bookkeeper wrote in QuickBooks, where a colleague wrote something else. */
const theirWords = 'Delivered in full. Thank you!';

type Subjects = {
  readonly invoice: { readonly id: string; readonly number: string };
  readonly company: string;
  readonly conflict: string;
  readonly letter: string;
  readonly run: string;
};

/** Every route, and what it shows once its data are there. */
function routesOf({ invoice: { id: invoice, number }, company, conflict, letter, run }: Subjects) {
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
    [`/conflicts/${conflict}`, theirWords],
    ['/dead-letters', 'The books are closed for the date'],
    [`/dead-letters/${letter}`, 'Replay or discard'],
    ['/work', /INV-/],
    ['/reconcile', 'Every invoice'],
    [`/reconcile/${run}`, /compared/],
    ['/reconcile/evidence?from=2026-11-01&to=2026-11-30', /[0-9a-f]{64}/],
    ['/audit?action=CONFLICT_OPENED', /^1 entr/],
    ['/rules', 'Due date'],
    [`/rules?edit=dueDate&company=${company}`, /Switch it on/],
    ['/companies', 'Acme Books'],
    [`/companies/${company}`, 'Acme Books'],
    [`/companies/${company}?tab=settings`, 'Go-live date'],
    [`/companies/${company}?tab=references`, 'Nothing waits to be paired.'],
    [`/companies/${company}?tab=notifications`, 'A conflict was opened'],
    ['/companies/new', 'Name of the company'],
    [`/companies/${company}/setup?step=connect`, /Connected to the QuickBooks company/],
    [`/companies/${company}/setup?step=checks`, 'Closed books'],
    [`/companies/${company}/setup?step=start`, 'Save and go on'],
    [`/companies/${company}/setup?step=matching`, 'No unlinked pair looks alike.'],
    [`/companies/${company}/setup?step=rules`, 'Where both sides already differ'],
    [`/companies/${company}/setup?step=plan`, /nothing is planned/],
    [`/companies/${company}/setup?step=live`, 'These are the newest to cross'],
    ['/health', 'Queue and speed'],
    ['/settings', 'Undo and notifications, by company'],
    ['/simulator', 'The proof, read from both books'],
  ] as const;
}

/** Nothing is read about them where no answer comes, so any will do. */
const anySubjects: Subjects = {
  invoice: { id: 'an-invoice', number: 'INV-1' },
  company: 'a-company',
  conflict: 'a-conflict',
  letter: 'a-letter',
  run: 'a-run',
};

const narrowedToNothing = [
  '/live?text=nothing-is-called-so',
  '/invoices?text=nothing-is-called-so',
  '/invoices?text=nothing-is-called-so&form=table',
  '/conflicts?view=settled',
  '/dead-letters?view=over',
  '/dead-letters?safety=RISKY',
  '/audit?correlation=no-such-id',
];

/** Words that would say that there is nothing, where nobody could know. */
const goodNews =
  /^No (conflict|dead letters|run yet|entries|company (yet|is connected)|invoice has been seen)|Nothing needs you\.|There is no such/;

const isAsked = (url: URL) => url.pathname === '/graphql' || url.pathname.startsWith('/demo');

/** As from a bridge to which no company was ever connected: only who asks is there. */
function emptied(answer: unknown, name = ''): unknown {
  if (name === 'viewer') return answer;
  if (Array.isArray(answer)) return [];
  if (typeof answer !== 'object' || answer === null) return name === 'totalCount' ? 0 : answer;
  return Object.fromEntries(
    Object.entries(answer).map(([field, value]) => [field, emptied(value, field)]),
  );
}

test(
  'with nothing to show every page says so, and axe finds nothing wrong in either theme',
  { timeout: pageByPageMsMax },
  async () => {
    const page = await openPage();
    await page.route(isAsked, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: emptied(await response.json()) });
    });
    // What the first page had read before is not empty.
    await page.reload();
    for (const address of [
      ...routesOf(anySubjects).map(([route]) => route),
      ...narrowedToNothing,
    ]) {
      await goTo(page, address);
      await page.locator('main .late').first().waitFor({ state: 'detached' });
      expect(await page.getByRole('main').innerText(), address).toMatch(/\w+ \w+/);
      expect(await page.getByText('This page failed').count(), address).toBe(0);
      await nothingWrong(page, `${address}, empty`);
    }
    await follow(page, '/no-such-page');
    await page.getByText('There is nothing at this address.').waitFor();
    await nothingWrong(page, '/no-such-page');
    await page.close();
  },
);

test(
  'with the API stopped every page says so and never looks empty, and axe finds nothing wrong in either theme',
  { timeout: pageByPageMsMax },
  async () => {
    const page = await openPage();
    await page.routeWebSocket(/\/graphql$/, (socket) => void socket.close());
    await page.route(isAsked, (route) => route.abort('connectionrefused'));
    // Nothing was read and kept before it stopped.
    await page.reload();
    for (const [address] of routesOf(anySubjects)) {
      await goTo(page, address);
      await alert(page).waitFor();
      expect(await page.getByText(goodNews).count(), address).toBe(0);
      await nothingWrong(page, `${address}, failed`);
    }
    await page.close();
  },
);

test(
  'the demo shows a visitor one conflict, one dead letter and one drift',
  { timeout: demoMsMax },
  async () => {
    const shown = await vi.waitUntil(whatWaits, { timeout: demoMsMax, interval: 500 });
    const { companies, conflicts: conflict, deadLetters: letter, reconcileRuns: run } = shown;
    subjects = {
      invoice: conflict.invoice,
      company: companies.id,
      conflict: conflict.id,
      letter: letter.id,
      run: run.id,
    };

    expect(conflict.fields).toEqual([{ path: 'customerMemo' }]);
    expect(letter.reason).toBe('PERIOD_CLOSED');
    expect(letter.explanation).toContain('The books are closed through');
    expect(run.drifts.nodes).toEqual([{ kind: 'MISSING_IN_QUICKBOOKS' }]);
    expect(run.residual.map(({ reason }) => reason)).not.toContain('unexplained');
  },
);

/** A page that is opened finds the API away; done in the page, since scripts that Playwright lets through come anew each time. */
const awayAtFirst = `
  window.isAway = true;
  const reallyFetch = window.fetch;
  window.fetch = (asked, options) =>
    window.isAway && /^(\\/graphql|\\/demo)/.test(new URL(asked, location.href).pathname)
      ? Promise.resolve(new Response('away', { status: 503 }))
      : reallyFetch(asked, options);`;

test(
  'every page recovers by itself once the API answers again, the socket being up all the time, and with everything there axe finds nothing wrong in either theme',
  { timeout: pageByPageMsMax },
  async () => {
    const page = await openPage();
    // The page's own waits before it asks again need not be waited for.
    await page.clock.install();
    await page.addInitScript(awayAtFirst);
    for (const [address, words] of routesOf(subjects)) {
      // Anew each time: what a page has kept it shows without an alarm.
      await page.goto(`${product.url}${address}`, { waitUntil: 'commit' });
      await alert(page).waitFor();

      await page.evaluate('window.isAway = false');
      const there = page.locator('main').getByText(words).first();
      const isBack = async () => {
        await page.clock.fastForward(1_000);
        return (await there.count()) > 0 && (await alert(page).count()) === 0;
      };
      await expect.poll(isBack, { timeout: seenMsMax, interval: 20, message: address }).toBe(true);
      await nothingWrong(page, address);
    }
    await page.close();
  },
);
