import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startBridge, type Bridge } from './bridge.ts';
import {
  actionsOf,
  countOf,
  documents,
  globalId,
  inputs,
  request,
  type Mutation,
  type Result,
} from './requests.ts';

let bridge: Bridge;
const mutations = Object.keys(documents).filter((name): name is Mutation => name in documents);
/** It begins without a company of its own and is tried in a file of its own. */
const triedElsewhere = ['createCompany'];

beforeAll(async () => {
  bridge = await startBridge();
});

afterAll(async () => {
  await bridge.close();
});

test('every mutation that is served is tried here', async () => {
  const { data } = await bridge.ask('{ __type(name: "Mutation") { fields { name } } }');

  const fields = z
    .object({ __type: z.object({ fields: z.array(z.object({ name: z.string() })) }) })
    .parse(data).__type.fields;
  const tried = [...mutations, ...triedElsewhere];
  expect(fields.map(({ name }) => name).toSorted()).toEqual(tried.toSorted());
});

describe.each(mutations)('%s', (mutation) => {
  test('asked 50 times at once with one key takes effect once and answers 50 times the same', async () => {
    const { companyId, input } = await inputs[mutation](bridge);
    const once = { ...input, idempotencyKey: randomUUID() };
    const before = await actionsOf(bridge, companyId);

    const answers = await Promise.all(
      Array.from({ length: 50 }, () => askedUntilTold(mutation, once)),
    );

    expect(answers[0]?.__typename).toMatch(/Success$/);
    expect(answers.filter(({ replayed }) => replayed === false)).toHaveLength(1);
    const told = answers.map(({ replayed: _replayed, ...rest }) => JSON.stringify(rest));
    expect(new Set(told).size).toBe(1);
    const after = await actionsOf(bridge, companyId);
    expect(after.length).toBeGreaterThan(before.length);
    expect(new Set(after.slice(before.length)).size).toBe(after.length - before.length);
    const operators = `FROM outbox_event WHERE company_id::text = $1 AND source = 'OPERATOR'`;
    expect(await countOf(bridge, operators, [companyId])).toBeLessThanOrEqual(1);
  });

  test('with a used key and other input is told so, and does nothing', async () => {
    const { companyId, input, other } = await inputs[mutation](bridge);
    const idempotencyKey = randomUUID();
    await request(bridge, mutation, { ...input, idempotencyKey });
    const before = await actionsOf(bridge, companyId);

    const answer = await request(bridge, mutation, { ...other, idempotencyKey });

    expect(answer).toMatchObject({
      __typename: 'IdempotencyError',
      code: 'IDEMPOTENCY_KEY_REUSED',
      retryable: false,
      firstUsedAt: expect.any(String),
    });
    expect(await actionsOf(bridge, companyId)).toEqual(before);
  });

  test('cut off in the middle leaves nothing, and asked again takes effect once', async () => {
    const { companyId, input } = await inputs[mutation](bridge);
    const once = { ...input, idempotencyKey: randomUUID() };
    const before = await actionsOf(bridge, companyId);
    const cut = await cutOff(companyId, () => bridge.ask(documents[mutation], { input: once }));

    expect(cut.errors?.[0]?.extensions['code']).toBe('INTERNAL_SERVER_ERROR');
    expect(await actionsOf(bridge, companyId)).toEqual(before);
    const claims = 'FROM idempotency_key WHERE key = $1';
    expect(await countOf(bridge, claims, [once.idempotencyKey])).toBe(0);

    const answer = await request(bridge, mutation, once);

    expect(answer.__typename).toMatch(/Success$/);
    expect(answer['replayed']).toBe(false);
    expect(await countOf(bridge, claims, [once.idempotencyKey])).toBe(1);
  });

  test('that is refused leaves its key free', async () => {
    const { input } = await inputs[mutation](bridge);
    const idempotencyKey = randomUUID();
    const refused = { ...input, ...(await refusedInput(mutation, input)), idempotencyKey };

    expect(await request(bridge, mutation, refused)).toMatchObject({
      code: expect.stringMatching(/^(NOT_FOUND|COUNT_MISMATCH|VALIDATION)$/),
    });
    const answer = await request(bridge, mutation, { ...input, idempotencyKey });

    expect(answer.__typename).toMatch(/Success$/);
  });
});

/** Asks again while the first request still runs, as its answer says; a busy machine may take longer than a repeat waits. */
async function askedUntilTold(mutation: Mutation, input: object): Promise<Result> {
  const answer = await request(bridge, mutation, input);
  return answer['code'] === 'IDEMPOTENCY_IN_PROGRESS' ? askedUntilTold(mutation, input) : answer;
}

