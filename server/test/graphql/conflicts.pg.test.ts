import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBridge, type Bridge } from './bridge.ts';
import { seedGone } from './seed-conflict.ts';
import { seedInvoice } from './seed.ts';
import {
  actionsOf,
  askAnew,
  countOf,
  globalId,
  keepAll,
  makeKey,
  seedConflictBooks,
} from './requests.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await startBridge();
});

afterAll(async () => {
  await bridge.close();
});

const shown = `query Conflict($id: ID!) { conflict(id: $id) { id version status similarOpenCount detectedAt
  amountAtStake { amount currency } invoice { status openConflict { id } } mergedFields { path }
  fields { path label base { display } internal { display } quickbooks { display } internalActor { displayName } internalChangedAt
    quickbooksActor { displayName } quickbooksChangedAt suggestion { choice reason agreement } allowedChoices linkedPaths choice }
  resolution { note } } }`;

const read = async (conflictId: string, headers?: Record<string, string>) => {
  const { data } = await bridge.ask(shown, { id: globalId('Conflict', conflictId) }, headers);
  return data?.['conflict'];
};

const resolve = (conflictId: string, choices: readonly object[], more: object = {}) =>
  askAnew(bridge, 'resolveConflict', {
    conflictId: globalId('Conflict', conflictId),
    expectedVersion: 1,
    choices,
    ...more,
  });

describe('a conflict', () => {
  test('shows its three values, who made them and when, what both sides would take, and what is advised', async () => {
    const { conflictId } = await seedConflictBooks(bridge, { amountAtStake: '12.5' });

    expect(await read(conflictId)).toMatchObject({
      status: 'OPEN',
      version: 1,
      amountAtStake: { amount: '12.50', currency: 'USD' },
      similarOpenCount: 0,
      invoice: { status: 'CONFLICT', openConflict: { id: globalId('Conflict', conflictId) } },
      mergedFields: [],
      fields: [
        {
          path: 'customerMemo',
          label: 'Note to the customer',
          base: { display: 'Thank you' },
          internal: { display: 'Ours' },
          quickbooks: { display: 'Theirs' },
          internalActor: { displayName: 'Iris' },
          internalChangedAt: '2026-11-21T08:00:00.000Z',
          quickbooksActor: null,
          quickbooksChangedAt: '2026-11-21T09:00:00.000Z',
          suggestion: {
            choice: 'KEEP_QUICKBOOKS',
            reason: 'QuickBooks changed it last.',
            agreement: null,
          },
          allowedChoices: ['KEEP_INTERNAL', 'KEEP_QUICKBOOKS', 'KEEP_BASE', 'CUSTOM'],
          linkedPaths: [],
          choice: null,
        },
        { path: 'dueDate', linkedPaths: [] },
      ],
      resolution: null,
    });
  });

  test('is outside the sight of a key of another company', async () => {
    const { conflictId } = await seedConflictBooks(bridge);
    const { companyId: other } = await seedConflictBooks(bridge);
    const key = await makeKey(bridge, ['READ'], [other]);

    expect(await read(conflictId, key)).toBeNull();
  });

  test('stands in the list with the most money first, among its like', async () => {
    const small = await seedConflictBooks(bridge, { amountAtStake: '1' });
    const large = await seedConflictBooks(bridge, { amountAtStake: '900' });
    const key = await makeKey(bridge, ['READ'], [small.companyId, large.companyId]);

    const { data } = await bridge.ask(
      `query List($filter: ConflictFilter) { all: conflicts { totalCount nodes { id } }
        some: conflicts(filter: $filter) { nodes { id amountAtStake { amount } } } }`,
      { filter: { path: 'dueDate', amountAtStake: { min: '100', currency: 'USD' } } },
      key,
    );

    expect(data?.['all']).toEqual({
      totalCount: 2,
      nodes: [large, small].map(({ conflictId }) => ({ id: globalId('Conflict', conflictId) })),
    });
    expect(data?.['some']).toMatchObject({
      nodes: [{ id: globalId('Conflict', large.conflictId), amountAtStake: { amount: '900.00' } }],
    });
  });
});

