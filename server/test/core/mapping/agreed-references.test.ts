import { describe, expect, test } from 'vitest';
import { toLineKey } from '#core/brand.ts';
import { agreedReferences, recordsTaken } from '#core/mapping/agreed-references.ts';
import { translatedWherePaired, unpairedOf } from '#core/mapping/translate.ts';
import { linePath } from '#core/merge/groups.ts';
import type { GroupMerge } from '#core/merge/merge-invoice.ts';
import { quickbooksTwin, unpaidInvoice } from '../documents.ts';

const [own] = unpaidInvoice.lines;
const key = toLineKey('A');
const internal = { ...unpaidInvoice, lines: own === undefined ? [] : [{ ...own, key }] };
const quickbooks = quickbooksTwin(internal);

const taken = (group: string, lineKey: GroupMerge['lineKey'] = null): GroupMerge => ({
  group,
  paths: lineKey === null ? [group] : [linePath(lineKey)],
  merge: 'take-quickbooks',
  lineKey,
});

describe('what both sides agreed on', () => {
  test('pairs the records that the halves of the base name in the same place', () => {
    const pairs = agreedReferences({ internal, quickbooks }).map(
      ({ kind, internalId, quickbooksId }) => `${kind} ${internalId} ${quickbooksId}`,
    );

    expect(pairs).toContain(`CUSTOMER ${internal.customer.id} q:${internal.customer.id}`);
    expect(pairs).toContain(`ITEM ${own?.item?.id} q:${own?.item?.id}`);
    expect(pairs).toContain(`TAX_CODE ${own?.taxCode?.id} q:${own?.taxCode?.id}`);
  });

  test('pairs nothing where there is no base, no counterpart of a line, or no record', () => {
    const bare = { ...quickbooks, lines: [], terms: null };

    expect(agreedReferences(null)).toEqual([]);
    expect(agreedReferences({ internal, quickbooks: bare }).map(({ kind }) => kind)).toEqual([
      'CUSTOMER',
    ]);
  });
});

describe('what is taken from QuickBooks', () => {
  test.each<readonly [string, GroupMerge, readonly string[]]>([
    ['the customer', taken('customer'), ['CUSTOMER']],
    ['the dates', taken('issueDate'), ['TERMS']],
    ['the note', taken('privateNote'), []],
    ['a line’s amount', taken('amount', key), ['ITEM']],
    ['a line’s tax code', taken('taxCode', key), ['TAX_CODE']],
    ['a line’s text', taken('description', key), []],
    ['a whole line', taken('line', key), ['ITEM', 'TAX_CODE']],
    ['a removed line', taken('line', toLineKey('gone')), []],
  ])('needs counterparts of what it names: %s', (_what, merge, kinds) => {
    expect(recordsTaken(quickbooks, [merge]).map(({ kind }) => kind)).toEqual(kinds);
  });

  test('needs none for what stays where it is', () => {
    expect(recordsTaken(quickbooks, [{ ...taken('customer'), merge: 'take-internal' }])).toEqual(
      [],
    );
  });

  test('is put in internal terms as far as its records are paired', () => {
    const pairs = agreedReferences({ internal, quickbooks });
    const other = { id: 'q:other', name: 'Other' };
    const moved = { ...quickbooks, customer: other };

    const content = translatedWherePaired(moved, pairs);

    expect(content.lines[0]?.item?.id).toBe(own?.item?.id);
    expect(content.customer).toEqual(other);
    expect(unpairedOf(recordsTaken(moved, [taken('customer')]), pairs)).toEqual([
      { kind: 'CUSTOMER', quickbooksId: 'q:other', name: 'Other' },
    ]);
  });
});
