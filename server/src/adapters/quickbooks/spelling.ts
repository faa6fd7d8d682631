import type { Version } from '#core/brand.ts';
import type { NeededReference } from '#core/mapping/reference.ts';
import type { AccountingSpelling } from '#ports/accounting-system.ts';
import { encodeChange, encodeNewInvoice } from './encode-invoice.ts';
import { encodeNewPayment, encodePaymentUpdate } from './encode-payment.ts';
import { dueDaysOf, referenceProblems, spellingProblems } from './limits.ts';
import { spell } from './spell.ts';

/** How the bridge writes to QuickBooks; pure, so that the bytes are stored before anything is sent. */
export const quickBooksSpelling: AccountingSpelling = {
  create: encodeNewInvoice,
  update: encodeChange,
  void: encodeIdAndVersion,
  paymentCreate: encodeNewPayment,
  paymentUpdate: encodePaymentUpdate,
  paymentDelete: encodeIdAndVersion,
  customer: encodeCustomer,
  item: encodeItem,
  term: encodeTerm,
  problems: spellingProblems,
  referenceProblems,
};

/** Only id and token: by id alone the library would read first and always win (quickbooks.md §8.14). */
function encodeIdAndVersion(id: string, version: Version): string {
  return spell({ Id: id, SyncToken: version });
}

function encodeCustomer(needed: NeededReference, currency: string): string {
  return spell({
    DisplayName: needed.name.trim(),
    PrimaryEmailAddr: needed.email === null ? undefined : { Address: needed.email },
    CurrencyRef: { value: currency },
  });
}

function encodeItem(needed: NeededReference, incomeAccountId: string): string {
  return spell({
    Name: needed.name.trim(),
    Sku: needed.sku ?? undefined,
    Type: 'Service',
    IncomeAccountRef: { value: incomeAccountId },
  });
}

function encodeTerm(needed: NeededReference): string {
  return spell({ Name: needed.name.trim(), DueDays: dueDaysOf(needed.name) ?? 0 });
}
