import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sides, type Side } from '#core/side.ts';
import { plainInvoice } from '../support/companies.ts';
import { choose, conflictOf, decide, setUndoWindow, windowEnds } from '../support/decisions.ts';
import { decidedAgain, decisionsOf, outcomeOf } from '../support/decide-again.ts';
import { internalInvoices } from '../support/imports.ts';
import { linkOf, quickBooksInvoices } from '../support/ledger.ts';
import { operatorOf } from '../support/operator.ts';
import { editHere, editThere, type Pair } from '../support/pair.ts';
import { driftsOf, reconcileUntilSettled } from '../support/reconciles.ts';
import { createWorld, type World } from '../support/world.ts';

type Action = 'void' | 'delete';

/** What becomes of the answer to the create; the last one is refused for good, and done nonetheless. */
const losses = [
  { effect: 'latency', params: { ms: 1 } },
  { effect: 'drop-before', params: {} },
  { effect: 'drop-after', params: {} },
  { effect: 'fault-after', params: { status: 500 } },
  { effect: 'commit-late', params: { delayMs: 300 } },
  { effect: 'fault-after', params: { status: 400, code: '2020' } },
] as const;

type Prepared = { readonly action: Action; readonly renumbered: boolean };

const deleted: Prepared = { action: 'delete', renumbered: false };

/** The invoices each side's tests take up, by name; all are gone on that side and edited on the other. */
const prepared: Readonly<Record<string, Prepared>> = {
  ...Object.fromEntries(losses.map((_loss, place) => [`loss ${place}`, deleted])),
  void: { action: 'void', renumbered: false },
  renumbered: { action: 'void', renumbered: true },
  undone: deleted,
  edited: deleted,
};

let world: World;
let pairs: ReadonlyMap<string, Pair>;
/** One more that both sides agree on. */
let other: Pair;

beforeAll(async () => {
  world = await createWorld({ quickbooksTells: true });
  // The hardest case: whatever stands in QuickBooks alone would be brought into internal invoicing.
  await world.pool.query('UPDATE company SET import_from_quickbooks = true');
  const wanted = [
    ...sides.flatMap((on) => Object.keys(prepared).map((name) => `${on} ${name}`)),
    'quickbooks taken',
    'other',
  ];
  const made = await Promise.all(
    wanted.map(() => world.invoicing.human({ action: 'create', invoice: plainInvoice() })),
  );
  await world.drainUntilSettled();
  const linked = await Promise.all(
    made.map(async ({ id }): Promise<Pair> => {
      const { quickbooksId } = await linkOf(world, id);
      return { world, id, quickbooksId: quickbooksId ?? '' };
    }),
  );
  pairs = new Map(wanted.flatMap((name, place) => pairAt(name, linked[place])));
  other = pairOf('other');
  for (const on of sides)
    for (const [name, how] of Object.entries(prepared))
      await diverge(pairOf(`${on} ${name}`), on, how);
  await diverge(pairOf('quickbooks taken'), 'quickbooks', deleted);
  await world.drainUntilSettled();
}, 180_000);
afterAll(() => world.close());

const pairAt = (name: string, both: Pair | undefined): readonly (readonly [string, Pair])[] =>
  both === undefined ? [] : [[name, both]];

function pairOf(name: string): Pair {
  const both = pairs.get(name);
  if (both === undefined) throw new Error(`there is no invoice ${name}`);
  return both;
}

/** Gone on one side and edited on the other. */
async function diverge(both: Pair, on: Side, { action, renumbered }: Prepared): Promise<void> {
  if (on === 'quickbooks') {
    await world.quickbooks.human({ action, entity: 'Invoice', id: both.quickbooksId });
    await editHere(both, { customerMemo: 'Kept', ...(renumbered ? { number: 'NEW-1' } : {}) });
  } else {
    await world.invoicing.human({ action, id: both.id });
    await editThere(both, {
      CustomerMemo: { value: 'Kept' },
      ...(renumbered ? { DocNumber: 'NEW-2' } : {}),
    });
  }
}

const keeping = { internal: 'KEEP_QUICKBOOKS', quickbooks: 'KEEP_INTERNAL' } as const;

/** A person keeps the edit: the invoice is made again on the side where it is gone. */
async function keep(both: Pair, on: Side): Promise<void> {
  await setUndoWindow(both, 0);
  await decide(both, [choose('existence', keeping[on])]);
}

