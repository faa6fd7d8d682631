import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBridge, type Bridge } from './bridge.ts';
import { seedDrift, seedRun } from './drifted-books.ts';
import { actionsOf, askAnew, globalId, seedBooks, type Mutation } from './requests.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await startBridge();
});

afterAll(async () => {
  await bridge.close();
});

const ask = (mutation: Mutation, input: object) => askAnew(bridge, mutation, input);

describe('a run', () => {
  const start = (companyId: string, more: object = {}) =>
    ask('startReconcile', { companyId: globalId('Company', companyId), scope: 'FULL', ...more });

  test('waits for the worker, which is rung, and says who asked', async () => {
    const { companyId } = await seedBooks(bridge);

    expect(await start(companyId)).toMatchObject({
      reconcileRun: {
        status: 'QUEUED',
        progress: 0,
        startedBy: { displayName: 'Bootstrap administrator' },
      },
    });

    expect(bridge.rings).toContain(companyId);
    expect(await actionsOf(bridge, companyId)).toEqual(['RECONCILED']);
  });

  test('is refused while another one of the company is under way', async () => {
    const { companyId } = await seedBooks(bridge);
    await start(companyId);

    expect(await start(companyId)).toMatchObject({ code: 'ILLEGAL_STATE', retryable: true });
  });

  test.each([
    [{ scope: 'WINDOW' }, ['from', 'to']],
    [{ scope: 'WINDOW', from: '2026-02-01', to: '2026-01-01' }, ['to']],
    [{ scope: 'FULL', from: '2026-02-01' }, ['from']],
  ])('of %j is not understood', async (more, paths) => {
    const { companyId } = await seedBooks(bridge);

    expect(await start(companyId, more)).toMatchObject({
      __typename: 'ValidationError',
      issues: paths.map((path) => ({ path: [path] })),
    });
  });

  test('can be stopped once', async () => {
    const { companyId } = await seedBooks(bridge);
    const reconcileRunId = globalId('ReconcileRun', await seedRun(bridge.prisma, companyId));

    expect(await ask('cancelReconcile', { reconcileRunId })).toMatchObject({
      reconcileRun: { status: 'CANCELLED', finishedAt: expect.any(String) },
    });
    expect(await ask('cancelReconcile', { reconcileRunId })).toMatchObject({
      code: 'ILLEGAL_STATE',
    });
  });

  test('shows its totals, what explains their difference, and its drifts, largest first', async () => {
    const books = await seedBooks(bridge);
    const { runId } = await seedDrift(bridge.prisma, books);
    await seedDrift(bridge.prisma, books, {
      runId,
      seenRunId: runId,
      kind: 'BEFORE_GO_LIVE',
      amount: '99.00',
    });
    await bridge.prisma.reconcileRun.update({
      where: { id: runId },
      data: {
        controlTotals: [
          {
            currency: 'USD',
            internalCount: 3,
            internalTotal: '300.10',
            quickbooksCount: 2,
            quickbooksTotal: '200.00',
          },
        ],
        residual: [
          {
            reason: 'unlinked',
            currency: 'USD',
            amount: '100.10',
            invoiceCount: 1,
            linkIds: [books.linkId, randomUUID()],
          },
        ],
      },
    });

    const { data, errors } = await bridge.ask(
      `query ($id: ID!, $company: ID!) {
        reconcileRun(id: $id) { scope status driftCount
          controlTotals { currency internalCount difference { amount currency } }
          residual { reason amount { amount } invoiceCount invoices { id } }
          drifts(first: 5) { totalCount nodes { kind amount { amount } invoice { id } run { id } fields { path state quickbooks { display } } } }
          narrow: drifts(first: 5, kinds: [BEFORE_GO_LIVE]) { nodes { kind } } }
        reconcileRuns(first: 1, filter: { companyIds: [$company] }) { nodes { id } }
        company(id: $company) { lastReconcileRun { scope } }
        node(id: $id) { ... on ReconcileRun { status } }
      }`,
      { id: globalId('ReconcileRun', runId), company: globalId('Company', books.companyId) },
    );

    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      reconcileRun: {
        status: 'DRIFT_FOUND',
        controlTotals: [{ internalCount: 3, difference: { amount: '100.10', currency: 'USD' } }],
        residual: [
          {
            reason: 'unlinked',
            amount: { amount: '100.10' },
            invoices: [{ id: globalId('Invoice', books.linkId) }],
          },
        ],
        drifts: {
          totalCount: 2,
          nodes: [
            { kind: 'BEFORE_GO_LIVE', amount: { amount: '99.00' } },
            {
              kind: 'FIELD_MISMATCH',
              amount: { amount: '12.50' },
              invoice: { id: globalId('Invoice', books.linkId) },
              run: { id: globalId('ReconcileRun', runId) },
              fields: [
                {
                  path: 'customerMemo',
                  state: 'CHANGED_IN_QUICKBOOKS',
                  quickbooks: { display: 'Theirs' },
                },
              ],
            },
          ],
        },
        narrow: { nodes: [{ kind: 'BEFORE_GO_LIVE' }] },
      },
      company: { lastReconcileRun: { scope: 'FULL' } },
      node: { status: 'DRIFT_FOUND' },
    });
  });
});

