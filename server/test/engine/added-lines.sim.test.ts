import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { lineOf } from '../support/companies.ts';
import {
  conflictsOf,
  counterpartOf,
  intentsOf,
  linkOf,
  soldLines,
  writesOf,
} from '../support/ledger.ts';
import {
  editHere,
  editThere,
  internally,
  internalWrites,
  pair,
  type Pair,
} from '../support/pair.ts';

const one = { lines: [lineOf('1', '10')] };
const linesHere = async (both: Pair) =>
  z.array(z.record(z.string(), z.unknown())).parse((await internally(both))['lines']);
const second = lineOf('2', '20', { description: 'Second' });

describe('a line that was added', () => {
  test('internally stands once in QuickBooks although the answer was lost', async () => {
    const both = await pair(one);
    const lines = await linesHere(both);
    await both.world.quickbooks.faults([
      { match: { operation: 'update', entity: 'Invoice' }, effect: 'drop-after', times: 1 },
    ]);

    await editHere(both, { lines: [...lines, second] });
    await both.world.drainUntilSettled();

    expect(soldLines(await counterpartOf(both.world, both.id))).toHaveLength(2);
    expect(await linesHere(both)).toHaveLength(2);
    expect(await writesOf(both.world)).toEqual(['Invoice create', 'Invoice update']);
    expect(await internalWrites(both)).toEqual([]);
    expect((await intentsOf(both.world, both.id)).at(-1)).toMatchObject({ state: 'ACKNOWLEDGED' });
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  });

  test('to both sides alike is one line', async () => {
    const both = await pair(one);
    const lines = await linesHere(both);
    const there = soldLines(await counterpartOf(both.world, both.id));
    const { Id: _id, ...copy } = { ...there[0], Description: 'Second' };

    await editHere(both, { lines: [...lines, lineOf('1', '10', { description: 'Second' })] });
    await editThere(both, { Line: [...there, copy] });
    await both.world.drainUntilSettled();

    expect(soldLines(await counterpartOf(both.world, both.id))).toHaveLength(2);
    expect(await linesHere(both)).toHaveLength(2);
    expect(await conflictsOf(both.world, both.id)).toEqual([]);
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  });

  test('to both sides with other amounts is one line in dispute, never two', async () => {
    const both = await pair(one);
    const lines = await linesHere(both);
    const there = soldLines(await counterpartOf(both.world, both.id));
    const { Id: _id, ...copy } = { ...there[0], Description: 'Second' };

    await editHere(both, { lines: [...lines, lineOf('7', '10', { description: 'Second' })] });
    await editThere(both, { Line: [...there, copy] });
    await both.world.drainUntilSettled();

    expect(soldLines(await counterpartOf(both.world, both.id))).toHaveLength(2);
    expect(await linesHere(both)).toHaveLength(2);
    expect(await conflictsOf(both.world, both.id)).toHaveLength(1);
    expect(await writesOf(both.world)).toEqual(['Invoice create']);
  });
});
