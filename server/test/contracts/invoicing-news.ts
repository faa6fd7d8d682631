import { describe, expect, test } from 'vitest';
import type { CallOutcome } from '#core/attempt/failure.ts';
import { later, type Instant } from '#core/brand.ts';
import type { Seen } from '#ports/accounting-system.ts';
import type { ChangedRow, ChangesPage } from '#ports/changes.ts';
import type { InvoicingWorld } from './invoicing-world.ts';

const limits = { deadlineMs: 5_000 };

/** Telling what changed: the guarantee under webhooks that never came. */
export function invoicingNewsContract(world: () => InvoicingWorld): void {
  let count = 0;
  const created = (): Promise<string> => {
    count += 1;
    return world().create(`N-${count}`, null);
  };
  const page = async (since: Instant, cursor: string | null = null): Promise<ChangesPage> =>
    valueOf(await world().system.changesSince(since, cursor, limits));
  const read = async (id: string): Promise<Seen> => {
    const found = valueOf(await world().system.readInvoice(id, limits));
    if ('gone' in found) throw new Error(`it is gone: ${found.gone}`);
    return found;
  };
  const rowOf = async (since: Instant, id: string): Promise<ChangedRow | undefined> =>
    (await page(since)).rows.find(({ subject }) => subject.id === id);

  describe('tells what changed', () => {
    test('an invoice as a read by id shows it, with who it is about', async () => {
      const id = await created();
      const { invoice } = await read(id);

      const row = await rowOf(invoice.modifiedAt, id);

      expect(row?.subject).toEqual({ side: 'internal', kind: 'invoice', id, invoiceId: id });
      expect(row?.changedAt).toBe(invoice.modifiedAt);
      expect(row?.seen?.invoice).toEqual(invoice);
    });

    test('an edit, a payment, a void and a deletion, oldest change first', async () => {
      const [edited, paid, voided, deleted] = [
        await created(),
        await created(),
        await created(),
        await created(),
      ];
      const since = (await read(edited)).invoice.modifiedAt;
      await world().remove(deleted);
      await world().void(voided);
      await world().pay(paid, '1.00');
      await world().edit(edited, { customerMemo: 'Changed' });

      const { rows, asOf, showsDeleted } = await page(since);

      const last = rows.slice(-4);
      expect(last.map(({ subject }) => subject.id)).toEqual([deleted, voided, paid, edited]);
      expect(last.map(({ kind }) => kind)).toEqual(['DELETED', 'VOIDED', 'UPDATED', 'UPDATED']);
      expect(last[0]?.seen).toBeNull();
      expect(last[2]?.seen?.invoice.payments).toMatchObject([{ amount: '1.00' }]);
      expect(showsDeleted).toBe(true);
      // A Date header has whole seconds.
      expect(asOf).toBeGreaterThan(later(since, -1_000));
    });

    test('nothing that changed before', async () => {
      const id = await created();
      const { modifiedAt } = (await read(id)).invoice;

      expect(await rowOf(later(modifiedAt, 60_000), id)).toBeUndefined();
    });

    test('everything, page by page, when there is more than one page holds', async () => {
      const first = await created();
      const since = (await read(first)).invoice.modifiedAt;
      const more = await Promise.all(Array.from({ length: 501 }, created));

      const one = await page(since);
      if (one.next === null) throw new Error('all of it came on one page');
      const other = await page(since, one.next);

      expect(other.next).toBeNull();
      const ids = [...one.rows, ...other.rows].map(({ subject }) => subject.id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(expect.arrayContaining([first, ...more]));
    });
  });
}

function valueOf<Value>(outcome: CallOutcome<Value>): Value {
  if (outcome.ok) return outcome.value;
  throw new Error(`the call failed: ${JSON.stringify(outcome.failure)}`);
}
