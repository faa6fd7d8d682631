import { expect, test } from 'vitest';
import { pair } from '../support/pair.ts';
import { internalMoney, payHere, payThere, paymentsThere } from '../support/money.ts';

test.each([1, 2])(
  'a changed payment, told of while queries of QuickBooks lag behind, is not taken back where there are %i of them',
  async (count) => {
    const both = await pair();
    const { world } = both;
    const id = await payHere(both, '5.00');
    if (count === 2) await payHere(both, '3.00', { date: '2026-11-21' });
    await world.drainUntilSettled();
    const totals = async () =>
      (await paymentsThere(world))
        .map(({ TotalAmt }) => TotalAmt)
        .toSorted((one, other) => one - other);
    expect(await totals()).toEqual(count === 2 ? [3, 5] : [5]);

    // Times of QuickBooks have whole seconds: the change is seen to be a later one.
    await world.quickbooks.advance(5_000);
    await world.quickbooks.behaviour({ queryLagMs: 600_000 });
    await world.invoicing.human({ action: 'edit-payment', paymentId: id, amount: '7.00' });
    await world.drainUntilSettled();
    // Whatever tells of it again leads to another look.
    await payThere(world, [{ id: both.quickbooksId, amount: 1 }]);
    await world.drainUntilSettled();

    const { payments } = internalMoney.parse(await world.invoicing.invoice(both.id));
    expect(payments.map(({ amount }) => amount).toSorted()).toEqual(
      count === 2 ? ['1.00', '3.00', '7.00'] : ['1.00', '7.00'],
    );
    expect(await totals()).toEqual(count === 2 ? [1, 3, 7] : [1, 7]);
  },
);
