import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallOutcome } from '#core/attempt/failure.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import { invoicingCreatesContract } from './invoicing-creates.ts';
import { invoicingNewsContract } from './invoicing-news.ts';
import { invoicingPaymentsContract } from './invoicing-payments.ts';
import { invoicingWritesContract } from './invoicing-writes.ts';
import type { InvoicingWorld, Mishap } from './invoicing-world.ts';

const limits = { deadlineMs: 5_000 };

/** Runs the behaviours every internal invoicing system has; `make` is called once and its world closed at the end. */
export function invoicingSystemContract(name: string, make: () => Promise<InvoicingWorld>): void {
  describe(`the invoicing system ${name}`, () => {
    let ready: InvoicingWorld | null = null;
    let count = 0;
    const world = (): InvoicingWorld => {
      if (ready === null) throw new Error('the world is not ready');
      return ready;
    };
    beforeAll(async () => {
      ready = await make();
    });
    afterAll(() => ready?.close());

    const created = (externalRef: string | null = null): Promise<string> => {
      count += 1;
      return world().create(`I-${count}`, externalRef);
    };
    const read = async (id: string): Promise<Invoice> => {
      const found = valueOf(await world().system.readInvoice(id, limits));
      if ('gone' in found) throw new Error(`it is gone: ${found.gone}`);
      return found.invoice;
    };

    test('an invoice is read whole', async () => {
      const id = await created();

      const invoice = await read(id);

      expect(invoice).toMatchObject({
        id,
        side: 'internal',
        existence: 'present',
        number: `I-${count}`,
      });
      expect(invoice.lines).toHaveLength(2);
      expect(new Set(invoice.lines.map(({ sideId }) => sideId)).size).toBe(2);
      expect(invoice.carriedLines).toEqual([]);
      expect(invoice.derived.balanceDue).toBe(invoice.derived.total);
    });

    test('an edit moves version and time, and shows', async () => {
      const id = await created();
      const before = await read(id);
      await world().edit(id, { customerMemo: 'Changed' });

      const after = await read(id);

      expect(after.customerMemo).toBe('Changed');
      expect(after.version).not.toBe(before.version);
      expect(after.modifiedAt).toBeGreaterThanOrEqual(before.modifiedAt);
      expect(after.modifiedBy).not.toBeNull();
    });

    test('a payment is part of the invoice and moves its version', async () => {
      const id = await created();
      const before = await read(id);
      await world().pay(id, '1.00');

      const after = await read(id);

      expect(after.payments).toMatchObject([{ amount: '1.00' }]);
      expect(after.derived.amountPaid).toBe('1.00');
      expect(after.version).not.toBe(before.version);
    });

    test('a void invoice is still there and says so', async () => {
      const id = await created();
      await world().void(id);

      expect((await read(id)).existence).toBe('void');
    });

    test('a deleted invoice is told from one that never was', async () => {
      const id = await created();
      await world().remove(id);

      expect(await world().system.readInvoice(id, limits)).toEqual({
        ok: true,
        value: { gone: 'deleted' },
      });
      expect(await world().system.readInvoice('never/was?', limits)).toEqual({
        ok: true,
        value: { gone: 'never-existed' },
      });
    });

    test('an invoice is found by the reference it was made with, whatever signs it has', async () => {
      const id = await created('quickbooks:42/7&8');

      const found = async (reference: string) =>
        valueOf(await world().system.findByExternalRef(reference, limits)).map(
          ({ invoice }) => invoice,
        );

      expect(await found('quickbooks:42/7&8')).toMatchObject([
        { id, counterpartId: 'quickbooks:42/7&8' },
      ]);
      expect(await found('nothing')).toEqual([]);
    });

    invoicingNewsContract(world);
    invoicingWritesContract(world, created);
    invoicingCreatesContract(world, created);
    invoicingPaymentsContract(world, created);

    test.each([
      ['lost', 'read-failed'],
      ['error', 'read-failed'],
      ['throttled', 'throttled'],
      ['unavailable', 'throttled'],
      ['refused access', 'access-lapsed'],
    ] as const satisfies readonly (readonly [Mishap, string])[])(
      'a call that is %s ends as %s, and the next one works',
      async (kind, wanted) => {
        const id = await created();
        await world().mishap(kind);

        expect(await world().system.readInvoice(id, limits)).toMatchObject({
          failure: { kind: wanted },
        });
        expect((await world().system.readInvoice(id, limits)).ok).toBe(true);
      },
    );

    test('a call that was given up before it began is no success', async () => {
      const outcome = await world().system.readInvoice('any', {
        ...limits,
        signal: AbortSignal.abort(),
      });

      expect(outcome.ok).toBe(false);
    });
  });
}

function valueOf<Value>(outcome: CallOutcome<Value>): Value {
  if (outcome.ok) return outcome.value;
  throw new Error(`the call failed: ${JSON.stringify(outcome.failure)}`);
}
