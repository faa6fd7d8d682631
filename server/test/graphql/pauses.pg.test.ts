import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBridge, type Bridge } from './bridge.ts';
import { actionsOf, askAnew, globalId, seedBooks, type Mutation } from './requests.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await startBridge();
});

afterAll(async () => {
  await bridge.close();
});

const ask = (mutation: Mutation, input: object) => askAnew(bridge, mutation, input);

const statusQuery = `query Status($id: ID!, $companyIds: [ID!]) {
  node(id: $id) { ... on Invoice { status statusReason company { status pausedDirections health { state reasons } } } }
  invoices(filter: { companyIds: $companyIds, statuses: [PAUSED] }) { totalCount }
  companies(filter: { statuses: [PAUSED] }) { nodes { id } }
  stats(companyIds: $companyIds, range: { from: "2026-11-01T00:00:00Z", to: "2026-11-30T00:00:00Z" }) { statusCounts { status count } } }`;

describe('a pause', () => {
  const show = async ({ companyId, linkId }: { companyId: string; linkId: string }) => {
    const id = globalId('Company', companyId);
    const { data, errors } = await bridge.ask(statusQuery, {
      id: globalId('Invoice', linkId),
      companyIds: [id],
    });
    expect(errors).toBeUndefined();
    return data;
  };

  test('of an invoice shows who paused it, and its restart shows what it was', async () => {
    const books = await seedBooks(bridge);
    const input = { invoiceId: globalId('Invoice', books.linkId) };

    expect(
      await ask('setInvoicePaused', { ...input, expectedVersion: 1, paused: true }),
    ).toMatchObject({
      invoice: {
        version: 2,
        status: 'PAUSED',
        statusReason:
          'Paused by Bootstrap administrator; what changes meanwhile waits until it is restarted.',
      },
    });
    expect(await show(books)).toMatchObject({
      invoices: { totalCount: 1 },
      stats: { statusCounts: expect.arrayContaining([{ status: 'PAUSED', count: 1 }]) },
    });
    expect(
      await ask('setInvoicePaused', { ...input, expectedVersion: 2, paused: false }),
    ).toMatchObject({
      invoice: { version: 3, status: 'IN_SYNC', statusReason: 'Both sides agree.' },
    });
  });

  test('of what is paused already changes nothing', async () => {
    const { companyId, linkId } = await seedBooks(bridge);
    const input = { invoiceId: globalId('Invoice', linkId), expectedVersion: 1, paused: false };

    expect(await ask('setInvoicePaused', input)).toMatchObject({ invoice: { version: 1 } });
    expect(await actionsOf(bridge, companyId)).toEqual([]);
  });

  test('of both directions pauses the company and its invoices, of one it does not', async () => {
    const books = await seedBooks(bridge);
    const companyId = globalId('Company', books.companyId);

    await ask('setCompanyPaused', { companyId, expectedVersion: 1, directions: ['TO_INTERNAL'] });
    expect(await show(books)).toMatchObject({
      node: {
        status: 'IN_SYNC',
        company: { status: 'ACTIVE', pausedDirections: ['TO_INTERNAL'] },
      },
      invoices: { totalCount: 0 },
    });

    await ask('setCompanyPaused', {
      companyId,
      expectedVersion: 2,
      directions: ['TO_INTERNAL', 'TO_QUICKBOOKS'],
      note: 'Month end.',
    });
    expect(await show(books)).toMatchObject({
      node: {
        status: 'PAUSED',
        statusReason: 'The company is paused; what changes meanwhile waits until it is restarted.',
        company: {
          status: 'PAUSED',
          health: { state: 'DEGRADED', reasons: ['A person paused syncing for this company.'] },
        },
      },
      invoices: { totalCount: 1 },
      companies: { nodes: [{ id: companyId }] },
      stats: { statusCounts: expect.arrayContaining([{ status: 'PAUSED', count: 1 }]) },
    });

    await ask('setCompanyPaused', { companyId, expectedVersion: 3, directions: [] });
    expect(await show(books)).toMatchObject({
      node: { status: 'IN_SYNC', company: { status: 'ACTIVE', pausedDirections: [] } },
      companies: { nodes: [] },
    });
  });
});

test('two mutations of one document each show what they left', async () => {
  const { linkId } = await seedBooks(bridge);
  const invoiceId = globalId('Invoice', linkId);
  const { data } = await bridge.ask(
    `mutation Two($one: SetInvoicePausedInput!, $two: SetInvoicePausedInput!) {
      one: setInvoicePaused(input: $one) { ...Shown } two: setInvoicePaused(input: $two) { ...Shown } }
     fragment Shown on SetInvoicePausedSuccess { invoice { status version auditEntries(first: 5) { totalCount } } }`,
    {
      one: { invoiceId, expectedVersion: 1, paused: true, idempotencyKey: randomUUID() },
      two: { invoiceId, expectedVersion: 2, paused: false, idempotencyKey: randomUUID() },
    },
  );

  expect(data).toMatchObject({
    one: { invoice: { status: 'PAUSED', version: 2, auditEntries: { totalCount: 2 } } },
    two: { invoice: { status: 'IN_SYNC', version: 3, auditEntries: { totalCount: 4 } } },
  });
});
