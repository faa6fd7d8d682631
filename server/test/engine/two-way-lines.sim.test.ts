import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { known, lineOf } from '../support/companies.ts';
import { conflictsOf, counterpartOf, soldLines, writesOf } from '../support/ledger.ts';
import { editHere, editThere, idOf, internally, internalWrites, pair } from '../support/pair.ts';
import type { World } from '../support/world.ts';

describe('lines changed in QuickBooks', () => {
  type Sold = ReturnType<typeof soldLines>;
  const price = (quantity: number, unitPrice: number) => ({
    Amount: quantity * unitPrice,
    Qty: quantity,
    UnitPrice: unitPrice,
  });
  const changed = (line: Sold[number] | undefined, detail: object, more: object = {}) => {
    const { Amount, ...rest } = { Amount: line?.Amount, ...detail };
    const held = z.record(z.string(), z.unknown()).parse(line?.['SalesItemLineDetail']);
    return { ...line, ...more, Amount, SalesItemLineDetail: { ...held, ...rest } };
  };
  const two = { lines: [lineOf('1', '10'), lineOf('2', '20', { description: 'Second' })] };

  test.each<readonly [string, (lines: Sold, world: World) => Promise<readonly object[]>, object]>([
    [
      'a quantity',
      async ([first, second]) => [changed(first, price(3, 10)), second ?? {}],
      [
        { id: 'l1', quantity: '3', amount: '30.00' },
        { id: 'l2', amount: '40.00' },
      ],
    ],
    [
      'a text',
      async ([first, second]) => [changed(first, {}, { Description: 'Theirs' }), second ?? {}],
      [
        { id: 'l1', description: 'Theirs' },
        { id: 'l2', description: 'Second' },
      ],
    ],
    [
      'a tax code',
      async ([first, second]) => [first ?? {}, changed(second, { TaxCodeRef: { value: 'NON' } })],
      [
        { id: 'l1', taxCode: 'TAX' },
        { id: 'l2', taxCode: 'NON' },
      ],
    ],
    [
      'a service date',
      async ([first, second]) => [changed(first, { ServiceDate: '2026-11-11' }), second ?? {}],
      [
        { id: 'l1', serviceDate: '2026-11-11' },
        { id: 'l2', serviceDate: null },
      ],
    ],
    [
      'an item',
      async ([first, second], world) => [
        changed(first, { ItemRef: { value: await idOf(world, 'Item', 'Task Chair') } }),
        second ?? {},
      ],
      [
        { id: 'l1', item: { id: known.otherItem } },
        { id: 'l2', item: { id: known.item } },
      ],
    ],
    ['a removed line', async ([, second]) => [second ?? {}], [{ id: 'l2', description: 'Second' }]],
    [
      'a new line in front',
      async ([first, second]) => {
        const { Id: _id, ...fresh } = changed(first, price(5, 4), { Description: 'New' });
        return [fresh, first ?? {}, second ?? {}];
      },
      [
        { id: 'l3', description: 'New', quantity: '5', amount: '20.00', taxCode: 'TAX' },
        { id: 'l1' },
        { id: 'l2' },
      ],
    ],
  ])('%s crosses, the other lines keep their ids', async (_what, edit, shown) => {
    const both = await pair(two);
    const lines = soldLines(await counterpartOf(both.world, both.id));

    await editThere(both, { Line: await edit(lines, both.world) });
    await both.world.drainUntilSettled();

    const { lines: now } = await internally(both);
    expect(now).toMatchObject(shown);
    expect(now).toHaveLength(z.array(z.unknown()).parse(shown).length);
    expect(await internalWrites(both)).toEqual(['update']);
    expect(await writesOf(both.world)).toEqual(['Invoice create']);
    expect(await conflictsOf(both.world, both.id)).toEqual([]);
  });

  test('a new line keeps its pairing: edits of it on either side go on crossing', async () => {
    const both = await pair();
    const [first] = soldLines(await counterpartOf(both.world, both.id));
    const { Id: _id, ...fresh } = changed(first, price(5, 4), { Description: 'New' });
    await editThere(both, { Line: [first, fresh] });
    await both.world.drainUntilSettled();

    const { lines } = await internally(both);
    const [own, added] = Array.isArray(lines) ? lines : [];
    const set = { lines: [own, { ...added, description: 'Ours', amount: undefined }] };
    await editHere(both, set);
    await both.world.drainUntilSettled();

    const [, there] = soldLines(await counterpartOf(both.world, both.id));
    expect(there).toMatchObject({ Description: 'Ours', Amount: 20 });
    expect(await writesOf(both.world)).toEqual(['Invoice create', 'Invoice update']);
    expect(await internalWrites(both)).toEqual(['update']);
  });

  test('lines and fields the bridge does not understand stay as they are on both sides', async () => {
    const both = await pair();
    const [first] = soldLines(await counterpartOf(both.world, both.id));
    const foreign = { DetailType: 'DescriptionOnly', Description: 'Thanks for 2026', Amount: 7 };
    await editThere(both, { Line: [first, foreign], ShipAddr: { Line1: 'Dock 4' } });
    await both.world.drainUntilSettled();
    const before = await counterpartOf(both.world, both.id);

    await editThere(both, { CustomerMemo: { value: 'Theirs' } });
    await editHere(both, { poNumber: 'PO-1' });
    await both.world.drainUntilSettled();

    const after = await counterpartOf(both.world, both.id);
    expect(after.Line).toEqual(before.Line);
    expect(after).toMatchObject({ ShipAddr: { Line1: 'Dock 4' }, PONumber: 'PO-1' });
    const { lines } = await internally(both);
    expect(lines).toMatchObject([{ id: 'l1', amount: '100.00' }]);
    expect(lines).toHaveLength(1);
  });
});