const linkRow = z.object({
  internalId: z.string(),
  quickbooksId: z.string(),
  status: z.string(),
  conflict: z.string(),
});

/** The link of the two documents, whichever they are by now, and its newest conflict. */
async function rowOf(linkId: string): Promise<z.output<typeof linkRow>> {
  const [row] = await world.rows(
    linkRow,
    `SELECT internal_id AS "internalId", quickbooks_id AS "quickbooksId", status,
       (SELECT c.status FROM conflict c WHERE c.link_id = k.id ORDER BY c.detected_at DESC LIMIT 1) AS conflict
     FROM link k WHERE id = $1`,
    [linkId],
  );
  if (row === undefined) throw new Error('the link is gone');
  return row;
}

/** How many links there are; each invoice has one. */
const linkCount = async (): Promise<number> =>
  (await world.pool.query('SELECT 1 FROM link')).rowCount ?? 0;

/** Documents of one side: ids of those that stand and show the edit. */
async function livingOn(side: Side): Promise<readonly string[]> {
  if (side === 'internal')
    return (await internalInvoices(world))
      .filter(({ status, customerMemo }) => status !== 'void' && customerMemo === 'Kept')
      .map(({ id }) => id);
  return (await quickBooksInvoices(world))
    .filter(({ TotalAmt, CustomerMemo }) => TotalAmt > 0 && isKept(CustomerMemo))
    .map(({ Id }) => Id);
}

const isKept = (memo: unknown): boolean => JSON.stringify(memo) === '{"value":"Kept"}';

const simulatorOf = (side: Side) => (side === 'internal' ? world.invoicing : world.quickbooks);

describe.each(sides)('gone in %s and edited on the other side', (on) => {
  test.each(losses)('it is kept by one new document, by $effect $params', async (loss) => {
    const before = await livingOn(on);
    const both = pairOf(`${on} loss ${losses.indexOf(loss)}`);
    const { id: linkId } = await linkOf(world, both.id);
    const links = await linkCount();
    const entity = on === 'internal' ? 'invoice' : 'Invoice';
    await simulatorOf(on).faults([{ match: { operation: 'create', entity }, ...loss, times: 1 }]);

    await keep(both, on);
    await world.drainUntilSettled();
    if ('code' in loss.params) await replayed();

    const row = await rowOf(linkId);
    const made = (await livingOn(on)).filter((id) => !before.includes(id));
    expect(made).toEqual([on === 'internal' ? row.internalId : row.quickbooksId]);
    const old = on === 'internal' ? both.id : both.quickbooksId;
    expect(made).not.toContain(old);
    expect(row.status).toBe('IN_SYNC');
    expect(['RESOLVED', 'SUPERSEDED']).toContain(row.conflict);
    expect(await linkCount()).toBe(links);
    expect(await replacedIn(linkId)).toEqual([{ side: on, id: old }]);
  });

  test('the new document goes on being kept equal with the other one', async () => {
    const [linkId = ''] = await replacedOn(on);
    const { internalId, quickbooksId } = await rowOf(linkId);
    const now: Pair = { world, id: internalId, quickbooksId };

    await editHere(now, { poNumber: 'PO-5' });
    await editThere(now, { CustomerMemo: { value: 'Later' } });
    await world.drainUntilSettled();

    expect(await world.invoicing.invoice(internalId)).toMatchObject({ customerMemo: 'Later' });
    const there = (await quickBooksInvoices(world)).find(({ Id }) => Id === quickbooksId);
    expect(there).toMatchObject({ PONumber: 'PO-5' });
    expect(await rowOf(linkId)).toMatchObject({ status: 'IN_SYNC' });
  });

  test('a void one keeps its number, so that it is only made again under another', async () => {
    const both = pairOf(`${on} void`);
    await setUndoWindow(both, 0);
    await expect(decide(both, [choose('existence', keeping[on])])).rejects.toThrow(/keeps number/);

    const renumbered = pairOf(`${on} renumbered`);
    const { id: linkId } = await linkOf(world, renumbered.id);
    await keep(renumbered, on);
    await world.drainUntilSettled();

    expect(await rowOf(linkId)).toMatchObject({ status: 'IN_SYNC', conflict: 'RESOLVED' });
    await staysCancelled(on, on === 'internal' ? renumbered.id : renumbered.quickbooksId);
  });

  test('a decision that is taken back makes nothing', async () => {
    const both = pairOf(`${on} undone`);
    await setUndoWindow(both, 120);
    const before = await livingOn(on);
    const { undoToken } = await decide(both, [choose('existence', keeping[on])]);

    await operatorOf(world).undo({ token: undoToken ?? '' });
    await world.drainUntilSettled();

    expect(await livingOn(on)).toEqual(before);
    expect(await conflictOf(both)).toMatchObject({ status: 'OPEN', resolution: null });
  });

  test('an edit within the undo window opens it again, and nothing is made', async () => {
    const both = pairOf(`${on} edited`);
    await setUndoWindow(both, 120);
    const before = await livingOn(on);
    await decide(both, [choose('existence', keeping[on])]);

    if (on === 'quickbooks') await editHere(both, { poNumber: 'PO-7' });
    else await editThere(both, { PONumber: 'PO-7' });
    await world.told();
    await world.drain();
    await windowEnds(both);
    await world.drainUntilSettled();

    expect(await livingOn(on)).toEqual(before);
    expect(await conflictOf(both)).toMatchObject({
      status: 'OPEN',
      kept: { because: expect.stringMatching(/has changed/) },
    });
  });
});

