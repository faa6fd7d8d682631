import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { publishedDocuments, webDir } from '#main/places.ts';
import { adminKey, startBridge, type Bridge } from '../graphql/bridge.ts';
import { actionsOf, globalId, seedDeadBooks, seedReference } from '../graphql/requests.ts';
import { openBrowser } from '../support/browser.ts';

const seenMsMax = 30_000;

let bridge: Bridge;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  bridge = await startBridge({ http: { webDir }, publishedDocuments: publishedDocuments() });
  browser = await openBrowser();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const headers = { 'x-ledgerbridge-csrf': '1' };
  await context.request.post(`${bridge.url}/session`, { headers, data: { apiKey: adminKey } });
  page = await context.newPage();
  page.setDefaultTimeout(seenMsMax);
});

afterAll(async () => {
  await browser?.close();
  await bridge?.close();
});

test('a replay that could make a second document asks for the number, by keys alone, and takes no other', async () => {
  const { deadLetterId, number, companyId } = await seedDeadBooks(bridge, 'RISKY');
  await page.goto(`${bridge.url}/dead-letters/${globalId('DeadLetter', deadLetterId)}`);
  await page.getByRole('heading', { level: 1, name: number }).waitFor();

  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('a replay could make a second one').waitFor();
  const go = dialog.getByRole('button', { name: 'Replay all the same' });
  await page.keyboard.type('INV-0');
  expect(await go.isDisabled()).toBe(true);
  await page.keyboard.press('Enter');
  expect(await actionsOf(bridge, companyId)).toEqual([]);

  await page.keyboard.press('Control+a');
  await page.keyboard.type(number);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  expect(await actionsOf(bridge, companyId)).toEqual(['REPLAYED', 'STATE_CHANGED']);
});

test('a person says which record of the other side a customer is', async () => {
  const { companyId, id } = await seedReference(bridge);
  await page.goto(`${bridge.url}/companies/${globalId('Company', companyId)}?tab=references`);

  const choice = page.getByRole('button', { name: 'It is Kestrel Boats' });
  await choice.click();
  await choice.waitFor({ state: 'detached' });

  const paired = await bridge.prisma.reference.findUniqueOrThrow({ where: { id } });
  expect(paired).toMatchObject({ status: 'MATCHED', quickbooksId: '58' });
});

const exported = z.array(z.object({ sequence: z.string(), hash: z.string(), summary: z.string() }));

test('the audit trail is downloaded as JSON, each entry with the hash that the chain is checked by', async () => {
  await page.goto(`${bridge.url}/audit`);
  await page.getByText(/^\d+ entr/).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'JSON' }).click(),
  ]);

  expect(download.suggestedFilename()).toMatch(/\.json$/);
  const entries = exported.parse(JSON.parse(await readFile(await download.path(), 'utf8')));
  const stored = await bridge.prisma.auditEntry.findMany();
  expect(entries.map(({ hash }) => hash).toSorted()).toEqual(
    stored.map(({ hash }) => hash).toSorted(),
  );
});
