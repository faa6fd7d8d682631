import { describe, expect, test } from 'vitest';
import { brandDecimal } from '#core/brand.ts';
import { joinMarker, markerFor, splitMarker } from '#core/mapping/marker.ts';
import { matchReference } from '#core/mapping/match-reference.ts';
import type { NeededReference, Reference, ReferenceRecord } from '#core/mapping/reference.ts';
import {
  neededReferences,
  translateToInternal,
  translateToQuickbooks,
} from '#core/mapping/translate.ts';
import { aLine, anInvoice } from './invoices.ts';

const needed = (name: string, more: Partial<NeededReference> = {}): NeededReference => ({
  kind: 'CUSTOMER',
  side: 'internal',
  id: 'cus_1',
  name,
  email: null,
  sku: null,
  ...more,
});
const record = (
  id: string,
  name: string,
  more: Partial<ReferenceRecord> = {},
): ReferenceRecord => ({ id, name, active: true, detail: null, ...more });
const matched = (wanted: NeededReference, candidates: readonly ReferenceRecord[]) => {
  const match = matchReference(wanted, candidates);
  return match.kind === 'matched' ? match.record.id : match.kind;
};

describe('matching', () => {
  test('the very name wins over one spelled likewise', () => {
    expect(matched(needed('Amy'), [record('1', 'AMY'), record('2', 'Amy')])).toBe('2');
  });

  test('terms match by letters and digits', () => {
    const terms = ['Due on receipt', 'Net 30', 'Net 60'].map((name, id) => record(`${id}`, name));

    expect(matched(needed('net-30', { kind: 'TERMS' }), terms)).toBe('1');
    expect(matched(needed('due-on-receipt', { kind: 'TERMS' }), terms)).toBe('0');
    expect(matched(needed('net-3', { kind: 'TERMS' }), terms)).toBe('missing');
  });

  test('TAX and NON are the codes of that id, whatever is called like them', () => {
    const codes = [record('TAX', 'Taxable'), record('NON', 'NON'), record('7', 'TAX')];
    const code = (id: string) => needed(id, { kind: 'TAX_CODE', id });

    expect(matched(code('TAX'), codes)).toBe('TAX');
    expect(matched(code('NON'), codes)).toBe('NON');
    expect(matched(needed('GST', { kind: 'TAX_CODE', id: '7' }), codes)).toBe('missing');
  });

  test('a sub-customer matches by its own name and by its full one', () => {
    const customers = [record('1', 'Freeman'), record('2', 'Freeman:55 Twin Lane')];

    expect(matched(needed('55 Twin Lane'), customers)).toBe('2');
    expect(matched(needed('Freeman:55 Twin Lane'), customers)).toBe('2');
    expect(matched(needed('Freeman'), customers)).toBe('1');
  });

  test('two of a name are told apart by e-mail or SKU, else a person is asked', () => {
    const two = [
      record('1', 'A:Site', { detail: 'one@a.example' }),
      record('2', 'B:Site', { detail: 'two@b.example' }),
    ];

    expect(matched(needed('Site', { email: 'TWO@b.example' }), two)).toBe('2');
    expect(matched(needed('Site'), two)).toBe('ambiguous');
    expect(matched(needed('Site', { email: 'three@c.example' }), two)).toBe('ambiguous');
  });

  test('what is inactive is never meant', () => {
    const gone = { active: false };

    expect(matched(needed('Amy'), [record('1', 'Amy (deleted)', gone)])).toBe('missing');
    expect(matched(needed('Amy'), [record('1', 'Amy', gone), record('2', 'Amy')])).toBe('2');
  });

  test('names without a letter or digit do not match each other', () => {
    expect(matched(needed('--'), [record('1', '!!')])).toBe('missing');
  });
});

