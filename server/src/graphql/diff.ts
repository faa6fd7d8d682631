import { builder } from './builder.ts';
import type { FieldDiffShape } from './compare.ts';
import { FieldStateEnum } from './enums/invoice.ts';
import { FieldPolicyRef, policyFor } from './field-policy.ts';
import { FieldValueRef } from './field-value.ts';

/** A difference with the company whose rules cover it. */
export type PlacedDiff = FieldDiffShape & { readonly companyId: string };

/** Differences of one company's invoice. */
export const placedIn = (companyId: string, diffs: readonly FieldDiffShape[]): PlacedDiff[] =>
  diffs.map((diff) => ({ ...diff, companyId }));

export const FieldDiffRef = builder.objectRef<PlacedDiff>('FieldDiff').implement({
  description: 'One field, three ways.',
  fields: (t) => ({
    path: t.exposeString('path', {
      description: "Stable path, for example 'dueDate' or 'lines[key=A7].quantity'.",
    }),
    label: t.exposeString('label', {
      description: "Words for the field, for example 'Due date' or 'Line 2 · Quantity'.",
    }),
    state: t.expose('state', { type: FieldStateEnum, description: 'How the sides stand.' }),
    base: t.expose('base', {
      type: FieldValueRef,
      nullable: true,
      description: 'Last agreed value.',
    }),
    internal: t.expose('internal', {
      type: FieldValueRef,
      nullable: true,
      description: 'Internal value.',
    }),
    quickbooks: t.expose('quickbooks', {
      type: FieldValueRef,
      nullable: true,
      description: 'QuickBooks value.',
    }),
    policy: t.field({
      type: FieldPolicyRef,
      description: 'Rule that covers the field.',
      resolve: ({ companyId, path }, _args, context) => policyFor(companyId, path, context),
    }),
    affectsTotal: t.exposeBoolean('affectsTotal', {
      description: 'True when the difference moves money.',
    }),
  }),
});
