import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { lineOf, plainInvoice, unknown } from '../support/companies.ts';
import { conflictsOf, linkOf } from '../support/ledger.ts';
import { makeThere } from '../support/imports.ts';
import { idOf } from '../support/pair.ts';
import { operatorOf } from '../support/operator.ts';
import {
  approve,
  mutationOf,
  passOf,
  plannedOf,
  planWhole,
  suggestionsOf,
  writtenBy,
} from '../support/planning.ts';
import { driftsOf, reconcileUntilSettled } from '../support/reconciles.ts';
import { createWorld, type World } from '../support/world.ts';

const make = (world: World, more: object) =>
  world.invoicing.human({ action: 'create', invoice: plainInvoice(more) });

/** A line without tax, so that both sides come to one total. */
const plain = { lines: [lineOf('2', '50', { taxCode: 'NON' })] };

describe('a company in shadow mode with books on both sides', () => {
  let world: World;
  const ids: Record<string, string> = {};
  let pass: Awaited<ReturnType<typeof planWhole>>;

  beforeAll(async () => {
    world = await createWorld({ mode: 'SHADOW', goLiveDate: '2026-11-01' });
    const remember = async (name: string, more: object) => {
      ids[name] = (await make(world, { number: name, ...plain, ...more })).id;
    };
    await remember('SAME-1', { customerMemo: 'Made there' });
    await remember('MEMO-1', { customerMemo: 'Ours' });
    await remember('OLD-1', { issueDate: '2026-10-05' });
    await remember('OLD-2', { issueDate: '2026-10-06' });
    await remember('NEW-1', { lines: [lineOf('3', '70')] });
    await remember('NEW-2', { customer: { id: unknown.customer }, ...plain });
    await remember('PAID-1', {
      issueDate: '2026-11-12',
      lines: [lineOf('1', '40', { taxCode: 'NON' })],
    });
    await world.invoicing.human({
      action: 'pay',
      id: ids['PAID-1'],
      amount: '15.00',
      date: '2026-11-15',
    });
    await remember('ALIKE-1', { lines: [lineOf('1', '99', { taxCode: 'NON' })] });
    await remember('VOID-1', {});
    await world.invoicing.human({ action: 'void', id: ids['VOID-1'] });
    const terms = {
      DueDate: '2026-12-20',
      SalesTermRef: { value: await idOf(world, 'Term', 'Net 30') },
      BillEmail: { Address: 'tom@bluebirdbakery.example' },
    };
    await makeThere(world, { DocNumber: 'SAME-1', ...terms });
    await makeThere(world, { DocNumber: 'MEMO-1', CustomerMemo: { value: 'Theirs' }, ...terms });
    await makeThere(world, {
      DocNumber: 'OLD-1',
      TxnDate: '2026-10-05',
      CustomerMemo: { value: 'Old' },
    });
    ids['alike there'] = await makeThere(world, { DocNumber: 'ALIKE-1', ...terms });
    ids['only there'] = await makeThere(world, { DocNumber: 'QB-1' });
    await world.told();
    pass = await planWhole(world);
  }, 60_000);

  afterAll(() => world.close());

  test('both sides are read and neither is written', async () => {
    expect(await writtenBy(world)).toEqual([]);
    expect(pass).toMatchObject({ status: 'WHOLE' });
  });

  test('documents that are one are linked, also those dated before go-live', async () => {
    for (const name of ['SAME-1', 'MEMO-1', 'OLD-1'])
      expect(await linkOf(world, ids[name] ?? '')).toMatchObject({
        quickbooksId: expect.any(String),
      });
  });

  test('what both sides hold equal is agreed, and what differs waits for a person', async () => {
    expect(await linkOf(world, ids['SAME-1'] ?? '')).toMatchObject({ status: 'IN_SYNC' });
    const [conflict] = await conflictsOf(world, ids['MEMO-1'] ?? '');
    expect(conflict?.fields.map(({ group }) => group)).toContain('customerMemo');
  });

  test('each write that would be made is listed, largest first, with its fields and what stands in its way', async () => {
    const planned = await plannedOf(world, pass.id);

    expect(
      planned.map(({ number, record, kind, problem }) => [
        number ?? record,
        kind,
        problem === null,
      ]),
    ).toEqual([
      ['NEW-1', 'CREATED', true],
      ['NEW-2', 'CREATED', true],
      ['ALIKE-1', 'CREATED', false],
      ['PAID-1', 'CREATED', true],
      ['PAID-1', 'PAYMENT_APPLIED', true],
      ['Kestrel Boat Yard', 'CREATED', true],
    ]);
    expect(pass.count).toBe(planned.length);
    const fields = planned[0]?.fields ?? [];
    expect(fields.find(({ path }) => path === 'issueDate')).toMatchObject({
      label: 'Issue date',
      before: null,
      after: '2026-11-20',
    });
  });

  test('what is left out is counted by its reason', () => {
    expect(
      Object.fromEntries(pass.leftOut.map(({ reason, count }) => [reason, count])),
    ).toMatchObject({
      cancelled: 1,
      'before go-live': 2,
      conflict: 1,
    });
  });

  test('documents that look alike are suggested, and making the one waits', async () => {
    const [first] = await suggestionsOf(world, pass.id);

    expect(first).toMatchObject({ internalId: ids['ALIKE-1'], quickbooksId: ids['alike there'] });
    expect(first?.reason).toMatch(
      /^The same number, customer, date and state; the total is 99.00 USD internally and 100.00 USD in QuickBooks\.$/,
    );
    expect(await linkOf(world, ids['ALIKE-1'] ?? '')).toMatchObject({ status: 'PAUSED' });
  });

  test('planning anew finds the same and still writes nothing', async () => {
    const again = await planWhole(world);

    expect(again).toMatchObject({ count: pass.count, leftOut: pass.leftOut });
    expect((await plannedOf(world, again.id)).map((one) => ({ ...one }))).toEqual(
      await plannedOf(world, pass.id),
    );
    expect(await writtenBy(world)).toEqual([]);
    pass = again;
  });

  test('a decision about what differed from the start is planned, and waits for going live', async () => {
    const [conflict] = await world.rows(
      z.object({ id: z.string(), version: z.number() }),
      `SELECT c.id, c.version FROM conflict c JOIN link k ON k.id = c.link_id WHERE k.internal_id = $1`,
      [ids['MEMO-1']],
    );
    await world.pool.query('UPDATE company SET undo_window_seconds = 0');
    await operatorOf(world).resolveConflict({
      conflictId: conflict?.id ?? '',
      expectedVersion: conflict?.version ?? 0,
      choices: [{ path: 'customerMemo', choice: 'KEEP_INTERNAL', customValue: null }],
      note: 'Ours is right at the start.',
    });
    await world.drainUntilSettled();
    pass = await planWhole(world);

    const planned = await plannedOf(world, pass.id);
    expect(planned.find(({ number }) => number === 'MEMO-1')).toMatchObject({
      side: 'QUICKBOOKS',
      kind: 'UPDATED',
      problem: null,
      fields: [{ path: 'customerMemo', before: 'Theirs', after: 'Ours' }],
    });
    expect(await writtenBy(world)).toEqual([]);
  });

  test('going live is refused for another count, another pass and after a change of settings', async () => {
    await expect(approve(world, { ...pass, count: pass.count + 1 })).rejects.toThrow(
      /COUNT_MISMATCH/,
    );
    await world.pool.query('UPDATE company SET mark_documents = false');
    await expect(approve(world, pass)).rejects.toThrow(/Settings or field rules changed/);
    await world.pool.query('UPDATE company SET mark_documents = true');
    const { subjectId } = await operatorOf(world).refreshPlan({ companyId: world.companyId });
    await expect(approve(world, pass)).rejects.toThrow(/newer planning pass/);
    await expect(approve(world, await passOf(world, subjectId))).rejects.toThrow(/not begun yet/);
    expect(await writtenBy(world)).toEqual([]);
  });

  test('after going live exactly the planned writes are made', async () => {
    pass = await planWhole(world);
    const planned = await plannedOf(world, pass.id);

    await approve(world, pass);
    await world.drainUntilSettled();

    const expected = planned.filter(({ problem }) => problem === null).map(mutationOf);
    expect([...(await writtenBy(world))].sort()).toEqual([...expected].sort());
    expect(
      (await plannedOf(world, pass.id)).filter(({ problem }) => problem !== null),
    ).toHaveLength(1);
    expect(await world.brokenAudit()).toEqual([]);
  });

  test('what is dated before go-live and was matched is a drift once it changes', async () => {
    const old = async () =>
      (await driftsOf(world))
        .filter(({ internalId }) => internalId === ids['OLD-1'])
        .map(({ kind, status }) => `${kind} ${status}`);
    await reconcileUntilSettled(world);
    expect(await old()).toEqual([]);

    await world.invoicing.human({ action: 'edit', id: ids['OLD-1'], set: { poNumber: 'PO-9' } });
    await world.drainUntilSettled();
    await reconcileUntilSettled(world);

    expect(await old()).toEqual(['BEFORE_GO_LIVE OPEN']);
  });

  test('two that look alike and are linked by a person go on as one', async () => {
    const writes = await writtenBy(world);
    await operatorOf(world).linkInvoices({
      companyId: world.companyId,
      internalId: ids['ALIKE-1'] ?? '',
      quickbooksId: ids['alike there'] ?? '',
      note: 'The same one.',
    });
    await world.drainUntilSettled();

    expect(await linkOf(world, ids['ALIKE-1'] ?? '')).toMatchObject({ status: 'CONFLICT' });
    expect(await writtenBy(world)).toEqual(writes);
  });
});
