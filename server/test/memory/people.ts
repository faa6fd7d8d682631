import { z } from 'zod';
import type { SeededRandom } from '../../simulator/control/random.ts';
import {
  actAsHuman as actHere,
  type HumanAction as ActionHere,
} from '../../simulator/invoicing/human.ts';
import { QuickBooksFault } from '../../simulator/quickbooks/fault-bodies.ts';
import {
  actAsHuman as actThere,
  type HumanAction as ActionThere,
} from '../../simulator/quickbooks/human.ts';
import { known, lineOf, plainInvoice, unknown } from '../support/companies.ts';
import { watchedFields, type WatchedField } from '../convergence/people.ts';
import type { Books } from './books.ts';

/** An edit of a watched field, and what the person had before their eyes. */
export type Edit = {
  readonly invoiceId: string;
  readonly field: WatchedField;
  readonly side: 'internal' | 'quickbooks';
  /** The document it was said on, by the id of its side: of one invoice there may be several, one after the other. */
  readonly on: string;
  readonly said: string | null;
  readonly saw: string | null;
};

const line = z.looseObject({ DetailType: z.string() });
const invoiceThere = z.looseObject({
  Id: z.string(),
  TotalAmt: z.number(),
  Balance: z.number(),
  DueDate: z.string().optional(),
  PrivateNote: z.string().optional(),
  Line: z.array(line),
});
export type InvoiceThere = z.output<typeof invoiceThere>;

const paymentThere = z.looseObject({
  Id: z.string(),
  Line: z
    .array(z.looseObject({ LinkedTxn: z.array(z.object({ TxnId: z.string() })).default([]) }))
    .default([]),
});

/** Every invoice of the QuickBooks company. */
export const invoicesThere = ({ quickbooks, realm }: Books): readonly InvoiceThere[] =>
  quickbooks
    .books(realm)
    .all('Invoice')
    .map((raw) => invoiceThere.parse(raw));

/** Whether it carries the bridge's mark of that internal invoice. */
export const isMarked = ({ PrivateNote = '' }: InvoiceThere, id: string): boolean =>
  PrivateNote.split('\n').includes(`LedgerBridge ${id}`);

const dates = ['2026-12-24', '2026-12-31', '2027-01-15'] as const;

/** Two people who work on the same few invoices and never talk: one in internal invoicing, one in QuickBooks. */
export class People {
  readonly invoiceIds: string[] = [];
  readonly edits: Edit[] = [];
  /** What was done, in words, oldest first. */
  readonly told: string[] = [];
  readonly #books: Books;
  readonly #random: SeededRandom;
  readonly #invoicesMax: number;

  #isOver = false;
  readonly #habit: 'cancelling' | 'paying' | null;

  constructor(books: Books, random: SeededRandom, habit: 'cancelling' | 'paying' | null = null) {
    this.#habit = habit;
    this.#books = books;
    this.#random = random;
    this.#invoicesMax = random.pick([1, 1, 2, 3]);
  }

