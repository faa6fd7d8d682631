import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startBridge, type Bridge } from './bridge.ts';
import { seedCompany, seedDeadLetter, seedInvoice } from './seed.ts';

let bridge: Bridge;
let companyId: string;
const invoices: Awaited<ReturnType<typeof seedInvoice>>[] = [];

beforeAll(async () => {
  bridge = await startBridge();
  companyId = await seedCompany(bridge.prisma);
  for (let index = 0; index < 60; index += 1) {
    invoices.push(await seedInvoice(bridge.prisma, companyId, index));
  }
  const [first] = invoices;
  if (first) await seedDeadLetter(bridge.prisma, { companyId, ...first });
});

afterAll(async () => {
  await bridge.close();
});

const numbersPage = z.object({
  invoices: z.object({
    nodes: z.array(z.object({ number: z.string() })),
    pageInfo: z.object({ endCursor: z.string(), hasNextPage: z.boolean() }),
  }),
});

const everything = `query Page($first: Int!) {
  invoices(first: $first) {
    totalCount
    nodes {
      id version number status statusReason
      company { name health { state reasons } quickbooksBudget { usedThisMinute } }
      internal { number total { amount currency } customer { name quickbooksId } lines { lineKey amount { amount } } raw }
      quickbooks { number state customer { internalId } contentHash }
      base { total { amount } side }
      diff { path state }
      crossing { id }
      openDeadLetter { explanation }
      outboxEvents(first: 3) {
        totalCount
        nodes {
          stage stageHistory { stage durationMs } actor { displayName }
          attempts(first: 3) { nodes { outcome decision { explanation quickbooksWrites { path } } intents { state } } }
        }
      }
      timeline(first: 3) { nodes { summary } }
      auditEntries(first: 3) { nodes { summary } }
    }
  }
}`;

async function statementsFor(first: number): Promise<number> {
  bridge.statements.length = 0;
  const { errors, data } = await bridge.ask(everything, { first });
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ invoices: { totalCount: 60 } });
  return bridge.statements.length;
}

test('a page of 50 invoices with everything under them costs as many statements as a page of 2', async () => {
  const few = await statementsFor(2);
  const many = await statementsFor(50);

  expect(many).toBe(few);
});

test('a page of 50 invoices with both snapshots costs a handful of statements', async () => {
  bridge.statements.length = 0;
  const { errors } = await bridge.ask(`{ invoices(first: 50) { nodes {
    number company { name } internal { total { amount } } quickbooks { total { amount } } } } }`);

  expect(errors).toBeUndefined();
  expect(bridge.statements.length).toBeLessThanOrEqual(5);
});

test('invoices in the order of their numbers count as people do', async () => {
  const books = await seedCompany(bridge.prisma, 'Counting');
  const numbers = ['INV-10', 'INV-9', 'A-2', 'INV-100', 'A-10', 'INV-1'];
  for (const [index, number] of numbers.entries()) {
    const { linkId } = await seedInvoice(bridge.prisma, books, 1000 + index);
    await bridge.prisma.link.update({ where: { id: linkId }, data: { number } });
  }
  const page = `query Page($after: String, $companyIds: [ID!]) {
    invoices(first: 2, after: $after, filter: { companyIds: $companyIds }, orderBy: { field: NUMBER, direction: ASC }) {
      nodes { number } pageInfo { endCursor hasNextPage } } }`;
  const companyIds = [Buffer.from(`Company:${books}`).toString('base64')];
  const found: string[] = [];
  let after: string | null = null;
  do {
    const { data } = await bridge.ask(page, { after, companyIds });
    const { nodes, pageInfo } = numbersPage.parse(data).invoices;
    found.push(...nodes.map(({ number }) => number));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);

  expect(found).toEqual(['A-2', 'A-10', 'INV-1', 'INV-9', 'INV-10', 'INV-100']);
});