describe('settling a conflict', () => {
  test('waits in the undo window, with an event that is due at its end and the trail of who decided', async () => {
    const { companyId, conflictId, linkId } = await seedConflictBooks(bridge);

    expect(
      await resolve(conflictId, keepAll('KEEP_QUICKBOOKS'), { note: 'As agreed.' }),
    ).toMatchObject({
      __typename: 'ResolveConflictSuccess',
      undo: { label: expect.stringMatching(/^The decision about INV-/) },
      conflict: {
        version: 2,
        status: 'UNDO_WINDOW',
        fields: [{ choice: 'KEEP_QUICKBOOKS' }, { choice: 'KEEP_QUICKBOOKS' }],
        resolution: {
          actor: { displayName: 'Bootstrap administrator' },
          note: 'As agreed.',
          choices: [
            { path: 'customerMemo', choice: 'KEEP_QUICKBOOKS', value: { display: 'Theirs' } },
            { path: 'dueDate', choice: 'KEEP_QUICKBOOKS', value: { display: '2026-12-31' } },
          ],
          events: [{ source: 'OPERATOR', direction: 'TO_INTERNAL' }],
          undo: { token: expect.any(String) },
        },
        invoice: { status: 'CONFLICT' },
      },
    });

    expect(await actionsOf(bridge, companyId)).toEqual(['CONFLICT_RESOLVED']);
    const { rows } = await bridge.pool.query(
      `SELECT k.due_at > clock_timestamp() + interval '15 seconds' AS later, c.apply_after = u.expires_at AS same
       FROM link k JOIN conflict c ON c.link_id = k.id JOIN undo u ON u.subject_id = c.id WHERE k.id = $1`,
      [linkId],
    );
    expect(rows).toEqual([{ later: true, same: true }]);
  });

  test.each([
    ['leaves a field out', [{ path: 'customerMemo', choice: 'KEEP_BASE' }], ['choices']],
    [
      'names what is not disputed',
      [...keepAll('KEEP_BASE'), { path: 'number', choice: 'KEEP_BASE' }],
      ['choices', '2', 'path'],
    ],
    [
      'says a field twice',
      [...keepAll('KEEP_BASE'), { path: 'dueDate', choice: 'KEEP_BASE' }],
      ['choices', '2', 'path'],
    ],
    [
      'types what is no date',
      [
        { path: 'customerMemo', choice: 'KEEP_BASE' },
        { path: 'dueDate', choice: 'CUSTOM', customValue: 'tomorrow' },
      ],
      ['choices', '1', 'customValue'],
    ],
    [
      'gives a value to what is kept',
      [
        { path: 'customerMemo', choice: 'KEEP_BASE', customValue: 'x' },
        { path: 'dueDate', choice: 'KEEP_BASE' },
      ],
      ['choices', '0', 'customValue'],
    ],
  ])('that %s is refused, and the problem is named', async (_what, choices, path) => {
    const { companyId, conflictId } = await seedConflictBooks(bridge);

    expect(await resolve(conflictId, choices)).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path }],
    });
    expect(await actionsOf(bridge, companyId)).toEqual([]);
  });

  test('on an old version is refused with the conflict as it is now', async () => {
    const { conflictId } = await seedConflictBooks(bridge);
    await bridge.pool.query('UPDATE conflict SET version = 7 WHERE id = $1', [conflictId]);

    expect(await resolve(conflictId, keepAll('KEEP_BASE'))).toMatchObject({
      code: 'STALE_VERSION',
      currentVersion: 7,
      current: { __typename: 'Conflict', version: 7 },
    });
  });

  test('whose sides have been seen to move since is refused, and says what moved', async () => {
    const { conflictId, linkId } = await seedConflictBooks(bridge);
    await bridge.pool.query(
      `UPDATE observation SET content = jsonb_set(content, '{customerMemo}', '"Newer"') WHERE link_id = $1 AND side = 'QUICKBOOKS'`,
      [linkId],
    );

    expect(await resolve(conflictId, keepAll('KEEP_INTERNAL'))).toMatchObject({
      code: 'ILLEGAL_STATE',
      message: 'QuickBooks has changed the note to the customer since.',
    });
  });

  test.each([
    [
      'decided already',
      `UPDATE conflict SET status = 'UNDO_WINDOW' WHERE link_id = $1`,
      'ILLEGAL_STATE',
    ],
    ['crossing', 'UPDATE link SET claim_epoch = 1 WHERE id = $1', 'ILLEGAL_STATE'],
    ['paused', `UPDATE link SET paused = true, paused_by = 'Dana' WHERE id = $1`, 'ILLEGAL_STATE'],
    [
      'paused as a whole that way',
      `UPDATE company SET paused_directions = '{TO_QUICKBOOKS}' WHERE id = (SELECT company_id FROM link WHERE id = $1)`,
      'COMPANY_UNAVAILABLE',
    ],
  ])('while it is %s is refused', async (_what, sql, code) => {
    const { companyId, conflictId, linkId } = await seedConflictBooks(bridge);
    await bridge.pool.query(sql, [linkId]);

    expect(await resolve(conflictId, keepAll('KEEP_INTERNAL'))).toMatchObject({ code });
    expect(await actionsOf(bridge, companyId)).toEqual([]);
  });

  test('in shadow mode is taken, and waits among what is planned', async () => {
    const { companyId, conflictId } = await seedConflictBooks(bridge);
    await bridge.pool.query(`UPDATE company SET mode = 'SHADOW' WHERE id = $1`, [companyId]);

    expect(await resolve(conflictId, keepAll('KEEP_INTERNAL'))).toMatchObject({
      __typename: 'ResolveConflictSuccess',
    });
  });

  test('offers nothing that QuickBooks would refuse in closed books', async () => {
    const { companyId, conflictId } = await seedConflictBooks(bridge);
    await bridge.pool.query(
      `UPDATE company SET quickbooks_facts = jsonb_set(quickbooks_facts, '{booksClosedThrough}', '"2026-11-30"') WHERE id = $1`,
      [companyId],
    );

    expect(await read(conflictId)).toMatchObject({
      fields: [{ allowedChoices: ['KEEP_QUICKBOOKS'] }, { allowedChoices: ['KEEP_QUICKBOOKS'] }],
    });
    expect(await resolve(conflictId, keepAll('KEEP_INTERNAL'))).toMatchObject({
      __typename: 'ValidationError',
    });
  });

  test('can be taken back within the window: the conflict is open, and what was to carry it has ended', async () => {
    const { companyId, conflictId, linkId } = await seedConflictBooks(bridge);
    const { undo } = await resolve(conflictId, keepAll('KEEP_INTERNAL'));
    const input =
      undo !== null && typeof undo === 'object' && 'token' in undo ? undo : { token: '' };

    expect(await askAnew(bridge, 'undo', { token: input.token })).toMatchObject({
      __typename: 'UndoSuccess',
      subject: { __typename: 'Conflict', conflictStatus: 'OPEN', version: 3 },
    });

    expect(await actionsOf(bridge, companyId)).toEqual(['CONFLICT_RESOLVED', 'UNDONE']);
    const waiting = 'FROM outbox_event WHERE link_id = $1 AND ended_at IS NULL';
    expect(await countOf(bridge, waiting, [linkId])).toBe(0);
    expect(await countOf(bridge, 'FROM link WHERE id = $1 AND due_at IS NULL', [linkId])).toBe(1);
    expect(await askAnew(bridge, 'undo', { token: input.token })).toMatchObject({
      code: 'ILLEGAL_STATE',
    });
  });
});

