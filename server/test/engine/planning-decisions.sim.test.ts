import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openMemoConflicts, takeForward } from '../support/bulk.ts';
import { lineOf, plainInvoice } from '../support/companies.ts';
import { makeThere } from '../support/imports.ts';
import { linkOf } from '../support/ledger.ts';
import { operatorOf } from '../support/operator.ts';
import { idOf } from '../support/pair.ts';
import { approve, mutationOf, plannedOf, planWhole, writtenBy } from '../support/planning.ts';
import { createWorld, type World } from '../support/world.ts';

const numbers = ['MEMO-1', 'MEMO-2', 'MEMO-3'];

let world: World;
const ids = new Map<string, string>();

beforeAll(async () => {
  world = await createWorld({ mode: 'SHADOW', goLiveDate: '2026-11-01' });
  await world.pool.query('UPDATE company SET undo_window_seconds = 0');
  const terms = {
    DueDate: '2026-12-20',
    SalesTermRef: { value: await idOf(world, 'Term', 'Net 30') },
    BillEmail: { Address: 'tom@bluebirdbakery.example' },
  };
  for (const number of numbers) {
    const lines = [lineOf('2', '50', { taxCode: 'NON' })];
    const invoice = plainInvoice({ number, lines, customerMemo: 'Ours' });
    ids.set(number, (await world.invoicing.human({ action: 'create', invoice })).id);
    const there = { DocNumber: number, CustomerMemo: { value: 'Theirs' }, ...terms };
    await makeThere(world, there);
  }
  await world.told();
}, 60_000);

afterAll(() => world.close());

const conflictStatuses = () =>
  world.rows(
    z.object({ number: z.string(), status: z.string() }),
    'SELECT k.number, c.status FROM conflict c JOIN link k ON k.id = c.link_id ORDER BY k.number',
  );

const decideAll = (expectedCount: number) =>
  operatorOf(world).resolveConflicts({
    selection: openMemoConflicts(world.companyId),
    choice: 'KEEP_INTERNAL',
    expectedCount,
    note: 'Ours is right at the start.',
  });

test('what differed from the start is decided in bulk, written nowhere, and planned', async () => {
  await planWhole(world);
  expect(await conflictStatuses()).toEqual(numbers.map((number) => ({ number, status: 'OPEN' })));

  await decideAll(numbers.length);
  await takeForward(world.pool, numbers.length);
  await world.drainUntilSettled();

  expect(await writtenBy(world)).toEqual([]);
  const pass = await planWhole(world);
  const planned = await plannedOf(world, pass.id);
  expect(planned).toHaveLength(numbers.length);
  expect(new Set(planned.map(({ number }) => number))).toEqual(new Set(numbers));
  for (const write of planned)
    expect(write).toMatchObject({
      side: 'QUICKBOOKS',
      kind: 'UPDATED',
      problem: null,
      fields: [{ path: 'customerMemo', before: 'Theirs', after: 'Ours' }],
    });
  expect(await writtenBy(world)).toEqual([]);
}, 60_000);

test('going live writes exactly these decisions, and each conflict is over', async () => {
  const pass = await planWhole(world);
  const planned = await plannedOf(world, pass.id);

  await approve(world, pass);
  await world.drainUntilSettled();

  expect(await writtenBy(world)).toEqual(planned.map(mutationOf));
  expect(planned).toHaveLength(numbers.length);
  const memos = (await world.quickbooks.all('Invoice'))
    .filter(({ DocNumber }) => numbers.includes(String(DocNumber)))
    .map(({ CustomerMemo }) => CustomerMemo);
  expect(memos).toEqual(numbers.map(() => ({ value: 'Ours' })));
  for (const id of ids.values())
    expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await conflictStatuses()).toEqual(
    numbers.map((number) => ({ number, status: 'RESOLVED' })),
  );
  expect(await world.brokenAudit()).toEqual([]);
}, 60_000);
