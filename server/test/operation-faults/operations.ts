import { expect } from 'vitest';
import { plainInvoice } from '../support/companies.ts';
import { linksOf, makeThere } from '../support/imports.ts';
import { counterpartOf, linkOf } from '../support/ledger.ts';
import { balances, moneyHere, payHere, payThere, paymentsThere } from '../support/money.ts';
import { idOf, type Pair } from '../support/pair.ts';
import { driftsOf, reconcileUntilSettled } from '../support/reconciles.ts';
import type { World } from '../support/world.ts';
import type { Operation } from './cells.ts';
import type { Target } from './rules.ts';

/** An operation as people cause it, and what is to be seen when it is through. */
export type Deed = {
  readonly target: Target;
  /** What has to be there before, settled; answers the internal id of the invoice, null where the deed makes it. */
  readonly before: (world: World, cell: number) => Promise<string | null>;
  /** A person does it; answers the id of the invoice on the side where it is done, internal unless `named` finds that. */
  readonly act: (world: World, id: string | null, cell: number) => Promise<string>;
  /** The internal id of an invoice that had none when the deed was done. */
  readonly named?: (world: World, id: string) => Promise<string>;
  /** Every mutation of that side by the bridge, in order. */
  readonly writes: readonly string[];
  /** Where it can be done twice: how that is found, and put right by a person. */
  readonly detected?: (world: World, id: string) => Promise<void>;
  /** Both sides show it. */
  readonly shown: (world: World, id: string, cell: number) => Promise<void>;
};

const create = async (world: World, more: object = {}): Promise<string> =>
  (await world.invoicing.human({ action: 'create', invoice: plainInvoice(more) })).id;

async function paired(world: World): Promise<string> {
  const id = await create(world);
  await world.drainUntilSettled();
  return id;
}

const existing = (id: string | null): string => {
  if (id === null) throw new Error('the deed is done to an invoice that is there');
  return id;
};

const inQuickbooks = async (world: World, id: string): Promise<string> =>
  (await linkOf(world, id)).quickbooksId ?? '';

/** Customers of the internal books that QuickBooks has not, one for each cell. */
export const strangers = Array.from({ length: 20 }, (_, cell) => ({
  id: `cus_new_${cell}`,
  displayName: `Stranger ${cell}`,
}));

const toPair = async (world: World, id: string): Promise<Pair> => ({
  world,
  id,
  quickbooksId: await inQuickbooks(world, id),
});

/** A pair with a payment of 40.00 that was recorded on the side named. */
async function paid(world: World, by: 'here' | 'there'): Promise<string> {
  const id = await paired(world);
  const both = await toPair(world, id);
  if (by === 'here') await payHere(both, '40.00');
  else await payThere(world, [{ id: both.quickbooksId, amount: 40 }]);
  await world.drainUntilSettled();
  return id;
}

/** Ids of the one payment of an invoice, on both sides. */
async function paymentOf(world: World, id: string) {
  const both = await toPair(world, id);
  const [here] = (await moneyHere(both)).payments;
  const there = (await paymentsThere(world)).find(({ Line }) =>
    Line.some(({ LinkedTxn }) => LinkedTxn[0]?.TxnId === both.quickbooksId),
  );
  return { here: here?.id ?? '', there: there?.Id ?? '' };
}

/** A person is asked about the one that is there twice. */
async function expectAsked(world: World, id: string): Promise<void> {
  expect(await linkOf(world, id)).toMatchObject({ status: 'CONFLICT' });
}

/** What both sides still ask for of the 108.00. */
const owes = (due: number) => async (world: World, id: string) => {
  expect(await balances(await toPair(world, id))).toEqual([due, due]);
};

async function allowImports(world: World): Promise<null> {
  await world.pool.query('UPDATE company SET import_from_quickbooks = true');
  return null;
}

/** The internal invoice that a QuickBooks one was imported as. */
async function importedAs(world: World, quickbooksId: string): Promise<string> {
  const link = (await linksOf(world)).find((each) => each.quickbooksId === quickbooksId);
  if (link === undefined || link.internalId === null) throw new Error('it was not imported');
  return link.internalId;
}

async function isImported(world: World, id: string): Promise<void> {
  expect(await world.invoicing.invoice(id)).toMatchObject({
    externalRef: `quickbooks:${world.quickbooks.realm}:${await inQuickbooks(world, id)}`,
    total: '100.00',
  });
}

