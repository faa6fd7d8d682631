import { brandAmount, brandDecimal, toCurrency, toInstant, toVersion } from '#core/brand.ts';
import type { CompanySettings, QuickBooksFacts } from '#core/company/company.ts';
import type { Invoice, InvoiceContent } from '#core/invoice/invoice.ts';
import { advanceBase, keyReturned } from '#core/plan/advance-base.ts';
import { planInvoice, type Plan, type PlannedWrite } from '#core/plan/plan.ts';
import { translated } from '../documents.ts';
import { inQuickBooksWay, seenAgain, type Triple } from './triples.ts';

export const settings: CompanySettings = {
  createMissingReferences: true,
  importFromQuickbooks: false,
  goLiveDate: null,
  taxVarianceTolerance: brandDecimal('0.05'),
  undoWindowSeconds: 20,
  markDocuments: true,
  incomeAccountId: null,
};

export const facts: QuickBooksFacts = {
  companyName: 'Acme',
  country: 'US',
  homeCurrency: toCurrency('USD'),
  multiCurrency: true,
  customNumbers: true,
  usTax: true,
  automatedSalesTax: false,
  defaultTaxCodeId: null,
  booksClosedThrough: null,
  incomeAccountIds: [],
  readAt: toInstant(0),
};

export const planOf = ({ base, internal, quickbooks }: Triple): Plan =>
  planInvoice({ base, internal, translated: translated(internal), quickbooks, settings, facts });

/** What QuickBooks returns for a write: its own way of putting things, ids for new lines, the next version. */
function written(quickbooks: Invoice, write: PlannedWrite): Invoice {
  const version = toVersion(`${quickbooks.version}+1`);
  if (write.operation === 'VOIDED') {
    const lines = quickbooks.lines.map((line) => ({ ...line, amount: brandAmount('0.00') }));
    return { ...quickbooks, version, existence: 'void', lines };
  }
  const wanted: InvoiceContent = inQuickBooksWay(write.wanted);
  const lines = wanted.lines.map((line, place) => ({
    ...line,
    key: null,
    sideId: line.sideId ?? `${quickbooks.version}-${place}`,
  }));
  return keyReturned(write.wanted, { ...quickbooks, ...wanted, version, lines }, seenAgain);
}

export type Settled = {
  readonly last: Triple;
  readonly plan: Plan;
  /** How many times something was written. */
  readonly writes: number;
};

/** Plans and applies until nothing is written any more, or the rounds run out. */
export function settle(triple: Triple, roundsMax: number): Settled {
  let last = triple;
  for (let writes = 0; ; writes += 1) {
    const plan = planOf(last);
    const write = plan.next.kind === 'write' && writes < roundsMax ? plan.next.write : null;
    const quickbooks = write === null ? last.quickbooks : written(last.quickbooks, write);
    const moves = plan.next.kind !== 'stop';
    const base = moves ? advanceBase(last.base, last.internal, quickbooks, plan.merges) : last.base;
    last = { base, internal: last.internal, quickbooks };
    if (write === null) return { last, plan, writes };
  }
}