test('a number that somebody takes in QuickBooks within the undo window is never used twice', async () => {
  const both = pairOf('quickbooks taken');
  const { number } = z.object({ number: z.string() }).parse(await world.invoicing.invoice(both.id));
  await setUndoWindow(both, 120);
  await decide(both, [choose('existence', 'KEEP_INTERNAL')]);
  await editThere(other, { DocNumber: number });

  await windowEnds(both);
  await world.drainUntilSettled();

  expect(await conflictOf(both)).toMatchObject({
    status: 'OPEN',
    kept: { because: expect.stringContaining(`${other.quickbooksId} under number ${number}`) },
  });
});

test('late news of the old documents, polls and a full reconcile make nothing of them', async () => {
  const links = await linkCount();
  const drifts = await driftsOf(world);
  for (const side of sides) expect(await replacedOn(side)).toHaveLength(losses.length + 1);

  await world.poll();
  await reconcileUntilSettled(world);

  expect(await linkCount()).toBe(links);
  expect(await driftsOf(world)).toEqual(drifts);
  expect(await world.brokenAudit()).toEqual([]);
});

test('every decision is made again from what was stored of it', async () => {
  const kept = await decisionsOf(world);
  const made = kept.filter(({ decision }) => decision.numberThere !== undefined);

  expect(made.length).toBeGreaterThan(20);
  for (const one of kept)
    expect(outcomeOf(decidedAgain(one))).toEqual({
      merges: one.decision.merges,
      wanted: one.decision.wanted,
      wantedInternal: one.decision.wantedInternal,
    });
});

const replacedIn = (linkId: string) =>
  world.rows(
    z.object({ side: z.string(), id: z.string() }),
    'SELECT lower(side::text) AS side, external_id AS id FROM replaced_document WHERE link_id = $1',
    [linkId],
  );

/** Links whose document of that side was made again, oldest first. */
async function replacedOn(side: Side): Promise<readonly string[]> {
  const rows = await world.rows(
    z.object({ linkId: z.string() }),
    `SELECT link_id AS "linkId" FROM replaced_document WHERE side = $1 ORDER BY replaced_at`,
    [side.toUpperCase()],
  );
  return rows.map(({ linkId }) => linkId);
}

/** A person looks after the dead letter and sends it round again. */
async function replayed(): Promise<void> {
  const { rows } = await world.pool.query<{ id: string; version: number }>(
    `SELECT id, version FROM dead_letter WHERE status = 'OPEN'`,
  );
  for (const { id, version } of rows)
    await operatorOf(world).replayDeadLetter({
      deadLetterId: id,
      expectedVersion: version,
      confirmInvoiceNumber: null,
    });
  await world.drainUntilSettled();
}

async function staysCancelled(on: Side, id: string): Promise<void> {
  if (on === 'internal')
    expect(await world.invoicing.invoice(id)).toMatchObject({ status: 'void' });
  else
    expect((await quickBooksInvoices(world)).find(({ Id }) => Id === id)).toMatchObject({
      TotalAmt: 0,
    });
}
