import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bulkRunnerOn, openMemoConflicts, takeForward } from '../support/bulk.ts';
import { plainInvoice } from '../support/companies.ts';
import { conflictOf, choose, decide, setUndoWindow } from '../support/decisions.ts';
import { conflictsOf, counterpartOf, linkOf, writesOf } from '../support/ledger.ts';
import { operatorOf } from '../support/operator.ts';
import { editHere, editThere, internally, type Pair } from '../support/pair.ts';
import { startWorld } from '../support/world.ts';

/** Invoices whose note to the customer both sides changed, each to a value of its own. */
async function disputes(count: number): Promise<readonly Pair[]> {
  const world = await startWorld({ quickbooksTells: true });
  const pairs: Pair[] = [];
  for (let number = 0; number < count; number += 1) {
    const invoice = plainInvoice({ customerMemo: 'Before' });
    const { id } = await world.invoicing.human({ action: 'create', invoice });
    await world.drainUntilSettled();
    pairs.push({ world, id, quickbooksId: (await counterpartOf(world, id)).Id });
  }
  for (const both of pairs) {
    await editThere(both, { CustomerMemo: { value: 'Theirs' } });
    await editHere(both, { customerMemo: 'Ours' });
  }
  await world.drainUntilSettled();
  return pairs;
}

const first = (pairs: readonly Pair[]): Pair => {
  const [both] = pairs;
  if (both === undefined) throw new Error('no invoice is in dispute');
  return both;
};

const memosOf = (pairs: readonly Pair[]) =>
  Promise.all(
    pairs.map(async (both) => {
      const there = await counterpartOf(both.world, both.id);
      const { value } = z.object({ value: z.string() }).parse(there['CustomerMemo']);
      return [(await internally(both))['customerMemo'], value];
    }),
  );

const statusesOf = (pairs: readonly Pair[]) =>
  Promise.all(pairs.map(async (both) => (await conflictOf(both)).status));

const operation = ({ world }: Pair) =>
  world.rows(
    z.object({
      status: z.string(),
      succeeded: z.number(),
      failed: z.number(),
      skipped: z.number(),
    }),
    'SELECT status, succeeded, failed, skipped FROM bulk_operation',
  );

const decideAll = (both: Pair, expectedCount: number) =>
  operatorOf(both.world).resolveConflicts({
    selection: openMemoConflicts(both.world.companyId),
    choice: 'KEEP_QUICKBOOKS',
    expectedCount,
    note: 'The accountant is right.',
  });

describe('many conflicts decided one way', () => {
  test('cross as they were decided; one that changed meanwhile is left for a person', async () => {
    const pairs = await disputes(4);
    const both = first(pairs);
    await setUndoWindow(both, 0);
    await decideAll(both, 4);
    const changed = pairs[2] ?? both;
    await editThere(changed, { CustomerMemo: { value: 'Theirs again' } });
    await both.world.drainUntilSettled();

    await takeForward(both.world.pool, 4);
    await both.world.drainUntilSettled();

    expect(await operation(both)).toEqual([
      { status: 'SUCCEEDED', succeeded: 3, failed: 0, skipped: 1 },
    ]);
    expect(await memosOf(pairs)).toEqual([
      ['Theirs', 'Theirs'],
      ['Theirs', 'Theirs'],
      ['Ours', 'Theirs again'],
      ['Theirs', 'Theirs'],
    ]);
    expect(await statusesOf(pairs)).toEqual(['RESOLVED', 'RESOLVED', 'OPEN', 'RESOLVED']);
    expect(await both.world.brokenAudit()).toEqual([]);
  });

  test('taken back at once: it stops, what was decided is open again, and neither side heard of it', async () => {
    const pairs = await disputes(3);
    const both = first(pairs);
    await setUndoWindow(both, 60);
    const { undoToken, subjectId } = await decideAll(both, 3);
    await takeForward(both.world.pool, 2);
    expect((await statusesOf(pairs)).toSorted()).toEqual(['OPEN', 'UNDO_WINDOW', 'UNDO_WINDOW']);
    const before = await writesOf(both.world);

    const undone = await operatorOf(both.world).undo({ token: undoToken ?? '' });

    expect(undone).toMatchObject({ subjectType: 'BulkOperation', subjectId });
    await takeForward(both.world.pool, 1);
    await both.world.timePasses();
    await both.world.drainUntilSettled();
    expect(await statusesOf(pairs)).toEqual(['OPEN', 'OPEN', 'OPEN']);
    expect(await operation(both)).toMatchObject([{ status: 'CANCELLED', succeeded: 2 }]);
    expect(await memosOf(pairs)).toEqual(pairs.map(() => ['Ours', 'Theirs']));
    expect(await writesOf(both.world)).toEqual(before);
    expect(await both.world.brokenAudit()).toEqual([]);
  });

  test('an item that fails by a fault of ours fails alone and changes nothing', async () => {
    const pairs = await disputes(2);
    const both = first(pairs);
    await decideAll(both, 2);
    await both.world.pool.query(
      `UPDATE bulk_operation SET parameters = parameters || '{"choice": "CUSTOM"}'`,
    );
    await takeForward(both.world.pool, 1);
    await both.world.pool.query(
      `UPDATE bulk_operation SET parameters = parameters || '{"choice": "KEEP_INTERNAL"}'`,
    );
    await takeForward(both.world.pool, 1, bulkRunnerOn(both.world.pool));

    expect(await operation(both)).toMatchObject([{ status: 'PARTIAL', succeeded: 1, failed: 1 }]);
    expect((await statusesOf(pairs)).toSorted()).toEqual(['OPEN', 'UNDO_WINDOW']);
  });
});

