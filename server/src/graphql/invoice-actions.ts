import { builder } from './builder.ts';
import { idOf } from './global-id.ts';
import { keyField, versionField } from './input-fields.ts';
import { InvoiceRef } from './invoice.ts';
import { answer, notFoundError } from './mutation-result.ts';
import { everyFailure, resultUnion, successType } from './mutation-union.ts';
import { OutboxEventRef } from './outbox-event.ts';
import { loadEvents, loadLinks, presentRow } from './rows.ts';

const invoiceOfField = presentRow(loadLinks);
const eventOfField = presentRow(loadEvents);

const SyncInvoiceNowInput = builder.inputType('SyncInvoiceNowInput', {
  description: 'Compare and sync one invoice now, ahead of the queue.',
  fields: (t) => ({
    invoiceId: t.id({ required: true, description: 'Invoice.' }),
    idempotencyKey: t.field(keyField),
  }),
});

const SyncInvoiceNowSuccess = successType('syncInvoiceNow');
builder.objectFields(SyncInvoiceNowSuccess, (t) => ({
  invoice: t.field({
    type: InvoiceRef,
    description: 'Invoice as it is now.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) =>
      invoiceOfField(touched.subjectId, context, info),
  }),
  event: t.field({
    type: OutboxEventRef,
    nullable: true,
    description: 'Change made, if one was needed.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) =>
      touched.eventId === null ? null : eventOfField(touched.eventId, context, info),
  }),
}));

const SetInvoicePausedInput = builder.inputType('SetInvoicePausedInput', {
  description: 'Stop or restart syncing of one invoice.',
  fields: (t) => ({
    invoiceId: t.id({ required: true, description: 'Invoice.' }),
    expectedVersion: t.int(versionField),
    paused: t.boolean({ required: true, description: 'True to pause.' }),
    idempotencyKey: t.field(keyField),
  }),
});

const SetInvoicePausedSuccess = successType('setInvoicePaused');
builder.objectFields(SetInvoicePausedSuccess, (t) => ({
  invoice: t.field({
    type: InvoiceRef,
    description: 'Invoice as it is now.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) =>
      invoiceOfField(touched.subjectId, context, info),
  }),
}));

builder.mutationFields((t) => ({
  syncInvoiceNow: t.field({
    type: resultUnion('syncInvoiceNow', SyncInvoiceNowSuccess, [
      'not-found',
      'illegal',
      'idempotency',
    ]),
    description: 'Compares one invoice on both sides now and sends what is needed.',
    complexity: 1,
    args: {
      input: t.arg({ type: SyncInvoiceNowInput, required: true, description: 'What to do.' }),
    },
    resolve: async (_root, { input }, context) => {
      const invoiceId = idOf('Invoice', input.invoiceId);
      if (invoiceId === null) return notFoundError(input.invoiceId);
      const asked = { id: input.invoiceId, idempotencyKey: input.idempotencyKey };
      return answer(context, context.actions.syncInvoiceNow, asked, { invoiceId });
    },
  }),
  setInvoicePaused: t.field({
    type: resultUnion('setInvoicePaused', SetInvoicePausedSuccess, everyFailure),
    description: 'Pauses or restarts one invoice.',
    complexity: 1,
    args: {
      input: t.arg({ type: SetInvoicePausedInput, required: true, description: 'What to do.' }),
    },
    resolve: async (_root, { input }, context) => {
      const invoiceId = idOf('Invoice', input.invoiceId);
      if (invoiceId === null) return notFoundError(input.invoiceId);
      const asked = { id: input.invoiceId, idempotencyKey: input.idempotencyKey };
      const { expectedVersion, paused } = input;
      return answer(context, context.actions.setInvoicePaused, asked, {
        invoiceId,
        expectedVersion,
        paused,
      });
    },
  }),
}));
