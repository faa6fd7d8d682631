import { describe, expect, test } from 'vitest';
import { brandAmount, brandDecimal, brandLocalDate, toLineKey } from '#core/brand.ts';
import type { Invoice, InvoiceContent, Line } from '#core/invoice/invoice.ts';
import { mergeInvoice, type GroupMerge } from '#core/merge/merge-invoice.ts';
import { aLine } from '../mapping/invoices.ts';
import { quickbooksTwin, translated, unpaidInvoice } from '../documents.ts';

const otherLine: Line = { ...aLine, key: toLineKey('B'), sideId: 'l2', description: 'Cables' };
const internalBase: Invoice = { ...unpaidInvoice, lines: [aLine, otherLine] };
const quickbooksBase = quickbooksTwin(internalBase);

type Changes = Partial<InvoiceContent>;

function merged(
  internal: Changes,
  quickbooks: Changes,
  base: { readonly internal?: Changes; readonly quickbooks?: Changes } = {},
  defaultTaxCodeId: string | null = null,
): readonly GroupMerge[] {
  const now = { ...internalBase, ...internal };
  return mergeInvoice({
    base: {
      internal: { ...internalBase, ...base.internal },
      quickbooks: { ...quickbooksBase, ...base.quickbooks },
    },
    internal: now,
    internalTranslated: translated(now),
    quickbooks: { ...quickbooksBase, ...quickbooks },
    defaultTaxCodeId,
  });
}

/** What moved, as 'group merge', lines under their key. */
const moves = (merges: readonly GroupMerge[]): readonly string[] =>
  merges
    .filter(({ merge }) => merge !== 'unchanged')
    .map(({ group, merge, lineKey }) =>
      [...(lineKey === null ? [] : [lineKey]), group, merge].join(' '),
    );

const later = brandLocalDate('2027-01-31');
const latest = brandLocalDate('2027-02-28');
const line = (lines: readonly Line[], place: number, changes: Partial<Line>): readonly Line[] =>
  lines.map((one, position) => (position === place ? { ...one, ...changes } : one));

describe('merging the header', () => {
  test('covers every group once, and existence first', () => {
    const groups = merged({}, {}).map(({ group, lineKey }) => lineKey ?? group);

    expect(groups.slice(0, 11)).toEqual([
      'existence',
      'number',
      'customer',
      'issueDate',
      'billEmail',
      'billTo',
      'taxInclusive',
      'poNumber',
      'customerMemo',
      'privateNote',
      'discount',
    ]);
    expect(groups.slice(11)).toEqual(['A', 'A', 'A', 'A', 'B', 'B', 'B', 'B']);
  });

  test('judges dates and terms as one: a new due date against a new issue date is a conflict', () => {
    expect(moves(merged({ dueDate: later }, { issueDate: later }))).toEqual(['issueDate conflict']);
  });

  test('lets different fields move on both sides', () => {
    expect(moves(merged({ dueDate: later }, { poNumber: 'PO-1' }))).toEqual([
      'issueDate take-internal',
      'poNumber take-quickbooks',
    ]);
  });

  test('compares a customer by the record, not by its name', () => {
    const renamed = { customer: { ...internalBase.customer, name: 'Globex Corporation' } };

    expect(moves(merged(renamed, {}))).toEqual([]);
  });

  test('agrees where both sides were moved to one record', () => {
    const globex = { id: 'cus_10', name: 'Globex' };

    expect(
      moves(merged({ customer: globex }, { customer: { id: 'q:cus_10', name: 'G.' } })),
    ).toEqual(['customer agreed']);
  });

  test('compares each field as the field map says, so that the way a side spells is no move', () => {
    const billTo = internalBase.billTo === null ? null : { ...internalBase.billTo, country: 'USA' };

    expect(moves(merged({}, { billTo, poNumber: '', privateNote: 'Voided' }))).toEqual([]);
    expect(moves(merged({ exchangeRate: brandDecimal('1') }, {}))).toEqual([
      'customer take-internal',
    ]);
  });
});

