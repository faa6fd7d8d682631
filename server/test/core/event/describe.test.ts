import { describe, expect, test } from 'vitest';
import { describeArrival, describeStage } from '#core/event/describe.ts';
import { directionOf, type ChangeKind, type Subject } from '#core/event/event.ts';
import { stages } from '#core/event/stage.ts';

const subject = (changes: Partial<Subject> = {}): Subject => ({
  side: 'internal',
  kind: 'invoice',
  id: 'inv_1',
  invoiceId: null,
  ...changes,
});

describe('the sentence for an arrival', () => {
  test.each<readonly [Subject, ChangeKind, string]>([
    [subject(), 'CREATED', 'Invoice inv_1 was created in internal invoicing.'],
    [subject({ side: 'quickbooks', id: '145' }), 'VOIDED', 'Invoice 145 was voided in QuickBooks.'],
    [
      subject({ kind: 'payment', id: 'pay_1', invoiceId: 'inv_1' }),
      'PAYMENT_APPLIED',
      'Invoice inv_1 received a payment in internal invoicing.',
    ],
    [
      subject({ side: 'quickbooks', kind: 'payment', id: '77' }),
      'PAYMENT_REMOVED',
      'Payment 77 was removed in QuickBooks.',
    ],
    [
      subject({ side: 'quickbooks', kind: 'customer', id: '9' }),
      'REFERENCE_CHANGED',
      'Customer 9 was changed in QuickBooks.',
    ],
    [
      subject({ side: 'quickbooks', kind: 'item', id: '4' }),
      'REFERENCE_CHANGED',
      'Item 4 was changed in QuickBooks.',
    ],
    [
      subject({ kind: 'other', id: 'company.renamed' }),
      'OTHER',
      'Record company.renamed had something happen to it in internal invoicing.',
    ],
  ])('of %o, %s', (about, kind, sentence) => {
    expect(describeArrival({ subject: about, kind })).toBe(sentence);
  });

  test('is one sentence for every kind of change to every kind of subject', () => {
    const kinds: readonly ChangeKind[] = [
      'CREATED',
      'UPDATED',
      'VOIDED',
      'DELETED',
      'PAYMENT_APPLIED',
      'PAYMENT_CHANGED',
      'PAYMENT_REMOVED',
      'REFERENCE_CHANGED',
      'OTHER',
    ];
    for (const kind of kinds)
      for (const about of ['invoice', 'payment', 'customer', 'item', 'other'] as const)
        expect(describeArrival({ subject: subject({ kind: about }), kind })).toMatch(
          /^[A-Z]\w+ inv_1 [a-z ]+ in internal invoicing\.$/,
        );
  });

  test('goes with the direction that leads to the other side', () => {
    expect(directionOf(subject())).toBe('TO_QUICKBOOKS');
    expect(directionOf(subject({ side: 'quickbooks' }))).toBe('TO_INTERNAL');
  });
});

const toQuickbooks = { sides: ['quickbooks'], direction: null } as const;

describe('the sentence for a stage', () => {
  test('names the invoice and ends there when nothing is to be added', () => {
    expect(describeStage('INV-1', 'SETTLED', null, toQuickbooks)).toBe(
      'INV-1 settled on both sides.',
    );
  });

  test('adds the note as it stands', () => {
    expect(
      describeStage('INV-1', 'RETRY_SCHEDULED', 'QuickBooks asked us to slow down.', toQuickbooks),
    ).toBe('INV-1 will be tried again: QuickBooks asked us to slow down.');
  });

  test.each([
    [['quickbooks'], 'INV-1 is on its way to QuickBooks.'],
    [['internal'], 'INV-1 is on its way to internal invoicing.'],
    [['quickbooks', 'internal'], 'INV-1 is on its way to QuickBooks and internal invoicing.'],
  ] as const)('says which side is written: %o', (sides, sentence) => {
    expect(describeStage('INV-1', 'SENDING', null, { sides, direction: null })).toBe(sentence);
  });

  test.each([
    ['SENDING', ['quickbooks', 'internal'], 'TO_INTERNAL', 'is on its way to internal invoicing.'],
    ['SENDING', ['quickbooks', 'internal'], 'TO_QUICKBOOKS', 'is on its way to QuickBooks.'],
    ['SENDING', ['quickbooks'], 'TO_INTERNAL', 'goes along with a write on its way to QuickBooks.'],
    ['ACKNOWLEDGED', ['internal'], 'TO_INTERNAL', 'was accepted by internal invoicing.'],
    [
      'ACKNOWLEDGED',
      ['internal'],
      'TO_QUICKBOOKS',
      'went along with a write that was accepted by internal invoicing.',
    ],
  ] as const)(
    '%s of a write to %j says to a change %s that it %s',
    (stage, sides, direction, words) => {
      expect(describeStage('INV-1', stage, null, { sides, direction })).toBe(`INV-1 ${words}`);
    },
  );

  test('differs for every stage, with one colon at most', () => {
    const sentences = stages.map((stage) =>
      describeStage('INV-1', stage, 'So it is.', toQuickbooks),
    );

    expect(new Set(sentences).size).toBe(stages.length);
    expect(sentences.filter((sentence) => sentence.split(':').length !== 2)).toEqual([]);
  });
});
