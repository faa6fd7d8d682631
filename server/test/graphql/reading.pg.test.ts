import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startBridge, type Bridge } from './bridge.ts';
import { seedCompany, seedDeadLetter, seedInvoice, seedStreamEvent } from './seed.ts';

let bridge: Bridge;
let companyId: string;
let linkId: string;
let deadLetterId: string;
const invoicesMax = 25;

const appendAudit = (entry: object) =>
  bridge.pool.query('SELECT append_audit($1::text, $1::uuid, $2)', [
    companyId,
    JSON.stringify([entry]),
  ]);

const auditEntry = (summary: string) => ({
  actor: { kind: 'system', name: 'engine' },
  action: 'WRITE',
  summary,
  subject: { type: 'Invoice', id: linkId },
  linkId,
  changes: [{ path: 'dueDate', side: 'quickbooks', before: null, after: '2026-12-20' }],
  note: null,
  correlationId: 'cor-audit',
});

beforeAll(async () => {
  bridge = await startBridge();
  companyId = await seedCompany(bridge.prisma);
  for (let index = 0; index < invoicesMax; index += 1) {
    const invoice = await seedInvoice(bridge.prisma, companyId, index);
    if (index !== 0) continue;
    ({ linkId } = invoice);
    deadLetterId = await seedDeadLetter(bridge.prisma, { companyId, ...invoice });
    await seedStreamEvent(bridge.prisma, companyId, invoice);
  }
  await bridge.pool.query('UPDATE stream_event SET position = seq');
  await bridge.pool.query('UPDATE stream_head SET position = 1');
  for (let index = 1; index <= 5; index += 1) await appendAudit(auditEntry(`Entry ${index}`));
});

afterAll(async () => {
  await bridge.close();
});

const page = z.object({
  invoices: z.object({
    totalCount: z.int(),
    nodes: z.array(z.object({ number: z.string() })),
    pageInfo: z.object({
      hasNextPage: z.boolean(),
      hasPreviousPage: z.boolean(),
      startCursor: z.string().nullable(),
      endCursor: z.string().nullable(),
    }),
  }),
});

async function readPage(variables: object) {
  const { data, errors } = await bridge.ask(
    `query Page($first: Int, $after: String, $last: Int, $before: String, $orderBy: InvoiceOrder) {
      invoices(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
        totalCount nodes { number }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }`,
    variables,
  );
  expect(errors).toBeUndefined();
  return page.parse(data).invoices;
}

const fields = ['CHANGED_AT', 'NUMBER', 'TOTAL', 'DUE_DATE'];
const orders = fields.flatMap((field) =>
  ['ASC', 'DESC'].map((direction) => [field, direction] as const),
);

describe.each(orders)('invoices by %s %s', (field, direction) => {
  const orderBy = { field, direction };

  test('paged forward and backward are the same list, each invoice once', async () => {
    const whole = (await readPage({ first: 200, orderBy })).nodes.map((node) => node.number);
    const forward: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const { nodes, pageInfo } = await readPage({ first: 7, after, orderBy });
      forward.push(...nodes.map((node) => node.number));
      ({ hasNextPage: more, endCursor: after } = pageInfo);
    }
    const backward: string[] = [];
    for (let before: string | null = null, more = true; more;) {
      const { nodes, pageInfo } = await readPage({ last: 7, before, orderBy });
      backward.unshift(...nodes.map((node) => node.number));
      ({ hasPreviousPage: more, startCursor: before } = pageInfo);
    }

    expect(new Set(whole).size).toBe(invoicesMax);
    expect(forward).toEqual(whole);
    expect(backward).toEqual(whole);
  });
});

