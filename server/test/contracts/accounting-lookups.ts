import { describe, expect, test } from 'vitest';
import { brandLocalDate } from '#core/brand.ts';
import { limits, valueOf, type Bench } from './accounting-bench.ts';

/** Finding what is there: invoices and the records they refer to. */
export function lookupsContract(bench: () => Bench): void {
  describe('keeps records', () => {
    test.each(['CUSTOMER', 'ITEM', 'TERMS'] as const)(
      'a new %s is found by name and by id, and only once by its name',
      async (kind) => {
        const wanted = `Net 1${bench().next()} ${kind}`;
        const made = await bench().makeReference(kind, wanted);

        const found = valueOf(await bench().world.system.findReferences(kind, wanted, limits));
        expect(found.filter((each) => each.name === wanted)).toMatchObject([
          { id: made.id, active: true },
        ]);
        expect(
          valueOf(await bench().world.system.readReference(kind, made.id, limits)),
        ).toMatchObject({
          id: made.id,
          name: wanted,
        });
        expect(made.name).toBe(wanted);
        expect(await bench().tryReference(kind, wanted)).toMatchObject({
          failure: { kind: 'refused', reason: 'VALIDATION' },
        });
      },
    );

    test('a name with signs of the query language is found as it is', async () => {
      const wanted = `O'Hara & Söhne 100% + "x" #${bench().next()}`;
      const made = await bench().makeReference('CUSTOMER', wanted);

      const found = valueOf(await bench().world.system.findReferences('CUSTOMER', wanted, limits));
      expect(found).toMatchObject([{ id: made.id, name: wanted }]);
    });

    test('a customer out of use is shown as such', async () => {
      const wanted = `Idle ${bench().next()}`;
      const made = await bench().makeReference('CUSTOMER', wanted);
      await bench().world.deactivate(made.id);

      const found = valueOf(await bench().world.system.findReferences('CUSTOMER', wanted, limits));
      expect(found).toMatchObject([{ id: made.id, active: false }]);
    });

    test('a record that is not there is null', async () => {
      expect(
        valueOf(await bench().world.system.readReference('CUSTOMER', '987654', limits)),
      ).toBeNull();
    });
  });

  describe('finds', () => {
    test('many invoices by one call, leaving out those that are not there', async () => {
      const one = await bench().make(bench().numbered());
      const two = await bench().make(bench().numbered());
      const gone = await bench().make(bench().numbered());
      await bench().world.remove(gone.invoice.id);
      const ids = [one, two, gone].map(({ invoice }) => invoice.id);

      const found = valueOf(await bench().world.system.readInvoices([...ids, '987654'], limits));

      expect([...found.keys()].toSorted()).toEqual(ids.slice(0, 2).toSorted());
      expect(found.get(one.invoice.id)).toEqual(await bench().readSeen(one.invoice.id));
    });

    test('what an earlier create may have left, by number, and without one by customer, day and total', async () => {
      const made = await bench().make({
        ...bench().numbered(),
        issueDate: brandLocalDate('2026-03-01'),
      });
      const { number, customer, issueDate, derived } = made.invoice;
      const likeness = { customerId: customer.id, issueDate, total: derived.total };
      const like = async (more: object) => {
        const wanted = { number: null, ...likeness, ...more };
        const found = valueOf(await bench().world.system.findInvoicesLike(wanted, limits));
        return found.map(({ invoice }) => invoice.id);
      };

      expect(await like({ number })).toEqual([made.invoice.id]);
      expect(await like({})).toEqual([made.invoice.id]);
      expect(await like({ number: 'no such number' })).toEqual([]);
      expect(await like({ total: '1.00' })).toEqual([]);
      expect(await like({ issueDate: '2026-03-02' })).toEqual([]);
    });

    test('nothing where nothing is', async () => {
      expect(await bench().read('987654')).toHaveProperty('gone');
      expect(valueOf(await bench().world.system.readInvoices([], limits)).size).toBe(0);
    });
  });
}
