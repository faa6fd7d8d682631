import { describe, expect, test } from 'vitest';
import { brandAmount, later, type Instant } from '#core/brand.ts';
import type { ChangedRow, ChangesPage } from '#ports/changes.ts';
import { limits, valueOf, type Bench } from './accounting-bench.ts';

/** Telling what changed: the guarantee under webhooks that never came. */
export function newsContract(bench: () => Bench): void {
  const changedSince = async (since: Instant): Promise<readonly ChangedRow[]> => {
    const rows: ChangedRow[] = [];
    let cursor: string | null = null;
    do {
      const page: ChangesPage = valueOf(
        await bench().world.system.changesSince(since, cursor, limits),
      );
      rows.push(...page.rows);
      cursor = page.next;
    } while (cursor !== null);
    return rows;
  };
  const rowOf = async (since: Instant, id: string): Promise<ChangedRow | undefined> =>
    (await changedSince(since)).find(
      ({ subject }) => subject.kind === 'invoice' && subject.id === id,
    );

  describe('tells what changed', () => {
    test('an invoice as a read by id shows it, with who it is about', async () => {
      const made = await bench().make({ ...bench().numbered(), privateNote: 'Back door' });
      const { id, modifiedAt } = made.invoice;

      const row = await rowOf(modifiedAt, id);

      expect(row?.subject).toEqual({ side: 'quickbooks', kind: 'invoice', id, invoiceId: null });
      expect(row?.changedAt).toBe(modifiedAt);
      expect(row?.seen?.invoice).toEqual((await bench().readSeen(id)).invoice);
    });

    test('an edit, a void and a deletion', async () => {
      const edited = (await bench().make(bench().numbered())).invoice;
      const voided = (await bench().make(bench().numbered())).invoice;
      const deleted = (await bench().make(bench().numbered())).invoice;
      await bench().world.edit(edited.id, 'Changed');
      await bench().world.void(voided.id);
      await bench().world.remove(deleted.id);

      expect((await rowOf(edited.modifiedAt, edited.id))?.seen?.invoice.customerMemo).toBe(
        'Changed',
      );
      const gone = await rowOf(edited.modifiedAt, voided.id);
      expect(gone?.seen?.invoice).toMatchObject({
        existence: 'void',
        derived: { total: brandAmount('0.00') },
      });
      expect(await rowOf(edited.modifiedAt, deleted.id)).toMatchObject({
        kind: 'DELETED',
        seen: null,
      });
    });

    test('a customer and an item by the names they go by', async () => {
      const { modifiedAt } = (await bench().make(bench().numbered())).invoice;
      const customer = await bench().makeReference('CUSTOMER', `News ${bench().requestId()}`);
      const item = await bench().makeReference('ITEM', `News ${bench().requestId()}`);

      const rows = await changedSince(modifiedAt);

      const about = (kind: string, id: string) =>
        rows.find(({ subject }) => subject.kind === kind && subject.id === id);
      expect(about('customer', customer.id)).toMatchObject({
        kind: 'REFERENCE_CHANGED',
        record: { id: customer.id, name: customer.name, active: true },
      });
      expect(about('item', item.id)?.record).toMatchObject({ name: item.name });
    });

    test('nothing that changed before, and its own time to go on from', async () => {
      const { id, modifiedAt } = (await bench().make(bench().numbered())).invoice;

      const page = valueOf(
        await bench().world.system.changesSince(later(modifiedAt, 60_000), null, limits),
      );

      expect(page.rows.filter(({ subject }) => subject.id === id)).toEqual([]);
      expect(page.next).toBeNull();
      expect(page.asOf).toBeGreaterThanOrEqual(modifiedAt);
    });

    test('the same from long ago, where what was deleted is not shown and that is said', async () => {
      const { id, modifiedAt } = (await bench().make(bench().numbered())).invoice;
      const longAgo = later(modifiedAt, -60 * 86_400_000);

      const first = valueOf(await bench().world.system.changesSince(longAgo, null, limits));

      expect(first.showsDeleted).toBe(false);
      expect((await rowOf(longAgo, id))?.seen?.invoice).toEqual(
        (await bench().readSeen(id)).invoice,
      );
    });
  });
}
