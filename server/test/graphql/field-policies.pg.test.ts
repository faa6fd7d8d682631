import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { toCompanyId } from '#core/brand.ts';
import { findRulesInForce } from '#adapters/postgres/field-policies.ts';
import { takeForward } from '../support/bulk.ts';
import { startBridge, type Bridge } from './bridge.ts';
import { actionsOf, askAnew, globalId, makeKey, seedBooks, type Mutation } from './requests.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await startBridge();
});

afterAll(async () => {
  await bridge.close();
});

const ask = (mutation: Mutation, input: object, headers?: Record<string, string>) =>
  askAnew(bridge, mutation, input, headers);

const upsert = (companyId: string, pattern: string, rule: string, more: object = {}) =>
  ask('upsertFieldPolicy', { companyId: globalId('Company', companyId), pattern, rule, ...more });

async function rulesIn(companyId: string) {
  const client = await bridge.pool.connect();
  try {
    return await findRulesInForce(client, toCompanyId(companyId));
  } finally {
    client.release();
  }
}

const windowOver = (companyId: string) =>
  bridge.pool.query(
    `WITH undone AS (UPDATE undo SET expires_at = clock_timestamp() - interval '1 ms' WHERE company_id = $1)
     UPDATE field_policy SET in_force_at = clock_timestamp() - interval '1 ms' WHERE company_id = $1`,
    [companyId],
  );

const done = z.object({ undo: z.object({ token: z.string() }) });

async function listed(companyId: string) {
  const { data } = await bridge.ask(
    `query ($id: ID!) { company(id: $id) { fieldPolicies { pattern rule tolerance builtIn version updatedBy { displayName } } } }`,
    { id: globalId('Company', companyId) },
  );
  return z
    .object({ fieldPolicies: z.array(z.looseObject({ pattern: z.string() })) })
    .parse(data?.['company']).fieldPolicies;
}