  /** One says something in QuickBooks, and from then on nobody does anything; nothing happens while there is no invoice there. */
  haveTheLastWord(): void {
    if (this.#isOver) return;
    const id = this.#random.pick(this.invoiceIds);
    const there = this.#counterpart(id);
    if (there === null) return;
    this.#sayThere(id, there);
    this.#isOver = true;
  }

  /** One of them does something. */
  act(): void {
    if (this.#isOver) return;
    const random = this.#random;
    const ids = this.invoiceIds;
    if (ids.length === 0 || (ids.length < this.#invoicesMax && random.chance(0.2)))
      return this.#create();
    const id = random.pick(ids);
    if (this.#habit !== null && random.chance(0.4)) return this.#asUsual(this.#habit, id);
    const there = random.chance(0.5) ? this.#counterpart(id) : null;
    if (there === null) return random.chance(0.55) ? this.#sayHere(id) : this.#here(id);
    return random.chance(0.55) ? this.#sayThere(id, there) : this.#there(id, there);
  }

  /** What they are given to, on one side or the other. */
  #asUsual(habit: 'cancelling' | 'paying', id: string): void {
    const random = this.#random;
    if (habit === 'cancelling') {
      this.#doHere(`void ${id}`, { action: 'void', id });
      return;
    }
    const there = random.chance(0.5) ? this.#counterpart(id) : null;
    const amount = random.pick(['5.00', '2.50']);
    if (there === null) this.#doHere(`pay ${amount} of ${id}`, { action: 'pay', id, amount });
    else
      this.#doThere(`pay ${amount} of ${id}`, {
        action: 'pay',
        invoices: [{ id: there.Id, amount: Number(amount) }],
      });
  }

  closeBooks(through: string | null): void {
    this.#doThere(`close the books through ${through}`, { action: 'close-books', through });
  }

  #create(): void {
    const random = this.#random;
    const second = { description: 'Second' };
    const stranger = { item: { id: unknown.item }, taxCode: 'NON' };
    const lines = [
      lineOf('1', '10', random.chance(0.1) ? stranger : {}),
      lineOf('2', '20', second),
    ];
    const customer = { id: random.chance(0.1) ? unknown.customer : known.customer };
    const invoice = plainInvoice({ customer, lines: lines.slice(0, random.integer(1, 2)) });
    const done = this.#doHere('make an invoice', { action: 'create', invoice });
    if (done !== null) this.invoiceIds.push(done.id);
  }

  #said(): string | null {
    return this.#random.chance(0.08) ? null : `said-${this.edits.length + 1}`;
  }

