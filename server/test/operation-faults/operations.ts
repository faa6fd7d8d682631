import { expect } from 'vitest';
import { plainInvoice } from '../support/companies.ts';
import { counterpartOf, linkOf } from '../support/ledger.ts';
import { idOf } from '../support/pair.ts';
import type { World } from '../support/world.ts';
import type { Operation } from './cells.ts';
import type { Target } from './rules.ts';

/** An operation as people cause it, and what is to be seen when it is through. */
export type Deed = {
  readonly target: Target;
  /** What has to be there before, settled; answers the internal id of the invoice, null where the deed makes it. */
  readonly before: (world: World, cell: number) => Promise<string | null>;
  /** A person does it; answers the internal id of the invoice. */
  readonly act: (world: World, id: string | null, cell: number) => Promise<string>;
  /** Every mutation of that side by the bridge, in order. */
  readonly writes: readonly string[];
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

/** The deeds of the table. */
export const deeds: Readonly<Record<Operation, Deed>> = {
  create: {
    target: { side: 'quickbooks', operation: 'create', entity: 'Invoice' },
    before: async () => null,
    act: (world) => create(world),
    writes: ['Invoice create'],
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
