import { z } from 'zod';
import type { World } from './world.ts';

const stageMark = z.object({ stage: z.string(), note: z.string().nullable() });

const event = z.object({
  id: z.string(),
  kind: z.string(),
  stage: z.string(),
  history: z.array(stageMark),
  duplicates: z.number(),
  ended: z.boolean(),
  sequence: z.number().nullable(),
});

/** Events of an invoice, in the order of their arrival. */
export const eventsOf = (world: World, internalId: string) =>
  world.rows(
    event,
    `SELECT id, kind, stage, stage_history AS history, duplicate_count AS duplicates, ended_at IS NOT NULL AS ended, sequence
     FROM outbox_event WHERE coalesce(subject_invoice_id, subject_id) = $1 ORDER BY received_at, sequence`,
    [internalId],
  );

const attempt = z.object({
  number: z.number(),
  outcome: z.string().nullable(),
  code: z.string().nullable(),
  explanation: z.string().nullable(),
  isOver: z.boolean(),
});

/** Attempts for an invoice, oldest first. */
export const attemptsOf = (world: World, internalId: string) =>
  world.rows(
    attempt,
    `SELECT a.number, a.outcome, a.fault->>'code' AS code, a.decision->>'explanation' AS explanation, a.ended_at IS NOT NULL AS "isOver"
     FROM attempt a JOIN link k ON k.id = a.link_id WHERE k.internal_id = $1 ORDER BY a.started_at, a.number`,
    [internalId],
  );

const intent = z.object({
  id: z.string(),
  object: z.string(),
  operation: z.string(),
  state: z.string(),
  sent: z.number(),
  evidence: z.string().nullable(),
});

/** Writes made for an invoice, oldest first; `sent` is how often the bytes left. */
export const intentsOf = (world: World, internalId: string) =>
  world.rows(
    intent,
    `SELECT n.id, n.object_kind AS object, n.operation, n.state, cardinality(n.sent_at) AS sent, n.evidence
     FROM intent n JOIN link k ON k.id = n.link_id WHERE k.internal_id = $1 ORDER BY n.created_at`,
    [internalId],
  );

const link = z.object({
  id: z.string(),
  status: z.string(),
  reason: z.string(),
  quickbooksId: z.string().nullable(),
  failures: z.number(),
  crashMarks: z.number(),
  fresh: z.boolean(),
});

/** The link of an invoice. */
export async function linkOf(world: World, internalId: string): Promise<z.output<typeof link>> {
  const [found] = await world.rows(
    link,
    `SELECT id, status, status_reason AS reason, quickbooks_id AS "quickbooksId", failures, crash_marks AS "crashMarks",
       quickbooks_fresh AS fresh FROM link WHERE internal_id = $1`,
    [internalId],
  );
  if (found === undefined) throw new Error(`no link holds ${internalId}`);
  return found;
}

const auditEntry = z.object({
  action: z.string(),
  summary: z.string(),
  changes: z.array(z.object({ path: z.string(), before: z.unknown(), after: z.unknown() })),
});

/** The audit trail of an invoice, oldest first. */
export const auditOf = (world: World, internalId: string) =>
  world.rows(
    auditEntry,
    `SELECT e.action, e.summary, e.content->'changes' AS changes
     FROM audit_entry e JOIN link k ON k.id::text = e.link_id WHERE k.internal_id = $1 ORDER BY e.sequence`,
    [internalId],
  );

/** Statuses an invoice went through, as the audit trail tells it. */
export async function statusesOf(world: World, internalId: string): Promise<readonly unknown[]> {
  const entries = await auditOf(world, internalId);
  return entries.flatMap(({ changes }) =>
    changes.filter(({ path }) => path === 'status').map(({ after }) => after),
  );
}

const deadLetter = z.object({
  id: z.string(),
  status: z.string(),
  reason: z.string(),
  explanation: z.string(),
  fix: z.array(z.string()),
  code: z.string().nullable(),
});

/** Dead letters of an invoice, oldest first. */
export const deadLettersOf = (world: World, internalId: string) =>
  world.rows(
    deadLetter,
    `SELECT d.id, d.status, d.reason, d.explanation, d.suggested_fix AS fix, d.fault->>'code' AS code
     FROM dead_letter d JOIN link k ON k.id = d.link_id WHERE k.internal_id = $1 ORDER BY d.died_at`,
    [internalId],
  );

const conflict = z.object({
  status: z.string(),
  fields: z.array(
    z.object({
      group: z.string(),
      base: z.string().nullable(),
      internal: z.string().nullable(),
      quickbooks: z.string().nullable(),
    }),
  ),
});

/** Conflicts of an invoice, oldest first. */
export const conflictsOf = (world: World, internalId: string) =>
  world.rows(
    conflict,
    `SELECT c.status, c.fields FROM conflict c JOIN link k ON k.id = c.link_id
     WHERE k.internal_id = $1 ORDER BY c.detected_at`,
    [internalId],
  );

const taxVariance = z.object({
  amount: z.string(),
  lineKey: z.string().nullable(),
  reason: z.string(),
  accepted: z.boolean(),
});

/** The difference between the totals that tax explains, as the link of an invoice keeps it. */
export async function taxVarianceOf(world: World, internalId: string) {
  const [row] = await world.rows(
    z.object({ found: taxVariance.nullable() }),
    'SELECT tax_variance AS found FROM link WHERE internal_id = $1',
    [internalId],
  );
  return row?.found ?? null;
}

const quickBooksLine = z.looseObject({
  Id: z.string().optional(),
  Amount: z.number().optional(),
  Description: z.string().optional(),
  DetailType: z.string(),
});
const quickBooksInvoice = z.looseObject({
  Id: z.string(),
  SyncToken: z.string(),
  DocNumber: z.string().optional(),
  PrivateNote: z.string().optional(),
  TotalAmt: z.number(),
  Line: z.array(quickBooksLine),
});
export type QuickBooksInvoice = z.output<typeof quickBooksInvoice>;

/** Every invoice of the QuickBooks company. */
export async function quickBooksInvoices(world: World): Promise<readonly QuickBooksInvoice[]> {
  return z.array(quickBooksInvoice).parse(await world.quickbooks.all('Invoice'));
}

/** The QuickBooks invoice an internal one crossed to. */
export async function counterpartOf(world: World, internalId: string): Promise<QuickBooksInvoice> {
  const { quickbooksId } = await linkOf(world, internalId);
  const found = (await quickBooksInvoices(world)).find(({ Id }) => Id === quickbooksId);
  if (found === undefined) throw new Error(`QuickBooks has no counterpart of ${internalId}`);
  return found;
}

/** Lines that sell something, without QuickBooks' own sub-total. */
export const soldLines = (invoice: QuickBooksInvoice) =>
  invoice.Line.filter(({ DetailType }) => DetailType === 'SalesItemLineDetail');

/** What the bridge did in QuickBooks: 'Invoice create' and the like, in order. */
export async function writesOf(world: World, entity?: string): Promise<readonly string[]> {
  const mutations = await world.quickbooks.mutations();
  return mutations
    .filter((mutation) => mutation.actor === 'api')
    .filter((mutation) => entity === undefined || mutation.entity === entity)
    .map((mutation) => `${mutation.entity} ${mutation.operation}`);
}
