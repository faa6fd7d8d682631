import { expect, test } from 'vitest';
import type { BookInvoice, Mutation } from './lab.ts';
import { proofOf } from './proof.ts';
import type { Evidence } from './proof.ts';

const write = (requestId: string | null, actor: Mutation['actor'] = 'api'): Mutation => ({
  seq: 1,
  entity: 'Invoice',
  id: '1',
  operation: 'create',
  requestId,
  actor,
});

const invoice = (id: string, total: string, mark: string | null = null): BookInvoice => ({
  id,
  number: id,
  total,
  mark,
  isGone: false,
});

const knobs = { drop: 0, duplicate: 0, shuffle: 0, counts: { acknowledged: 3 } };

const evidence: Evidence = {
  quickbooksWrites: [write('a'), write('b'), write(null, 'human')],
  internalWrites: [write(null, 'human')],
  requests: [],
  internalInvoices: [invoice('inv_1', '0.10'), invoice('inv_2', '0.20'), invoice('inv_3', '7.00')],
  quickbooksInvoices: [invoice('11', '0.10', 'inv_1'), invoice('12', '0.20', 'inv_2')],
  webhooks: { quickbooks: knobs, invoicing: knobs },
  faults: [],
  worker: { isRunning: true, isFrozen: false, startedCount: 1 },
};

test('one write for each intent reads as 1.000, and both totals are the same to the cent', () => {
  expect(proofOf(evidence)).toMatchObject({
    changeCount: 2,
    toldCount: 6,
    pairCount: 2,
    apartCount: 0,
    writesPerIntent: '1.000',
    duplicateCount: 0,
    internalTotal: '0.30',
    quickbooksTotal: '0.30',
  });
});

test('a single write too many among thousands is neither rounded away nor overlooked', () => {
  const many = Array.from({ length: 5_000 }, (_, index) => write(`intent ${index}`));
  const proof = proofOf({ ...evidence, quickbooksWrites: [...many, write('intent 0')] });
  expect(proof.writesPerIntent).toBe('1.001');
  expect(proof.duplicateCount).toBe(1);
});

test('a second copy of an invoice is a duplicate whatever its intent was', () => {
  const copy = invoice('13', '0.20', 'inv_2');
  const proof = proofOf({
    ...evidence,
    quickbooksInvoices: [...evidence.quickbooksInvoices, copy],
  });
  expect(proof.duplicateCount).toBe(1);
  expect(proof.quickbooksTotal).toBe('0.50');
});