describe('a rule of a company', () => {
  test('takes force when the window to take it back is over, and not before', async () => {
    const { companyId } = await seedBooks(bridge);

    expect(await upsert(companyId, 'dueDate', 'INTERNAL_WINS')).toMatchObject({
      fieldPolicy: { rule: 'INTERNAL_WINS', builtIn: false, version: 2 },
      undo: { label: 'The rule for dueDate' },
    });

    expect(await rulesIn(companyId)).toEqual({ version: 1, policies: [] });
    await windowOver(companyId);
    expect(await rulesIn(companyId)).toEqual({
      version: 2,
      policies: [{ pattern: 'dueDate', rule: 'INTERNAL_WINS', tolerance: null }],
    });
    expect(await actionsOf(bridge, companyId)).toEqual(['POLICY_CHANGED']);
  });

  test('taken back in its window never had force, and the one before goes on without a break', async () => {
    const { companyId } = await seedBooks(bridge);
    await upsert(companyId, 'dueDate', 'INTERNAL_WINS');
    await windowOver(companyId);
    const { undo } = done.parse(
      await upsert(companyId, 'dueDate', 'QUICKBOOKS_WINS', { expectedVersion: 2 }),
    );
    expect((await rulesIn(companyId)).policies).toMatchObject([{ rule: 'INTERNAL_WINS' }]);

    expect(await ask('undo', { token: undo.token })).toMatchObject({
      __typename: 'UndoSuccess',
      subject: { __typename: 'FieldPolicy' },
    });

    expect((await rulesIn(companyId)).policies).toMatchObject([{ rule: 'INTERNAL_WINS' }]);
    await windowOver(companyId);
    expect((await rulesIn(companyId)).policies).toMatchObject([{ rule: 'INTERNAL_WINS' }]);
    expect(await actionsOf(bridge, companyId)).toEqual([
      'POLICY_CHANGED',
      'POLICY_CHANGED',
      'UNDONE',
    ]);
  });

  test('cannot be taken back once it has force, nor after another change', async () => {
    const { companyId } = await seedBooks(bridge);
    const late = done.parse(await upsert(companyId, 'dueDate', 'INTERNAL_WINS'));
    await windowOver(companyId);
    expect(await ask('undo', { token: late.undo.token })).toMatchObject({ code: 'UNDO_EXPIRED' });

    const first = done.parse(await upsert(companyId, 'terms', 'INTERNAL_WINS'));
    await upsert(companyId, 'terms', 'QUICKBOOKS_WINS', { expectedVersion: 2 });
    expect(await ask('undo', { token: first.undo.token })).toMatchObject({
      code: 'ILLEGAL_STATE',
      retryable: false,
    });
  });

  test('being taken back holds up whoever would decide by it, so that it never decides anything', async () => {
    const { companyId } = await seedBooks(bridge);
    await upsert(companyId, 'dueDate', 'INTERNAL_WINS');
    const undoing = await bridge.pool.connect();
    await undoing.query('BEGIN');
    await undoing.query('SELECT 1 FROM field_policy WHERE company_id = $1 FOR NO KEY UPDATE', [
      companyId,
    ]);
    await undoing.query(
      `UPDATE field_policy SET rule = NULL, version = version + 1, in_force_at = clock_timestamp() WHERE company_id = $1`,
      [companyId],
    );

    const deciding = rulesIn(companyId);
    await undoing.query('COMMIT');
    undoing.release();

    expect((await deciding).policies).toEqual([]);
  });

  test('over all fields is listed last, and the more specific ones in its place', async () => {
    const { companyId } = await seedBooks(bridge);
    await upsert(companyId, '**', 'QUICKBOOKS_WINS');
    await upsert(companyId, 'lines[*].amount', 'ASK', { tolerance: '0.05' });

    const all = await listed(companyId);

    expect(all.at(-1)).toMatchObject({ pattern: '**', builtIn: false, rule: 'QUICKBOOKS_WINS' });
    expect(all.filter(({ pattern }) => pattern === 'lines[*].amount')).toMatchObject([
      { rule: 'ASK', tolerance: '0.05', builtIn: false },
    ]);
    expect(all.filter(({ pattern }) => pattern === 'dueDate')).toMatchObject([
      { builtIn: true, version: 1, updatedBy: { displayName: 'field map' } },
    ]);
  });

  test('removed gives way to the built-in one at once, whose version grows', async () => {
    const { companyId } = await seedBooks(bridge);
    const fieldPolicyId = globalId('FieldPolicy', `${companyId}/dueDate`);
    await upsert(companyId, 'dueDate', 'INTERNAL_WINS');
    await windowOver(companyId);

    expect(await ask('deleteFieldPolicy', { fieldPolicyId, expectedVersion: 2 })).toMatchObject({
      deletedFieldPolicyId: fieldPolicyId,
    });

    expect((await rulesIn(companyId)).policies).toEqual([]);
    const all = await listed(companyId);
    expect(all.find(({ pattern }) => pattern === 'dueDate')).toMatchObject({
      rule: 'ASK',
      builtIn: true,
      version: 3,
    });
    expect(await ask('deleteFieldPolicy', { fieldPolicyId, expectedVersion: 3 })).toMatchObject({
      code: 'ILLEGAL_STATE',
    });
    expect(await upsert(companyId, 'dueDate', 'READ_ONLY', { expectedVersion: 3 })).toMatchObject({
      fieldPolicy: { version: 4 },
    });
  });

  test.each([
    ['dueDate', 'INTERNAL_WINS', { expectedVersion: 7 }, { currentVersion: 1 }],
    ['total', 'INTERNAL_WINS', {}, { issues: [{ path: ['pattern'] }] }],
    ['existence', 'ASK', {}, { issues: [{ path: ['pattern'] }] }],
    ['nothing', 'ASK', {}, { issues: [{ path: ['pattern'] }] }],
    ['**', 'READ_ONLY', {}, { issues: [{ path: ['rule'] }] }],
    ['dueDate', 'ASK', { tolerance: '1' }, { issues: [{ path: ['tolerance'] }] }],
  ])('for %s, %s with %j is refused', async (pattern, rule, more, refusal) => {
    const { companyId } = await seedBooks(bridge);

    expect(await upsert(companyId, pattern, rule, more)).toMatchObject(refusal);

    expect(await actionsOf(bridge, companyId)).toEqual([]);
  });

  test('of the company’s own is not made twice by whoever did not see the first', async () => {
    const { companyId } = await seedBooks(bridge);
    const answers = await Promise.all(
      ['INTERNAL_WINS', 'QUICKBOOKS_WINS'].map((rule) => upsert(companyId, 'dueDate', rule)),
    );

    expect(answers.map(({ __typename }) => __typename).toSorted()).toEqual([
      'StaleVersionError',
      'UpsertFieldPolicySuccess',
    ]);
  });

  test('needs the scope ADMIN', async () => {
    const { companyId } = await seedBooks(bridge);
    const operator = await makeKey(bridge, ['READ', 'OPERATE'], null);
    const input = {
      companyId: globalId('Company', companyId),
      pattern: 'dueDate',
      rule: 'ASK',
      idempotencyKey: randomUUID(),
    };

    const { status } = await bridge.ask(
      `mutation ($input: UpsertFieldPolicyInput!) { upsertFieldPolicy(input: $input) { __typename } }`,
      { input },
      operator,
    );

    expect(status).toBe(403);
  });
});

