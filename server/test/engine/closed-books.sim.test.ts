import { describe, expect, test } from 'vitest';
import { plainInvoice } from '../support/companies.ts';
import { counterpartOf, deadLettersOf, linkOf, writesOf } from '../support/ledger.ts';
import { operatorOf } from '../support/operator.ts';
import { editHere, editThere, internally, internalWrites, pair } from '../support/pair.ts';
import { startWorld, type World } from '../support/world.ts';

const close = (world: World, through: string | null) =>
  world.quickbooks.human({ action: 'close-books', through });

/** As if an hour had passed since QuickBooks was asked about itself. */
const factsGrowOld = (world: World) =>
  world.pool.query(
    `UPDATE company SET quickbooks_facts = jsonb_set(quickbooks_facts, '{readAt}', '0')`,
  );

/** An invoice whose date was closed before it ever crossed, as a dead letter. */
async function closedOut(): Promise<{ world: World; id: string }> {
  const world = await startWorld({ quickbooksTells: true });
  await close(world, '2026-11-30');
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.drainUntilSettled();
  return { world, id };
}

async function replay(world: World, id: string): Promise<void> {
  const letter = (await deadLettersOf(world, id)).at(-1);
  if (letter === undefined) throw new Error('nothing died');
  await operatorOf(world).replayDeadLetter({
    deadLetterId: letter.id,
    expectedVersion: 1,
    confirmInvoiceNumber: null,
  });
  await world.drainUntilSettled();
}

describe('an invoice dated in closed books', () => {
  test('waits with choices that work, in a bookkeeper’s words, and QuickBooks hears nothing', async () => {
    const { world, id } = await closedOut();

    const [letter] = await deadLettersOf(world, id);
    expect(letter).toMatchObject({
      reason: 'PERIOD_CLOSED',
      explanation:
        'The books are closed through 2026-11-30, and this invoice is dated 2026-11-20, inside that period. Nothing was sent.',
    });
    expect(letter?.fix).toEqual([
      expect.stringContaining('issue date after 2026-11-30'),
      expect.stringMatching(/reopen the period.*closing date to a day before 2026-11-20/),
      expect.stringContaining('by itself'),
    ]);
    expect(await writesOf(world)).toEqual([]);
  });

  test('crosses once it is dated in the open period', async () => {
    const { world, id } = await closedOut();

    await world.invoicing.human({ action: 'edit', id, set: { issueDate: '2026-12-01' } });
    await world.drainUntilSettled();

    expect(await counterpartOf(world, id)).toMatchObject({ TxnDate: '2026-12-01' });
    expect(await deadLettersOf(world, id)).toMatchObject([{ status: 'SUPERSEDED' }]);
  });

  test.each([11_000, 2_000])(
    'crosses by a replay as soon as the period is reopened: the closing date is read again, also %i ms after it was',
    async (ageMs) => {
      const { world, id } = await closedOut();
      await factsGrowOldBy(world, ageMs);
      await close(world, '2026-10-31');

      await replay(world, id);

      expect(await counterpartOf(world, id)).toMatchObject({ TxnDate: '2026-11-20' });
      expect(await deadLettersOf(world, id)).toMatchObject([{ status: 'REPLAYED' }]);
    },
  );

  test('goes on by itself when the closing date is found to have moved', async () => {
    const { world, id } = await closedOut();
    await close(world, null);
    await factsGrowOld(world);

    await world.drain();
    await world.drainUntilSettled();

    expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
    expect(await writesOf(world, 'Invoice')).toEqual(['Invoice create']);
    expect(await world.brokenAudit()).toEqual([]);
  });

  test('a replay while the period stays closed sends nothing', async () => {
    const { world, id } = await closedOut();
    await factsGrowOldBy(world, 11_000);

    await replay(world, id);

    expect(await writesOf(world)).toEqual([]);
    expect(await deadLettersOf(world, id)).toMatchObject([
      { status: 'SUPERSEDED' },
      { status: 'OPEN', reason: 'PERIOD_CLOSED' },
    ]);
  });
});

const factsGrowOldBy = (world: World, ms: number) =>
  world.pool.query(
    `UPDATE company SET quickbooks_facts = jsonb_set(quickbooks_facts, '{readAt}', to_jsonb((quickbooks_facts->>'readAt')::bigint - $1))`,
    [ms],
  );

