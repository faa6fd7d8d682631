import { describe, expect, test } from 'vitest';
import { brandAmount, brandDecimal, brandLocalDate } from '#core/brand.ts';
import { seenOf, valueOf, type Bench } from './accounting-bench.ts';

/** Making, changing and voiding invoices; a stale version never wins. */
export function changesContract(bench: () => Bench): void {
  describe('creates', () => {
    test('an invoice that reads back as it was wanted', async () => {
      const wanted = { ...bench().numbered(), privateNote: 'Back door', poNumber: 'PO 7' };

      const made = await bench().make(wanted);
      const found = await bench().readSeen(made.invoice.id);

      expect(found.invoice).toEqual(made.invoice);
      const { number, customer, issueDate, dueDate, terms, billTo, billEmail } = wanted;
      expect(found.invoice).toMatchObject({
        number,
        issueDate,
        dueDate,
        terms,
        billTo,
        billEmail,
      });
      expect(found.invoice).toMatchObject({ customer, privateNote: 'Back door' });
      expect(found.invoice.counterpartId).toBe('inv_123');
      expect(found.invoice.lines.map(({ amount }) => amount)).toEqual(['78000.00', '78000.00']);
      expect(found.invoice.derived.total).toBe('156000.00');
      expect(found.invoice.existence).toBe('present');
    });

    test('once, however often the same request comes', async () => {
      const same = bench().write('CREATED', bench().spelled(bench().numbered()));
      const before = (await bench().world.mutations()).length;

      const answers = [
        await bench().send(same),
        await bench().send(same),
        await bench().send(same),
      ].map(valueOf);

      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      expect((await bench().world.mutations()).length).toBe(before + 1);
    });

    test('no invoice under a number that is taken, and names the one that has it', async () => {
      const holder = await bench().make(bench().numbered());
      const { number } = holder.invoice;

      expect(await bench().create({ ...bench().numbered(), number })).toMatchObject({
        failure: {
          kind: 'refused',
          reason: 'DUPLICATE_NUMBER',
          existingId: holder.invoice.id,
        },
      });
    });

    test('no invoice for a customer who is not there', async () => {
      const stranger = { ...bench().numbered(), customer: { id: '987654', name: 'Nobody' } };

      expect(await bench().create(stranger)).toMatchObject({
        failure: { kind: 'refused', reason: 'MISSING_REFERENCE' },
      });
    });

    test('no invoice for a customer who is out of use', async () => {
      const made = await bench().makeReference('CUSTOMER', `Gone ${bench().requestId()}`);
      await bench().world.deactivate(made.id);
      const invoice = { ...bench().numbered(), customer: { id: made.id, name: 'Gone' } };

      expect(await bench().create(invoice)).toMatchObject({
        failure: { kind: 'refused', reason: 'MISSING_REFERENCE' },
      });
    });
  });

  describe('changes', () => {
    test('the fields that are named and no other', async () => {
      const made = await bench().make({ ...bench().numbered(), privateNote: 'Stays' });
      const wanted = { customerMemo: 'Changed', dueDate: brandLocalDate('2027-01-15') };

      const written = valueOf(await bench().update(made, wanted, ['customerMemo', 'dueDate']));

      const { version: _was, modifiedAt: _then, ...before } = made.invoice;
      expect(seenOf(written).invoice).toMatchObject({ ...before, ...wanted });
      expect(written.version).not.toBe(made.invoice.version);
    });

    test('lines under their ids, one edited, one removed, one added', async () => {
      const made = await bench().make(bench().numbered());
      const [first] = made.invoice.lines;
      if (first === undefined) throw new Error('no line');
      const edited = { ...first, quantity: brandDecimal('2'), amount: brandAmount('13000.00') };
      const added = { ...first, sideId: null, description: 'Third' };

      const written = seenOf(
        valueOf(await bench().update(made, { lines: [added, edited] }, ['lines[key=A].quantity'])),
      );

      expect(written.invoice.lines.map(({ description }) => description)).toEqual([
        'Third',
        'Rack unit',
      ]);
      expect(written.invoice.lines[1]).toMatchObject({
        sideId: first.sideId,
        amount: '13000.00',
      });
      expect(written.invoice.derived.total).toBe('91000.00');
    });

    test.each([
      ['customerMemo', { customerMemo: null }],
      ['terms', { terms: null }],
      ['privateNote', { privateNote: null }],
    ] as const)('%s to nothing, and nothing else', async (path, wanted) => {
      const made = await bench().make({ ...bench().numbered(), privateNote: 'Note' });

      const written = seenOf(valueOf(await bench().update(made, wanted, [path])));

      expect(written.invoice[path]).toBeNull();
      expect(written.invoice.number).toBe(made.invoice.number);
      expect(written.invoice.lines).toEqual(made.invoice.lines);
      expect(written.invoice.counterpartId).toBe('inv_123');
    });

    test('a discount in and out again', async () => {
      const made = await bench().make(bench().numbered());
      const discount = { kind: 'percent', percent: brandDecimal('10') } as const;

      const given = seenOf(valueOf(await bench().update(made, { discount }, ['discount'])));
      expect(given.invoice).toMatchObject({ discount, derived: { total: '140400.00' } });

      const back = seenOf(valueOf(await bench().update(given, { discount: null }, ['discount'])));
      expect(back.invoice).toMatchObject({ discount: null, derived: { total: '156000.00' } });
    });

    test('nothing that somebody else changed meanwhile', async () => {
      const made = await bench().make(bench().numbered());
      await bench().world.edit(made.invoice.id, 'Edited by a person');

      expect(await bench().update(made, { poNumber: 'PO 8' }, ['poNumber'])).toMatchObject({
        failure: { kind: 'stale-version' },
      });
      const found = await bench().readSeen(made.invoice.id);
      expect(found.invoice).toMatchObject({ customerMemo: 'Edited by a person', poNumber: null });
    });

    test('nothing that is gone', async () => {
      const made = await bench().make(bench().numbered());
      await bench().world.remove(made.invoice.id);

      expect(await bench().update(made, { poNumber: 'PO 8' }, ['poNumber'])).toMatchObject({
        failure: { kind: 'not-found' },
      });
      expect(await bench().read(made.invoice.id)).toEqual({ gone: 'deleted' });
    });
  });

  describe('voids', () => {
    test('an invoice, which keeps its number, its note and its marker', async () => {
      const made = await bench().make({ ...bench().numbered(), privateNote: 'Back door' });
      const { id, version } = made.invoice;

      const written = valueOf(await bench().void(id, version));

      for (const { invoice } of [seenOf(written), await bench().readSeen(id)])
        expect(invoice).toMatchObject({
          existence: 'void',
          number: made.invoice.number,
          privateNote: 'Back door',
          counterpartId: 'inv_123',
          derived: { total: '0.00' },
        });
    });

    test('nothing that somebody else changed meanwhile', async () => {
      const made = await bench().make(bench().numbered());
      await bench().world.edit(made.invoice.id, 'Edited by a person');
      const { id, version } = made.invoice;

      expect(await bench().void(id, version)).toMatchObject({
        failure: { kind: 'stale-version' },
      });
    });

    test('and sees what a person voided', async () => {
      const made = await bench().make(bench().numbered());
      await bench().world.void(made.invoice.id);

      expect((await bench().readSeen(made.invoice.id)).invoice.existence).toBe('void');
    });
  });
}
