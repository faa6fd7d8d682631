import { seededRandom } from '../../simulator/control/random.ts';
import { known, lineOf, plainInvoice } from './companies.ts';
import { quickBooksInvoices, soldLines } from './ledger.ts';
import { internalMoney, paymentsThere } from './money.ts';
import type { World } from './world.ts';

const memos = ['Thank you', 'See you', 'With care'];
const dueDates = ['2026-12-24', '2026-12-31', '2027-01-15'];
const orders = ['PO-1', 'PO-2', null];

/**
 * Two people who never talk to each other: one edits in internal invoicing, one in QuickBooks, often the same fields of the
 * same few invoices. The same seed makes the same edits. Each call is one edit.
 */
export function twoPeople(world: World, seed: string): () => Promise<void> {
  const random = seededRandom(seed);
  const ids: string[] = [];
  const create = async (): Promise<void> => {
    const lines = [lineOf('1', '10'), lineOf('2', '20', { description: 'Second' })];
    const invoice = plainInvoice({ lines: lines.slice(0, random.integer(1, 2)) });
    ids.push((await world.invoicing.human({ action: 'create', invoice })).id);
  };
  const here = async (): Promise<void> => {
    const id = random.pick(ids.slice(-12));
    const set = random.pick<() => object>([
      () => ({ customerMemo: random.pick(memos) }),
      () => ({ dueDate: random.pick(dueDates) }),
      () => ({ poNumber: random.pick(orders) }),
      // Longer than QuickBooks holds: a dead letter until the next order number.
      () => ({ poNumber: 'PO-0123456789-0123456789' }),
      () => ({ customer: { id: random.pick([known.customer, known.otherCustomer]) } }),
      () => ({ lines: [lineOf(String(random.integer(1, 5)), '12.5')] }),
    ]);
    const action =
      random.integer(1, 25) === 1 ? { action: 'void', id } : { action: 'edit', id, set: set() };
    await ifAllowed(() => world.invoicing.human(action));
  };
  const there = async (): Promise<void> => {
    const invoices = (await quickBooksInvoices(world)).slice(-12);
    if (invoices.length === 0) return here();
    const invoice = random.pick(invoices);
    const [line, ...others] = soldLines(invoice);
    const quantity = random.integer(1, 5);
    const set = random.pick<() => object>([
      () => ({ CustomerMemo: { value: random.pick(memos) } }),
      () => ({ DueDate: random.pick(dueDates) }),
      () => ({ PONumber: random.pick(orders) ?? '' }),
      () => ({ Line: [{ ...line, Description: random.pick(memos) }, ...others] }),
      () => ({
        Line: [
          {
            Amount: quantity * 30,
            DetailType: 'SalesItemLineDetail',
            SalesItemLineDetail: { ...detailOf(line), Qty: quantity, UnitPrice: 30 },
          },
          ...others,
        ],
      }),
    ]);
    const gone = random.pick(['void', 'delete'] as const);
    const about = { entity: 'Invoice', id: invoice.Id };
    const action =
      random.integer(1, 25) === 1
        ? { action: gone, ...about }
        : { action: 'edit', ...about, set: set() };
    await ifAllowed(() => world.quickbooks.human(action));
  };
  const amounts = ['5.00', '7.50', '12.00', '60.00'];
  const payHere = async (): Promise<void> => {
    const id = random.pick(ids.slice(-12));
    const paid = internalMoney.parse(await world.invoicing.invoice(id)).payments;
    const amount = random.pick(amounts);
    const paymentId = random.pick([null, ...paid.map((payment) => payment.id)]);
    const action =
      paymentId === null
        ? { action: 'pay', id, amount }
        : random.pick([
            { action: 'edit-payment', paymentId, amount },
            { action: 'unpay', paymentId },
          ]);
    await ifAllowed(() => world.invoicing.human(action));
  };
  const payThere = async (): Promise<void> => {
    const invoices = (await quickBooksInvoices(world)).slice(-12);
    if (invoices.length < 2) return payHere();
    const paid = (await paymentsThere(world)).slice(-6);
    const amount = Number(random.pick(amounts));
    const paymentId = random.pick([null, null, ...paid.map((payment) => payment.Id)]);
    const over = [random.pick(invoices), random.pick(invoices)].slice(0, random.integer(1, 2));
    const action =
      paymentId === null
        ? { action: 'pay', invoices: over.map(({ Id }) => ({ id: Id, amount })) }
        : random.pick([
            { action: 'edit-payment', id: paymentId, amount },
            { action: 'unpay', id: paymentId },
          ]);
    await ifAllowed(() => world.quickbooks.human(action));
  };
  return async () => {
    if (ids.length < 4 || random.chance(0.08)) return create();
    if (random.chance(0.25)) return random.chance(0.5) ? payHere() : payThere();
    return random.chance(0.5) ? here() : there();
  };
}

const detailOf = (line: Record<string, unknown> | undefined): object => {
  const detail = line?.['SalesItemLineDetail'];
  return typeof detail === 'object' && detail !== null ? detail : {};
};

/** What a system refuses its own user, for example an edit of what is void, is no edit. */
async function ifAllowed(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!/answered 4\d\d/.test(String(error))) throw error;
  }
}
