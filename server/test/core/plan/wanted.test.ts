import { describe, expect, test } from 'vitest';
import { brandDecimal, brandLocalDate, toLineKey } from '#core/brand.ts';
import type { InvoiceContent, Line } from '#core/invoice/invoice.ts';
import { linePath } from '#core/merge/groups.ts';
import type { Merge } from '#core/merge/merge-field.ts';
import type { GroupMerge } from '#core/merge/merge-invoice.ts';
import { wantedContent } from '#core/plan/wanted.ts';
import { wordsFor } from '#core/plan/words.ts';
import { aLine } from '../mapping/invoices.ts';
import { quickbooksTwin, translated, unpaidInvoice } from '../documents.ts';

const keyed = (key: string, description: string): Line => ({
  ...aLine,
  key: toLineKey(key),
  sideId: `l-${key}`,
  description,
});
const internal = {
  ...unpaidInvoice,
  lines: [keyed('A', 'Rack'), keyed('B', 'Cables'), keyed('C', 'Labour')],
};
const quickbooks = quickbooksTwin(internal);
/** The content of it alone, without what QuickBooks derives. */
const content: InvoiceContent = { ...translated(internal), lines: quickbooks.lines };

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

const keysOf = (content: InvoiceContent) => content.lines.map((line) => line.key);

describe('what QuickBooks should hold', () => {
  test('is the content it holds, and nothing derived, when nothing is taken', () => {
    const changed = translated({ ...internal, poNumber: 'PO-1' });
    const merges = [header('poNumber', 'conflict'), header('customerMemo', 'take-quickbooks')];

    expect(wantedContent(quickbooks, changed, merges, 'internal')).toEqual(content);
  });

  test('takes a group of the header whole and leaves the others', () => {
    const dated = {
      ...internal,
      issueDate: brandLocalDate('2026-12-01'),
      terms: null,
      dueDate: null,
      poNumber: 'PO-1',
    };

    const wanted = wantedContent(
      quickbooks,
      translated(dated),
      [header('issueDate', 'take-internal')],
      'internal',
    );

    expect(wanted).toEqual({
      ...content,
      issueDate: '2026-12-01',
      terms: null,
      dueDate: null,
    });
  });

  test('lays a group of a line over the line that QuickBooks holds', () => {
    const lines = internal.lines.map((line) => ({
      ...line,
      quantity: brandDecimal('13'),
      description: 'Other words',
    }));

    const wanted = wantedContent(
      quickbooks,
      translated({ ...internal, lines }),
      [onLine('B', 'amount', 'take-internal'), onLine('B', 'description', 'conflict')],
      'internal',
    );

    expect(wanted.lines[1]).toEqual({ ...quickbooks.lines[1], quantity: '13' });
    expect(wanted.lines[0]).toEqual(quickbooks.lines[0]);
  });

  test('drops a line that was removed internally, and only that one', () => {
    const fewer = translated({ ...internal, lines: internal.lines.slice(1) });

    const wanted = wantedContent(
      quickbooks,
      fewer,
      [onLine('A', 'line', 'take-internal')],
      'internal',
    );

    expect(keysOf(wanted)).toEqual(['B', 'C']);
  });

  test('keeps a removed line that is disputed', () => {
    const fewer = translated({ ...internal, lines: internal.lines.slice(1) });

    expect(
      keysOf(wantedContent(quickbooks, fewer, [onLine('A', 'line', 'conflict')], 'internal')),
    ).toEqual(['A', 'B', 'C']);
  });

  test.each<readonly [string, readonly string[]]>([
    ['NABC', ['N', 'A', 'B', 'C']],
    ['ANBC', ['A', 'N', 'B', 'C']],
    ['ABCN', ['A', 'B', 'C', 'N']],
    ['ANMBC', ['A', 'N', 'M', 'B', 'C']],
    ['NMABC', ['N', 'M', 'A', 'B', 'C']],
  ])('puts new lines where the internal invoice has them: %s', (order, expected) => {
    const lines = order.split('').map((key) => keyed(key, key));
    const merges = order
      .split('')
      .filter((key) => 'NM'.includes(key))
      .map((key) => onLine(key, 'line', 'take-internal'));

    const wanted = wantedContent(
      quickbooks,
      translated({ ...internal, lines }),
      merges,
      'internal',
    );

    expect(keysOf(wanted)).toEqual(expected);
  });

  test('lets QuickBooks keep its own lines and its own order around new ones', () => {
    const own = { ...aLine, key: toLineKey('Q'), sideId: '9' };
    const reordered = {
      ...quickbooks,
      lines: [own, ...quickbooks.lines.toReversed()],
    };
    const lines = [...internal.lines, keyed('N', 'New')];

    const wanted = wantedContent(
      reordered,
      translated({ ...internal, lines }),
      [onLine('N', 'line', 'take-internal'), onLine('Q', 'line', 'take-quickbooks')],
      'internal',
    );

    expect(keysOf(wanted)).toEqual(['Q', 'C', 'N', 'B', 'A']);
    expect(wanted.lines[2]?.sideId).toBeNull();
  });
});

describe('words for what moved', () => {
  test('say each thing once and join the last with "and"', () => {
    const merges = [
      header('issueDate', 'conflict'),
      onLine('A', 'amount', 'conflict'),
      onLine('B', 'amount', 'conflict'),
      header('poNumber', 'conflict'),
    ];

    expect(wordsFor(merges)).toBe('the dates, a line and the purchase order number');
    expect(wordsFor(merges.slice(0, 1))).toBe('the dates');
    expect(wordsFor([])).toBe('nothing');
  });
});
