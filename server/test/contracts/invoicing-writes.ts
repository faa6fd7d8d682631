import { describe, expect, test } from 'vitest';
import type { CallFailure, CallOutcome } from '#core/attempt/failure.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import type { Written } from '#ports/accounting-system.ts';
import type { InvoicingWrite } from '#ports/invoicing-system.ts';
import type { InvoicingWorld, WriteMishap } from './invoicing-world.ts';

const limits = { deadlineMs: 5_000 };

/** How an internal invoicing system takes writes; `created` makes an invoice of two lines and answers its id. */
export function invoicingWritesContract(
  world: () => InvoicingWorld,
  created: () => Promise<string>,
): void {
  let count = 0;
  const read = async (id: string): Promise<Invoice> => {
    const found = await world().system.readInvoice(id, limits);
    if (!found.ok || 'gone' in found.value) throw new Error(`${id} cannot be read`);
    return found.value.invoice;
  };
  const writeOf = async (
    id: string,
    operation: 'UPDATED' | 'VOIDED',
    body: object,
  ): Promise<Extract<InvoicingWrite, { id: string }>> => {
    count += 1;
    return {
      requestId: `write-${count}`,
      object: 'Invoice',
      operation,
      id,
      restsOnVersion: (await read(id)).version,
      body: JSON.stringify(body),
    };
  };
  const send = (write: InvoicingWrite): Promise<CallOutcome<Written>> =>
    world().system.write(write, limits);
  const sent = async (write: InvoicingWrite): Promise<Written> => {
    const outcome = await send(write);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
    return outcome.value;
  };
  const refused = async (write: InvoicingWrite): Promise<CallFailure> => {
    const outcome = await send(write);
    if (outcome.ok) throw new Error('it was taken');
    return outcome.failure;
  };

  describe('written to', () => {
    test('changes what is named and leaves all else, and answers with the invoice', async () => {
      const id = await created();
      const before = await read(id);

      const written = await sent(await writeOf(id, 'UPDATED', { customerMemo: 'Changed' }));

      const after = await read(id);
      expect(written).toMatchObject({ id, version: after.version, httpStatus: 200 });
      expect(written.seen?.invoice).toEqual(after);
      expect(after).toMatchObject({ customerMemo: 'Changed', lines: before.lines });
    });

    test('does it once for a request id, and answers a repeat with the first answer', async () => {
      const id = await created();
      const write = await writeOf(id, 'UPDATED', { poNumber: 'PO-1' });
      const first = await sent(write);
      await world().edit(id, { poNumber: 'PO-2' });

      const repeated = await sent(write);

      expect(repeated).toEqual(first);
      expect(await read(id)).toMatchObject({ poNumber: 'PO-2' });
    });

    test('refuses what rests on an old version, and nothing happens', async () => {
      const id = await created();
      const write = await writeOf(id, 'UPDATED', { poNumber: 'PO-1' });
      await world().edit(id, { customerMemo: 'Meanwhile' });

      expect(await refused(write)).toMatchObject({ kind: 'stale-version' });
      expect(await read(id)).toMatchObject({ poNumber: null, customerMemo: 'Meanwhile' });
    });

    test('refuses for good what it cannot hold, naming the field', async () => {
      const id = await created();

      const failure = await refused(await writeOf(id, 'UPDATED', { issueDate: 'tomorrow' }));

      expect(failure).toMatchObject({
        kind: 'refused',
        reason: 'VALIDATION',
        fault: { element: 'issueDate' },
      });
    });

    test('voids, and answers with what is void', async () => {
      const id = await created();

      const written = await sent(await writeOf(id, 'VOIDED', {}));

      expect(written.seen?.invoice.existence).toBe('void');
      expect((await read(id)).existence).toBe('void');
    });

    test('does not void what is paid, and says that payments forbid it', async () => {
      const id = await created();
      await world().pay(id, '1.00');

      expect(await refused(await writeOf(id, 'VOIDED', {}))).toMatchObject({
        kind: 'refused',
        reason: 'VALIDATION',
        fault: { code: 'PAYMENTS_FORBID' },
      });
      expect((await read(id)).existence).toBe('present');
    });

    test('tells that an invoice is gone', async () => {
      const id = await created();
      const write = await writeOf(id, 'UPDATED', { poNumber: 'PO-1' });
      await world().remove(id);

      expect(await refused(write)).toMatchObject({ kind: 'not-found' });
    });

    test.each([
      ['lost on its way', 'no-answer', false],
      ['lost on the way back', 'no-answer', true],
      ['an error after it was done', 'no-answer', true],
      ['unavailable', 'no-answer', false],
      ['throttled', 'throttled', false],
      ['refused access', 'access-lapsed', false],
    ] as const satisfies readonly (readonly [WriteMishap, CallFailure['kind'], boolean])[])(
      'a write that is %s ends as %s; sent again it is done once',
      async (kind, wanted, arrives) => {
        const id = await created();
        const write = await writeOf(id, 'UPDATED', { poNumber: 'PO-1' });
        await world().writeMishap(kind);

        expect(await refused(write)).toMatchObject({ kind: wanted });
        const between = await read(id);
        expect(between.poNumber).toBe(arrives ? 'PO-1' : null);
        const written = await sent(write);
        expect((await read(id)).version).toBe(written.version);
        if (arrives) expect(written.version).toBe(between.version);
      },
    );

    test('a write that was given up before it began never left', async () => {
      const write = await writeOf(await created(), 'UPDATED', { poNumber: 'PO-1' });

      const outcome = await world().system.write(write, { ...limits, signal: AbortSignal.abort() });

      expect(outcome).toMatchObject({ ok: false, failure: { kind: 'not-sent' } });
      expect(await read(write.id)).toMatchObject({ poNumber: null });
    });

    test.each(['CUSTOMER', 'ITEM', 'TAX_CODE', 'TERMS', 'PAYMENT_METHOD'] as const)(
      'lists every %s once, by name',
      async (kind) => {
        const listed = await world().system.listReferences(kind, limits);

        const records = listed.ok ? listed.value : [];
        expect(records.length).toBeGreaterThan(0);
        expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
        expect(records.every(({ name }) => name !== '')).toBe(true);
      },
    );

    test('has no accounts', async () => {
      expect(await world().system.listReferences('INCOME_ACCOUNT', limits)).toEqual({
        ok: true,
        value: [],
      });
    });
  });
}
