import { brandAmount, brandDecimal, toCurrency, toInstant, toVersion } from '#core/brand.ts';
import type { CompanySettings, QuickBooksFacts } from '#core/company/company.ts';
import type { Invoice, InvoiceContent } from '#core/invoice/invoice.ts';
import { advanceBase, keyReturned } from '#core/plan/advance-base.ts';
import type { Side } from '#core/side.ts';
import { planInvoice, type Plan, type PlannedWrite } from '#core/plan/plan.ts';
import { translated, translatedBack } from '../documents.ts';
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
  planInvoice({
    base,
    internal,
    translated: translated(internal),
    quickbooks,
    translatedBack: translatedBack(quickbooks),
    taxVariance: null,
    settings,
    facts,
  });

/** What a side returns for a write: its own way of putting things, ids for new lines, the next version. */
export function written(held: Invoice, write: PlannedWrite): Invoice {
  const version = toVersion(`${held.version}+1`);
  if (write.operation === 'VOIDED') {
    const lines = held.lines.map((line) => ({ ...line, amount: brandAmount('0.00') }));
    return held.side === 'quickbooks'
      ? { ...held, version, existence: 'void', lines }
      : { ...held, version, existence: 'void' };
  }
  const wanted: InvoiceContent =
    held.side === 'quickbooks' ? inQuickBooksWay(write.wanted) : write.wanted;
  const lines = wanted.lines.map((line, place) => ({
    ...line,
    key: null,
    sideId: line.sideId ?? `${held.version}-${place}`,
  }));
  return keyReturned(write.wanted, { ...held, ...wanted, version, lines }, seenAgain);
}

export type Settled = {
  readonly last: Triple;
  readonly plan: Plan;
  /** How many times something was written to either side. */
  readonly writes: number;
};

/** Plans and applies until nothing is written any more, or the rounds run out. */
export function settle(triple: Triple, roundsMax: number): Settled {
  let last = triple;
  for (let writes = 0; ; writes += 1) {
    const plan = planOf(last);
    const next = plan.next.kind === 'write' && writes < roundsMax ? plan.next : null;
    const after = (side: Side): Invoice => {
      const write = next?.[side] ?? null;
      return write === null ? last[side] : written(last[side], write);
    };
    const [internal, quickbooks] = [after('internal'), after('quickbooks')];
    const arrived = (['internal', 'quickbooks'] as const).filter((side) => next?.[side] != null);
    const base =
      plan.next.kind === 'stop'
        ? last.base
        : advanceBase(last.base, internal, quickbooks, plan.merges, arrived);
    last = { base, internal, quickbooks };
    if (next === null) return { last, plan, writes };
  }
}
