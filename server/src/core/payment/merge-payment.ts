import type { Reference } from '../mapping/reference.ts';
import type { PartyRef } from '../invoice/invoice.ts';
import { mergeField, type Merge } from '../merge/merge-field.ts';
import type { Side } from '../side.ts';
import type { PaymentPair } from './pairing.ts';
import type { PaymentContent } from './payment.ts';

export const paymentFields = ['amount', 'date', 'method', 'reference'] as const;
export type PaymentField = (typeof paymentFields)[number];

/** How each field of a pair stands. */
export type PaymentMerge = Readonly<Record<PaymentField, Merge>>;

/** A field as text; a method is the record it names. */
export const fieldText = (content: PaymentContent, field: PaymentField): string | null =>
  field === 'method' ? (content.method?.id ?? null) : content[field];

/** Whether a side shows something else than when both last agreed. */
export const hasMoved = (now: PaymentContent, base: PaymentContent): boolean =>
  paymentFields.some((field) => fieldText(now, field) !== fieldText(base, field));

/** The stored counterpart of a payment method; null where there is none. */
export function methodOn(
  side: Side,
  method: PartyRef | null,
  methods: readonly Reference[],
): PartyRef | null {
  if (method === null) return null;
  const paired = methods.filter(({ status }) => status === 'MATCHED');
  if (side === 'quickbooks') {
    const found = paired.find(({ internalId }) => internalId === method.id);
    if (found === undefined || found.quickbooksId === null) return null;
    return { id: found.quickbooksId, name: found.quickbooksName ?? method.name };
  }
  const found = paired.find(({ quickbooksId }) => quickbooksId === method.id);
  if (found === undefined || found.internalId === null) return null;
  return { id: found.internalId, name: found.internalName ?? method.name };
}

/** Merges a pair field by field, each side against its own half of the base. */
export function mergePayment(
  { base }: Pick<PaymentPair, 'base'>,
  internal: PaymentContent,
  quickbooks: PaymentContent,
  methods: readonly Reference[],
): PaymentMerge {
  const merged = (field: PaymentField): Merge =>
    mergeField({
      internalMoved: fieldText(internal, field) !== fieldText(base.internal, field),
      quickbooksMoved: fieldText(quickbooks, field) !== fieldText(base.quickbooks, field),
      equal: isEqual(field, internal, quickbooks, methods),
    });
  return {
    amount: merged('amount'),
    date: merged('date'),
    method: merged('method'),
    reference: merged('reference'),
  };
}

function isEqual(
  field: PaymentField,
  internal: PaymentContent,
  quickbooks: PaymentContent,
  methods: readonly Reference[],
): boolean {
  if (field !== 'method') return internal[field] === quickbooks[field];
  if (internal.method === null || quickbooks.method === null)
    return internal.method === quickbooks.method;
  return methodOn('quickbooks', internal.method, methods)?.id === quickbooks.method.id;
}

const takes = { quickbooks: 'take-internal', internal: 'take-quickbooks' } as const;

/** Fields that the other side alone moved, and that `to` is to get. */
export const takenTo = (to: Side, merge: PaymentMerge): readonly PaymentField[] =>
  paymentFields.filter((field) => merge[field] === takes[to]);

/** The two halves after what is now agreed, and after the fields in `arrived` were written and acknowledged. */
export function baseOfPair(
  { base }: Pick<PaymentPair, 'base'>,
  now: Readonly<Record<Side, PaymentContent>>,
  merge: PaymentMerge,
  arrived: readonly PaymentField[],
): PaymentPair['base'] {
  const isAgreed = (field: PaymentField): boolean =>
    merge[field] === 'agreed' || arrived.includes(field);
  const half = (side: Side): PaymentContent => ({
    amount: isAgreed('amount') ? now[side].amount : base[side].amount,
    date: isAgreed('date') ? now[side].date : base[side].date,
    method: isAgreed('method') ? now[side].method : base[side].method,
    reference: isAgreed('reference') ? now[side].reference : base[side].reference,
  });
  return { internal: half('internal'), quickbooks: half('quickbooks') };
}