/** What makes the input lead nowhere; a selection is simply another number of items. */
async function refusedInput(mutation: Mutation, input: object): Promise<object> {
  if ('expectedCount' in input) return { expectedCount: 7 };
  if (mutation === 'createApiClient') return { companyIds: [globalId('Company', randomUUID())] };
  if (mutation === 'deleteFieldPolicy')
    return { fieldPolicyId: globalId('FieldPolicy', `${randomUUID()}/dueDate`) };
  return { [Object.keys(input)[0] ?? '']: await unknownId(input) };
}

/** An id of the right type that leads nowhere. */
async function unknownId(input: object): Promise<string> {
  const [known] = Object.values(input);
  const [type] = Buffer.from(String(known), 'base64').toString().split(':');
  return Buffer.from(`${type}:${randomUUID()}`).toString('base64');
}

/** Holds up the audit chain, so that the request stands in the middle of its transaction, and ends its connection there. */
async function cutOff<Answer>(companyId: string, ask: () => Promise<Answer>): Promise<Answer> {
  const blocker = await bridge.pool.connect();
  try {
    await blocker.query(
      `INSERT INTO audit_head (chain, sequence, hash) VALUES ($1, 0, repeat('0', 64)) ON CONFLICT DO NOTHING`,
      [companyId],
    );
    await blocker.query('BEGIN');
    await blocker.query('SELECT 1 FROM audit_head WHERE chain = $1 FOR UPDATE', [companyId]);
    const answering = ask();
    await blocked();
    await blocker.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%append_audit%'`,
    );
    return await answering;
  } finally {
    await blocker.query('ROLLBACK');
    blocker.release();
  }
}

/** Waits until a request of ours waits for the chain. */
async function blocked(): Promise<void> {
  const giveUpAtMs = performance.now() + 60_000;
  for (;;) {
    const waiting = await countOf(
      bridge,
      `FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%append_audit%'`,
    );
    if (waiting === 1) return;
    if (performance.now() > giveUpAtMs) throw new Error('no request came so far');
    await sleep(5);
  }
}

test('a key belongs to a caller and a mutation: others use the same one for themselves', async () => {
  const idempotencyKey = randomUUID();
  const pause = await inputs.setInvoicePaused(bridge);
  const sync = await inputs.syncInvoiceNow(bridge);

  expect(
    await request(bridge, 'setInvoicePaused', { ...pause.input, idempotencyKey }),
  ).toMatchObject({ replayed: false });
  expect(await request(bridge, 'syncInvoiceNow', { ...sync.input, idempotencyKey })).toMatchObject({
    replayed: false,
  });
});

test('the key stands in the audit trail beside whoever asked', async () => {
  const { companyId, input } = await inputs.setInvoicePaused(bridge);
  const idempotencyKey = randomUUID();
  await request(bridge, 'setInvoicePaused', { ...input, idempotencyKey });

  const { data } = await bridge.ask(
    `query Trail($companyIds: [ID!]) { auditEntries(filter: { companyIds: $companyIds, actions: [PAUSED] }) {
      nodes { idempotencyKey actor { displayName __typename } summary changes { path } } } }`,
    { companyIds: [Buffer.from(`Company:${companyId}`).toString('base64')] },
  );

  expect(data).toMatchObject({
    auditEntries: {
      nodes: [
        { idempotencyKey, actor: { __typename: 'ApiClient' }, changes: [{ path: 'paused' }] },
      ],
    },
  });
});

test('a key is free again after 30 days, and what grew that old is taken away', async () => {
  const { input } = await inputs.syncInvoiceNow(bridge);
  const idempotencyKey = randomUUID();
  const old = randomUUID();
  for (const key of [idempotencyKey, old]) {
    await request(bridge, 'syncInvoiceNow', { ...input, idempotencyKey: key });
    await bridge.pool.query(
      `UPDATE idempotency_key SET first_used_at = first_used_at - interval '31 days' WHERE key = $1`,
      [key],
    );
  }

  const answer = await request(bridge, 'syncInvoiceNow', { ...input, idempotencyKey });

  expect(answer).toMatchObject({ replayed: false });
  expect(await countOf(bridge, 'FROM idempotency_key WHERE key = $1', [old])).toBe(0);
  expect(await countOf(bridge, 'FROM idempotency_key WHERE key = $1', [idempotencyKey])).toBe(1);
});
