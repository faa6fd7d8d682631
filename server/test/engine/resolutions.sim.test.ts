import { describe, expect, test } from 'vitest';
import { lineOf } from '../support/companies.ts';
import { choose, conflictOf, decide, setUndoWindow, windowEnds } from '../support/decisions.ts';
import {
  conflictsOf,
  counterpartOf,
  eventsOf,
  intentsOf,
  linkOf,
  soldLines,
  writesOf,
} from '../support/ledger.ts';
import { operatorOf } from '../support/operator.ts';
import {
  editHere,
  editThere,
  internally,
  internalWrites,
  pair,
  type Pair,
} from '../support/pair.ts';

/** Both sides changed the note to the customer, and nothing else. */
async function disputedMemo(): Promise<Pair> {
  const both = await pair({ customerMemo: 'Before' });
  await editThere(both, { CustomerMemo: { value: 'Theirs' } });
  await editHere(both, { customerMemo: 'Ours' });
  await both.world.drainUntilSettled();
  return both;
}

/** What the bridge has written so far, on both sides. */
const writtenBy = async (both: Pair) => ({
  here: (await internalWrites(both)).length,
  there: (await writesOf(both.world)).length - 1,
});

const memoOf = async (both: Pair) => ({
  here: (await internally(both))['customerMemo'],
  there: (await counterpartOf(both.world, both.id))['CustomerMemo'],
});

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

      expect(await memoOf(both)).toEqual({ here: value, there: { value } });
      expect(await writtenBy(both)).toEqual(writes);
      expect(await conflictOf(both)).toMatchObject({ status: 'RESOLVED' });
      expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
      const events = await eventsOf(both.world, both.id);
      expect(events.every(({ ended }) => ended)).toBe(true);
      // I11, authorised loss: what nobody shows any more is kept.
      expect(await conflictsOf(both.world, both.id)).toMatchObject([
        { fields: [{ base: '["Before"]', internal: '["Ours"]', quickbooks: '["Theirs"]' }] },
      ]);
      expect(await both.world.brokenAudit()).toEqual([]);
    },
  );
});

test('three fields are decided three ways in one go, a line as one', async () => {
  const both = await pair({ lines: [lineOf('2', '50')] });
  const [line] = soldLines(await counterpartOf(both.world, both.id));
  const { Line: lines } = await counterpartOf(both.world, both.id);
  await editThere(both, {
    CustomerMemo: { value: 'Theirs' },
    DueDate: '2027-02-01',
    Line: lines.map((one) =>
      one.Id === line?.Id
        ? { ...one, Amount: 150, SalesItemLineDetail: { ...detailOf(one), Qty: 3 } }
        : one,
    ),
  });
  const [own] = await linesHere(both);
  const set = {
    customerMemo: 'Ours',
    dueDate: '2027-01-01',
    lines: [lineOf('4', '50', { id: own?.id })],
  };
  await editHere(both, set);
  await both.world.drainUntilSettled();
  const { paths } = await conflictOf(both);
  const ofLine = paths.filter((path) => path.startsWith('lines'));
  expect(paths).toHaveLength(2 + ofLine.length);
  await setUndoWindow(both, 0);

  await decide(both, [
    choose('customerMemo', 'KEEP_INTERNAL'),
    choose('dueDate', 'KEEP_QUICKBOOKS'),
    ...ofLine.map((path) =>
      choose(
        path,
        'CUSTOM',
        path.endsWith('quantity') ? '5' : path.endsWith('amount') ? '250' : '50',
      ),
    ),
  ]);
  await both.world.drainUntilSettled();

  expect(await internally(both)).toMatchObject({
    customerMemo: 'Ours',
    dueDate: '2027-02-01',
    subtotal: '250.00',
  });
  expect(await counterpartOf(both.world, both.id)).toMatchObject({
    CustomerMemo: { value: 'Ours' },
    DueDate: '2027-02-01',
    TotalAmt: 270,
  });
  expect(await writtenBy(both)).toEqual({ here: 1, there: 1 });
  expect(await conflictOf(both)).toMatchObject({ status: 'RESOLVED' });
});

const detailOf = (line: object): object =>
  'SalesItemLineDetail' in line && typeof line.SalesItemLineDetail === 'object'
    ? { ...line.SalesItemLineDetail }
    : {};

async function linesHere(both: Pair): Promise<readonly { readonly id?: unknown }[]> {
  const { lines } = await internally(both);
  return Array.isArray(lines) ? lines : [];
}

test('an invoice cancelled here and edited there is voided there once a person says so', async () => {
  const both = await pair({ customerMemo: 'Before' });
  await editThere(both, { CustomerMemo: { value: 'Theirs' } });
  await both.world.invoicing.human({ action: 'void', id: both.id });
  await both.world.drainUntilSettled();
  await setUndoWindow(both, 0);

  await decide(both, [choose('existence', 'KEEP_INTERNAL')]);
  await both.world.drainUntilSettled();

  expect(await counterpartOf(both.world, both.id)).toMatchObject({ TotalAmt: 0 });
  expect(await writtenBy(both)).toEqual({ here: 0, there: 1 });
  expect(await conflictOf(both)).toMatchObject({ status: 'RESOLVED' });
  expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
});