test('a preview shows the invoice and the writes that choices lead to, and what is left to choose', async () => {
  const { companyId, conflictId } = await seedConflictBooks(bridge);
  const preview = async (choices: readonly object[]) => {
    const { data } = await bridge.ask(
      `query Preview($input: PreviewResolutionInput!) { previewResolution(input: $input) { problems
        result { memo dueDate total { amount } } internalWrites { path internal { display } quickbooks { display } }
        quickbooksWrites { path internal { display } quickbooks { display } } } }`,
      { input: { conflictId: globalId('Conflict', conflictId), choices } },
    );
    return data?.['previewResolution'];
  };

  expect(
    await preview([
      { path: 'customerMemo', choice: 'CUSTOM', customValue: 'Both' },
      { path: 'dueDate', choice: 'KEEP_INTERNAL' },
    ]),
  ).toEqual({
    problems: [],
    result: { memo: 'Both', dueDate: '2026-12-24', total: { amount: '120.00' } },
    internalWrites: [
      { path: 'customerMemo', internal: { display: 'Ours' }, quickbooks: { display: 'Both' } },
    ],
    quickbooksWrites: [
      {
        path: 'dueDate',
        internal: { display: '2026-12-24' },
        quickbooks: { display: '2026-12-31' },
      },
      { path: 'customerMemo', internal: { display: 'Both' }, quickbooks: { display: 'Theirs' } },
    ],
  });
  expect(await preview([{ path: 'customerMemo', choice: 'KEEP_INTERNAL' }])).toMatchObject({
    problems: ['Choose a value for Due date.'],
    internalWrites: [],
    quickbooksWrites: [{ path: 'customerMemo' }],
  });
  expect(await actionsOf(bridge, companyId)).toEqual([]);
});