  #sayHere(id: string): void {
    const field = this.#random.pick(watchedFields);
    const shown = this.#books.invoicing.company.records.invoices.get(id)?.invoice;
    if (shown === undefined) return;
    const saw = shown[field] ?? null;
    const there = this.#random.chance(0.1) ? this.#counterpart(id) : null;
    // Now and then somebody says what the other side says already.
    const said = there === null ? this.#said() : thereAt(there, field);
    if (
      this.#doHere(`${field} of ${id} is ${said}`, { action: 'edit', id, set: { [field]: said } })
    )
      this.edits.push({ invoiceId: id, field, side: 'internal', on: id, said, saw });
  }

  #sayThere(id: string, there: InvoiceThere): void {
    const field = this.#random.pick(watchedFields);
    const saw = thereAt(there, field);
    const said = this.#said() ?? 'said-nothing';
    const set = field === 'customerMemo' ? { CustomerMemo: { value: said } } : { PONumber: said };
    const action = { action: 'edit', entity: 'Invoice', id: there.Id, set } as const;
    if (this.#doThere(`${field} of ${id} is ${said}`, action))
      this.edits.push({ invoiceId: id, field, side: 'quickbooks', on: there.Id, said, saw });
  }

  #here(id: string): void {
    const random = this.#random;
    const quantity = String(random.integer(1, 5));
    const dueDate = random.pick(dates);
    const customer = { id: random.pick([known.customer, known.otherCustomer]) };
    const amount = random.pick(['5.00', '2.50']);
    const [payment] =
      this.#books.invoicing.company.records.invoices.get(id)?.invoice.payments ?? [];
    const paymentId = payment?.id ?? 'none';
    const edit = (set: Record<string, unknown>): ActionHere => ({ action: 'edit', id, set });
    const [what, action] = random.pick<readonly [string, ActionHere]>([
      [`quantity of ${id} is ${quantity}`, edit({ lines: [lineOf(quantity, '12.5')] })],
      [`due date of ${id} is ${dueDate}`, edit({ dueDate })],
      [`customer of ${id} is ${customer.id}`, edit({ customer })],
      [`pay ${amount} of ${id}`, { action: 'pay', id, amount }],
      [`pay ${amount} of ${id}`, { action: 'pay', id, amount }],
      [`change payment ${paymentId}`, { action: 'edit-payment', paymentId, amount }],
      [`take payment ${paymentId} back`, { action: 'unpay', paymentId }],
      random.chance(0.4)
        ? [`void ${id}`, { action: 'void', id }]
        : [`due date of ${id} is ${dueDate}`, edit({ dueDate })],
      random.chance(0.2)
        ? [`delete ${id}`, { action: 'delete', id }]
        : [`customer of ${id} is ${customer.id}`, edit({ customer })],
    ]);
    this.#doHere(what, action);
  }

  #there(id: string, invoice: InvoiceThere): void {
    const random = this.#random;
    const dueDate = random.pick(dates);
    const [first, ...others] = invoice.Line.filter(
      ({ DetailType }) => DetailType === 'SalesItemLineDetail',
    );
    const entity = 'Invoice';
    const edit = (set: Extract<ActionThere, { action: 'edit' }>['set']): ActionThere => ({
      action: 'edit',
      entity,
      id: invoice.Id,
      set,
    });
    const words = `words-${this.told.length}`;
    const Line = JSON.parse(JSON.stringify([{ ...first, Description: words }, ...others]));
    const payment = this.#paymentOf(invoice);
    const amount = random.pick([7.5, 2.5]);
    const [what, action] = random.pick<readonly [string, ActionThere]>([
      [`words of a line of ${id}`, edit({ Line })],
      [`due date of ${id} is ${dueDate}`, edit({ DueDate: dueDate })],
      [`pay ${amount} of ${id}`, { action: 'pay', invoices: [{ id: invoice.Id, amount }] }],
      [`pay ${amount} of ${id}`, { action: 'pay', invoices: [{ id: invoice.Id, amount }] }],
      [`change payment ${payment}`, { action: 'edit-payment', id: payment, amount }],
      [`take payment ${payment} back`, { action: 'unpay', id: payment }],
      random.chance(0.4)
        ? [`void ${id}`, { action: 'void', entity, id: invoice.Id }]
        : [`due date of ${id} is ${dueDate}`, edit({ DueDate: dueDate })],
      random.chance(0.2)
        ? [`delete ${id}`, { action: 'delete', entity, id: invoice.Id }]
        : [`words of a line of ${id}`, edit({ Line })],
    ]);
    this.#doThere(what, action);
  }

  #paymentOf({ Id }: InvoiceThere): string {
    const { quickbooks, realm } = this.#books;
    const payments = quickbooks
      .books(realm)
      .all('Payment')
      .map((raw) => paymentThere.parse(raw));
    const found = payments.find(({ Line }) =>
      Line.some(({ LinkedTxn }) => LinkedTxn.some(({ TxnId }) => TxnId === Id)),
    );
    return found?.Id ?? '999999';
  }

  #counterpart(id: string): InvoiceThere | null {
    return invoicesThere(this.#books).find((invoice) => isMarked(invoice, id)) ?? null;
  }

  /** What a system refuses its own user, an edit of what is void for example, was never done. */
  #doHere(what: string, action: ActionHere) {
    const done = actHere(this.#books.invoicing, action, 'Ada');
    if (!done.ok) return null;
    this.told.push(`internal: ${what}`);
    return done.value;
  }

  #doThere(what: string, action: ActionThere) {
    try {
      const done = actThere(this.#books.quickbooks, this.#books.realm, action);
      this.told.push(`QuickBooks: ${what}`);
      return done;
    } catch (error) {
      if (!(error instanceof QuickBooksFault)) throw error;
      return null;
    }
  }
}

/** An emptied text is none. */
const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

/** A watched field as QuickBooks shows it. */
export function thereAt(invoice: InvoiceThere, field: WatchedField): string | null {
  if (field === 'poNumber') return textOf(invoice['PONumber']);
  const memo = invoice['CustomerMemo'];
  return typeof memo === 'object' && memo !== null && 'value' in memo ? textOf(memo.value) : null;
}
