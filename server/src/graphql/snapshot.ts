import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import type { Invoice } from '#core/invoice/invoice.ts';
import { isZero } from '#core/money/money.ts';
import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';
import { SideEnum } from './enums/crossing.ts';
import { InvoiceStateEnum } from './enums/invoice.ts';
import { AddressRef, DiscountRef, InvoiceLineRef, linesOf } from './invoice-line.ts';
import { MoneyRef } from './money.ts';
import { PartyRefRef, partyOf } from './party.ts';
import { PaymentRef, paymentsOf } from './payment.ts';
import { sideName } from './words.ts';

/** Content of an invoice on one side at one moment. */
export type SnapshotShape = {
  readonly companyId: string;
  readonly invoice: Invoice;
  /** The base belongs to both sides. */
  readonly isBase: boolean;
  readonly capturedAt: Date;
  readonly contentHash: string;
  /** Where the raw payload is; null for the base. */
  readonly observationId: string | null;
  /** The same side's half of the base, whose lines carry the bridge's keys. */
  readonly agreed: Invoice | null;
};

/** Status of the document as its own side shows it. */
function stateOf({
  existence,
  derived,
}: Pick<Invoice, 'existence' | 'derived'>): typeof InvoiceStateEnum.$inferType {
  if (existence === 'void') return 'VOID';
  if (existence === 'deleted') return 'DELETED';
  if (isZero(derived.balanceDue)) return 'PAID';
  return isZero(derived.amountPaid) ? 'OPEN' : 'PARTIALLY_PAID';
}

const rawPayloads = createContextCache(
  (context: GraphqlContext) =>
    new DataLoader(async (ids: readonly string[]) => {
      const rows = await context.prisma.observation.findMany({
        where: { id: { in: [...ids] } },
        select: { id: true, raw: true },
      });
      const byId = new Map(rows.map((row) => [row.id, row.raw]));
      return ids.map((id) => byId.get(id) ?? null);
    }),
);

const amountOn = (key: keyof Invoice['derived']) => ({
  type: MoneyRef,
  resolve: ({ invoice }: SnapshotShape) => ({
    amount: invoice.derived[key],
    currency: invoice.currency,
  }),
});

export const InvoiceSnapshotRef = builder.objectRef<SnapshotShape>('InvoiceSnapshot').implement({
  description: 'Content of an invoice on one side at one moment.',
  fields: (t) => ({
    side: t.field({
      type: SideEnum,
      nullable: true,
      description: 'Side it was read from; null for the base.',
      resolve: ({ isBase, invoice }) => (isBase ? null : sideName[invoice.side]),
    }),
    externalId: t.string({
      description: "That side's own id.",
      resolve: ({ invoice }) => invoice.id,
    }),
    externalVersion: t.string({
      description: "That side's own version (QuickBooks SyncToken, internal revision).",
      resolve: ({ invoice }) => invoice.version,
    }),
    number: t.string({
      nullable: true,
      description: 'Number on that side; null when it has none.',
      resolve: ({ invoice }) => invoice.number,
    }),
    state: t.field({
      type: InvoiceStateEnum,
      description: 'Status on that side.',
      resolve: ({ invoice }) => stateOf(invoice),
    }),
    customer: t.field({
      type: PartyRefRef,
      description: 'Customer on that side.',
      resolve: ({ invoice, companyId }) =>
        partyOf(invoice.customer, 'CUSTOMER', invoice.side, companyId),
    }),
    terms: t.field({
      type: PartyRefRef,
      nullable: true,
      description: 'Payment terms.',
      resolve: ({ invoice, companyId }) =>
        invoice.terms && partyOf(invoice.terms, 'TERMS', invoice.side, companyId),
    }),
    issueDate: t.field({
      type: 'Date',
      description: 'Issue date.',
      resolve: ({ invoice }) => invoice.issueDate,
    }),
    dueDate: t.field({
      type: 'Date',
      nullable: true,
      description: 'Due date.',
      resolve: ({ invoice }) => invoice.dueDate,
    }),
    poNumber: t.string({
      nullable: true,
      description: 'Purchase order number.',
      resolve: ({ invoice }) => invoice.poNumber,
    }),
    exchangeRate: t.field({
      type: 'Decimal',
      nullable: true,
      description: "Units of home currency for one unit of the invoice's; null in home currency.",
      resolve: ({ invoice }) => invoice.exchangeRate,
    }),
  }),
});

/** What the document adds up to, and where we know it from. */
builder.objectFields(InvoiceSnapshotRef, (t) => ({
  billTo: t.field({
    type: AddressRef,
    nullable: true,
    description: 'Bill-to address.',
    resolve: ({ invoice }) => invoice.billTo,
  }),
  billEmail: t.string({
    nullable: true,
    description: 'Address the invoice is e-mailed to.',
    resolve: ({ invoice }) => invoice.billEmail,
  }),
  discount: t.field({
    type: DiscountRef,
    nullable: true,
    description: 'Discount over the whole invoice.',
    resolve: ({ invoice }) =>
      invoice.discount && { discount: invoice.discount, currency: invoice.currency },
  }),
  taxInclusive: t.boolean({
    description: 'True when line amounts contain their tax.',
    resolve: ({ invoice }) => invoice.taxInclusive,
  }),
  lines: t.field({
    type: [InvoiceLineRef],
    description: 'Lines in order.',
    resolve: ({ invoice, agreed, companyId }) => linesOf(invoice, agreed, companyId),
  }),
  subtotal: t.field({ ...amountOn('subtotal'), description: 'Sum of lines before tax.' }),
  taxTotal: t.field({ ...amountOn('taxTotal'), description: 'Tax.' }),
  total: t.field({ ...amountOn('total'), description: 'Amount asked for.' }),
  balance: t.field({ ...amountOn('balanceDue'), description: 'Amount still owed.' }),
  payments: t.field({
    type: [PaymentRef],
    description: 'Payments applied, oldest first.',
    resolve: (snapshot, _args, context) => paymentsOf(snapshot, context),
  }),
  memo: t.string({
    nullable: true,
    description: 'Note to the customer.',
    resolve: ({ invoice }) => invoice.customerMemo,
  }),
  privateNote: t.string({
    nullable: true,
    description: 'Note that only the books show.',
    resolve: ({ invoice }) => invoice.privateNote,
  }),
  capturedAt: t.expose('capturedAt', { type: 'DateTime', description: 'When we read it.' }),
  modifiedAt: t.field({
    type: 'DateTime',
    description: 'When that side says it last changed.',
    resolve: ({ invoice }) => new Date(invoice.modifiedAt),
  }),
  contentHash: t.exposeString('contentHash', {
    description: 'Fingerprint of the compared fields.',
  }),
  raw: t.field({
    type: 'JSON',
    nullable: true,
    description: 'Raw payload, for engineers.',
    resolve: ({ observationId }, _args, context) =>
      observationId === null ? null : rawPayloads(context).load(observationId),
  }),
}));
