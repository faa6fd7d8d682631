import type { Company } from './company.ts';
import type { LineWrite } from './invoice-write.ts';
import { compareAmounts, minorDigits, showDecimal, totalsOf, type PricedLine } from './money.ts';
import type { FieldError } from './problem.ts';
import { resolveReference, shownItem } from './references.ts';
import type { InvoiceRecord, Line } from './wire.ts';

export type DraftedLines = {
  readonly lines: readonly Line[];
  readonly lineNumberLast: number;
  readonly errors: readonly FieldError[];
};

/**
 * The lines of an invoice after a write. `lines` replaces the set: a line sent with an id keeps it, a line without one
 * gets the next, and an id that is gone is not given again (http.md §4).
 */
export function draftLines(
  company: Company,
  writes: readonly LineWrite[],
  held: InvoiceRecord | null,
  currency: string,
): DraftedLines {
  let lineNumberLast = held?.lineNumberLast ?? 0;
  const heldLines = new Map((held?.invoice.lines ?? []).map((line) => [line.id, line]));
  const errors: FieldError[] = [];

  const lines = writes.map((write, index) => {
    const path = `lines[${index}]`;
    const before = heldLines.get(write.id ?? '');
    errors.push(...idErrors(writes, index, before, path));
    if (write.id === undefined) lineNumberLast += 1;

    const drafted = draftLine(company, write, before, { path, currency, held });
    errors.push(...drafted.errors);
    return { ...drafted.line, id: write.id ?? `l${lineNumberLast}` };
  });
  return { lines, lineNumberLast, errors };
}

function idErrors(
  writes: readonly LineWrite[],
  index: number,
  before: Line | undefined,
  path: string,
): FieldError[] {
  const id = writes[index]?.id;
  if (id === undefined) return [];
  if (before === undefined)
    return [{ path: `${path}.id`, message: 'is not a line of this invoice' }];
  const isRepeated = writes.findIndex((write) => write.id === id) < index;
  return isRepeated ? [{ path: `${path}.id`, message: 'is sent twice' }] : [];
}

type LinePlace = {
  readonly path: string;
  readonly currency: string;
  readonly held: InvoiceRecord | null;
};

function draftLine(company: Company, write: LineWrite, before: Line | undefined, place: LinePlace) {
  const { path, currency } = place;
  const item =
    write.item === null
      ? { found: null, errors: [] }
      : resolveReference(
          write.item,
          [shownItem(company, write.item.id), before?.item ?? undefined],
          `${path}.item`,
        );

  const line: Line = {
    id: '',
    item: item.found,
    description: write.description,
    quantity: write.quantity === null ? null : showDecimal(write.quantity, 0),
    unitPrice:
      write.unitPrice === null ? null : showDecimal(write.unitPrice, minorDigits(currency)),
    amount: isSamePrice(write, before) ? before.amount : amountOf(write, currency),
    taxCode: write.taxCode,
    serviceDate: write.serviceDate,
  };
  const errors = [
    ...item.errors,
    ...amountErrors(write, line, before, place),
    ...taxCodeErrors(company, write, place),
  ];
  return { line, errors };
}

/** A line whose price did not move keeps its amount: a loaded one may have been rounded by other rules than ours. */
function isSamePrice(write: LineWrite, before: Line | undefined): before is Line {
  if (before === undefined) return false;
  return isSame(write.quantity, before.quantity) && isSame(write.unitPrice, before.unitPrice);
}

function isSame(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && compareAmounts(one, other) === 0;
}

function amountOf(write: LineWrite, currency: string): string {
  const whole = { discount: null, taxInclusive: false, statedTaxTotal: null, currency };
  return totalsOf({ ...whole, lines: [{ ...write, taxPercent: '0' }] }).lineAmounts[0] ?? '0';
}

/** An amount may be written where it is not derived; a derived one may be sent back as it was read. */
function amountErrors(
  write: LineWrite,
  line: Line,
  before: Line | undefined,
  { path, currency }: LinePlace,
): FieldError[] {
  if (write.amount === null) return [];
  const isDerived = write.quantity !== null && write.unitPrice !== null;
  if (!isDerived) return digitErrors(write.amount, currency, `${path}.amount`);

  const readable = [line.amount, ...(before === undefined ? [] : [before.amount])];
  const isEcho = readable.some((amount) => compareAmounts(amount, write.amount ?? '0') === 0);
  if (isEcho) return [];
  return [{ path: `${path}.amount`, message: 'is derived from quantity and unitPrice' }];
}

function taxCodeErrors(company: Company, { taxCode }: LineWrite, place: LinePlace): FieldError[] {
  if (taxCode === null || company.records.taxCodes.has(taxCode)) return [];
  const isHeld = place.held?.invoice.lines.some((line) => line.taxCode === taxCode) ?? false;
  return isHeld ? [] : [{ path: `${place.path}.taxCode`, message: 'is not known' }];
}

/** Amounts have no more digits than their currency. */
export function digitErrors(amount: string, currency: string, path: string): FieldError[] {
  const digits = minorDigits(currency);
  const isExact = compareAmounts(showDecimal(amount, digits), trimTo(amount, digits)) === 0;
  if (isExact) return [];
  return [{ path, message: `must have at most ${digits} digits after the point in ${currency}` }];
}

function trimTo(amount: string, digits: number): string {
  const [whole = '0', fraction = ''] = amount.split('.');
  return digits === 0 || fraction === '' ? whole : `${whole}.${fraction.slice(0, digits)}`;
}

/** A line as the money engine takes it; its amount is settled already. */
export function pricedLine(company: TaxCodes, line: Line): PricedLine {
  const taxCode = company.records.taxCodes.get(line.taxCode ?? '');
  const taxPercent = taxCode?.percent ?? '0';
  return { quantity: null, unitPrice: null, amount: line.amount, taxPercent };
}

/** As much of the company as pricing needs. */
export type TaxCodes = {
  readonly records: { readonly taxCodes: ReadonlyMap<string, { readonly percent: string }> };
};
