import type { Currency } from '#core/brand.ts';
import type { Address, Discount, Invoice, Line } from '#core/invoice/invoice.ts';
import type { Side } from '#core/side.ts';
import { builder } from './builder.ts';
import { MoneyRef } from './money.ts';
import { PartyRefRef, partyOf } from './party.ts';

type LineShape = {
  readonly line: Line;
  readonly key: string;
  readonly position: number;
  readonly side: Side;
  readonly currency: Currency;
  readonly companyId: string;
};

/** Keys of a side's lines: the bridge's own where the base knows the line, that side's id where it does not yet. */
export function lineKeysOf(invoice: Invoice, agreed: Invoice | null): string[] {
  const known = new Map(agreed?.lines.map((line) => [line.sideId, line.key]));
  return invoice.lines.map((line, index) => {
    const key = line.key ?? (line.sideId === null ? null : known.get(line.sideId));
    return key ?? `${invoice.side}:${line.sideId ?? index + 1}`;
  });
}

/** Lines of a snapshot with their keys and positions. */
export function linesOf(invoice: Invoice, agreed: Invoice | null, companyId: string): LineShape[] {
  const { side, currency } = invoice;
  const keys = lineKeysOf(invoice, agreed);
  return invoice.lines.map((line, index) => {
    const position = index + 1;
    return { line, key: keys[index] ?? `${position}`, position, side, currency, companyId };
  });
}

export const InvoiceLineRef = builder.objectRef<LineShape>('InvoiceLine').implement({
  description: 'Line of an invoice.',
  fields: (t) => ({
    lineKey: t.exposeString('key', {
      description: 'Key that pairs the same line across sides and time.',
    }),
    position: t.exposeInt('position', { description: 'Position, from 1.' }),
    description: t.string({
      nullable: true,
      description: 'Text.',
      resolve: ({ line }) => line.description,
    }),
    item: t.field({
      type: PartyRefRef,
      nullable: true,
      description: 'Product or service.',
      resolve: ({ line, side, companyId }) =>
        line.item && partyOf(line.item, 'ITEM', side, companyId),
    }),
    quantity: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Quantity.',
      resolve: ({ line }) => line.quantity,
    }),
    unitPrice: t.field({
      type: MoneyRef,
      nullable: true,
      description: 'Price for one.',
      resolve: ({ line, currency }) => line.unitPrice && { amount: line.unitPrice, currency },
    }),
    amount: t.field({
      type: MoneyRef,
      description: 'Line amount.',
      resolve: ({ line, currency }) => ({ amount: line.amount, currency }),
    }),
    taxCode: t.string({
      nullable: true,
      description: 'Tax code.',
      resolve: ({ line }) => line.taxCode?.name ?? null,
    }),
    serviceDate: t.field({
      type: 'Date',
      nullable: true,
      description: 'Day the service was given.',
      resolve: ({ line }) => line.serviceDate,
    }),
  }),
});

export const AddressRef = builder.objectRef<Address>('Address').implement({
  description: 'Postal address.',
  fields: (t) => ({
    line1: t.exposeString('line1', { nullable: true, description: 'First line.' }),
    line2: t.exposeString('line2', { nullable: true, description: 'Second line.' }),
    city: t.exposeString('city', { nullable: true, description: 'City.' }),
    region: t.exposeString('region', { nullable: true, description: 'State, province or region.' }),
    postalCode: t.exposeString('postalCode', { nullable: true, description: 'Postal code.' }),
    country: t.exposeString('country', {
      nullable: true,
      description: 'Country, ISO 3166-1 alpha-2.',
    }),
  }),
});

type DiscountShape = { readonly discount: Discount; readonly currency: Currency };

export const DiscountRef = builder.objectRef<DiscountShape>('Discount').implement({
  description: 'Discount over a whole invoice; exactly one of the two is set.',
  fields: (t) => ({
    percent: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Percent of the subtotal.',
      resolve: ({ discount }) => (discount.kind === 'percent' ? discount.percent : null),
    }),
    amount: t.field({
      type: MoneyRef,
      nullable: true,
      description: 'Fixed amount.',
      resolve: ({ discount, currency }) =>
        discount.kind === 'amount' ? { amount: discount.amount, currency } : null,
    }),
  }),
});