const reference = (
  kind: Reference['kind'],
  internalId: string,
  quickbooksId: string | null,
  more: Partial<Reference> = {},
): Reference => ({
  kind,
  internalId,
  internalName: internalId,
  quickbooksId,
  quickbooksName: quickbooksId === null ? null : `QB ${quickbooksId}`,
  status: quickbooksId === null ? 'MISSING' : 'MATCHED',
  candidates: [],
  ...more,
});
const all = [
  reference('CUSTOMER', 'cus_9', '58'),
  reference('TERMS', 'net-30', '3'),
  reference('ITEM', 'itm_4', '11'),
  reference('TAX_CODE', 'TAX', 'TAX'),
];

describe('translating', () => {
  test('every reference is named once, with what helps to find it', () => {
    const twice = { ...anInvoice, lines: [aLine, { ...aLine, quantity: brandDecimal('1') }] };

    expect(neededReferences(twice)).toEqual([
      needed('Globex Corp', {
        id: 'cus_9',
        currency: anInvoice.currency,
        email: 'ap@globex.example',
      }),
      needed('net-30', { kind: 'TERMS', id: 'net-30' }),
      needed('Hardware', { kind: 'ITEM', id: 'itm_4', sku: 'HW-1' }),
      needed('TAX', { kind: 'TAX_CODE', id: 'TAX' }),
    ]);
  });

  test('what is paired is replaced and nothing else changes', () => {
    const translated = translateToQuickbooks(anInvoice, all);

    expect(translated).toMatchObject({
      kind: 'translated',
      content: {
        customer: { id: '58', name: 'QB 58' },
        terms: { id: '3' },
        number: anInvoice.number,
        lines: [{ item: { id: '11' }, taxCode: { id: 'TAX' }, key: 'A', sideId: null }],
      },
    });
  });

  test('what is not paired is listed, ambiguous ones too', () => {
    const some = [
      all[0],
      all[3],
      reference('ITEM', 'itm_4', null),
      reference('TERMS', 'net-30', '3', { status: 'AMBIGUOUS' }),
    ].filter((each) => each !== undefined);
    const translated = translateToQuickbooks(anInvoice, some);

    expect(
      translated.kind === 'missing' ? translated.needed.map(({ kind }) => kind) : null,
    ).toEqual(['TERMS', 'ITEM']);
  });

  test('there and back again is the same content', () => {
    const there = translateToQuickbooks(anInvoice, all);
    if (there.kind !== 'translated') throw new Error('everything is paired');
    const back = translateToInternal({ ...anInvoice, ...there.content }, all);

    expect(back).toMatchObject({
      kind: 'translated',
      content: {
        ...there.content,
        customer: { id: 'cus_9' },
        terms: { id: 'net-30' },
        lines: [{ item: { id: 'itm_4' }, taxCode: { id: 'TAX' } }],
      },
    });
  });

  test('on the way back what QuickBooks alone has is listed', () => {
    const there = { ...anInvoice, customer: { id: '99', name: 'New' }, terms: null, lines: [] };

    expect(translateToInternal(there, all)).toEqual({
      kind: 'missing',
      needed: [{ kind: 'CUSTOMER', quickbooksId: '99', name: 'New' }],
    });
  });
});

describe('the marker', () => {
  const marker = markerFor('inv_123');

  test.each([null, 'One line', 'Two\nlines', 'LedgerBridge is mentioned'])(
    'is put under %j and taken off again',
    (note) => {
      expect(splitMarker(joinMarker(note, marker) ?? '')).toEqual({ note, internalId: 'inv_123' });
    },
  );

  test('is found only as the last line', () => {
    expect(splitMarker(`${marker}\nand more`)).toEqual({
      note: `${marker}\nand more`,
      internalId: null,
    });
    expect(splitMarker('LedgerBridge ')).toEqual({ note: 'LedgerBridge ', internalId: null });
  });

  test('without a marker the note stays as it is', () => {
    expect(joinMarker('Note', null)).toBe('Note');
    expect(joinMarker(null, null)).toBeNull();
  });
});
