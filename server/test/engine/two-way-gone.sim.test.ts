import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  conflictsOf,
  counterpartOf,
  deadLettersOf,
  linkOf,
  soldLines,
  writesOf,
} from '../support/ledger.ts';
import {
  editHere,
  editThere,
  eventsFromQuickbooks,
  internally,
  internalWrites,
  pair,
  type Pair,
} from '../support/pair.ts';

describe('gone in QuickBooks', () => {
  const goneThere = ({ world, quickbooksId }: Pair, action: 'void' | 'delete') =>
    world.quickbooks.human({ action, entity: 'Invoice', id: quickbooksId });

  test.each(['void', 'delete'] as const)('a %s crosses as a void, once', async (action) => {
    const both = await pair();

    await goneThere(both, action);
    await both.world.drainUntilSettled();

    expect(await internally(both)).toMatchObject({ status: 'void' });
    expect(await internalWrites(both)).toEqual(['void']);
    expect(await writesOf(both.world)).toEqual(['Invoice create']);
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
    expect((await eventsFromQuickbooks(both)).at(-1)).toMatchObject({
      stage: 'SETTLED',
      paths: ['existence'],
    });
  });

  test.each(['void', 'delete'] as const)(
    'a %s of what was edited here is a conflict, and nothing is voided',
    async (action) => {
      const both = await pair();

      await goneThere(both, action);
      await editHere(both, { poNumber: 'PO-1' });
      await both.world.drainUntilSettled();

      expect(await internalWrites(both)).toEqual([]);
      expect(await conflictsOf(both.world, both.id)).toMatchObject([
        { status: 'OPEN', fields: [{ group: 'existence' }] },
      ]);
    },
  );

  test('a void of what was paid here is held in plain words, and goes on once the payment is removed', async () => {
    const both = await pair();
    const { paymentId } = await both.world.invoicing.human({
      action: 'pay',
      id: both.id,
      amount: '10.00',
    });

    await goneThere(both, 'void');
    await both.world.drainUntilSettled();

    expect(await deadLettersOf(both.world, both.id)).toMatchObject([
      {
        status: 'OPEN',
        reason: 'VALIDATION',
        explanation: expect.stringMatching(/money is applied to it in internal invoicing/),
      },
    ]);
    expect(await internally(both)).toMatchObject({ status: 'open' });
    await both.world.invoicing.human({ action: 'unpay', paymentId });
    await both.world.drainUntilSettled();
    expect(await internally(both)).toMatchObject({ status: 'void' });
    expect(await deadLettersOf(both.world, both.id)).toMatchObject([{ status: 'SUPERSEDED' }]);
  });

  test('a void that internal invoicing refuses for its payments is held in the same words', async () => {
    const both = await pair();
    const match = { operation: 'void', entity: 'invoice' };
    await both.world.invoicing.faults([
      { match, effect: 'status', params: { status: 409 }, times: 1 },
    ]);

    await goneThere(both, 'void');
    await both.world.drainUntilSettled();

    expect(await deadLettersOf(both.world, both.id)).toMatchObject([
      {
        reason: 'VALIDATION',
        explanation: expect.stringMatching(/money is applied to it in internal invoicing/),
      },
    ]);
  });

  test('an amount below what is paid here is refused and held, naming the field', async () => {
    const both = await pair();
    // A reference that QuickBooks cannot hold keeps the payment here.
    const reference = 'transfer 2026-11-20 00017';
    await both.world.invoicing.human({ action: 'pay', id: both.id, amount: '100.00', reference });
    await both.world.drainUntilSettled();
    const [first] = soldLines(await counterpartOf(both.world, both.id));
    const detail = z.record(z.string(), z.unknown()).parse(first?.['SalesItemLineDetail']);

    await editThere(both, {
      Line: [{ ...first, Amount: 50, SalesItemLineDetail: { ...detail, Qty: 1 } }],
    });
    await both.world.drainUntilSettled();

    expect(await deadLettersOf(both.world, both.id)).toMatchObject([
      { status: 'SUPERSEDED', explanation: expect.stringMatching(/has 25 characters/) },
      {
        status: 'OPEN',
        reason: 'VALIDATION',
        explanation: expect.stringMatching(
          /^Internal invoicing refused .* lines would make the total/,
        ),
      },
    ]);
  });
});
