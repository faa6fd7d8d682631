import { randomUUID } from 'node:crypto';
import { OperationTypeNode } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startBridge, type Bridge } from './bridge.ts';
import { askAnew, globalId } from './requests.ts';
import { allDocuments } from './documents.ts';
import { seedDrift } from './drifted-books.ts';
import { seedConflict } from './seed-conflict.ts';
import { seedCompany, seedDeadLetter, seedInvoice, seedStreamEvent } from './seed.ts';

/** More statements than this for one document would mean that something is read row by row. */
const statementsMax = 12;
const sizes = { few: 10, many: 200 } as const;

let few: Bridge;
let many: Bridge;

/** One more row like a given one, `count` times, with what must differ. */
const likeIt = (bridge: Bridge, table: string, id: string, count: number, other: string) =>
  bridge.pool.query(
    `INSERT INTO ${table} OVERRIDING SYSTEM VALUE
     SELECT (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid(), ${other}))).*
     FROM ${table} AS one, generate_series(2, $2) AS number WHERE one.id = $1`,
    [id, count],
  );

/** A run with so many drifts, references that a dead letter waits for, and a bulk operation over it. */
async function seedWork(
  bridge: Bridge,
  companyId: string,
  linkId: string,
  letter: string,
  size: number,
) {
  const { runId, driftId } = await seedDrift(bridge.prisma, { companyId, linkId });
  await likeIt(bridge, 'drift', driftId, size, `'subject_key', number::text`);
  await likeIt(bridge, 'reconcile_run', runId, size, `'status', 'CLEAN'`);
  const reference = randomUUID();
  const customer = { kind: 'CUSTOMER', internalId: 'cus_1', internalName: 'INV-10 Ltd' } as const;
  await bridge.prisma.reference.create({
    data: { id: reference, companyId, status: 'MATCHED', quickbooksId: '1', ...customer },
  });
  await likeIt(
    bridge,
    'reference',
    reference,
    size,
    `'internal_id', 'cus_' || number, 'quickbooks_id', number::text`,
  );
  const selection = { ids: [globalId('DeadLetter', letter)] };
  const { bulkOperation } = started.parse(
    await askAnew(bridge, 'replayDeadLetters', { selection, expectedCount: 1 }),
  );
  return { runId, bulkId: bulkOperation.id };
}

const started = z.object({ bulkOperation: z.object({ id: z.string() }) });

/** Books with so many of everything: in the company, and under its first invoice. */
async function startBooks(size: number) {
  const bridge = await startBridge();
  const companyId = await seedCompany(bridge.prisma);
  const invoices: Awaited<ReturnType<typeof seedInvoice>>[] = [];
  const conflicts: string[] = [];
  const deadLetters: string[] = [];
  for (let index = 0; index < size; index += 1) {
    const invoice = await seedInvoice(bridge.prisma, companyId, index);
    invoices.push(invoice);
    if (index % 2 === 0) conflicts.push(await seedConflict(bridge, { companyId, ...invoice }));
    else deadLetters.push(await seedDeadLetter(bridge.prisma, { companyId, ...invoice }));
  }
  const [first] = invoices;
  const [conflict] = conflicts;
  const [deadLetter] = deadLetters;
  if (first === undefined || conflict === undefined || deadLetter === undefined)
    throw new Error('no invoice was made');
  const streamed = await seedStreamEvent(bridge.prisma, companyId, first);
  await likeIt(bridge, 'stream_event', streamed, size, `'seq', 1000 + number`);
  await likeIt(
    bridge,
    'outbox_event',
    first.eventId,
    size,
    `'sequence', number, 'event_key', number::text`,
  );
  await bridge.pool.query(
    `INSERT INTO attempt SELECT (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'event_id', e.id))).*
     FROM attempt a, outbox_event e WHERE a.event_id = $1 AND e.link_id = a.link_id AND e.id <> $1`,
    [first.eventId],
  );
  await bridge.pool.query('SELECT append_audit($1::text, $1::uuid, $2)', [
    companyId,
    JSON.stringify(
      Array.from({ length: size }, () => ({
        actor: { kind: 'system', name: 'engine' },
        action: 'WRITE',
        summary: 'Written.',
        subject: { type: 'Company', id: companyId },
        linkId: first.linkId,
        changes: [],
        note: null,
        correlationId: 'cor-audit',
      })),
    ),
  ]);
  await bridge.pool.query(
    `UPDATE stream_event SET position = placed.number
     FROM (SELECT seq, row_number() OVER (ORDER BY seq) AS number FROM stream_event) AS placed
     WHERE placed.seq = stream_event.seq;
     UPDATE stream_head SET position = (SELECT max(position) FROM stream_event)`,
  );
  const links = invoices.slice(0, 100).map(({ linkId }) => linkId);
  const work = await seedWork(bridge, companyId, first.linkId, deadLetter, size);
  ids.set(bridge, {
    ...work,
    companyId,
    invoice: first.linkId,
    event: first.eventId,
    conflict,
    deadLetter,
    links,
  });
  return bridge;
}

