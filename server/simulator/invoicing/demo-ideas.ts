import type { SeededRandom } from '../control/random.ts';
import type { Company } from './company.ts';
import { memos } from './demo-people.ts';
import type { HumanAction } from './human.ts';
import { compareAmounts, shareOfAmount } from './money.ts';
import type { Customer, Invoice, Item, Line } from './wire.ts';

/** What people at the demo company might do next: plain actions, believable ones, all drawn from one seed. */

const dayMs = 86_400_000;

export type Scene = {
  readonly random: SeededRandom;
  readonly company: Company;
  /** Today as YYYY-MM-DD. */
  readonly today: string;
};

/** An invoice for a customer that is known; null while there is nobody or nothing to sell. */
export function newInvoiceIdea(scene: Scene, chosen?: Customer, wanted?: Item): HumanAction | null {
  const { random, company, today } = scene;
  const customers = [...company.records.customers.values()].filter(({ active }) => active);
  const items = [...company.records.items.values()].filter(({ active }) => active);
  if (customers.length === 0 || items.length === 0) return null;

  const customer = chosen ?? random.pick(customers);
  const picked = new Set(wanted === undefined ? [] : [wanted]);
  const linesMax = random.integer(1, 4);
  for (let count = 0; count < linesMax; count += 1) picked.add(random.pick(items));
  const dueDays = company.records.terms.get(customer.terms ?? '')?.dueDays ?? 30;
  return {
    action: 'create',
    invoice: {
      customer: { id: customer.id },
      issueDate: today,
      dueDate: addDays(today, dueDays),
      terms: customer.terms,
      billTo: customer.billTo,
      customerMemo: random.chance(0.4) ? random.pick(memos) : null,
      poNumber: random.chance(0.25) ? `PO-${random.integer(10_000, 99_999)}` : null,
      discount: random.chance(0.1) ? { percent: random.pick(['5', '10', '2.5']) } : null,
      lines: [...picked].map((item) => newLine(random, item, customer.taxable)),
    },
  };
}

/** A change to an open invoice: a quantity, a memo, the due date or one more line. */
export function editIdea(scene: Scene): HumanAction | null {
  const { random } = scene;
  const invoice = recentOpenInvoice(scene);
  if (invoice === null) return null;
  const edit = random.pick([editQuantity, editQuantity, editMemo, editDueDate, addLine]);
  const set = edit(scene, invoice);
  return set === null ? null : { action: 'edit', id: invoice.id, set };
}

/** A payment, mostly of everything that is due. */
export function payIdea(scene: Scene): HumanAction | null {
  const { random, company, today } = scene;
  const invoice = recentOpenInvoice(scene);
  if (invoice === null) return null;
  const { id, balanceDue, currency } = invoice;
  const part = shareOfAmount(balanceDue, random.integer(30, 60), currency);
  const isWhole = random.chance(0.65) || compareAmounts(part, '0') <= 0;
  const methods = [...company.records.paymentMethods.keys()];
  const method = methods.length === 0 ? {} : { method: random.pick(methods) };
  return { action: 'pay', id, amount: isWhole ? balanceDue : part, date: today, ...method };
}

/** An invoice written by mistake is voided, if nothing was paid. */
export function voidIdea(scene: Scene): HumanAction | null {
  const invoice = recentOpenInvoice(scene);
  return invoice === null || invoice.payments.length > 0
    ? null
    : { action: 'void', id: invoice.id };
}

/** A date some days later. */
function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10);
}

type Edit = (scene: Scene, invoice: Invoice) => Record<string, unknown> | null;

/** Upwards only, so that what is paid never exceeds the total. */
const editQuantity: Edit = ({ random }, invoice) => {
  const changed = random.pick(invoice.lines);
  const { quantity } = changed;
  if (quantity === null || !/^\d+$/.test(quantity)) return null;
  const more = String(Number(quantity) + random.integer(1, 2));
  return {
    lines: invoice.lines.map((line) =>
      line.id === changed.id ? { ...asWritten(line), quantity: more } : asWritten(line),
    ),
  };
};

const editMemo: Edit = ({ random }) => ({ customerMemo: random.pick(memos) });

const editDueDate: Edit = ({ random }, { dueDate }) =>
  dueDate === null ? null : { dueDate: addDays(dueDate, random.pick([7, 14])) };

const addLine: Edit = ({ random, company }, invoice) => {
  const items = [...company.records.items.values()];
  if (items.length === 0) return null;
  const isTaxable = company.records.customers.get(invoice.customer.id)?.taxable ?? true;
  const added = newLine(random, random.pick(items), isTaxable);
  return { lines: [...invoice.lines.map(asWritten), added] };
};

function newLine(random: SeededRandom, item: Item, isTaxable: boolean) {
  const isDear = compareAmounts(item.unitPrice ?? '0', '1000') > 0;
  return {
    item: { id: item.id },
    description: item.description,
    quantity: String(isDear ? 1 : random.integer(1, 6)),
    unitPrice: item.unitPrice ?? '10.00',
    taxCode: isTaxable ? (item.taxCode ?? 'NON') : 'NON',
  };
}

/** A line as it is sent back: a derived amount is left out. */
function asWritten({ amount, ...line }: Line) {
  return line.quantity === null || line.unitPrice === null ? { ...line, amount } : line;
}

/** How many of the open invoices count as recent. */
const recentOpen = 12;

/**
 * People work on what is recent and their own: what the bridge brought from QuickBooks is the bookkeeper's, whose payments may
 * still be on their way.
 */
function recentOpenInvoice({ random, company }: Scene): Invoice | null {
  const open = [...company.records.invoices.values()]
    .filter(
      ({ invoice, deleted }) =>
        !deleted && invoice.status === 'open' && invoice.externalRef === null,
    )
    .map(({ invoice }) => invoice)
    .slice(-recentOpen);
  return open.length === 0 ? null : random.pick(open);
}