describe('a rule applied to open conflicts', () => {
  async function conflict(paths: readonly string[]) {
    const books = await seedBooks(bridge);
    const id = randomUUID();
    await bridge.pool.query(
      `INSERT INTO conflict (id, company_id, link_id, fields, detected_at) VALUES ($1, $2, $3, $4, clock_timestamp())`,
      [id, books.companyId, books.linkId, JSON.stringify([{ group: paths[0], paths }])],
    );
    await bridge.pool.query('UPDATE link SET open_conflict_id = $2 WHERE id = $1', [
      books.linkId,
      id,
    ]);
    return { ...books, conflictId: id };
  }
  const due = async (linkId: string) => {
    const { rows } = await bridge.pool.query(
      'SELECT due_at IS NOT NULL AS due FROM link WHERE id = $1',
      [linkId],
    );
    return rows[0]?.due;
  };

  test('sends their invoices round again once it has force', async () => {
    const { companyId, linkId } = await conflict(['customerMemo']);

    const answer = await upsert(companyId, 'customerMemo', 'INTERNAL_WINS', { applyToOpen: true });
    expect(answer).toMatchObject({
      bulkOperation: { total: 1, label: 'The rule for customerMemo on 1 open conflict' },
    });
    await windowOver(companyId);
    await takeForward(bridge.pool, 1);

    expect(await due(linkId)).toBe(true);
  });

  test('starts nothing where it decides none, or only part of what is written together', async () => {
    const { companyId } = await conflict(['issueDate', 'terms', 'dueDate']);

    for (const [pattern, rule] of [
      ['privateNote', 'INTERNAL_WINS'],
      ['dueDate', 'INTERNAL_WINS'],
      ['customerMemo', 'ASK'],
    ] as const)
      expect(await upsert(companyId, pattern, rule, { applyToOpen: true })).toMatchObject({
        bulkOperation: null,
      });
  });

  test('leaves them alone when it is taken back first', async () => {
    const { companyId, linkId } = await conflict(['customerMemo']);
    const { undo } = done.parse(
      await upsert(companyId, 'customerMemo', 'INTERNAL_WINS', { applyToOpen: true }),
    );
    await ask('undo', { token: undo.token });

    await takeForward(bridge.pool, 1);

    expect(await due(linkId)).toBe(false);
    const { rows } = await bridge.pool.query(
      `SELECT status, skipped FROM bulk_operation WHERE company_ids = ARRAY[$1::uuid]`,
      [companyId],
    );
    expect(rows).toEqual([{ status: 'SUCCEEDED', skipped: 1 }]);
  });
});