describe('one half of a change that has to wait', () => {
  test('by closed books keeps nothing from internal invoicing, and follows when the period is open', async () => {
    const both = await pair();
    await editThere(both, { CustomerMemo: { value: 'Theirs' } });
    await editHere(both, { poNumber: 'PO-1' });
    await both.world.told();
    await close(both.world, '2026-11-30');
    await factsGrowOld(both.world);

    await both.world.drainUntilSettled();

    expect(await internally(both)).toMatchObject({ customerMemo: 'Theirs', poNumber: 'PO-1' });
    expect(await internalWrites(both)).toEqual(['update']);
    expect(await writesOf(both.world, 'Invoice')).toEqual(['Invoice create']);
    const letters = await deadLettersOf(both.world, both.id);
    expect(letters.at(-1)).toMatchObject({ status: 'OPEN', reason: 'PERIOD_CLOSED' });

    await close(both.world, null);
    await factsGrowOld(both.world);
    await both.world.drain();
    await both.world.drainUntilSettled();
    expect(await counterpartOf(both.world, both.id)).toMatchObject({
      PONumber: 'PO-1',
      CustomerMemo: { value: 'Theirs' },
    });
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
    expect(await internalWrites(both)).toEqual(['update']);
    expect(await both.world.brokenAudit()).toEqual([]);
  });

  test('by what QuickBooks could not hold keeps nothing from internal invoicing', async () => {
    const both = await pair();
    await editThere(both, { CustomerMemo: { value: 'Theirs' } });
    await editHere(both, { poNumber: 'PO-0123456789-0123456789' });
    await both.world.drainUntilSettled();

    expect(await internally(both)).toMatchObject({ customerMemo: 'Theirs' });
    expect((await deadLettersOf(both.world, both.id)).at(-1)).toMatchObject({
      status: 'OPEN',
      explanation: expect.stringContaining('purchase order number'),
    });

    await editHere(both, { poNumber: 'PO-1' });
    await both.world.drainUntilSettled();
    expect(await counterpartOf(both.world, both.id)).toMatchObject({ PONumber: 'PO-1' });
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  });

  test('by a pause of its direction keeps nothing from the other side', async () => {
    const both = await pair();
    const { world } = both;
    const pause = (directions: readonly ('TO_QUICKBOOKS' | 'TO_INTERNAL')[]) =>
      world.pool.query('UPDATE company SET paused_directions = $1::text[]::direction[]', [
        directions,
      ]);
    await pause(['TO_QUICKBOOKS']);
    await editHere(both, { poNumber: 'PO-1' });
    await editThere(both, { CustomerMemo: { value: 'Theirs' } });
    await world.told();
    await world.drain();
    await world.drain();

    expect(await internally(both)).toMatchObject({ customerMemo: 'Theirs' });
    expect(await writesOf(world, 'Invoice')).toEqual(['Invoice create']);

    await pause([]);
    await world.timePasses();
    await world.drainUntilSettled();
    expect(await counterpartOf(world, both.id)).toMatchObject({ PONumber: 'PO-1' });
    expect(await linkOf(world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  });
});

describe('an invoice whose QuickBooks document is in closed books', () => {
  test('is not voided there: it waits with the choice of a credit memo, and goes on when reopened', async () => {
    const both = await pair();
    await close(both.world, '2026-11-30');
    await factsGrowOld(both.world);
    await both.world.invoicing.human({ action: 'void', id: both.id });
    await both.world.drainUntilSettled();

    const [letter] = await deadLettersOf(both.world, both.id);
    expect(letter?.fix[0]).toMatch(/credit memo dated after 2026-11-30/);
    expect(await writesOf(both.world, 'Invoice')).toEqual(['Invoice create']);

    await close(both.world, null);
    await factsGrowOld(both.world);
    await both.world.drain();
    await both.world.drainUntilSettled();
    expect(await writesOf(both.world, 'Invoice')).toEqual(['Invoice create', 'Invoice void']);
  });

  test('moved into the closed period internally, it waits until it is moved back; nothing was sent', async () => {
    const both = await pair({ issueDate: '2026-12-05', terms: null, dueDate: '2026-12-31' });
    await close(both.world, '2026-11-30');
    await factsGrowOld(both.world);
    await editHere(both, { issueDate: '2026-11-15' });
    await both.world.drainUntilSettled();
    const [letter] = await deadLettersOf(both.world, both.id);
    expect(letter?.explanation).toMatch(/moved this invoice to 2026-11-15/);

    await editHere(both, { issueDate: '2026-12-05' });
    await both.world.drainUntilSettled();

    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
    expect(await writesOf(both.world, 'Invoice')).toEqual(['Invoice create']);
  });
});