test.each([
  ['a page of 201', { first: 201 }, '1 to 200'],
  ['a page of none', { first: 0 }, '1 to 200'],
  ['both directions at once', { first: 1, last: 1 }, 'not both'],
  ['a cursor nobody gave', { first: 1, after: 'bm9uc2Vuc2U' }, 'does not belong'],
])('%s is refused with a sentence', async (_what, variables, message) => {
  const { errors } = await bridge.ask(
    `query Page($first: Int, $last: Int, $after: String) { invoices(first: $first, last: $last, after: $after) { totalCount } }`,
    variables,
  );

  expect(errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  expect(errors?.[0]?.message).toContain(message);
});

test.each([
  ['text', { text: 'inv-1003 globex' }, 1],
  ['text that is a pattern', { text: '%' }, 0],
  ['total', { total: { min: '100', max: '109', currency: 'USD' } }, 10],
  ['total in another currency', { total: { min: '0', currency: 'EUR' } }, 0],
  ['status', { statuses: ['DEAD_LETTERED'] }, 1],
  ['a company that is none', { companyIds: ['bm9uZQ=='] }, 0],
  ['last change', { changedAt: { from: '2026-11-20T09:00:20Z' } }, 5],
])('invoices are narrowed by %s', async (_what, filter, count) => {
  const { data } = await bridge.ask(
    'query Filtered($filter: InvoiceFilter) { invoices(filter: $filter) { totalCount } }',
    { filter },
  );

  expect(data).toEqual({ invoices: { totalCount: count } });
});

test('an invoice shows its crossing, its timeline, its dead letter and its audit', async () => {
  const { data, errors } = await bridge.ask(`{
    invoiceByExternalRef(companyId: "${Buffer.from(`Company:${companyId}`).toString('base64')}", side: QUICKBOOKS, by: NUMBER, ref: "INV-1000") {
      status diff(includeSame: true) { path policy { rule builtIn updatedBy { displayName } } }
      openDeadLetter { reason fault { code explanation } replaySafety { safety reason } event { kind } }
      outboxEvents(first: 5) { nodes { stageHistory { stage durationMs } attempts(first: 5) { nodes { decision { quickbooksWrites { label quickbooks { display } internal { display } } } intents { requestId request } } } } }
      timeline(first: 5) { nodes { type detail { __typename ... on StageChange { to event { kind } } } } }
      auditEntries(first: 2) { totalCount nodes { sequence summary actor { displayName } subject { __typename } changes { label side after { display } } } }
    }
  }`);

  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    invoiceByExternalRef: {
      status: 'DEAD_LETTERED',
      diff: expect.arrayContaining([
        {
          path: 'dueDate',
          policy: { rule: 'ASK', builtIn: true, updatedBy: { displayName: 'field map' } },
        },
      ]),
      openDeadLetter: {
        reason: 'VALIDATION',
        fault: { code: '6000' },
        replaySafety: { safety: 'POINTLESS' },
        event: { kind: 'CREATED' },
      },
      outboxEvents: {
        nodes: [
          {
            stageHistory: [
              { stage: 'DETECTED', durationMs: 5 },
              { stage: 'QUEUED', durationMs: 395 },
              { stage: 'SETTLED', durationMs: null },
            ],
            attempts: {
              nodes: [
                {
                  decision: {
                    quickbooksWrites: [
                      { label: 'Due date', quickbooks: null, internal: { display: '2026-12-20' } },
                    ],
                  },
                  intents: [{ request: { Line: [] } }],
                },
              ],
            },
          },
        ],
      },
      timeline: { nodes: [{ detail: { __typename: 'StageChange', to: 'DETECTED' } }] },
      auditEntries: {
        totalCount: 5,
        nodes: [
          { sequence: '5', summary: 'Entry 5', subject: { __typename: 'Invoice' } },
          { sequence: '4', changes: [{ label: 'Due date', side: 'QUICKBOOKS' }] },
        ],
      },
    },
  });
});

test('dead letters are grouped by cause, with the money they hold', async () => {
  const { data } = await bridge.ask(
    '{ deadLetterGroups { title count amounts { amount currency } example { id } } deadLetters { totalCount } }',
  );

  expect(data).toEqual({
    deadLetterGroups: [
      {
        title: 'QuickBooks refused the data',
        count: 1,
        amounts: [{ amount: '120.50', currency: 'USD' }],
        example: { id: Buffer.from(`DeadLetter:${deadLetterId}`).toString('base64') },
      },
    ],
    deadLetters: { totalCount: 1 },
  });
});

