import { describe, expect, test } from 'vitest';
import type { CallFailure } from '#core/attempt/failure.ts';
import { brandAmount, brandLocalDate, type Version } from '#core/brand.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import type { PaymentContent } from '#core/payment/payment.ts';
import type { Written } from '#ports/accounting-system.ts';
import type { InvoicingPaymentWrite } from '#ports/payments.ts';
import type { InvoicingWorld, WriteMishap } from './invoicing-world.ts';

const limits = { deadlineMs: 5_000 };

const ten: PaymentContent = {
  amount: brandAmount('10.00'),
  date: brandLocalDate('2026-11-21'),
  method: null,
  reference: 'CHK-7',
};

/** How an internal invoicing system takes payments; `created` makes an invoice of 21.00 + 10.50 and answers its id. */
export function invoicingPaymentsContract(
  world: () => InvoicingWorld,
  created: () => Promise<string>,
): void {
  let count = 0;
  const requestId = (): string => {
    count += 1;
    return `payment-${count}`;
  };
  const invoiceOf = async (id: string): Promise<Invoice> => {
    const found = await world().system.readInvoice(id, limits);
    if (!found.ok || 'gone' in found.value) throw new Error(`${id} cannot be read`);
    return found.value.invoice;
  };
  const sent = async (write: InvoicingPaymentWrite): Promise<Written> => {
    const outcome = await world().system.write(write, limits);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
    return outcome.value;
  };
  const refused = async (write: InvoicingPaymentWrite): Promise<CallFailure> => {
    const outcome = await world().system.write(write, limits);
    if (outcome.ok) throw new Error('it was taken');
    return outcome.failure;
  };
  const createOf = (invoiceId: string, payment = ten): InvoicingPaymentWrite => ({
    object: 'Payment',
    requestId: requestId(),
    operation: 'CREATED',
    invoiceId,
    body: world().spelling.paymentCreate(payment),
  });
  const updateOf = (
    id: string,
    restsOnVersion: Version,
    payment: PaymentContent,
    paths: readonly (keyof PaymentContent)[],
  ): InvoicingPaymentWrite => ({
    object: 'Payment',
    requestId: requestId(),
    operation: 'UPDATED',
    id,
    restsOnVersion,
    body: world().spelling.paymentUpdate(payment, paths),
  });
  const removalOf = ({ id, version }: Written): InvoicingPaymentWrite => ({
    object: 'Payment',
    requestId: requestId(),
    operation: 'DELETED',
    id,
    restsOnVersion: version,
  });

  describe('takes payments', () => {
    test('a new one: answers with its id and version, and with the invoice it moved', async () => {
      const id = await created();
      const before = await invoiceOf(id);

      const written = await sent(createOf(id));

      const after = await invoiceOf(id);
      expect(after.payments).toMatchObject([
        { id: written.id, version: written.version, amount: '10.00', reference: 'CHK-7' },
      ]);
      expect(after.version).not.toBe(before.version);
      expect(written).toMatchObject({ httpStatus: 201, payment: null });
      expect(written.seen?.invoice).toEqual(after);
    });

    test('a change of the named fields alone, by its own version', async () => {
      const invoiceId = await created();
      const { id, version } = await sent(createOf(invoiceId));
      const wanted = { ...ten, amount: brandAmount('7.50'), reference: 'not named' };

      const written = await sent(updateOf(id, version, wanted, ['amount']));

      expect(written.version).not.toBe(version);
      expect((await invoiceOf(invoiceId)).payments).toMatchObject([
        { id, amount: '7.50', reference: 'CHK-7', version: written.version },
      ]);
    });

    test('a removal, which leaves the invoice without it', async () => {
      const invoiceId = await created();
      const paid = await sent(createOf(invoiceId));

      const written = await sent(removalOf(paid));

      expect(written).toMatchObject({ id: paid.id, httpStatus: 200 });
      expect(await invoiceOf(invoiceId)).toMatchObject({
        payments: [],
        derived: { amountPaid: '0.00' },
      });
      expect(await refused(removalOf(paid))).toMatchObject({ kind: 'not-found' });
    });

    test('nothing that rests on an old version', async () => {
      const invoiceId = await created();
      const paid = await sent(createOf(invoiceId));
      await sent(updateOf(paid.id, paid.version, { ...ten, reference: 'newer' }, ['reference']));

      const older = updateOf(paid.id, paid.version, { ...ten, reference: 'older' }, ['reference']);
      expect(await refused(older)).toMatchObject({ kind: 'stale-version' });
      expect(await refused(removalOf(paid))).toMatchObject({ kind: 'stale-version' });
      expect((await invoiceOf(invoiceId)).payments).toMatchObject([{ reference: 'newer' }]);
    });

    test('none above what is due, none for an invoice that is void, none for one that is gone', async () => {
      const [small, voided, gone] = [await created(), await created(), await created()];
      await world().void(voided);
      await world().remove(gone);

      const tooMuch = createOf(small, { ...ten, amount: brandAmount('1000.00') });
      expect(await refused(tooMuch)).toMatchObject({
        kind: 'refused',
        reason: 'VALIDATION',
        fault: { element: 'amount' },
      });
      expect(await refused(createOf(voided))).toMatchObject({
        kind: 'refused',
        reason: 'VALIDATION',
        mayHaveCommitted: false,
      });
      expect(await refused(createOf(gone))).toMatchObject({ kind: 'not-found' });
    });

    test.each([
      ['lost on its way', 'no-answer', 0],
      ['lost on the way back', 'no-answer', 1],
      ['an error after it was done', 'no-answer', 1],
      ['unavailable', 'no-answer', 0],
      ['throttled', 'throttled', 0],
      ['refused access', 'access-lapsed', 0],
    ] as const satisfies readonly (readonly [WriteMishap, CallFailure['kind'], number])[])(
      'one that is %s ends as %s; sent again there is one',
      async (kind, wanted, arrived) => {
        const id = await created();
        const write = createOf(id);
        await world().writeMishap(kind, 'create');

        expect(await refused(write)).toMatchObject({ kind: wanted });
        expect((await invoiceOf(id)).payments).toHaveLength(arrived);
        const written = await sent(write);
        expect((await invoiceOf(id)).payments).toMatchObject([{ id: written.id }]);
      },
    );
  });
}