type Ids = {
  readonly invoice: string;
  readonly event: string;
  readonly conflict: string;
  readonly deadLetter: string;
  readonly links: readonly string[];
  readonly companyId: string;
  readonly runId: string;
  /** Already as the API shows it. */
  readonly bulkId: string;
};

const ids = new Map<Bridge, Ids>();

beforeAll(async () => {
  [few, many] = await Promise.all([startBooks(sizes.few), startBooks(sizes.many)]);
}, 120_000);

afterAll(() => Promise.all([few.close(), many.close()]));

const asked = {
  first: sizes.many,
  direction: 'TO_QUICKBOOKS',
  range: {},
  words: 'INV-10',
  resolution: 'HOUR',
  choices: [],
  selection: { filter: {} },
  referenceKinds: ['CUSTOMER'],
  from: '2026-01-01',
  to: '2026-12-31',
  number: 'INV-1000',
  midnight: '2026-01-01T00:00:00.000Z',
} as const;

/** The object that a document is about. */
function idFor(name: string, known: Ids | undefined): string {
  if (known === undefined) throw new Error('these books were not made');
  if (name === 'DeadLetter' || name === 'DeadLetterSupport')
    return globalId('DeadLetter', known.deadLetter);
  if (name === 'ReconcileRun' || name === 'RunDrifts') return globalId('ReconcileRun', known.runId);
  if (name === 'BulkOperation') return known.bulkId;
  if (name === 'CompanyPage') return globalId('Company', known.companyId);
  if (name === 'Crossing') return globalId('OutboxEvent', known.event);
  if (name.endsWith('DeadLetter')) return globalId('DeadLetter', known.deadLetter);
  if (name === 'Conflict' || name === 'ConflictPreview')
    return globalId('Conflict', known.conflict);
  return globalId('Invoice', known.invoice);
}

/** How many statements a document takes; it must be served. */
async function statementsOf(bridge: Bridge, name: string, text: string): Promise<number> {
  const known = ids.get(bridge);
  const id = idFor(name, known);
  const companyId = globalId('Company', known?.companyId ?? '');
  const many = known?.links.map((link) => globalId('Invoice', link));
  const input = { companyId, pattern: 'dueDate', rule: 'QUICKBOOKS_WINS' };
  bridge.statements.length = 0;
  const { data, errors } = await bridge.ask(text, {
    ...asked,
    id,
    ids: many,
    companyId,
    input,
    runId: globalId('ReconcileRun', known?.runId ?? ''),
    operationId: known?.bulkId,
    preview: {
      conflictId: globalId('Conflict', known?.conflict ?? ''),
      choices: [{ path: 'customerMemo', choice: 'KEEP_INTERNAL' }],
    },
  });
  expect(errors).toBeUndefined();
  for (const field of Object.values(data ?? {})) expect(field).not.toBeNull();
  return bridge.statements.length;
}

const queries = allDocuments.filter(({ kind }) => kind === OperationTypeNode.QUERY);

test.each(queries)(
  '$title takes at most 12 statements, as many for 200 rows as for 10',
  async ({ name, text }) => {
    const ofFew = await statementsOf(few, name, text);
    const ofMany = await statementsOf(many, name, text);

    expect(ofMany, many.statements.join('\n')).toBeLessThanOrEqual(statementsMax);
    expect(ofMany, many.statements.join('\n')).toBe(ofFew);
  },
);
