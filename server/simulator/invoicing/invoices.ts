import { isSameBody } from '../control/mutation-log.ts';
import type { Company } from './company.ts';
import {
  entityTag,
  nextVersion,
  type Act,
  type Answer,
  type Decision,
  type Effect,
} from './decision.ts';
import { draftInvoice } from './invoice-draft.ts';
import { mergeInvoicePatch, wordFields, writableView } from './invoice-write.ts';
import { isJsonObject } from './merge-patch.ts';
import { granted, refused, refusedFields, type Judged } from './problem.ts';
import type { Invoice, InvoiceRecord } from './wire.ts';

type Judgement = Judged<Decision>;

/** The invoice as an answer, with its ETag. */
export function invoiceAnswer(invoice: Invoice, baseUrl: string, status = 200): Answer {
  const headers = { etag: entityTag(invoice.version) };
  return { status, body: showInvoice(invoice, baseUrl), headers };
}

/** The shape of http.md §4, `url` included. */
export function showInvoice(invoice: Invoice, baseUrl: string): Record<string, unknown> {
  const { id, ...rest } = invoice;
  return { id, url: `${baseUrl}/invoices/${id}`, ...rest };
}

/** 404 for one that never existed, 410 for a deleted one. */
export function findInvoice(company: Company, id: string): Judged<InvoiceRecord> {
  const record = company.records.invoices.get(id);
  if (record === undefined) return refused('not-found', `There is no invoice ${id}.`);
  if (record.deleted) return refused('deleted', `Invoice ${id} has been deleted.`);
  return granted(record);
}

/** 201 with the new invoice; a number is given unless one, or null, is sent. */
export function createInvoice(
  company: Company,
  body: unknown,
  act: Act,
  baseUrl: string,
): Judgement {
  const isNumbered = isJsonObject(body) && body['number'] !== undefined;
  const defaults = {
    currency: 'USD',
    issueDate: act.at.slice(0, 10),
    ...(isNumbered ? {} : { number: company.nextId('INV') }),
  };
  const write = mergeInvoicePatch(defaults, body);
  if (!write.ok) return write;

  const taken = takenReference(company, write.value.externalRef, null);
  if (taken !== null) return taken;
  const draft = draftInvoice(company, write.value, null, company.nextId('inv'));
  if (!draft.ok) return draft;

  const record = stamped(draft.value, act);
  const answer = invoiceAnswer(record.invoice, baseUrl, 201);
  const location = `${baseUrl}/invoices/${record.invoice.id}`;
  return granted({
    answer: { ...answer, headers: { ...answer.headers, location } },
    effect: invoiceEffect(record, 'create', 'invoice.created'),
  });
}

/** 200 with the invoice as it is then; a patch that changes nothing moves nothing. */
export function patchInvoice(
  company: Company,
  held: InvoiceRecord,
  patch: unknown,
  act: Act,
  baseUrl: string,
): Judgement {
  const { id } = held.invoice;
  const before = mergeInvoicePatch(writableView(held), {});
  const write = mergeInvoicePatch(writableView(held), patch);
  if (!write.ok) return write;
  if (before.ok && isSameBody(before.value, write.value)) return unchanged(held, baseUrl);

  const heldReference = held.invoice.externalRef;
  if (heldReference !== null && write.value.externalRef !== heldReference) {
    return refusedFields([{ path: 'externalRef', message: 'is written once' }]);
  }
  const taken = takenReference(company, write.value.externalRef, id);
  if (taken !== null) return taken;

  const draft = draftInvoice(company, write.value, held, id);
  if (!draft.ok) return draft;
  if (isSameBody(draft.value, held)) return unchanged(held, baseUrl);
  if (held.invoice.status === 'void' && !hasOnlyNewWords(held.invoice, draft.value.invoice)) {
    return refused('void-forbids', `Invoice ${id} is void: only its notes can still change.`);
  }
  const record = stamped(draft.value, act);
  return granted({
    answer: invoiceAnswer(record.invoice, baseUrl),
    effect: invoiceEffect(record, 'update', 'invoice.updated'),
  });
}

/** 200 with the void invoice: its lines stay as they were, its totals are zero. */
export function voidInvoice(held: InvoiceRecord, act: Act, baseUrl: string): Judgement {
  const { invoice } = held;
  if (invoice.status === 'void') return unchanged(held, baseUrl);
  if (invoice.payments.length > 0) {
    const amount = `${invoice.amountPaid} ${invoice.currency}`;
    return refused(
      'payments-forbid',
      `Invoice ${invoice.id} has payments of ${amount}: delete them first.`,
    );
  }
  const zero = invoice.amountPaid; // without payments this is zero in the currency's digits
  const nothing = { subtotal: zero, taxTotal: zero, total: zero, balanceDue: zero };
  const record = stamped({ ...held, invoice: { ...invoice, ...nothing, status: 'void' } }, act);
  return granted({
    answer: invoiceAnswer(record.invoice, baseUrl),
    effect: invoiceEffect(record, 'void', 'invoice.voided'),
  });
}

/** Only a person deletes; the API has no call for it (http.md §4). */
export function deleteInvoice(held: InvoiceRecord, act: Act, baseUrl: string): Judgement {
  const { id, payments } = held.invoice;
  if (payments.length > 0)
    return refused('payments-forbid', `Invoice ${id} has payments: delete them first.`);
  const record = stamped({ ...held, deleted: true }, act);
  return granted({
    answer: invoiceAnswer(record.invoice, baseUrl),
    effect: invoiceEffect(record, 'delete', 'invoice.deleted'),
  });
}

/** The record with its next version, time and author. */
export function stamped(record: InvoiceRecord, act: Act): InvoiceRecord {
  const version = nextVersion(record.invoice.version);
  return {
    ...record,
    invoice: { ...record.invoice, version, updatedAt: act.at, updatedBy: act.by },
  };
}

function unchanged(held: InvoiceRecord, baseUrl: string): Judgement {
  return granted({ answer: invoiceAnswer(held.invoice, baseUrl), effect: null });
}

function invoiceEffect(
  record: InvoiceRecord,
  operation: Effect['mutation']['operation'],
  type: 'invoice.created' | 'invoice.updated' | 'invoice.voided' | 'invoice.deleted',
): Effect {
  const { id, version } = record.invoice;
  return {
    writes: [{ collection: 'invoices', id, value: record }],
    mutation: { entity: 'invoice', id, operation, version },
    event: { type, data: { invoiceId: id, version } },
  };
}

/** A reference is unique for ever: a deleted invoice keeps its own. */
function takenReference(company: Company, externalRef: string | null, ownId: string | null) {
  if (externalRef === null) return null;
  const owner = company.invoiceByExternalRef(externalRef)?.invoice.id;
  if (owner === undefined || owner === ownId) return null;
  return refused('reference-taken', `Invoice ${owner} has it.`, { invoiceId: owner });
}

function hasOnlyNewWords(before: Invoice, after: Invoice): boolean {
  const words = Object.fromEntries(wordFields.map((field) => [field, null]));
  return isSameBody({ ...before, ...words }, { ...after, ...words });
}
