import { describe, expect, test } from 'vitest';
import { choose, conflictOf, decide, setUndoWindow } from '../support/decisions.ts';
import { lineOf } from '../support/companies.ts';
import { counterpartOf, linkOf, soldLines, writesOf } from '../support/ledger.ts';
import { operatorOf } from '../support/operator.ts';
import {
  editHere,
  editThere,
  internally,
  internalWrites,
  pair,
  type Pair,
} from '../support/pair.ts';

/** A conflict about the note that the rule of the company settled for internal invoicing, opened again by a person. */
async function reopened(): Promise<Pair> {
  const both = await pair({ customerMemo: 'Before' });
  await setUndoWindow(both, 0);
  await operatorOf(both.world).upsertFieldPolicy({
    companyId: both.world.companyId,
    pattern: 'customerMemo',
    rule: 'INTERNAL_WINS',
    tolerance: null,
    expectedVersion: null,
    applyToOpen: false,
  });
  await editThere(both, { CustomerMemo: { value: 'Theirs' } });
  await editHere(both, { customerMemo: 'Ours' });
  await both.world.drainUntilSettled();
  const { id, version } = await conflictOf(both);
  await operatorOf(both.world).reopenConflict({
    conflictId: id,
    expectedVersion: version,
    note: null,
  });
  return both;
}

describe('a conflict that a rule settled and a person opened again', () => {
  test('brings the value that lost back to both sides, once each', async () => {
    const both = await reopened();
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'CONFLICT' });

    await decide(both, [choose('customerMemo', 'KEEP_QUICKBOOKS')]);
    await both.world.drainUntilSettled();

    expect(await internally(both)).toMatchObject({ customerMemo: 'Theirs' });
    expect(await counterpartOf(both.world, both.id)).toMatchObject({
      CustomerMemo: { value: 'Theirs' },
    });
    expect(await internalWrites(both)).toEqual(['update']);
    expect(await writesOf(both.world)).toEqual([
      'Invoice create',
      'Invoice update',
      'Invoice update',
    ]);
    expect(await conflictOf(both)).toMatchObject({ status: 'RESOLVED' });
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  });

  test('stays as it is without a write where the value that won is chosen again', async () => {
    const both = await reopened();

    await decide(both, [choose('customerMemo', 'KEEP_INTERNAL')]);
    await both.world.drainUntilSettled();

    expect(await internalWrites(both)).toEqual([]);
    expect(await writesOf(both.world)).toEqual(['Invoice create', 'Invoice update']);
    expect(await conflictOf(both)).toMatchObject({ status: 'RESOLVED' });
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  });

  test('outlasts an edit of another field, and gives way to one of its own', async () => {
    const both = await reopened();

    await editHere(both, { poNumber: 'PO-7' });
    await both.world.drainUntilSettled();
    expect(await counterpartOf(both.world, both.id)).toMatchObject({ PONumber: 'PO-7' });
    expect(await conflictOf(both)).toMatchObject({ status: 'OPEN' });

    await editThere(both, { CustomerMemo: { value: 'Newer' } });
    await both.world.drainUntilSettled();
    expect(await internally(both)).toMatchObject({ customerMemo: 'Newer' });
    expect(await conflictOf(both)).toMatchObject({ status: 'SUPERSEDED' });
  });
});

test('a line that was removed here and edited there comes back as both sides last agreed, though an answer is lost', async () => {
  const both = await pair({
    lines: [lineOf('2', '50'), lineOf('1', '10', { description: 'Stand' })],
  });
  const { Line: lines } = await counterpartOf(both.world, both.id);
  const set = lines.map((line) =>
    line.Description === 'Stand' ? { ...line, Description: 'Tall stand' } : line,
  );
  await editThere(both, { Line: set });
  const { lines: ours } = await internally(both);
  await editHere(both, { lines: Array.isArray(ours) ? ours.slice(0, 1) : [] });
  await both.world.drainUntilSettled();
  const { paths } = await conflictOf(both);
  expect(paths).toHaveLength(1);
  await setUndoWindow(both, 0);
  await both.world.quickbooks.faults([
    { match: { operation: 'update' }, effect: 'drop-after', times: 1 },
  ]);

  await decide(both, [choose(paths[0] ?? '', 'KEEP_BASE')]);
  await both.world.drainUntilSettled();

  const there = soldLines(await counterpartOf(both.world, both.id));
  expect(there.map(({ Description }) => Description)).toEqual(['LED desk lamp', 'Stand']);
  const { lines: here } = await internally(both);
  expect(here).toMatchObject([{ description: 'LED desk lamp' }, { description: 'Stand' }]);
  expect(await conflictOf(both)).toMatchObject({ status: 'RESOLVED' });
  expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
});