test('looks at what changed are runs too, and can be left out; the latest run is the latest that compared', async () => {
  const { companyId } = await seedBooks(bridge);
  const compared = await seedRun(bridge.prisma, companyId, { status: 'CLEAN', trigger: 'DAILY' });
  const look = await seedRun(bridge.prisma, companyId, {
    status: 'CLEAN',
    scope: 'INCREMENTAL',
    trigger: 'POLL',
    polls: 12,
    changes: 0,
    quickbooksReads: 14,
    since: new Date('2026-11-20T08:00:00Z'),
  });

  const { data } = await bridge.ask(
    `query ($company: ID!) {
      all: reconcileRuns(first: 5, filter: { companyIds: [$company] }) { nodes { id } }
      looks: reconcileRuns(first: 5, filter: { companyIds: [$company], triggers: [POLL] }) {
        nodes { id trigger polls changes quickbooksReads since } }
      company(id: $company) { lastReconcileRun { id } }
    }`,
    { company: globalId('Company', companyId) },
  );

  expect(data).toMatchObject({
    all: { nodes: [{ id: globalId('ReconcileRun', look) }, {}] },
    looks: {
      nodes: [
        {
          id: globalId('ReconcileRun', look),
          trigger: 'POLL',
          polls: 12,
          changes: 0,
          quickbooksReads: 14,
          since: '2026-11-20T08:00:00.000Z',
        },
      ],
    },
    company: { lastReconcileRun: { id: globalId('ReconcileRun', compared) } },
  });
});

describe('an accepted drift', () => {
  const accept = (driftId: string, more: object = {}) =>
    ask('acceptDrift', {
      driftId: globalId('Drift', driftId),
      expectedVersion: 1,
      reason: 'The customer agreed.',
      ...more,
    });

  test('takes what the sides showed as agreed, and the trail says who and why', async () => {
    const books = await seedBooks(bridge);
    const { driftId } = await seedDrift(bridge.prisma, books);

    expect(await accept(driftId)).toMatchObject({
      drift: { status: 'ACCEPTED', acceptedReason: 'The customer agreed.' },
    });

    const { rows } = await bridge.pool.query(
      `SELECT base_quickbooks->>'customerMemo' AS memo FROM link WHERE id = $1`,
      [books.linkId],
    );
    expect(rows).toEqual([{ memo: 'Theirs' }]);
    expect(await actionsOf(bridge, books.companyId)).toEqual(['DRIFT_ACCEPTED', 'BASE_ADVANCED']);
    expect(await accept(driftId, { expectedVersion: 2 })).toMatchObject({ code: 'ILLEGAL_STATE' });
  });

  test('remembers the payments that were looked at, so that only a later change of one raises it again', async () => {
    const books = await seedBooks(bridge);
    const { driftId } = await seedDrift(bridge.prisma, books);
    const paid = { by: 'payment', version: null, amount: '5.00', date: '2026-11-20' };
    await bridge.pool.query(
      `UPDATE drift SET evidence = jsonb_set(evidence, '{internal,payments}', $2) WHERE id = $1`,
      [driftId, JSON.stringify([{ id: 'p1', ...paid, method: 'cash', reference: null }])],
    );

    await accept(driftId);

    const { rows } = await bridge.pool.query(
      `SELECT accepted_payments AS accepted FROM link WHERE id = $1`,
      [books.linkId],
    );
    const content = { amount: '5.00', date: '2026-11-20', method: { id: 'cash', name: 'cash' } };
    expect(rows).toMatchObject([
      { accepted: { internal: [{ id: 'p1', content }], quickbooks: [], pairs: [] } },
    ]);
  });

  test('is the one that was looked at, with a reason, while nothing crosses', async () => {
    const books = await seedBooks(bridge);
    const { driftId } = await seedDrift(bridge.prisma, books);

    expect(await accept(driftId, { expectedVersion: 7 })).toMatchObject({ currentVersion: 1 });
    expect(await accept(driftId, { reason: ' ' })).toMatchObject({
      issues: [{ path: ['reason'] }],
    });
    await bridge.pool.query('UPDATE link SET claim_epoch = 1 WHERE id = $1', [books.linkId]);
    expect(await accept(driftId)).toMatchObject({ code: 'ILLEGAL_STATE', retryable: true });
  });
});

test('repairs are refused when another number of drifts is open than was seen', async () => {
  const books = await seedBooks(bridge);
  const { runId, driftId } = await seedDrift(bridge.prisma, books);
  const repair = (more: object) =>
    ask('repairDrifts', { reconcileRunId: globalId('ReconcileRun', runId), ...more });

  expect(await repair({ expectedCount: 2 })).toMatchObject({
    code: 'COUNT_MISMATCH',
    currentCount: 1,
  });
  expect(await repair({ expectedCount: 1, driftIds: [globalId('Drift', driftId)] })).toMatchObject({
    bulkOperation: { label: 'Repair 1 drift', status: 'QUEUED', total: 1 },
  });
});
