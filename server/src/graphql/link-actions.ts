import { builder } from './builder.ts';
import { idOf } from './global-id.ts';
import { companyField, keyField, versionField } from './input-fields.ts';
import { InvoiceRef } from './invoice.ts';
import { answer, notFoundError } from './mutation-result.ts';
import { everyFailure, resultUnion, successType } from './mutation-union.ts';
import { loadLinks, presentRow } from './rows.ts';

const invoiceOfField = presentRow(loadLinks);

const LinkInvoicesInput = builder.inputType('LinkInvoicesInput', {
  description: 'Say that two documents are the same invoice.',
  fields: (t) => ({
    companyId: t.id(companyField),
    internalId: t.string({ required: true, description: 'Internal id.' }),
    quickbooksId: t.string({ required: true, description: 'QuickBooks id.' }),
    note: t.string({ required: true, description: 'Reason.' }),
    idempotencyKey: t.field(keyField),
  }),
});

const LinkInvoicesSuccess = successType('linkInvoices');
builder.objectField(LinkInvoicesSuccess, 'invoice', (t) =>
  t.field({
    type: InvoiceRef,
    description: 'Linked invoice.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) =>
      invoiceOfField(touched.subjectId, context, info),
  }),
);

const UnlinkInvoiceInput = builder.inputType('UnlinkInvoiceInput', {
  description: 'Cut the link between two documents; neither is changed.',
  fields: (t) => ({
    invoiceId: t.id({ required: true, description: 'Invoice.' }),
    expectedVersion: t.int(versionField),
    note: t.string({ required: true, description: 'Reason.' }),
    idempotencyKey: t.field(keyField),
  }),
});

const UnlinkInvoiceSuccess = successType('unlinkInvoice');
builder.objectField(UnlinkInvoiceSuccess, 'invoice', (t) =>
  t.field({
    type: InvoiceRef,
    description: 'Invoice as it is now.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) =>
      invoiceOfField(touched.subjectId, context, info),
  }),
);

builder.mutationFields((t) => ({
  linkInvoices: t.field({
    type: resultUnion('linkInvoices', LinkInvoicesSuccess, everyFailure),
    description: 'Links two documents by hand.',
    complexity: 1,
    args: {
      input: t.arg({ type: LinkInvoicesInput, required: true, description: 'What to do.' }),
    },
    resolve: async (_root, { input }, context) => {
      const companyId = idOf('Company', input.companyId);
      if (companyId === null) return notFoundError(input.companyId);
      const asked = { id: input.companyId, idempotencyKey: input.idempotencyKey };
      const { internalId, quickbooksId, note } = input;
      const wanted = { companyId, internalId, quickbooksId, note };
      return answer(context, context.actions.linkInvoices, asked, wanted);
    },
  }),
  unlinkInvoice: t.field({
    type: resultUnion('unlinkInvoice', UnlinkInvoiceSuccess, everyFailure),
    description: 'Cuts a link by hand.',
    complexity: 1,
    args: {
      input: t.arg({ type: UnlinkInvoiceInput, required: true, description: 'What to do.' }),
    },
    resolve: async (_root, { input }, context) => {
      const invoiceId = idOf('Invoice', input.invoiceId);
      if (invoiceId === null) return notFoundError(input.invoiceId);
      const asked = { id: input.invoiceId, idempotencyKey: input.idempotencyKey };
      const { expectedVersion, note } = input;
      return answer(context, context.actions.unlinkInvoice, asked, {
        invoiceId,
        expectedVersion,
        note,
      });
    },
  }),
}));
