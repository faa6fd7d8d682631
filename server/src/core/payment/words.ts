import type { Amount, Currency } from '../brand.ts';
import { otherSide, sideNames, sideNamesFirst, type Side } from '../side.ts';
import { unreachable } from '../unreachable.ts';
import type { PaymentField } from './merge-payment.ts';
import type { PaymentContent } from './payment.ts';

type Described = { readonly side: Side; readonly currency: Currency } & (
  | { readonly kind: 'create'; readonly wanted: PaymentContent }
  | {
      readonly kind: 'change';
      readonly held: PaymentContent;
      readonly wanted: PaymentContent;
      readonly fields: readonly PaymentField[];
    }
  | { readonly kind: 'remove'; readonly held: PaymentContent }
);

/** What is written and why, in one sentence. */
export function describeStep(step: Described): string {
  const { side, currency } = step;
  const from = sideNamesFirst[otherSide(side)];
  const to = sideNames[side];
  switch (step.kind) {
    case 'create':
      return `${from} has a payment of ${step.wanted.amount} ${currency} on ${step.wanted.date} that ${to} lacks; it is recorded there.`;
    case 'change':
      return step.fields.includes('amount')
        ? `${from} changed a payment from ${step.held.amount} to ${step.wanted.amount} ${currency}; it is changed in ${to} too.`
        : `${from} changed the ${step.fields.join(' and the ')} of a payment of ${step.held.amount} ${currency}; it is changed in ${to} too.`;
    case 'remove':
      return `${from} no longer has a payment of ${step.held.amount} ${currency} on ${step.held.date}; it is taken off the invoice in ${to} too.`;
    default:
      return unreachable(step);
  }
}

/** Why a person has to look at a payment. */
export const whyDisputed = {
  noRoom: (side: Side, room: Amount, currency: Currency): string =>
    `${sideNamesFirst[side]} asks for no more than ${room} ${currency} on this invoice, and no payment takes its balance below zero.`,
  removedAndEdited: (removedIn: Side): string =>
    `${sideNamesFirst[removedIn]} removed a payment that was changed in ${sideNames[otherSide(removedIn)]} since both agreed.`,
  bothEdited: (field: PaymentField): string =>
    `Both sides changed the ${field} of a payment to different values.`,
  shared: (field: PaymentField): string =>
    `The ${field} belongs to a payment over several invoices in QuickBooks; changing it there would change it for all of them.`,
  second: (side: Side): string =>
    side === 'quickbooks'
      ? 'QuickBooks has two payments that were made from the same internal one, so this one does not cross. Remove one of them in QuickBooks, or take the mark out of its memo if it is money of its own.'
      : 'Internal invoicing has a second payment just like the one that was recorded for QuickBooks, so this one does not cross. Remove one of them internally, or give it a reference if it is money of its own.',
  same: 'Both sides have payments of the same amount on nearly the same day; whether they are the same money cannot be told. Keep one side’s where they are, or give SEPARATE where each is money of its own.',
} as const;
