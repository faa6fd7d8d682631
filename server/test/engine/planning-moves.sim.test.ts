import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { known, lineOf, plainInvoice } from '../support/companies.ts';
import { linkOf } from '../support/ledger.ts';
import { approve, plannedOf, planWhole, writtenBy } from '../support/planning.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
const ids: Record<string, string> = {};

const make = async (number: string): Promise<void> => {
  const lines = [lineOf('2', '50', { taxCode: 'NON', item: { id: known.item } })];
  const { id } = await world.invoicing.human({
    action: 'create',
    invoice: plainInvoice({ number, lines }),
  });
  ids[number] = id;
};

const edit = (number: string, set: object) =>
  world.invoicing.human({ action: 'edit', id: ids[number], set });

beforeAll(async () => {
  world = await createWorld({ mode: 'SHADOW', goLiveDate: '2026-11-01' });
  for (const number of ['SAME-1', 'MOVED-1', 'MOVED-2', 'GONE-1']) await make(number);
  await world.told();
}, 60_000);

afterAll(() => world.close());

test('what moved between the pass and going live goes out as it is now, and is listed', async () => {
  const pass = await planWhole(world);
  // One edit is planned anew before going live, the others are told and not yet worked on.
  await edit('MOVED-2', { customerMemo: 'Edited and planned anew' });
  await world.drainUntilSettled();
  await edit('MOVED-1', { customerMemo: 'Edited since' });
  await world.invoicing.human({ action: 'void', id: ids['GONE-1'] });
  await make('NEW-1');
  await world.told();
  expect(await writtenBy(world)).toEqual([]);

  await approve(world, pass);
  await world.drainUntilSettled();

  expect([...(await writtenBy(world))].sort()).toEqual(
    Array.from({ length: 4 }, () => 'quickbooks invoice create'),
  );
  expect(await world.quickbooks.all('Invoice')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ DocNumber: 'MOVED-1', CustomerMemo: { value: 'Edited since' } }),
      expect.objectContaining({
        DocNumber: 'MOVED-2',
        CustomerMemo: { value: 'Edited and planned anew' },
      }),
    ]),
  );
  for (const number of ['SAME-1', 'MOVED-1', 'MOVED-2', 'NEW-1'])
    expect(await linkOf(world, ids[number] ?? '')).toMatchObject({ status: 'IN_SYNC' });
  const problems = Object.fromEntries(
    (await plannedOf(world, pass.id)).map(({ number, problem }) => [number, problem]),
  );
  expect(problems).toMatchObject({
    'SAME-1': null,
    'MOVED-1': expect.stringContaining('It moved since its plan was approved'),
    'MOVED-2': expect.stringContaining('It moved since its plan was approved'),
    'GONE-1': expect.stringContaining('It moved since'),
  });
  const told = await world.rows(
    z.object({ summary: z.string() }),
    `SELECT content->>'summary' AS summary FROM audit_entry WHERE content->>'summary' LIKE '%moved since its plan%' ORDER BY sequence`,
  );
  expect(told.map(({ summary }) => summary.split(':')[0])).toEqual(
    expect.arrayContaining(['MOVED-1', 'MOVED-2']),
  );
  expect(await world.brokenAudit()).toEqual([]);
}, 120_000);
