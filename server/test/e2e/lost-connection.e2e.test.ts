import type { Browser, Page, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { startProduct, type Product } from '../support/product.ts';

const waitMsMax = 60_000;

let product: Product;
let browser: Browser;

beforeAll(async () => {
  [product, browser] = await Promise.all([
    startProduct({ LEDGERBRIDGE_DEMO_ACTIVITY_PER_MINUTE: '60' }),
    openBrowser(),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

/** A page between which and the API the line can be cut, for requests and for the socket. */
async function openLine() {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
  });
  const sockets = new Set<WebSocketRoute>();
  let isCut = false;
  await page.routeWebSocket(/\/graphql$/, (socket) => {
    if (isCut) {
      void socket.close();
      return;
    }
    socket.connectToServer();
    sockets.add(socket);
  });
  await page.route('**/graphql', (route) => (isCut ? route.abort() : route.continue()));
  const cut = async () => {
    isCut = true;
    await Promise.all([...sockets].map((socket) => socket.close()));
    sockets.clear();
  };
  return { page, cut, mend: () => (isCut = false) };
}

const settledRow = (page: Page) => page.getByRole('row').filter({ hasText: 'Settled' }).first();

/** The events whose rows stand on the page; two of one moment may read alike and are two all the same. */
const tailRows = async (page: Page): Promise<readonly unknown[]> => {
  const found: unknown = await page.evaluate(
    `[...document.querySelectorAll('[data-event]')].map((row) => row.dataset.event)`,
  );
  return Array.isArray(found) ? found : [];
};

test('whoever loses the line is told, catches up when it is back, and sees nothing twice', async () => {
  const { page, cut, mend } = await openLine();
  await page.goto(`${product.url}/live`);
  await page.locator('[data-freshness="live"]').waitFor({ timeout: waitMsMax });
  await settledRow(page).waitFor({ timeout: waitMsMax });

  await cut();
  await page
    .getByText(/^Reconnecting/)
    .first()
    .waitFor({ timeout: waitMsMax });
  mend();

  await page
    .locator('[data-stream-notice]')
    .filter({ hasText: /Caught up, \d+ events?\./ })
    .waitFor({ timeout: waitMsMax });
  await page.locator('[data-freshness="live"]').waitFor({ timeout: waitMsMax });
  const rows = await tailRows(page);
  expect(rows.length).toBeGreaterThan(0);
  expect(new Set(rows).size).toBe(rows.length);
  await page.close();
});

/** What each page shows once its data are there. */
const routes = [
  { address: '/', shown: /agree|agrees/ },
  { address: '/live', shown: 'On the bridge' },
  { address: '/invoices', shown: /INV-/ },
  { address: '/work', shown: /Needs you|Nothing needs you/ },
] as const;

test.each(routes)(
  'with the line cut $address says so, is never empty, and comes back by itself',
  async ({ address, shown }) => {
    const { page, cut, mend } = await openLine();
    await cut();
    await page.goto(`${product.url}${address}`);
    const alert = page.getByRole('alert').filter({ hasText: 'could not be read' }).first();
    await alert.waitFor({ timeout: waitMsMax });
    expect(await page.getByText(/No invoice has been seen|Nothing needs you\./).count()).toBe(0);

    mend();
    await page.getByRole('main').getByText(shown).first().waitFor({ timeout: waitMsMax });
    await alert.waitFor({ state: 'detached', timeout: waitMsMax });
    await page.close();
  },
);

test('a person finds an invoice, looks at it beside the list and opens it, by keys alone', async () => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${product.url}/`);
  await page.getByRole('heading', { level: 1, name: /agree/ }).waitFor({ timeout: waitMsMax });
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  const grid = page.getByRole('grid', { name: 'Invoices' });
  await grid.waitFor({ timeout: waitMsMax });
  const number = await grid.getByRole('link').nth(1).textContent();
  if (number === null) throw new Error('the list shows no second invoice');

  await page.keyboard.press('/');
  await page.keyboard.type(number);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('text') === number);
  const found = page.getByRole('grid').getByRole('link', { name: number });
  await found.waitFor({ timeout: waitMsMax });
  // The field keeps the focus; Tab goes over order and form of the list into the grid.
  for (let step = 0; step < 12; step += 1) {
    if (await page.getByRole('grid').evaluate((element) => element.matches(':focus'))) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  const beside = page.getByRole('complementary', { name: 'Invoice beside the list' });
  await beside.getByRole('heading', { name: number }).waitFor({ timeout: waitMsMax });
  expect(new URL(page.url()).searchParams.get('row')).not.toBeNull();

  await page.keyboard.press('Escape');
  await beside.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { level: 1, name: number }).waitFor({ timeout: waitMsMax });
  await page.close();
});
