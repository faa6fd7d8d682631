import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startBridge, type Bridge } from './bridge.ts';
import { actionsOf, askAnew, globalId, seedReference } from './requests.ts';
import { seedDeadLetter } from './seed.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await startBridge();
});

afterAll(async () => {
  await bridge.close();
});

const map = (id: string, more: object = {}) =>
  askAnew(bridge, 'mapReference', {
    referenceId: globalId('Reference', id),
    expectedVersion: 1,
    ...more,
  });

const requestOf = async (id: string) => {
  const row = await bridge.prisma.reference.findUnique({ where: { id } });
  return row?.request;
};

const page = z.object({
  references: z.object({
    totalCount: z.number(),
    nodes: z.array(z.object({ internalName: z.string().nullable(), status: z.string() })),
  }),
});

describe('mapReference', () => {
  test('pairs with a candidate, under its name, and the worker looks at it before it is used', async () => {
    const { id, companyId } = await seedReference(bridge);

    expect(await map(id, { counterpartId: '58' })).toMatchObject({
      __typename: 'MapReferenceSuccess',
      replayed: false,
      reference: {
        version: 2,
        status: 'MATCHED',
        internalId: 'cus_1',
        quickbooksId: '58',
        quickbooksName: 'Kestrel Boats',
      },
    });
    expect(await requestOf(id)).toBe('CHECK');
    expect(await actionsOf(bridge, companyId)).toEqual(['REFERENCE_MAPPED']);
    expect(bridge.rings).toContain(companyId);
  });

  test('can correct a pairing, but not have made what is there', async () => {
    const { id } = await seedReference(bridge, { status: 'MATCHED', quickbooksId: '58' });

    expect(await map(id)).toMatchObject({ code: 'ILLEGAL_STATE', retryable: false });
    expect(await map(id, { counterpartId: '60' })).toMatchObject({
      reference: { quickbooksId: '60', quickbooksName: null },
    });
  });

  test('has the bridge make a customer, and says of a tax code that it cannot', async () => {
    const customer = await seedReference(bridge, { status: 'MISSING', candidates: [] });
    const code = await seedReference(bridge, { kind: 'TAX_CODE', internalId: 'GST' });

    expect(await map(customer.id)).toMatchObject({ reference: { status: 'MISSING', version: 2 } });
    expect(await requestOf(customer.id)).toBe('MAKE');
    expect(await map(code.id)).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: ['counterpartId'] }],
    });
  });

  test.each(['', '  ', 'x'.repeat(256)])('refuses %o as an id', async (counterpartId) => {
    const { id } = await seedReference(bridge);

    expect(await map(id, { counterpartId })).toMatchObject({ __typename: 'ValidationError' });
  });

  test('says what a stale version missed', async () => {
    const { id } = await seedReference(bridge);

    expect(await map(id, { expectedVersion: 2, counterpartId: '58' })).toMatchObject({
      __typename: 'StaleVersionError',
      currentVersion: 1,
      current: { __typename: 'Reference', version: 1 },
    });
  });

  test('takes the place of the waiting row of its internal record, never of a paired one', async () => {
    const waiting = await seedReference(bridge);
    const { companyId } = waiting;
    const theirs = { companyId, internalId: null, internalName: null, candidates: [] };
    const own = await bridge.prisma.reference.create({
      data: {
        ...theirs,
        id: crypto.randomUUID(),
        kind: 'CUSTOMER',
        status: 'MISSING',
        quickbooksId: '77',
        quickbooksName: 'Kestrel',
      },
    });

    expect(await map(own.id, { counterpartId: 'cus_1' })).toMatchObject({
      reference: { internalId: 'cus_1', internalName: 'Kestrel Boat Yard', quickbooksId: '77' },
    });
    expect(await requestOf(waiting.id)).toBeUndefined();

    const other = await bridge.prisma.reference.create({
      data: {
        ...theirs,
        id: crypto.randomUUID(),
        kind: 'CUSTOMER',
        status: 'MISSING',
        quickbooksId: '78',
        quickbooksName: 'Kestrel Two',
      },
    });
    expect(await map(other.id, { counterpartId: 'cus_1' })).toMatchObject({
      code: 'ILLEGAL_STATE',
      message:
        '“Kestrel Boat Yard” of internal invoicing already stands for “Kestrel” in QuickBooks.',
    });
  });
});

describe('references', () => {
  test('are listed with those that need a person first, and how many invoices wait for each', async () => {
    const seeded = await seedReference(bridge);
    const { companyId } = seeded;
    await bridge.prisma.reference.create({
      data: {
        id: crypto.randomUUID(),
        companyId,
        kind: 'ITEM',
        status: 'MATCHED',
        internalId: 'itm_1',
        internalName: 'Anvil',
        quickbooksId: '7',
        quickbooksName: 'Anvil',
      },
    });
    const deadLetterId = await seedDeadLetter(bridge.prisma, seeded);
    const waitsFor = ['CUSTOMER:internal:cus_1', 'ITEM:internal:itm_9'];
    await bridge.prisma.deadLetter.update({ where: { id: deadLetterId }, data: { waitsFor } });

    const { data, errors } = await bridge.ask(
      `query List($companyId: ID!) { references(companyId: $companyId) { totalCount nodes {
        id kind status internalName waitingInvoiceCount candidates { name quickbooksId internalId } company { id } } } }`,
      { companyId: globalId('Company', companyId) },
    );

    expect(errors).toBeUndefined();
    expect(data?.['references']).toMatchObject({
      totalCount: 2,
      nodes: [
        {
          internalName: 'Kestrel Boat Yard',
          status: 'AMBIGUOUS',
          waitingInvoiceCount: 1,
          candidates: [
            { name: 'Kestrel Boats', quickbooksId: '58', internalId: null },
            { name: 'Kestrel Yard', quickbooksId: '59' },
          ],
        },
        { internalName: 'Anvil', status: 'MATCHED', waitingInvoiceCount: 0 },
      ],
    });
  });

  test('are narrowed by kind and state', async () => {
    const { companyId } = await seedReference(bridge);
    const ask = async (narrowed: string) => {
      const list = `query List($companyId: ID!) { references(companyId: $companyId, ${narrowed}) {
        totalCount nodes { internalName status } } }`;
      const { data } = await bridge.ask(list, { companyId: globalId('Company', companyId) });
      return page.parse(data).references.totalCount;
    };

    expect(await ask('kinds: [CUSTOMER]')).toBe(1);
    expect(await ask('kinds: [ITEM]')).toBe(0);
    expect(await ask('statuses: [AMBIGUOUS, MISSING]')).toBe(1);
    expect(await ask('statuses: [MATCHED]')).toBe(0);
  });
});