describe('merging lines', () => {
  const { lines } = internalBase;
  const theirs = quickbooksBase.lines;

  test('merges different groups of one line apart', () => {
    const internal = { lines: line(lines, 0, { description: 'Rack' }) };
    const quickbooks = { lines: line(theirs, 0, { serviceDate: later }) };

    expect(moves(merged(internal, quickbooks))).toEqual([
      'A description take-internal',
      'A serviceDate take-quickbooks',
    ]);
  });

  test('judges item, quantity, price and amount of one line as one', () => {
    const internal = { lines: line(lines, 0, { quantity: brandDecimal('13') }) };
    const quickbooks = { lines: line(theirs, 0, { unitPrice: brandDecimal('7000') }) };

    expect(moves(merged(internal, quickbooks))).toEqual(['A amount conflict']);
    expect(merged(internal, quickbooks).find(({ group }) => group === 'amount')?.paths).toEqual([
      'lines[key=A].item',
      'lines[key=A].quantity',
      'lines[key=A].unitPrice',
      'lines[key=A].amount',
    ]);
  });

  test('takes the price that QuickBooks rewrote to fit the amount for the same price', () => {
    const priced = {
      quantity: brandDecimal('9.39'),
      unitPrice: brandDecimal('24.49'),
      amount: brandAmount('229.96'),
    };
    const agreed = {
      internal: { lines: line(lines, 0, priced) },
      quickbooks: { lines: line(theirs, 0, priced) },
    };
    const rewritten = {
      lines: line(theirs, 0, { ...priced, unitPrice: brandDecimal('24.48988') }),
    };

    expect(moves(merged(agreed.internal, rewritten, agreed))).toEqual([]);
  });

  test('takes TAX for the code of the whole invoice, in QuickBooks alone', () => {
    const taxed = { lines: line(theirs, 0, { taxCode: { id: '3', name: 'State' } }) };
    const agreed = { quickbooks: { lines: line(theirs, 0, { taxCode: { id: 'TAX', name: '' } }) } };

    expect(moves(merged({}, taxed, agreed, '3'))).toEqual([]);
    expect(moves(merged({}, taxed, agreed, '4'))).toEqual(['A taxCode take-quickbooks']);
    const own = { lines: line(lines, 0, { taxCode: { id: '3', name: 'State' } }) };
    expect(moves(merged(own, {}, {}, '3'))).toEqual(['A taxCode take-internal']);
  });

  test('carries a line added on either side, each under its own key', () => {
    const added = { ...aLine, key: toLineKey('C'), sideId: 'l3' };
    const theirAdded = { ...aLine, key: toLineKey('D'), sideId: '3' };

    expect(moves(merged({ lines: [...lines, added] }, { lines: [...theirs, theirAdded] }))).toEqual(
      ['C line take-internal', 'D line take-quickbooks'],
    );
  });

  test('removes a line that the other side left alone', () => {
    expect(moves(merged({ lines: lines.slice(1) }, {}))).toEqual(['A line take-internal']);
    expect(moves(merged({}, { lines: theirs.slice(1) }))).toEqual(['A line take-quickbooks']);
  });

  test('agrees where both removed a line', () => {
    expect(moves(merged({ lines: lines.slice(1) }, { lines: theirs.slice(1) }))).toEqual([
      'A line agreed',
    ]);
  });

  test('makes a removed line against an edited one a conflict, both ways round', () => {
    const edited = { lines: line(lines, 0, { description: 'Rack' }) };
    const theirEdited = { lines: line(theirs, 0, { description: 'Rack' }) };

    expect(moves(merged(edited, { lines: theirs.slice(1) }))).toEqual(['A line conflict']);
    expect(moves(merged({ lines: lines.slice(1) }, theirEdited))).toEqual(['A line conflict']);
  });

  test('does not call a new order a move', () => {
    expect(moves(merged({ lines: lines.toReversed() }, {}))).toEqual([]);
    expect(moves(merged({}, { lines: theirs.toReversed() }))).toEqual([]);
  });
});

describe('merging existence', () => {
  const gone = { existence: 'void' } as const;
  const deleted = { existence: 'deleted' } as const;

  test('merges nothing beside a document that is gone', () => {
    expect(merged(gone, {}).map(({ group }) => group)).toEqual(['existence']);
    expect(merged({}, gone).map(({ group }) => group)).toEqual(['existence']);
  });

  test('takes a cancellation across from the side it was made on', () => {
    expect(moves(merged(gone, {}))).toEqual(['existence take-internal']);
    expect(moves(merged({}, gone))).toEqual(['existence take-quickbooks']);
  });

  test('compares a void and a deleted document as equal', () => {
    expect(moves(merged(gone, deleted))).toEqual(['existence agreed']);
    expect(moves(merged(gone, deleted, { internal: deleted, quickbooks: gone }))).toEqual([]);
  });

  test.each<readonly [string, Changes]>([
    ['a header field', { dueDate: latest }],
    ['a line', { lines: line(quickbooksBase.lines, 1, { description: 'Rack' }) }],
    ['an added line', { lines: [...quickbooksBase.lines, { ...aLine, key: toLineKey('C') }] }],
    ['a removed line', { lines: quickbooksBase.lines.slice(1) }],
  ])('makes gone against an edit of %s a conflict', (_what, edit) => {
    expect(moves(merged(gone, edit))).toEqual(['existence conflict']);
    expect(moves(merged(edit, gone, { internal: quickbooksBase }))).toEqual(['existence conflict']);
  });

  test('does not count it as an edit that QuickBooks zeroes what it voids', () => {
    const zeroed = {
      ...gone,
      lines: line(quickbooksBase.lines, 0, { amount: brandAmount('0.00') }),
    };

    expect(moves(merged({}, zeroed))).toEqual(['existence take-quickbooks']);
  });

  test('leaves an accepted difference alone until somebody edits the side that stands', () => {
    const accepted = { quickbooks: gone };

    expect(moves(merged({}, gone, accepted))).toEqual([]);
    expect(moves(merged({ dueDate: later }, gone, accepted))).toEqual(['existence take-internal']);
  });

  test('merges the rest where both sides brought it back', () => {
    const wasGone = { internal: gone, quickbooks: gone };

    expect(moves(merged({ dueDate: later }, {}, wasGone))).toEqual([
      'existence agreed',
      'issueDate take-internal',
    ]);
  });
});
