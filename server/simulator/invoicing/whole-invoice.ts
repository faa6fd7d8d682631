import type { Company } from './company.ts';
import type { Act, Decision } from './decision.ts';
import { invoiceAnswer } from './invoices.ts';
import { pricedLine, type TaxCodes } from './lines.ts';
import { compareAmounts, totalsOf } from './money.ts';
import { granted, refused, type Judged } from './problem.ts';
import { invoiceSchema, type Invoice, type InvoiceRecord } from './wire.ts';

/** Makes an invoice of another system ours as it is: amounts, totals and ids are believed, not worked out again. */
export function recordOfWhole(invoice: Invoice, company: TaxCodes): InvoiceRecord {
  const { currency, discount, taxInclusive } = invoice;
  const lines = invoice.lines.map((line) => pricedLine(company, line));
  const ours = totalsOf({ lines, discount, taxInclusive, statedTaxTotal: null, currency });
  const numbers = invoice.lines.map((line) => Number(/^l(\d+)$/.exec(line.id)?.[1] ?? 0));
  return {
    invoice,
    taxIsStated: compareAmounts(ours.taxTotal, invoice.taxTotal) !== 0,
    lineNumberLast: Math.max(0, ...numbers),
    deleted: false,
  };
}

/** A person brings in an invoice written elsewhere, in the whole shape of http.md §4; null when it is not whole. */
export function takeInvoice(
  company: Company,
  body: unknown,
  act: Act,
  baseUrl: string,
): Judged<Decision> | null {
  const whole = invoiceSchema.safeParse(body);
  if (!whole.success) return null;
  const { id, externalRef } = whole.data;
  if (company.records.invoices.has(id))
    return refused('reference-taken', `${id} exists.`, { invoiceId: id });
  const namesake = externalRef === null ? undefined : company.invoiceByExternalRef(externalRef);
  if (namesake !== undefined) {
    const owner = namesake.invoice.id;
    return refused('reference-taken', `Invoice ${owner} has it.`, { invoiceId: owner });
  }

  const { at: updatedAt, by: updatedBy } = act;
  const invoice = { ...whole.data, version: '1', updatedAt, updatedBy };
  return granted({
    answer: invoiceAnswer(invoice, baseUrl, 201),
    effect: {
      writes: [{ collection: 'invoices', id, value: recordOfWhole(invoice, company) }],
      mutation: { entity: 'invoice', id, operation: 'create', version: '1' },
      event: { type: 'invoice.created', data: { invoiceId: id, version: '1' } },
    },
  });
}