/** The deeds of the table. */
export const deeds: Readonly<Record<Operation, Deed>> = {
  create: {
    target: { side: 'quickbooks', operation: 'create', entity: 'Invoice' },
    before: async () => null,
    act: (world) => create(world),
    writes: ['Invoice create'],
    detected: async (world, id) => {
      await reconcileUntilSettled(world);
      expect(await driftsOf(world)).toMatchObject([
        { kind: 'SUSPECTED_DUPLICATE', status: 'OPEN', internalId: id },
      ]);
    },
    shown: async (world, id) => {
      expect(await counterpartOf(world, id)).toMatchObject({ TotalAmt: 108, Balance: 108 });
    },
  },
  update: {
    target: { side: 'quickbooks', operation: 'update', entity: 'Invoice' },
    before: paired,
    act: async (world, id) => {
      const set = { customerMemo: 'Ours' };
      return (await world.invoicing.human({ action: 'edit', id: existing(id), set })).id;
    },
    writes: ['Invoice update'],
    shown: async (world, id) => {
      expect(await counterpartOf(world, id)).toMatchObject({ CustomerMemo: { value: 'Ours' } });
    },
  },
  void: {
    target: { side: 'quickbooks', operation: 'void', entity: 'Invoice' },
    before: paired,
    act: async (world, id) =>
      (await world.invoicing.human({ action: 'void', id: existing(id) })).id,
    writes: ['Invoice void'],
    shown: async (world, id) => {
      expect(await counterpartOf(world, id)).toMatchObject({ TotalAmt: 0, Balance: 0 });
    },
  },
  reference: {
    target: { side: 'quickbooks', operation: 'create', entity: 'Customer' },
    before: async () => null,
    act: (world, _, cell) => create(world, { customer: { id: `cus_new_${cell}` } }),
    writes: ['Customer create', 'Invoice create'],
    shown: async (world, id, cell) => {
      const value = await idOf(world, 'Customer', `Stranger ${cell}`);
      expect(await counterpartOf(world, id)).toMatchObject({ CustomerRef: { value } });
    },
  },
  pay: {
    target: { side: 'quickbooks', operation: 'create', entity: 'Payment' },
    before: paired,
    act: async (world, id) => {
      await payHere(await toPair(world, existing(id)), '40.00');
      return existing(id);
    },
    writes: ['Payment create'],
    detected: async (world, id) => {
      await expectAsked(world, id);
      const { there } = await paymentOf(world, id);
      await world.quickbooks.human({ action: 'unpay', id: there });
      await world.drainUntilSettled();
    },
    shown: owes(68),
  },
  'change-payment': {
    target: { side: 'quickbooks', operation: 'update', entity: 'Payment' },
    before: (world) => paid(world, 'here'),
    act: async (world, id) => {
      const { here: paymentId } = await paymentOf(world, existing(id));
      await world.invoicing.human({ action: 'edit-payment', paymentId, amount: '30.00' });
      return existing(id);
    },
    writes: ['Payment update'],
    shown: owes(78),
  },
  removal: {
    target: { side: 'quickbooks', operation: 'delete', entity: 'Payment' },
    before: (world) => paid(world, 'here'),
    act: async (world, id) => {
      const { here: paymentId } = await paymentOf(world, existing(id));
      await world.invoicing.human({ action: 'unpay', paymentId });
      return existing(id);
    },
    writes: ['Payment delete'],
    shown: owes(108),
  },
  'pay-internally': {
    target: { side: 'internal', operation: 'create', entity: 'payment' },
    before: paired,
    act: async (world, id) => {
      const invoice = await inQuickbooks(world, existing(id));
      await payThere(world, [{ id: invoice, amount: 40 }]);
      return existing(id);
    },
    writes: ['payment create'],
    detected: async (world, id) => {
      await expectAsked(world, id);
      const [, second] = (await moneyHere(await toPair(world, id))).payments;
      await world.invoicing.human({ action: 'unpay', paymentId: second?.id });
      await world.drainUntilSettled();
    },
    shown: owes(68),
  },
  'change-payment-internally': {
    target: { side: 'internal', operation: 'update', entity: 'payment' },
    before: (world) => paid(world, 'there'),
    act: async (world, id) => {
      const { there } = await paymentOf(world, existing(id));
      await world.quickbooks.human({ action: 'edit-payment', id: there, amount: 30 });
      return existing(id);
    },
    writes: ['payment update'],
    shown: owes(78),
  },
  'removal-internally': {
    target: { side: 'internal', operation: 'delete', entity: 'payment' },
    before: (world) => paid(world, 'there'),
    act: async (world, id) => {
      const { there } = await paymentOf(world, existing(id));
      await world.quickbooks.human({ action: 'unpay', id: there });
      return existing(id);
    },
    writes: ['payment delete'],
    shown: owes(108),
  },
  import: {
    target: { side: 'internal', operation: 'create', entity: 'invoice' },
    before: allowImports,
    act: (world, _, cell) => makeThere(world, { DocNumber: `QB-${cell}` }),
    named: importedAs,
    writes: ['invoice create'],
    shown: isImported,
  },
  'reference-internally': {
    target: { side: 'internal', operation: 'create', entity: 'customer' },
    before: allowImports,
    act: async (world, _, cell) => {
      const body = { DisplayName: `Newcomer ${cell}` };
      const { id: value } = await world.quickbooks.human({
        action: 'create',
        entity: 'Customer',
        body,
      });
      return makeThere(world, { DocNumber: `QB-${cell}`, CustomerRef: { value } });
    },
    named: importedAs,
    writes: ['customer create', 'invoice create'],
    shown: async (world, id, cell) => {
      await isImported(world, id);
      expect(await world.invoicing.invoice(id)).toMatchObject({
        customer: { displayName: `Newcomer ${cell}` },
      });
    },
  },
  'update-internally': {
    target: { side: 'internal', operation: 'update', entity: 'invoice' },
    before: paired,
    act: async (world, id) => {
      const set = { CustomerMemo: { value: 'Theirs' } };
      const theirs = await inQuickbooks(world, existing(id));
      await world.quickbooks.human({ action: 'edit', entity: 'Invoice', id: theirs, set });
      return existing(id);
    },
    writes: ['invoice update'],
    shown: async (world, id) => {
      expect(await world.invoicing.invoice(id)).toMatchObject({ customerMemo: 'Theirs' });
    },
  },
  'void-internally': {
    target: { side: 'internal', operation: 'void', entity: 'invoice' },
    before: paired,
    act: async (world, id) => {
      const theirs = await inQuickbooks(world, existing(id));
      await world.quickbooks.human({ action: 'void', entity: 'Invoice', id: theirs });
      return existing(id);
    },
    writes: ['invoice void'],
    shown: async (world, id) => {
      expect(await world.invoicing.invoice(id)).toMatchObject({ status: 'void' });
    },
  },
};