describe('within the undo window', () => {
  test('nothing leaves, and another edit of the invoice crosses without disturbing the decision', async () => {
    const both = await disputedMemo();
    await setUndoWindow(both, 120);
    await decide(both, [choose('customerMemo', 'KEEP_INTERNAL')]);

    await editHere(both, { poNumber: 'PO-7' });
    await both.world.told();
    await both.world.drain();

    expect(await counterpartOf(both.world, both.id)).toMatchObject({
      PONumber: 'PO-7',
      CustomerMemo: { value: 'Theirs' },
    });
    expect(await conflictOf(both)).toMatchObject({ status: 'UNDO_WINDOW', version: 2 });
    await windowEnds(both);
    await both.world.drainUntilSettled();
    expect(await memoOf(both)).toEqual({ here: 'Ours', there: { value: 'Ours' } });
    expect(await conflictOf(both)).toMatchObject({ status: 'RESOLVED' });
  });

  test('a decision that is taken back never reached either side', async () => {
    const both = await disputedMemo();
    await setUndoWindow(both, 120);
    const before = await intentsOf(both.world, both.id);
    const { undoToken } = await decide(both, [choose('customerMemo', 'KEEP_BASE')]);

    await operatorOf(both.world).undo({ token: undoToken ?? '' });
    await both.world.drainUntilSettled();

    expect(await intentsOf(both.world, both.id)).toEqual(before);
    expect(await memoOf(both)).toEqual({ here: 'Ours', there: { value: 'Theirs' } });
    expect(await conflictOf(both)).toMatchObject({ status: 'OPEN', resolution: null });
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'CONFLICT' });
  });

  test('a further edit of the disputed field opens the conflict again and says what moved', async () => {
    const both = await disputedMemo();
    await setUndoWindow(both, 120);
    await decide(both, [choose('customerMemo', 'KEEP_INTERNAL')]);

    await editThere(both, { CustomerMemo: { value: 'Theirs again' } });
    await both.world.told();
    await both.world.drain();

    expect(await conflictOf(both)).toMatchObject({
      status: 'OPEN',
      resolution: null,
      kept: { because: 'QuickBooks has changed the note to the customer since.', decisions: [] },
    });
    expect(await memoOf(both)).toEqual({ here: 'Ours', there: { value: 'Theirs again' } });
  });
});

test('an edit that nobody told of is found before the decision leaves, and nothing of it is overwritten', async () => {
  const both = await pair({ customerMemo: 'Before' }, { quickbooksTells: false });
  await editThere(both, { CustomerMemo: { value: 'Theirs' } });
  await editHere(both, { customerMemo: 'Ours' });
  await both.world.drainUntilSettled();
  await editThere(both, { CustomerMemo: { value: 'Theirs again' } });
  await setUndoWindow(both, 0);

  await decide(both, [choose('customerMemo', 'KEEP_QUICKBOOKS')]);
  await both.world.drainUntilSettled();

  expect(await conflictOf(both)).toMatchObject({
    status: 'OPEN',
    kept: { because: 'QuickBooks has changed the note to the customer since.' },
  });
  expect(await memoOf(both)).toEqual({ here: 'Ours', there: { value: 'Theirs again' } });
});

test('of two disputed fields the choice that still holds is kept when the other one moves', async () => {
  const both = await pair();
  await editThere(both, { CustomerMemo: { value: 'Theirs' }, DueDate: '2027-02-01' });
  await editHere(both, { customerMemo: 'Ours', dueDate: '2027-01-01' });
  await both.world.drainUntilSettled();
  await setUndoWindow(both, 120);
  await decide(both, [
    choose('customerMemo', 'KEEP_INTERNAL'),
    choose('dueDate', 'KEEP_QUICKBOOKS'),
  ]);

  await editHere(both, { dueDate: '2027-01-15' });
  await both.world.told();
  await both.world.drain();

  expect(await conflictOf(both)).toMatchObject({
    status: 'OPEN',
    kept: {
      because: 'Internal invoicing has changed the dates since.',
      decisions: [{ group: 'customerMemo', choice: 'KEEP_INTERNAL' }],
    },
  });
});

test('once the window is over a decision cannot be taken back', async () => {
  const both = await disputedMemo();
  await setUndoWindow(both, 0);
  const { undoToken } = await decide(both, [choose('customerMemo', 'KEEP_INTERNAL')]);

  await expect(operatorOf(both.world).undo({ token: undoToken ?? '' })).rejects.toThrow(
    'UNDO_EXPIRED',
  );
});

describe('on its way a decision', () => {
  const fault = async (both: Pair, side: 'quickbooks' | 'invoicing', effect: string) => {
    await both.world[side].faults([{ match: { operation: 'update' }, effect, times: 1 }]);
  };

  test.each([
    ['quickbooks', 'KEEP_INTERNAL'],
    ['invoicing', 'KEEP_QUICKBOOKS'],
    ['quickbooks', 'KEEP_BASE'],
    ['invoicing', 'CUSTOM'],
  ] as const)('whose write to %s (%s) is answered by silence stands once', async (side, choice) => {
    const both = await disputedMemo();
    await setUndoWindow(both, 0);
    await fault(both, side, 'drop-after');

    await decide(both, [choose('customerMemo', choice, choice === 'CUSTOM' ? 'A third' : null)]);
    await both.world.drainUntilSettled();

    const { here, there } = await memoOf(both);
    expect({ value: here }).toEqual(there);
    expect(await conflictOf(both)).toMatchObject({ status: 'RESOLVED' });
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
    const { here: ours, there: theirs } = await writtenBy(both);
    expect(Math.max(ours, theirs)).toBe(1);
  });

  test.each(['quickbooks', 'invoicing'] as const)(
    'whose write to %s meets a newer version is planned again while its values still stand',
    async (side) => {
      const both = await disputedMemo();
      await setUndoWindow(both, 0);
      await fault(both, side, 'stale');

      const choice = side === 'quickbooks' ? 'KEEP_INTERNAL' : 'KEEP_QUICKBOOKS';
      await decide(both, [choose('customerMemo', choice)]);
      await both.world.drainUntilSettled();

      const { here, there } = await memoOf(both);
      expect({ value: here }).toEqual(there);
      expect(await conflictOf(both)).toMatchObject({ status: 'RESOLVED' });
    },
  );
});