test('an edit is kept against a delete by a new document, previewed whole before it is made', async () => {
  const { companyId, conflictId } = await seedConflictBooks(bridge);
  await seedGone(bridge, conflictId);
  const choices = [{ path: 'existence', choice: 'KEEP_INTERNAL' }];

  expect(await read(conflictId)).toMatchObject({
    fields: [{ path: 'existence', allowedChoices: ['KEEP_INTERNAL', 'KEEP_QUICKBOOKS'] }],
    mergedFields: [],
  });
  const { data } = await bridge.ask(
    `query Preview($input: PreviewResolutionInput!) { previewResolution(input: $input) { problems internalWrites { path }
       quickbooksWrites { path internal { display } quickbooks { display } } } }`,
    { input: { conflictId: globalId('Conflict', conflictId), choices } },
  );
  expect(data?.['previewResolution']).toMatchObject({
    problems: [],
    internalWrites: [],
    quickbooksWrites: expect.arrayContaining([
      { path: 'customerMemo', internal: { display: 'Ours' }, quickbooks: null },
      expect.objectContaining({ path: 'number', quickbooks: null }),
    ]),
  });
  expect(await actionsOf(bridge, companyId)).toEqual([]);
  expect(await resolve(conflictId, choices)).toMatchObject({
    __typename: 'ResolveConflictSuccess',
    conflict: { status: 'UNDO_WINDOW' },
  });
  const [event] = await bridge.prisma.outboxEvent.findMany({
    where: { companyId, source: 'OPERATOR' },
  });
  expect(event).toMatchObject({ kind: 'CREATED', direction: 'TO_QUICKBOOKS' });
});

test('a number that another invoice has got since is named by preview and refusal alike', async () => {
  const { companyId, conflictId, linkId } = await seedConflictBooks(bridge);
  await seedGone(bridge, conflictId);
  const other = await seedInvoice(bridge.prisma, companyId, 7_777);
  const { number } = await bridge.prisma.link.findUniqueOrThrow({ where: { id: linkId } });
  await bridge.pool.query('UPDATE link SET number = $2 WHERE id = $1', [other.linkId, number]);
  await bridge.pool.query(
    `UPDATE observation SET content = jsonb_set(content, '{number}', to_jsonb($2::text)) WHERE link_id = $1`,
    [other.linkId, number],
  );
  const choices = [{ path: 'existence', choice: 'KEEP_INTERNAL' }];

  const { data } = await bridge.ask(
    `query Preview($input: PreviewResolutionInput!) { previewResolution(input: $input) { problems quickbooksWrites { path } } }`,
    { input: { conflictId: globalId('Conflict', conflictId), choices } },
  );

  const why = `QuickBooks has document 7777 under number ${number} or for this invoice already`;
  expect(data?.['previewResolution']).toMatchObject({
    problems: [expect.stringContaining(why)],
    quickbooksWrites: [],
  });
  expect(await resolve(conflictId, choices)).toMatchObject({
    __typename: 'ValidationError',
    issues: [{ path: ['choices', '0', 'choice'], message: expect.stringContaining(why) }],
  });
});

test('a conflict that a rule settled can be opened again, one that a person settled cannot', async () => {
  const ruled = await seedConflictBooks(bridge, { isRuled: true });
  const open = await seedConflictBooks(bridge);
  const reopen = (conflictId: string) =>
    askAnew(bridge, 'reopenConflict', {
      conflictId: globalId('Conflict', conflictId),
      expectedVersion: 1,
    });

  expect(await reopen(ruled.conflictId)).toMatchObject({
    __typename: 'ReopenConflictSuccess',
    conflict: { status: 'OPEN', version: 2, invoice: { status: 'CONFLICT' } },
  });
  expect(await actionsOf(bridge, ruled.companyId)).toEqual(['CONFLICT_OPENED', 'STATE_CHANGED']);
  expect(await reopen(open.conflictId)).toMatchObject({ code: 'ILLEGAL_STATE' });
});
