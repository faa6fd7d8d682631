import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../simulator/control/until.ts';
import { lineOf, plainInvoice, unknown } from '../support/companies.ts';
import { diesPlanning, type Death } from '../support/dying-planner.ts';
import { makeThere } from '../support/imports.ts';
import { idOf } from '../support/pair.ts';
import { operatorOf } from '../support/operator.ts';
import {
  drainUntilWhole,
  passOf,
  plannedOf,
  planWhole,
  suggestionsOf,
  writtenBy,
} from '../support/planning.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { createWorld, type World } from '../support/world.ts';

/** Longer than any worker of this test lives. */
const hangMs = 60_000;
const patienceMs = 60_000;

let world: World;
let whole: Awaited<ReturnType<typeof shown>>;

/** All that a person sees of a pass. */
const shown = async ({
  id,
  count,
  leftOut,
}: {
  readonly id: string;
  readonly count: number;
  readonly leftOut: readonly object[];
}) => ({
  count,
  leftOut,
  writes: await plannedOf(world, id),
  suggestions: await suggestionsOf(world, id),
});

const planAnew = async (): Promise<string> =>
  (await operatorOf(world).refreshPlan({ companyId: world.companyId })).subjectId;

beforeAll(async () => {
  world = await createWorld({ mode: 'SHADOW', goLiveDate: '2026-11-01' });
  const make = (number: string, more: object = {}) => {
    const lines = [lineOf('2', '50', { taxCode: 'NON' })];
    const invoice = plainInvoice({ number, lines, ...more });
    return world.invoicing.human({ action: 'create', invoice });
  };
  await make('SAME-1');
  await make('OLD-1', { issueDate: '2026-10-05' });
  await make('NEW-1', { lines: [lineOf('3', '70')] });
  await make('NEW-2', { customer: { id: unknown.customer } });
  await make('ALIKE-1', { lines: [lineOf('1', '99', { taxCode: 'NON' })] });
  const terms = {
    DueDate: '2026-12-20',
    SalesTermRef: { value: await idOf(world, 'Term', 'Net 30') },
  };
  await makeThere(world, { DocNumber: 'SAME-1', ...terms });
  await makeThere(world, { DocNumber: 'ALIKE-1', ...terms });
  await world.told();
  whole = await shown(await planWhole(world));
}, 60_000);

afterAll(() => world.close());

test('a pass cut off at any of its statements is taken over and shows the same; what its first worker still does comes to nothing', async () => {
  expect(whole).toMatchObject({ count: 5, suggestions: { length: 2 } });
  const died: string[] = [];
  for (let statement = 1; ; statement += 1) {
    const when: Death['when'] = statement % 2 === 0 ? 'before' : 'after';
    const passId = await planAnew();
    const stopped = await diesPlanning(world, passId, { statement, when });
    if (stopped.at === null) break;
    died.push(stopped.at);

    await world.drain();
    await stopped.wake();
    const pass = await drainUntilWhole(world, passId);

    const death = { at: stopped.at, statement, when };
    expect({ death, ...(await shown(pass)) }).toEqual({ death, ...whole });
  }
  for (const name of ['begin', 'stage', 'storeReferences', 'pair', 'suggest', 'handOver', 'keep'])
    expect(died).toContain(name);
  expect(await writtenBy(world)).toEqual([]);
}, 120_000);

test('a pass goes on in another process where a killed one left it: it shows the same, and nothing is written', async () => {
  const passId = await planAnew();
  const match = { operation: 'query', entity: 'Invoice' };
  await world.quickbooks.faults([{ match, effect: 'latency', params: { ms: hangMs } }]);
  const worker = await startWorkerProcess(world);
  // It waits for its first page from here on.
  await until(
    'the worker to come to QuickBooks',
    async () => (await passOf(world, passId)).phase === 'quickbooks',
    patienceMs,
  );
  await worker.kill();
  await world.quickbooks.faults([]);

  await startWorkerProcess(world);
  const pass = await until(
    'the pass to be whole',
    async () => {
      const now = await passOf(world, passId);
      return now.status === 'WHOLE' && now;
    },
    patienceMs,
  );

  expect(await shown(pass)).toEqual(whole);
  expect(await writtenBy(world)).toEqual([]);
  expect(await world.brokenAudit()).toEqual([]);
}, 150_000);