test('stats of a range cost the same number of statements, whatever it holds', async () => {
  bridge.statements.length = 0;
  const { data, errors } =
    await bridge.ask(`{ stats(range: { from: "2026-11-20T00:00:00Z", to: "2026-11-21T00:00:00Z" }) {
    statusCounts { status count } throughput(resolution: HOUR) { at toQuickbooks deadLetters }
    latency { direction p50Ms p99Ms count } touchlessRate amountInConflict { amount } amountDeadLettered { amount } oldestPendingSeconds } }`);

  expect(errors).toBeUndefined();
  expect(bridge.statements).toHaveLength(7);
  expect(data).toMatchObject({
    stats: {
      statusCounts: expect.arrayContaining([
        { status: 'IN_SYNC', count: invoicesMax - 1 },
        { status: 'CONFLICT', count: 0 },
      ]),
      throughput: expect.arrayContaining([
        { at: '2026-11-20T09:00:00.000Z', toQuickbooks: invoicesMax, deadLetters: 0 },
        { at: '2026-11-20T10:00:00.000Z', toQuickbooks: 0, deadLetters: 1 },
        { at: '2026-11-20T23:00:00.000Z', toQuickbooks: 0, deadLetters: 0 },
      ]),
      latency: [{ direction: 'TO_QUICKBOOKS', p50Ms: 400, p99Ms: 400, count: invoicesMax }],
      touchlessRate: 0.96,
      amountDeadLettered: [{ amount: '120.50' }],
      oldestPendingSeconds: 0,
    },
  });
});

const check = (more = '') =>
  bridge.ask(`{ verifyAuditChain(companyId: "${Buffer.from(`Company:${companyId}`).toString('base64')}"${more}) {
    intact checked head firstBroken { summary } } }`);
const found = z.object({
  verifyAuditChain: z.object({
    intact: z.boolean(),
    head: z.string().nullable(),
    firstBroken: z.object({ summary: z.string() }).nullable(),
  }),
});

/** Does what the trigger forbids, as somebody with the database in hand would. */
async function tamper(statement: string): Promise<void> {
  await bridge.pool.query(
    `BEGIN; ALTER TABLE audit_entry DISABLE TRIGGER USER; ${statement}; ALTER TABLE audit_entry ENABLE TRIGGER USER; COMMIT`,
  );
}

test('the audit chain is intact until somebody touches it; then the check says where', async () => {
  const before = found.parse((await check()).data).verifyAuditChain;
  expect(before).toMatchObject({ intact: true, firstBroken: null });
  const kept = found.parse((await check(`, expectedHead: "${before.head}"`)).data);
  expect(kept.verifyAuditChain.intact).toBe(true);
  const foreign = found.parse((await check(`, expectedHead: "${'0'.repeat(64)}"`)).data);
  expect(foreign.verifyAuditChain.intact).toBe(false);

  await tamper(
    `UPDATE audit_entry SET content = jsonb_set(content, '{note}', '"forged"') WHERE sequence = 3`,
  );
  const changed = found.parse((await check()).data).verifyAuditChain;
  expect(changed).toMatchObject({ intact: false, firstBroken: { summary: 'Entry 3' } });

  await tamper('DELETE FROM audit_entry WHERE sequence = 3');
  const removed = found.parse((await check()).data).verifyAuditChain;
  expect(removed).toMatchObject({ intact: false, firstBroken: { summary: 'Entry 4' } });

  await tamper('DELETE FROM audit_entry WHERE sequence > 2');
  const cut = found.parse((await check()).data).verifyAuditChain;
  expect(cut).toMatchObject({ intact: false, firstBroken: null });
});

test('system health names the parts, the worst of them, and both ends of the stream', async () => {
  const { data } = await bridge.ask(
    '{ systemHealth { state build streamHead streamTail components { name state detail lastSeenAt } } }',
  );

  expect(data).toMatchObject({
    systemHealth: {
      build: 'test',
      components: [
        { name: 'database' },
        { name: 'outbox-dispatcher' },
        { name: 'stream-publisher' },
        { name: 'quickbooks-reads', state: 'OK', detail: null },
      ],
    },
  });
});

test('what waits for a person counts against what crossed without one, and is not what waits for the bridge', async () => {
  await bridge.pool.query(
    `UPDATE outbox_event SET stage = 'HELD', ended_at = NULL
     WHERE id = (SELECT id FROM outbox_event WHERE stage = 'SETTLED' ORDER BY received_at DESC LIMIT 1)`,
  );
  const { data, errors } =
    await bridge.ask(`{ stats(range: { from: "2026-11-20T00:00:00Z", to: "2026-11-21T00:00:00Z" }) {
    touchlessRate oldestPendingSeconds } companies { nodes { health { state reasons oldestPendingSeconds } } } }`);

  expect(errors).toBeUndefined();
  expect(data).toEqual({
    stats: { touchlessRate: 0.92, oldestPendingSeconds: 0 },
    companies: { nodes: [{ health: { state: 'OK', reasons: [], oldestPendingSeconds: 0 } }] },
  });
});
