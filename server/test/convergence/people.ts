import type { SeededRandom } from '../../simulator/control/random.ts';
import { known, lineOf, plainInvoice } from '../support/companies.ts';
import { quickBooksInvoices, soldLines, type QuickBooksInvoice } from '../support/ledger.ts';
import { internalMoney, paymentsThere } from '../support/money.ts';
import type { World } from '../support/world.ts';

/** Texts in which every edit says something that nobody said before, so that a lost one is missed. */
export const watchedFields = ['customerMemo', 'poNumber'] as const;
export type WatchedField = (typeof watchedFields)[number];

/** An edit of a watched field, and what the person had before their eyes. */
export type Edit = {
  readonly invoiceId: string;
  readonly field: WatchedField;
  readonly side: 'internal' | 'quickbooks';
  readonly said: string;
  readonly saw: string | null;
};

export type People = {
  /** Internal ids of the history's invoices, oldest first. */
  readonly invoiceIds: readonly string[];
  readonly edits: readonly Edit[];
  /** What was done, in words, oldest first. */
  readonly told: readonly string[];
  /** One of them does something. */
  act(): Promise<void>;
};

const invoicesMax = 3;

/** One person in internal invoicing and one in QuickBooks, who work on the same few invoices and never talk. */
export function peopleOf(world: World, random: SeededRandom, name: string): People {
  const invoiceIds: string[] = [];
  const edits: Edit[] = [];
  const told: string[] = [];
  const unique = (): string => `${name}-${edits.length + 1}`;
  const shown = (id: string) => world.invoicing.invoice(id);
  const counterpart = async (id: string): Promise<QuickBooksInvoice | null> => {
    const marker = `LedgerBridge ${id}`;
    const found = (await quickBooksInvoices(world)).find(({ PrivateNote }) =>
      (PrivateNote ?? '').split('\n').includes(marker),
    );
    return found ?? null;
  };
  /** What a system refuses its own user, an edit of what is void for example, was never done. */
  const attempt = async (what: string, act: () => Promise<unknown>): Promise<boolean> => {
    try {
      await act();
    } catch (error) {
      if (!/answered 4\d\d/.test(String(error))) throw error;
      return false;
    }
    told.push(what);
    return true;
  };

  const create = async (): Promise<void> => {
    const lines = [lineOf('1', '10'), lineOf('2', '20', { description: 'Second' })];
    const invoice = plainInvoice({ lines: lines.slice(0, random.integer(1, 2)) });
    const { id } = await world.invoicing.human({ action: 'create', invoice });
    invoiceIds.push(id);
    told.push(`internal: make ${id}`);
  };
  const sayHere = async (id: string): Promise<void> => {
    const field = random.pick(watchedFields);
    const saw = textOf((await shown(id))[field]);
    const said = unique();
    const set = { [field]: said };
    if (await attempt(`internal: ${field} of ${id} is ${said}`, () => editHere(id, set)))
      edits.push({ invoiceId: id, field, side: 'internal', said, saw });
  };
  const sayThere = async (id: string, there: QuickBooksInvoice): Promise<void> => {
    const field = random.pick(watchedFields);
    const saw = thereAt(there, field);
    const said = unique();
    const set = field === 'customerMemo' ? { CustomerMemo: { value: said } } : { PONumber: said };
    if (await attempt(`QuickBooks: ${field} of ${id} is ${said}`, () => editThere(there, set)))
      edits.push({ invoiceId: id, field, side: 'quickbooks', said, saw });
  };
  const editHere = (id: string, set: object) => world.invoicing.human({ action: 'edit', id, set });
  const editThere = ({ Id: id }: QuickBooksInvoice, set: object) =>
    world.quickbooks.human({ action: 'edit', entity: 'Invoice', id, set });

  const here = async (id: string): Promise<void> => {
    const quantity = String(random.integer(1, 5));
    const dueDate = random.pick(['2026-12-24', '2026-12-31', '2027-01-15']);
    const customer = { id: random.pick([known.customer, known.otherCustomer]) };
    const [what, act] = random.pick<readonly [string, () => Promise<unknown>]>([
      [
        `quantity of ${id} is ${quantity}`,
        () => editHere(id, { lines: [lineOf(quantity, '12.5')] }),
      ],
      [`due date of ${id} is ${dueDate}`, () => editHere(id, { dueDate })],
      [`customer of ${id} is ${customer.id}`, () => editHere(id, { customer })],
      [`pay 5.00 of ${id}`, () => world.invoicing.human({ action: 'pay', id, amount: '5.00' })],
      [`take a payment of ${id} back`, () => unpayHere(id)],
      [
        `void ${id}`,
        () =>
          random.chance(0.3)
            ? world.invoicing.human({ action: 'void', id })
            : editHere(id, { dueDate }),
      ],
    ]);
    await attempt(`internal: ${what}`, act);
  };
  const unpayHere = async (id: string): Promise<void> => {
    const [payment] = internalMoney.parse(await shown(id)).payments;
    if (payment !== undefined)
      await world.invoicing.human({ action: 'unpay', paymentId: payment.id });
  };
  const there = async (id: string, invoice: QuickBooksInvoice): Promise<void> => {
    const dueDate = random.pick(['2026-12-24', '2026-12-31', '2027-01-15']);
    const [line, ...others] = soldLines(invoice);
    const [what, act] = random.pick<readonly [string, () => Promise<unknown>]>([
      [
        `words of a line of ${id}`,
        () => editThere(invoice, { Line: [{ ...line, Description: unique() }, ...others] }),
      ],
      [`due date of ${id} is ${dueDate}`, () => editThere(invoice, { DueDate: dueDate })],
      [
        `pay 7.50 of ${id}`,
        () =>
          world.quickbooks.human({ action: 'pay', invoices: [{ id: invoice.Id, amount: 7.5 }] }),
      ],
      [`take a payment of ${id} back`, () => unpayThere(invoice)],
      [
        `void ${id}`,
        () =>
          random.chance(0.3)
            ? world.quickbooks.human({ action: 'void', entity: 'Invoice', id: invoice.Id })
            : editThere(invoice, { DueDate: dueDate }),
      ],
    ]);
    await attempt(`QuickBooks: ${what}`, act);
  };
  const unpayThere = async ({ Id }: QuickBooksInvoice): Promise<void> => {
    const payment = (await paymentsThere(world)).find(({ Line }) =>
      Line.some(({ LinkedTxn }) => LinkedTxn[0]?.TxnId === Id),
    );
    if (payment !== undefined) await world.quickbooks.human({ action: 'unpay', id: payment.Id });
  };

  return {
    invoiceIds,
    edits,
    told,
    act: async () => {
      const id = invoiceIds.length === 0 ? null : random.pick(invoiceIds);
      if (id === null || (invoiceIds.length < invoicesMax && random.chance(0.15))) return create();
      const invoice = random.chance(0.5) ? await counterpart(id) : null;
      if (invoice === null) return random.chance(0.6) ? sayHere(id) : here(id);
      return random.chance(0.6) ? sayThere(id, invoice) : there(id, invoice);
    },
  };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** A watched field as QuickBooks shows it. */
export function thereAt(invoice: QuickBooksInvoice, field: WatchedField): string | null {
  if (field === 'poNumber') return textOf(invoice['PONumber']);
  const memo = invoice['CustomerMemo'];
  return typeof memo === 'object' && memo !== null && 'value' in memo ? textOf(memo.value) : null;
}
