import { describe, expect, test } from 'vitest';
import { brandDecimal, brandLocalDate, toLineKey, toVersion } from '#core/brand.ts';
import type { Invoice, Line } from '#core/invoice/invoice.ts';
import { linePath } from '#core/merge/groups.ts';
import type { Merge } from '#core/merge/merge-field.ts';
import { mergeInvoice, type GroupMerge } from '#core/merge/merge-invoice.ts';
import { advanceBase, keyReturned } from '#core/plan/advance-base.ts';
import { aLine } from '../mapping/invoices.ts';
import { quickbooksTwin, translated, unpaidInvoice } from '../documents.ts';

const base = { internal: unpaidInvoice, quickbooks: quickbooksTwin(unpaidInvoice) };

const moved = (changes: Partial<Invoice>, side: 'internal' | 'quickbooks'): Invoice => ({
  ...base[side],
  version: toVersion('9'),
  ...changes,
});
const header = (group: string, merge: Merge): GroupMerge => ({
  group,
  paths: [group],
  merge,
  lineKey: null,
});
const onLine = (key: string, group: string, merge: Merge): GroupMerge => ({
  group,
  paths: [linePath(toLineKey(key))],
  merge,
  lineKey: toLineKey(key),
});

const later = brandLocalDate('2027-01-31');

describe('the base after a crossing', () => {
  test('is what both sides show when nothing was agreed before', () => {
    const internal = moved({ poNumber: 'PO-1' }, 'internal');
    const quickbooks = moved({ poNumber: 'PO-1' }, 'quickbooks');

    expect(advanceBase(null, internal, quickbooks, [], ['quickbooks'])).toEqual({
      internal,
      quickbooks,
    });
  });

  test('moves each half to what its own side shows', () => {
    const internal = moved({ dueDate: later }, 'internal');
    const quickbooks = moved({ dueDate: later }, 'quickbooks');

    const after = advanceBase(
      base,
      internal,
      quickbooks,
      [header('issueDate', 'take-internal')],
      ['quickbooks'],
    );

    expect(after).toEqual({ internal, quickbooks });
  });

  test.each(['conflict', 'take-quickbooks'] as const)('stays where a field is %s', (merge) => {
    const internal = moved({ dueDate: later, poNumber: 'PO-1' }, 'internal');
    const quickbooks = moved({ issueDate: later, poNumber: 'PO-1' }, 'quickbooks');

    const after = advanceBase(
      base,
      internal,
      quickbooks,
      [header('issueDate', merge), header('poNumber', 'take-internal')],
      ['quickbooks'],
    );

    expect(after.internal).toEqual({ ...internal, dueDate: base.internal.dueDate });
    expect(after.quickbooks).toEqual({ ...quickbooks, issueDate: base.quickbooks.issueDate });
  });

  test('stays whole while existence is open', () => {
    const internal = moved({ existence: 'void', poNumber: 'PO-1' }, 'internal');
    const quickbooks = moved({ dueDate: later }, 'quickbooks');

    const after = advanceBase(
      base,
      internal,
      quickbooks,
      [header('existence', 'conflict')],
      ['quickbooks'],
    );

    expect(translated(after.internal)).toEqual(translated(base.internal));
    expect(after.quickbooks.dueDate).toBe(base.quickbooks.dueDate);
  });

  const withLine = (changes: Partial<Line>, side: 'internal' | 'quickbooks'): Invoice =>
    moved({ lines: base[side].lines.map((line) => ({ ...line, ...changes })) }, side);

  test('moves on a line where its groups are not open, so that what crossed beside a dispute is agreed', () => {
    const internal = withLine({ description: 'Rack', quantity: brandDecimal('13') }, 'internal');
    const quickbooks = withLine(
      { description: 'Rack', quantity: brandDecimal('14') },
      'quickbooks',
    );
    const merges = [onLine('A', 'amount', 'conflict'), onLine('A', 'description', 'take-internal')];

    const after = advanceBase(base, internal, quickbooks, merges, ['quickbooks']);

    expect(after.internal.lines).toEqual([{ ...base.internal.lines[0], description: 'Rack' }]);
    expect(after.quickbooks.lines).toEqual([{ ...base.quickbooks.lines[0], description: 'Rack' }]);
    const rewritten = withLine({ description: 'Racks', quantity: brandDecimal('13') }, 'internal');
    const next = mergeInvoice({
      base: after,
      internal: rewritten,
      internalTranslated: translated(rewritten),
      quickbooks,
      defaultTaxCodeId: null,
    });
    expect(next.find(({ group }) => group === 'description')?.merge).toBe('take-internal');
    expect(next.find(({ group }) => group === 'amount')?.merge).toBe('conflict');
  });

  test('does not know a line yet that only QuickBooks added', () => {
    const added = { ...aLine, key: toLineKey('Q'), sideId: '9' };
    const quickbooks = moved({ lines: [...base.quickbooks.lines, added] }, 'quickbooks');

    const after = advanceBase(
      base,
      base.internal,
      quickbooks,
      [onLine('Q', 'line', 'take-quickbooks')],
      ['quickbooks'],
    );

    expect(after.quickbooks.lines).toEqual(base.quickbooks.lines);
  });

  test('remembers a line that only QuickBooks removed, until that crossed too', () => {
    const quickbooks = moved({ lines: [] }, 'quickbooks');

    const after = advanceBase(
      base,
      base.internal,
      quickbooks,
      [onLine('A', 'line', 'take-quickbooks')],
      ['quickbooks'],
    );

    expect(after.quickbooks.lines).toEqual(base.quickbooks.lines);
    expect(after.internal.lines).toEqual(base.internal.lines);
  });

  test('forgets a line that both sides removed', () => {
    const after = advanceBase(
      base,
      moved({ lines: [] }, 'internal'),
      moved({ lines: [] }, 'quickbooks'),
      [onLine('A', 'line', 'agreed')],
      ['quickbooks'],
    );

    expect([after.internal.lines, after.quickbooks.lines]).toEqual([[], []]);
  });
});

describe('the lines that QuickBooks returned', () => {
  const sent = translated({
    ...unpaidInvoice,
    lines: [aLine, { ...aLine, key: toLineKey('B'), description: 'Cables' }],
  });
  const returned = {
    ...base.quickbooks,
    lines: sent.lines.map((line, place) => ({ ...line, key: null, sideId: String(place + 7) })),
  };
  const never = (): Invoice => {
    throw new Error('the order they were sent in is enough');
  };

  test('get the keys of the lines sent, in order, whatever ids and values they came back with', () => {
    const rewritten = {
      ...returned,
      lines: returned.lines.map((line) => ({ ...line, unitPrice: brandDecimal('1') })),
    };

    expect(keyReturned(sent, rewritten, never).lines.map((line) => line.key)).toEqual(['A', 'B']);
  });

  test('are paired like observed ones when there are more or fewer than were sent', () => {
    const fewer = { ...returned, lines: returned.lines.slice(1) };
    const asked: (readonly Line[])[] = [];

    const keyed = keyReturned(sent, fewer, (invoice, known) => {
      asked.push(known);
      return { ...invoice, lines: [] };
    });

    expect(keyed.lines).toEqual([]);
    expect(asked).toEqual([sent.lines]);
  });
});
