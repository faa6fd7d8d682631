import { describe, expect, test } from 'vitest';
import { choose, conflictOf, decide, setUndoWindow } from '../support/decisions.ts';
import { conflictsOf, counterpartOf, linkOf, writesOf } from '../support/ledger.ts';
import { editHere, editThere, internally, internalWrites, pair } from '../support/pair.ts';

/** Both sides changed the note to the customer, and nothing else. */
async function disputedMemo() {
  const both = await pair({ customerMemo: 'Before' });
  await editThere(both, { CustomerMemo: { value: 'Theirs' } });
  await editHere(both, { customerMemo: 'Ours' });
  await both.world.drainUntilSettled();
  return both;
}

describe('a decision about one field', () => {
  test.each([
    ['KEEP_INTERNAL', null, 'Ours', { here: 0, there: 1 }],
    ['KEEP_QUICKBOOKS', null, 'Theirs', { here: 1, there: 0 }],
    ['KEEP_BASE', null, 'Before', { here: 1, there: 1 }],
    ['CUSTOM', 'A third', 'A third', { here: 1, there: 1 }],
  ] as const)(
    '%s stands on both sides, written once where it has to be',
    async (choice, typed, value, writes) => {
      const both = await disputedMemo();
      await setUndoWindow(both, 0);

      await decide(both, [choose('customerMemo', choice, typed)]);
      await both.world.drainUntilSettled();

      expect(await internally(both)).toMatchObject({ customerMemo: value });
      expect(await counterpartOf(both.world, both.id)).toMatchObject({ CustomerMemo: { value } });
      expect(await internalWrites(both)).toHaveLength(writes.here);
      expect(await writesOf(both.world)).toHaveLength(1 + writes.there);
      expect(await conflictOf(both)).toMatchObject({ status: 'RESOLVED' });
      expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
      // I11, authorised loss: what nobody shows any more is kept.
      expect(await conflictsOf(both.world, both.id)).toMatchObject([
        { fields: [{ base: '["Before"]', internal: '["Ours"]', quickbooks: '["Theirs"]' }] },
      ]);
      expect(await both.world.brokenAudit()).toEqual([]);
    },
  );
});
