import { z } from 'zod';
import type { Company } from './company.ts';
import { entityTag, nextVersion, type Act, type Decision, type InvoiceEvent } from './decision.ts';
import { fieldErrorsOf, misplacedFields } from './field-errors.ts';
import { withPayments } from './invoice-draft.ts';
import { showInvoice, stamped } from './invoices.ts';
import { digitErrors } from './lines.ts';
import { isJsonObject, mergePatch } from './merge-patch.ts';
import { compareAmounts, minorDigits, showDecimal, subtractAmounts } from './money.ts';
import { granted, refused, refusedFields, type FieldError, type Judged } from './problem.ts';
import type { Invoice, InvoiceRecord, Payment } from './wire.ts';

type Judgement = Judged<Decision>;

const readOnly = new Set(['id', 'version', 'invoiceId', 'updatedAt']);
const amountShape = 'must be a decimal string above zero';

const paymentWrite = z.strictObject({
  date: z.iso.date('must be a date as YYYY-MM-DD'),
  amount: z.string(amountShape).regex(/^\d{1,12}(\.\d{1,4})?$/, amountShape),
  method: z.string().nullable().default(null),
  reference: z.string().max(255).nullable().default(null),
});

/** A payment and the invoice that holds it. */
export type HeldPayment = { readonly payment: Payment; readonly record: InvoiceRecord };

/** 404 for one that never existed, 410 for a deleted one. */
export function findPayment(company: Company, id: string): Judged<HeldPayment> {
  if (company.records.deletedPayments.has(id)) {
    return refused('deleted', `Payment ${id} has been deleted.`);
  }
  const record = company.invoiceOfPayment(id);
  const payment = record?.invoice.payments.find((payment) => payment.id === id);
  if (record === undefined || payment === undefined) {
    return refused('not-found', `There is no payment ${id}.`);
  }
  return granted({ payment, record });
}

/** A payment as `GET /payments/{id}` shows it: the invoice's form, and which invoice. */
export function showPayment(payment: Payment, invoiceId: string): Record<string, unknown> {
  const { id, ...rest } = payment;
  return { id, invoiceId, ...rest };
}

/** 201 `{payment, invoice}`; the date is today unless one is sent. */
export function recordPayment(
  company: Company,
  record: InvoiceRecord,
  body: unknown,
  act: Act,
  baseUrl: string,
): Judgement {
  const { invoice } = record;
  if (invoice.status === 'void') {
    return refused('void-forbids', `Invoice ${invoice.id} is void and takes no payment.`);
  }
  const written = judgePayment(company, { date: act.at.slice(0, 10) }, body, invoice, null);
  if (!written.ok) return written;

  const payment: Payment = { id: company.nextId('pay'), ...written.value, version: '1' };
  const payments = [...invoice.payments, payment];
  return moved({ record, payments, payment, act, baseUrl }, 'create');
}

/** 200 `{payment, invoice}`; a patch that changes nothing moves nothing. */
export function patchPayment(
  company: Company,
  { payment, record }: HeldPayment,
  patch: unknown,
  act: Act,
  baseUrl: string,
): Judgement {
  const { date, amount, method, reference } = payment;
  const held = { date, amount, method, reference };
  const written = judgePayment(company, held, patch, record.invoice, payment);
  if (!written.ok) return written;
  if (JSON.stringify(written.value) === JSON.stringify(held)) {
    return granted({ answer: bothAnswer(200, payment, record.invoice, baseUrl), effect: null });
  }

  const after = { id: payment.id, ...written.value, version: nextVersion(payment.version) };
  const payments = record.invoice.payments.map((other) =>
    other.id === payment.id ? after : other,
  );
  return moved({ record, payments, payment: after, act, baseUrl }, 'update');
}

/** 200 `{payment, invoice}` with the payment as it was last. */
export function deletePayment(
  { payment, record }: HeldPayment,
  act: Act,
  baseUrl: string,
): Judgement {
  const payments = record.invoice.payments.filter((other) => other.id !== payment.id);
  const after = { ...payment, version: nextVersion(payment.version) };
  return moved({ record, payments, payment: after, act, baseUrl }, 'delete');
}

type Movement = {
  readonly record: InvoiceRecord;
  readonly payments: readonly Payment[];
  readonly payment: Payment;
  readonly act: Act;
  readonly baseUrl: string;
};

const eventTypes = {
  create: 'payment.recorded',
  update: 'payment.updated',
  delete: 'payment.deleted',
} as const satisfies Record<string, InvoiceEvent['type']>;

/** Any change of a payment moves its invoice (http.md §4). */
function moved(movement: Movement, operation: keyof typeof eventTypes): Judgement {
  const { payment, act, baseUrl } = movement;
  const invoice = withPayments(movement.record.invoice, movement.payments);
  const record = stamped({ ...movement.record, invoice }, act);
  const { id: invoiceId, version } = record.invoice;

  const paid = { collection: 'invoices', id: invoiceId, value: record } as const;
  const gone = { collection: 'deletedPayments', id: payment.id, value: invoiceId } as const;
  return granted({
    answer: bothAnswer(operation === 'create' ? 201 : 200, payment, record.invoice, baseUrl),
    effect: {
      writes: operation === 'delete' ? [paid, gone] : [paid],
      mutation: { entity: 'payment', id: payment.id, operation, version: payment.version },
      event: { type: eventTypes[operation], data: { invoiceId, paymentId: payment.id, version } },
    },
  });
}

function bothAnswer(status: number, payment: Payment, invoice: Invoice, baseUrl: string) {
  return {
    status,
    body: { payment: showPayment(payment, invoice.id), invoice: showInvoice(invoice, baseUrl) },
    headers: { etag: entityTag(invoice.version) },
  };
}

function judgePayment(
  company: Company,
  held: object,
  patch: unknown,
  invoice: Invoice,
  before: Payment | null,
): Judged<z.infer<typeof paymentWrite>> {
  if (!isJsonObject(patch)) return refusedFields([{ path: '', message: 'must be a JSON object' }]);
  const misplaced = misplacedFields(patch, paymentWrite.shape, readOnly);
  if (misplaced.length > 0) return refusedFields(misplaced);

  const merged = paymentWrite.safeParse(mergePatch(held, patch));
  if (!merged.success) return refusedFields(fieldErrorsOf(merged.error));

  const errors = [
    ...amountErrors(merged.data.amount, invoice, before),
    ...methodErrors(company, merged.data.method, before),
  ];
  if (errors.length > 0) return refusedFields(errors);
  const amount = showDecimal(merged.data.amount, minorDigits(invoice.currency));
  return granted({ ...merged.data, amount });
}

function amountErrors(amount: string, invoice: Invoice, before: Payment | null): FieldError[] {
  const due = subtractAmounts(invoice.balanceDue, `-${before?.amount ?? '0'}`, invoice.currency);
  if (compareAmounts(amount, '0') === 0) return [{ path: 'amount', message: amountShape }];
  if (compareAmounts(amount, due) <= 0) return digitErrors(amount, invoice.currency, 'amount');
  return [{ path: 'amount', message: `is more than the ${due} ${invoice.currency} due` }];
}

function methodErrors(
  company: Company,
  method: string | null,
  before: Payment | null,
): FieldError[] {
  const isKnown = method === null || company.records.paymentMethods.has(method);
  return isKnown || before?.method === method ? [] : [{ path: 'method', message: 'is not known' }];
}
