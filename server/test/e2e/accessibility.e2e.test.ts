import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { axeFindings } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { startProduct, type Product } from '../support/product.ts';

let product: Product;
let browser: Browser;

beforeAll(async () => {
  [product, browser] = await Promise.all([
    startProduct({ LEDGERBRIDGE_DEMO_ACTIVITY_PER_MINUTE: '120' }),
    openBrowser(),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

/** The first page that each kind of thing waiting for a person has; null while there is not exactly one of it. */
async function whatWaits(): Promise<readonly string[] | null> {
  const answer = await fetch(`${product.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: `{ conflicts(first: 2) { nodes { id fields { path } } }
        deadLetters(first: 2) { nodes { id reason explanation } }
        drifted: reconcileRuns(first: 1, filter: { triggers: [DAILY], statuses: [DRIFT_FOUND] }) {
          nodes { id drifts(first: 2, statuses: [OPEN]) { nodes { kind } } residual { reason } } } }`,
    }),
  });
  const { conflicts, deadLetters, drifted } = waiting.parse(await answer.json()).data;
  const [conflict, ...conflictsMore] = conflicts.nodes;
  const [letter, ...lettersMore] = deadLetters.nodes;
  const [run] = drifted.nodes;
  const [drift, ...driftsMore] = run?.drifts.nodes ?? [];
  if (conflict === undefined || letter === undefined || run === undefined || drift === undefined)
    return null;
  expect([...conflictsMore, ...lettersMore, ...driftsMore]).toEqual([]);
  expect(conflict.fields).toEqual([{ path: 'customerMemo' }]);
  expect(letter).toMatchObject({ reason: 'PERIOD_CLOSED' });
  expect(letter.explanation).toContain('The books are closed through');
  expect(drift).toEqual({ kind: 'MISSING_IN_QUICKBOOKS' });
  expect(run.residual.map(({ reason }) => reason)).not.toContain('unexplained');
  return [`/conflicts/${conflict.id}`, `/dead-letters/${letter.id}`, `/reconcile/${run.id}`];
}

const list = <Shape extends z.ZodType>(node: Shape) => z.object({ nodes: z.array(node) });
const waiting = z.object({
  data: z.object({
    conflicts: list(z.object({ id: z.string(), fields: z.array(z.object({ path: z.string() })) })),
    deadLetters: list(z.object({ id: z.string(), reason: z.string(), explanation: z.string() })),
    drifted: list(
      z.object({
        id: z.string(),
        drifts: list(z.object({ kind: z.string() })),
        residual: z.array(z.object({ reason: z.string() })),
      }),
    ),
  }),
});

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  test.each([
    '/',
    '/live',
    '/invoices',
    '/invoices?text=nothing-is-called-so',
    '/invoices/no-such-id',
    '/conflicts',
    '/conflicts?view=settled',
    '/conflicts/no-such-id',
  ])('axe finds nothing wrong at %s', async (address) => {
    const page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
      colorScheme,
      bypassCSP: true,
    });
    await page.goto(`${product.url}${address}`);
    await page.locator('main').first().waitFor();
    await page.locator('[data-freshness="live"]').first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.close();
  });
});

test('the demo shows a visitor one conflict, one dead letter and one drift, and axe finds nothing wrong with them', async () => {
  // A gentle stream, as in the demo: a full comparison takes its turns between other work.
  await fetch(`${product.url}/demo/invoicing/activity`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ perMinute: 6 }),
  });
  const pages = await vi.waitUntil(whatWaits, { timeout: 170_000, interval: 500 });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, bypassCSP: true });
  for (const address of pages) {
    await page.goto(`${product.url}${address}`);
    await page.locator('main h1').first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
  }
  await page.close();
});
