import { builder } from './builder.ts';
import type { FieldDiffShape } from './compare.ts';
import { FieldStateEnum } from './enums/invoice.ts';
import { FieldValueRef } from './field-value.ts';

export const FieldDiffRef = builder.objectRef<FieldDiffShape>('FieldDiff').implement({
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
    affectsTotal: t.exposeBoolean('affectsTotal', {
      description: 'True when the difference moves money.',
    }),
  }),
});