describe('a rule tried on past conflicts', () => {
  test('says how many it would have settled, and where a person had chosen the other way', async () => {
    const pairs = await disputes(3);
    const both = first(pairs);
    await setUndoWindow(both, 0);
    const [one, other] = pairs;
    if (one === undefined || other === undefined) throw new Error('two are to be decided');
    await decide(one, [choose('customerMemo', 'KEEP_QUICKBOOKS')]);
    await decide(other, [choose('customerMemo', 'KEEP_INTERNAL')]);
    await both.world.drainUntilSettled();
    const preview = (pattern: string, rule: 'INTERNAL_WINS' | 'LATEST_WINS' | 'ASK') =>
      operatorOf(both.world).previewFieldPolicy({
        companyId: both.world.companyId,
        pattern,
        rule,
        tolerance: null,
      });

    expect(await preview('customerMemo', 'INTERNAL_WINS')).toEqual({
      considered: 3,
      wouldAutoResolve: 3,
      wouldDisagree: 1,
      disagreements: [(await conflictOf(one)).id],
    });
    expect(await preview('**', 'INTERNAL_WINS')).toMatchObject({ considered: 3 });
    // The edits were made within a second of each other: no clock would have decided.
    expect(await preview('customerMemo', 'LATEST_WINS')).toMatchObject({
      considered: 3,
      wouldAutoResolve: 0,
    });
    expect(await preview('customerMemo', 'ASK')).toMatchObject({ wouldAutoResolve: 0 });
    expect(await preview('dueDate', 'INTERNAL_WINS')).toMatchObject({ considered: 0 });
    expect(await preview('total', 'INTERNAL_WINS')).toMatchObject({
      problems: [{ input: 'pattern' }],
    });

    // What the rehearsal said is what the rule then does.
    const [open] = pairs.slice(2);
    if (open === undefined) throw new Error('one is to be left open');
    await operatorOf(both.world).upsertFieldPolicy({
      companyId: both.world.companyId,
      pattern: 'customerMemo',
      rule: 'INTERNAL_WINS',
      tolerance: null,
      expectedVersion: null,
      applyToOpen: true,
    });
    await takeForward(both.world.pool, 1);
    await both.world.drainUntilSettled();
    expect(await memosOf([open])).toEqual([['Ours', 'Ours']]);
    expect(await linkOf(both.world, open.id)).toMatchObject({ status: 'IN_SYNC' });
    expect((await conflictsOf(both.world, open.id)).map(({ status }) => status)).not.toContain(
      'OPEN',
    );
  });
});
