import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { smallBooks } from '../support/companies.ts';
import { operatorOf } from '../support/operator.ts';
import { until } from '../simulator/control/until.ts';
import { createWorld, type World } from '../support/world.ts';
import { mishapNames, mishaps, table, type Mishap, type Operation, type Outcome } from './cells.ts';
import { expectOnce, intentsTo, writesTo, type ShownIntent } from './evidence.ts';
import { deeds, strangers, type Deed } from './operations.ts';
import { arm, disarm, lateMs } from './rules.ts';

const commitWaitSeconds = 1;
const books = { ...smallBooks, customers: [...smallBooks.customers, ...strangers] };

type Bench = { readonly world: World };

/** One test for every cell of an operation, in a world they share; each cell has an invoice of its own. */
export function proveOperation(operation: Operation): void {
  const { title, side, cells } = table[operation];
  const deed = deeds[operation];
  describe(`${title}, in ${side}`, () => {
    let ready: Bench | null = null;
    beforeAll(async () => {
      const world = await createWorld({ quickbooksTells: true, commitWaitSeconds, books });
      ready = { world };
    });
    afterAll(() => ready?.world.close());

    test.each(mishapNames.map((mishap, cell) => [mishaps[mishap], mishap, cell] as const))(
      '%s',
      async (_, mishap, cell) => {
        if (ready === null) throw new Error('the world is not ready');
        await proveCell(ready, deed, mishap, cells[mishap], cell);
      },
    );
  });
}

/** Outcomes that depend on who is first. */
const meantBy: { readonly [outcome in Outcome]?: readonly Outcome[] } = {
  either: ['found', 'again'],
};

async function proveCell(
  bench: Bench,
  deed: Deed,
  mishap: Mishap,
  outcome: Outcome,
  cell: number,
): Promise<void> {
  const { world } = bench;
  const { target } = deed;
  const before = await deed.before(world, cell);
  const mutationsBefore = (await writesTo(world, target.side)).length;
  const intentsBefore = (await intentsTo(world, deed)).length;
  await arm(world, mishap, target);
  const acted = await deed.act(world, before, cell);
  await goThrough(bench, deed, mishap, mutationsBefore);
  await disarm(world);
  if (outcome === 'stopped') await replay(world);
  await world.drainUntilSettled();

  const id = deed.named === undefined ? acted : await deed.named(world, acted);
  const made = (await writesTo(world, target.side)).slice(mutationsBefore);
  const intents = (await intentsTo(world, deed)).slice(intentsBefore);
  expect(meantBy[outcome] ?? [outcome]).toContain(
    outcomeOf(intents, made.length > deed.writes.length),
  );
  if (outcome === 'twice') {
    expect(made).toHaveLength(deed.writes.length + 1);
    await deed.detected?.(world, id);
  }
  await deed.shown(world, id, cell);
  expect(await world.brokenAudit()).toEqual([]);
  if (outcome === 'twice') return;
  await expectOnce(world, id, deed, made);
}

/** The mishap happens and is lived through; waiting is put forward, but for what is really carried out late. */
async function goThrough(
  { world }: Bench,
  { target }: Deed,
  mishap: Mishap,
  mutationsBefore: number,
): Promise<void> {
  await world.told();
  await world.drain();
  const landed = async () =>
    (await writesTo(world, target.side)).length >= mutationsBefore + 1 || undefined;
  if (mishap === 'commit-late') await until('the late write', landed);
  else await world.commitWaitPasses();
  await world.timePasses();
  await world.drainUntilSettled();
  // A late write that is refused leaves no trace to wait for: its own delay has to run out.
  if (mishap === 'commit-late+id-ignored') await sleep(lateMs.tooLate);
}

/** How it ended, by the intents alone: the evidence is kept with them. */
function outcomeOf(intents: readonly ShownIntent[], isTwice: boolean): string {
  const last = intents.at(-1);
  if (intents.length === 1 && last?.evidence?.endsWith(' refused it.') === true) return 'healed';
  const refusals = intents.slice(0, -1);
  if (last?.state !== 'ACKNOWLEDGED' || !refusals.every(({ state }) => state === 'REFUSED'))
    return JSON.stringify(intents);
  if (isTwice) return 'twice';
  const [refusal] = refusals;
  if (refusal !== undefined) return outcomeAfter(refusal);
  if (last.sent > 1) return 'again';
  return last.evidence === null ? 'done' : 'found';
}

function outcomeAfter({ evidence }: ShownIntent): string {
  if (evidence === null) return 'refused without evidence';
  if (/holds a newer version/.test(evidence)) return 'anew';
  if (/asked us to slow down/.test(evidence)) return 'later';
  return evidence.endsWith(' refused it.') ? 'stopped' : evidence;
}

const letters = z.object({ id: z.string(), version: z.number() });

/** A person sends the one dead letter there is round again. */
async function replay(world: World): Promise<void> {
  const open = await world.rows(
    letters,
    `SELECT id, version FROM dead_letter WHERE status = 'OPEN'`,
  );
  expect(open).toHaveLength(1);
  for (const { id: deadLetterId, version: expectedVersion } of open)
    await operatorOf(world).replayDeadLetter({
      deadLetterId,
      expectedVersion,
      confirmInvoiceNumber: null,
    });
}
