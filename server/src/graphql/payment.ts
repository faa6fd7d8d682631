import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import { z } from 'zod';
import { brandAmount, brandLocalDate, type Amount, type LocalDate } from '#core/brand.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import { paymentKey } from '#core/payment/pairing.ts';
import type { PaymentContent } from '#core/payment/payment.ts';
import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';
import { MoneyRef, type MoneyShape } from './money.ts';

type PaymentShape = {
  readonly paymentKey: string;
  readonly internalId: string | null;
  readonly quickbooksId: string | null;
  readonly date: LocalDate;
  readonly amount: MoneyShape;
  readonly method: string | null;
  readonly reference: string | null;
};

export const PaymentRef = builder.objectRef<PaymentShape>('Payment').implement({
  description: 'Payment applied to an invoice.',
  fields: (t) => ({
    paymentKey: t.exposeString('paymentKey', {
      description: 'Key that pairs the same payment across sides.',
    }),
    internalId: t.exposeString('internalId', {
      nullable: true,
      description: 'Id in the internal system.',
    }),
    quickbooksId: t.exposeString('quickbooksId', {
      nullable: true,
      description: 'Id in QuickBooks.',
    }),
    date: t.expose('date', { type: 'Date', description: 'Date received.' }),
    amount: t.expose('amount', { type: MoneyRef, description: 'Amount applied to this invoice.' }),
    method: t.exposeString('method', { nullable: true, description: 'Method, in words.' }),
    reference: t.exposeString('reference', {
      nullable: true,
      description: 'Cheque number, transfer id and the like.',
    }),
  }),
});

const text = z.string();
const amount = text.transform(brandAmount) satisfies z.ZodType<Amount>;
const storedContent = z.object({
  amount,
  date: text.transform(brandLocalDate),
  method: z.object({ id: text, name: text }).nullable(),
  reference: text.nullable(),
}) satisfies z.ZodType<PaymentContent>;

/** What is needed of a payment of QuickBooks; it was written by us, so another form is a bug. */
const storedPayment = storedContent.omit({ amount: true }).extend({
  applications: z.array(z.object({ invoiceId: text, amount })),
});

type Place = { readonly companyId: string; readonly side: Invoice['side']; readonly id: string };

const placeText = ({ companyId, side, id }: Place): string => JSON.stringify([companyId, side, id]);

/** Paired payments of invoices, all snapshots of an answer in one statement. */
const pairsOfInvoices = createContextCache(
  (context: GraphqlContext) =>
    new DataLoader(
      async (places: readonly Place[]) => {
        const on = (side: Place['side']) => places.filter((place) => place.side === side);
        const rows = await context.prisma.payment.findMany({
          where: {
            state: 'PAIRED',
            OR: [
              ...on('internal').map(({ companyId, id }) => ({
                companyId,
                link: { internalId: id },
              })),
              ...on('quickbooks').map(({ companyId, id }) => ({
                companyId,
                link: { quickbooksId: id },
              })),
            ],
          },
          include: { link: { select: { internalId: true, quickbooksId: true } } },
        });
        return places.map(({ companyId, side, id }) =>
          rows.filter(
            (row) =>
              row.companyId === companyId &&
              id === (side === 'internal' ? row.link.internalId : row.link.quickbooksId),
          ),
        );
      },
      { cacheKeyFn: placeText },
    ),
);

/** Payments of QuickBooks as last seen, likewise. */
const paymentsThere = createContextCache(
  (context: GraphqlContext) =>
    new DataLoader(
      async (places: readonly Place[]) => {
        const rows = await context.prisma.quickBooksPayment.findMany({
          where: { OR: places.map(({ companyId, id }) => ({ companyId, quickbooksId: id })) },
          select: { companyId: true, quickbooksId: true, content: true },
        });
        return places.map(({ companyId, id }) => {
          const row = rows.find((one) => one.companyId === companyId && one.quickbooksId === id);
          return row === undefined ? null : storedPayment.parse(row.content);
        });
      },
      { cacheKeyFn: placeText },
    ),
);

type Snapshot = {
  readonly companyId: string;
  readonly invoice: Invoice;
  readonly isBase: boolean;
};

/** Payments applied to an invoice as its side shows them, oldest first; of the base, those both sides agreed on. */
export async function paymentsOf(
  snapshot: Snapshot,
  context: GraphqlContext,
): Promise<readonly PaymentShape[]> {
  const { companyId, invoice, isBase } = snapshot;
  if (invoice.payments.length === 0 && !isBase) return [];
  const { side, id, currency } = invoice;
  const pairs = await pairsOfInvoices(context).load({ companyId, side, id });
  const contents = isBase
    ? pairs.map((pair) => ({
        id: pair.internalId,
        content: storedContent.parse(pair.baseInternal),
      }))
    : side === 'internal'
      ? contentsHere(invoice)
      : await contentsThere(snapshot, context);
  const idIn = side === 'internal' ? 'internalId' : 'quickbooksId';
  const shapes = contents.map(({ id: paymentId, content }): PaymentShape => {
    const pair = pairs.find((one) => one[idIn] === paymentId);
    return {
      paymentKey: pair?.key ?? paymentKey(side, paymentId),
      internalId: pair?.internalId ?? (side === 'internal' ? paymentId : null),
      quickbooksId: pair?.quickbooksId ?? (side === 'quickbooks' ? paymentId : null),
      date: content.date,
      amount: { amount: content.amount, currency },
      method: methodWords(content, pair?.baseInternal),
      reference: content.reference,
    };
  });
  return shapes.toSorted(
    (one, other) =>
      one.date.localeCompare(other.date) || one.paymentKey.localeCompare(other.paymentKey),
  );
}

/** QuickBooks names a method by its id alone; what both sides agreed on knows it in words. */
function methodWords({ method }: PaymentContent, agreed: unknown): string | null {
  if (method === null || method.name !== method.id || agreed === undefined)
    return method?.name ?? null;
  return storedContent.parse(agreed).method?.name ?? method.name;
}

type Shown = { readonly id: string; readonly content: PaymentContent };

const contentsHere = ({ payments }: Invoice): readonly Shown[] =>
  payments.flatMap(({ id, amount: paid, date, method, reference }) =>
    paid === null || date === null
      ? []
      : [
          {
            id,
            content: {
              amount: paid,
              date,
              method: method === null ? null : { id: method, name: method },
              reference,
            },
          },
        ],
  );

/** The invoice names them; what each gives to it stands in the payment. One that nobody has read yet is left out. */
async function contentsThere(
  { companyId, invoice }: Snapshot,
  context: GraphqlContext,
): Promise<readonly Shown[]> {
  const shown = await Promise.all(
    invoice.payments.map(async ({ id }): Promise<readonly Shown[]> => {
      const payment = await paymentsThere(context).load({ companyId, side: 'quickbooks', id });
      const given = payment?.applications.find((one) => one.invoiceId === invoice.id);
      if (payment === null || given === undefined) return [];
      const { date, method, reference } = payment;
      return [{ id, content: { amount: given.amount, date, method, reference } }];
    }),
  );
  return shown.flat();
}
