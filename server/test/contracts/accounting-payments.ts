import { describe, expect, test } from 'vitest';
import { brandAmount, brandLocalDate } from '#core/brand.ts';
import type { AccountingPayment, Application } from '#core/payment/payment.ts';
import type { Seen } from '#ports/accounting-system.ts';
import type { FoundPayment, NewPayment, SeenPayment } from '#ports/payments.ts';
import { limits, valueOf, type Bench } from './accounting-bench.ts';

/** Payments: money received once, applied to any number of invoices. */
export function paymentsContract(bench: () => Bench): void {
  const system = () => bench().world.system;
  const spelling = () => bench().world.spelling;
  const made = (): Promise<Seen> => bench().make(bench().numbered());
  const paymentOf = ({ invoice }: Seen, more: Partial<NewPayment> = {}): NewPayment => ({
    customerId: invoice.customer.id,
    invoiceId: invoice.id,
    currency: invoice.currency,
    exchangeRate: null,
    amount: brandAmount('100.00'),
    date: brandLocalDate('2026-11-21'),
    method: null,
    reference: 'CHK-7',
    marker: 'pay_7',
    ...more,
  });
  const createOf = (payment: NewPayment) =>
    bench().write('CREATED', spelling().paymentCreate(payment), 'Payment');
  const create = async (payment: NewPayment): Promise<SeenPayment> =>
    shown(valueOf(await bench().send(createOf(payment))).payment);
  const update = ({ payment, raw }: SeenPayment, wanted: Partial<AccountingPayment>) =>
    bench().send(
      bench().write('UPDATED', spelling().paymentUpdate({ ...payment, ...wanted }, raw), 'Payment'),
    );
  const remove = ({ payment: { id, version } }: SeenPayment) =>
    bench().send(bench().write('DELETED', spelling().paymentDelete(id, version), 'Payment'));
  const read = async (id: string): Promise<FoundPayment> =>
    valueOf(await system().readPayment(id, limits));
  const balanceOf = async ({ invoice }: Seen): Promise<string> =>
    (await bench().readSeen(invoice.id)).invoice.derived.balanceDue;

  describe('takes payments', () => {
    test('a new one over an invoice, which reads back as it was made and lowers the balance', async () => {
      const invoice = await made();

      const paid = await create(paymentOf(invoice));

      expect(paid.payment).toMatchObject({
        customerId: invoice.invoice.customer.id,
        total: '100.00',
        unapplied: '0.00',
        credits: '0.00',
        date: '2026-11-21',
        reference: 'CHK-7',
        marker: 'pay_7',
        existence: 'present',
        isDeposited: false,
        applications: [{ invoiceId: invoice.invoice.id, amount: '100.00' }],
      });
      expect(await read(paid.payment.id)).toEqual(paid);
      expect(await balanceOf(invoice)).toBe('155900.00');
    });

    test('once, however often the same request comes', async () => {
      const invoice = await made();
      const same = createOf(paymentOf(invoice));
      const before = (await bench().world.mutations()).length;

      const answers = [valueOf(await bench().send(same)), valueOf(await bench().send(same))];

      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      expect(await balanceOf(invoice)).toBe('155900.00');
      expect((await bench().world.mutations()).length).toBe(before + 1);
    });

    test.each(['lost after', 'error after', 'lost before'] as const)(
      'one whose answer was %s is there once when sent again, and is found by what it is like',
      async (mishap) => {
        const invoice = await made();
        const payment = paymentOf(invoice, { marker: `pay_${mishap}`, reference: null });
        const intended = createOf(payment);
        const { customerId, date, amount: total } = payment;
        const found = async () =>
          valueOf(await system().findPaymentsLike({ customerId, date, total }, limits)).filter(
            (seen) => seen.payment.marker === payment.marker,
          );
        await bench().world.mishap(mishap);

        expect(await bench().send(intended)).toMatchObject({ failure: { kind: 'no-answer' } });
        expect(await found()).toHaveLength(mishap === 'lost before' ? 0 : 1);
        const again = valueOf(await bench().send(intended));
        expect((await found()).map((seen) => seen.payment.id)).toEqual([again.id]);
        expect(await balanceOf(invoice)).toBe('155900.00');
      },
    );

    test('a change of date, amount, reference and what it pays, and nothing else of it', async () => {
      const [one, two] = [await made(), await made()];
      const paid = await create(paymentOf(one));
      const applications: readonly Application[] = [
        { invoiceId: one.invoice.id, amount: brandAmount('60.00') },
        { invoiceId: two.invoice.id, amount: brandAmount('70.00') },
      ];

      const wanted = {
        date: brandLocalDate('2026-11-22'),
        total: brandAmount('130.00'),
        reference: null,
        applications,
      };
      const written = valueOf(await update(paid, wanted));

      const after = shown(written.payment).payment;
      expect(after).toMatchObject(wanted);
      expect(after).toMatchObject({ marker: 'pay_7', customerId: one.invoice.customer.id });
      expect(after.version).not.toBe(paid.payment.version);
      expect(await balanceOf(one)).toBe('155940.00');
      expect(await balanceOf(two)).toBe('155930.00');
    });

    test('the removal of one application, which leaves the others and the money', async () => {
      const [one, two] = [await made(), await made()];
      const first = await create(paymentOf(one, { amount: brandAmount('50.00') }));
      const both = shown(
        valueOf(
          await update(first, {
            total: brandAmount('80.00'),
            applications: [
              ...first.payment.applications,
              { invoiceId: two.invoice.id, amount: brandAmount('30.00') },
            ],
          }),
        ).payment,
      );

      const left = both.payment.applications.filter(
        ({ invoiceId }) => invoiceId === two.invoice.id,
      );
      const after = shown(valueOf(await update(both, { applications: left })).payment);

      expect(after.payment).toMatchObject({ total: '80.00', unapplied: '50.00' });
      expect(after.payment.applications).toEqual(left);
      expect(await balanceOf(one)).toBe('156000.00');
    });

    test('a removal, after which what it paid is open again', async () => {
      const invoice = await made();
      const paid = await create(paymentOf(invoice));

      const written = valueOf(await remove(paid));

      expect(written).toMatchObject({ id: paid.payment.id, payment: null, seen: null });
      expect(await read(paid.payment.id)).toEqual({ gone: 'deleted' });
      expect(await balanceOf(invoice)).toBe('156000.00');
    });

    test('no change and no removal that rests on an old version', async () => {
      const paid = await create(paymentOf(await made()));
      valueOf(await update(paid, { reference: 'newer' }));

      const stale = { failure: { kind: 'stale-version' } };
      expect(await update(paid, { reference: 'older' })).toMatchObject(stale);
      expect(await remove(paid)).toMatchObject(stale);
    });

    test('no change of what is gone, which is told from a missing invoice', async () => {
      const paid = await create(paymentOf(await made()));
      const other = await create(paymentOf(await made()));
      valueOf(await remove(other));

      expect(await remove(other)).toMatchObject({ failure: { kind: 'not-found' } });
      const nowhere = [{ invoiceId: '987654', amount: brandAmount('1.00') }];
      expect(await update(paid, { applications: nowhere })).toMatchObject({
        failure: { kind: 'refused', reason: 'MISSING_REFERENCE' },
      });
    });

    test('nothing that takes money out of the bank', async () => {
      const paid = await create(paymentOf(await made()));
      await bench().world.deposit([paid.payment.id]);
      const held = present(await read(paid.payment.id));

      expect(held.payment.isDeposited).toBe(true);
      const refused = { failure: { kind: 'refused', fault: { code: '6540' } } };
      expect(await remove(held)).toMatchObject(refused);
      expect(await update(held, { total: brandAmount('200.00') })).toMatchObject(refused);
      expect((await update(held, { reference: 'banked' })).ok).toBe(true);
    });

    test('nothing within closed books', async () => {
      const invoice = await made();
      const paid = await create(paymentOf(invoice, { date: brandLocalDate('2020-06-01') }));
      await bench().world.closeBooks('2020-12-31');

      const closed = { failure: { kind: 'refused', reason: 'PERIOD_CLOSED' } };
      expect(await remove(paid)).toMatchObject(closed);
      expect(await update(paid, { date: brandLocalDate('2026-11-21') })).toMatchObject(closed);
      await bench().world.closeBooks(null);
      expect((await remove(paid)).ok).toBe(true);
    });

    test('many by one call, leaving out those that are not there', async () => {
      const one = await create(paymentOf(await made()));
      const two = await create(paymentOf(await made()));
      const gone = await create(paymentOf(await made()));
      valueOf(await remove(gone));
      const ids = [one, two, gone].map(({ payment }) => payment.id);

      const found = valueOf(await system().readPayments([...ids, '987654'], limits));

      expect([...found.values()]).toEqual(expect.arrayContaining([one, two]));
      expect(found.size).toBe(2);
    });
  });
}

function shown(payment: SeenPayment | null): SeenPayment {
  if (payment === null) throw new Error('the write showed no payment');
  return payment;
}

function present(found: FoundPayment): SeenPayment {
  if ('gone' in found) throw new Error(`it is gone: ${found.gone}`);
  return found;
}
