import type { PoolClient } from 'pg';
import { verdictOn } from '#core/attempt/replay-verdict.ts';
import { z } from 'zod';
import { toCompanyId, toEventId, toLinkId } from '#core/brand.ts';
import type { ChangeKind, Direction, Subject } from '#core/event/event.ts';
import type {
  KnownEvent,
  LockedCompany,
  LockedDeadLetter,
  LockedLink,
  LockedReference,
  LockedRows,
  LockedUndo,
  UndoBefore,
} from '#ports/change-requests.ts';
import { findBulkItems, lockBulk } from './bulk-rows.ts';
import { lockedAdministration } from './locked-administration.ts';
import { lockedApiClients } from './locked-api-clients.ts';
import { findPastConflicts, readConflict } from './conflicts.ts';
import { findHolding, readLink } from './locked-link.ts';
import { lockedPlanning } from './locked-planning.ts';
import { lockedReconciles } from './locked-reconciles.ts';
import {
  findOpenConflict,
  findOpenConflicts,
  findRulesInForce,
  lockFieldPolicy,
} from './field-policies.ts';
import { recordRequest } from './record-request.ts';
import { findPayments, storedAccepted } from './payments.ts';
import { findNumbersTaken } from './numbers-taken.ts';
import { findReferencesByIds } from './references.ts';
import { storedInvoice } from './row.ts';
import { selectConflicts, selectDeadLetters } from './selections.ts';

const selectDeadLetter = `
SELECT d.id, d.company_id, d.version, d.status, replay_facts(d) AS facts, d.event_id
FROM dead_letter d WHERE d.id = $1 FOR NO KEY UPDATE`;

const selectEvent = `
SELECT id, company_id, link_id, kind, direction, subject_side, subject_kind, subject_id, subject_invoice_id,
  ended_at IS NOT NULL AS ended
FROM outbox_event WHERE id = $1`;

const selectCompany = `
SELECT id, version, name, status, paused_directions::text[] AS paused_directions, undo_window_seconds FROM company WHERE id = $1`;

const referenceColumns = `SELECT id, company_id, version, kind, status, internal_id, internal_name, quickbooks_id, quickbooks_name,
  candidates, request FROM reference`;
const selectReference = `${referenceColumns} WHERE id = $1 FOR NO KEY UPDATE`;
const selectReferenceOf = `${referenceColumns} WHERE company_id = $1 AND kind = $2::reference_kind AND internal_id = $3 FOR NO KEY UPDATE`;

const selectUndo = `
SELECT company_id, caller, subject_type, subject_id, label, before,
  CASE WHEN used_at IS NOT NULL THEN 'used' WHEN expires_at <= clock_timestamp() THEN 'expired' ELSE 'open' END AS state
FROM undo WHERE token = $1 FOR NO KEY UPDATE`;

/** The rows of one request, on the connection of its transaction. */
export function lockedRows(client: PoolClient): LockedRows {
  const one = async <Row extends object>(sql: string, id: string): Promise<Row | null> => {
    const { rows } = await client.query<Row>(sql, [id]);
    return rows[0] ?? null;
  };
  const link = (id: string): Promise<LockedLink | null> => readLink(client, id, true);
  const event = async (id: string): Promise<KnownEvent | null> => {
    const row = await one<EventRow>(selectEvent, id);
    return row === null ? null : eventOf(row);
  };
  const company = async (sql: string, id: string): Promise<LockedCompany | null> => {
    const row = await one<CompanyRow>(sql, id);
    return row === null ? null : companyOf(row);
  };
  return {
    apiClients: lockedApiClients(client),
    administration: lockedAdministration(client),
    reconciles: lockedReconciles(client),
    planning: lockedPlanning(client),
    link,
    linkHolding: async (companyId, side, externalId) => {
      const id = await findHolding(client, companyId, side, externalId);
      return id === null ? null : link(id);
    },
    event,
    deadLetter: async (id) => {
      const place = await one<{ link_id: string }>(
        'SELECT link_id FROM dead_letter WHERE id = $1',
        id,
      );
      const owner = place === null ? null : await link(place.link_id);
      const row = owner === null ? null : await one<DeadLetterRow>(selectDeadLetter, id);
      const died = row === null ? null : await event(row.event_id);
      return owner === null || row === null || died === null ? null : letterOf(row, owner, died);
    },
    payments: (owner) => paymentsOf(client, owner),
    company: (id) => company(`${selectCompany} FOR NO KEY UPDATE`, id),
    companyNow: (id) => company(selectCompany, id),
    undo: async (token) => {
      const row = await one<UndoRow>(selectUndo, token);
      return row === null ? null : undoOf(row);
    },
    bulkOperation: (id) => lockBulk(client, id),
    bulkItems: (operationId, state) => findBulkItems(client, operationId, state),
    selectConflicts: (selection, visible, limit) =>
      selectConflicts(client, selection, visible, limit),
    pastConflicts: (companyId, limit) => findPastConflicts(client, companyId, limit),
    fieldPolicy: (companyId, pattern) => lockFieldPolicy(client, companyId, pattern),
    rulesInForce: (companyId) => findRulesInForce(client, companyId),
    openConflict: (id) => findOpenConflict(client, id),
    openConflicts: (companyId, limit) => findOpenConflicts(client, companyId, limit),
    selectDeadLetters: (selection, visible, limit) =>
      selectDeadLetters(client, selection, visible, limit),
    reference: async (id) => {
      const row = await one<ReferenceRow>(selectReference, id);
      return row === null ? null : referenceOf(row);
    },
    referenceOf: async (companyId, kind, internalId) => {
      const values = [companyId, kind, internalId];
      const { rows } = await client.query<ReferenceRow>(selectReferenceOf, values);
      return rows[0] === undefined ? null : referenceOf(rows[0]);
    },
    conflict: (id) => readConflict(client, id, true),
    references: (companyId, ids) => findReferencesByIds(client, companyId, ids),
    numbersTaken: (companyId, numbers, exceptLinkId) =>
      findNumbersTaken(client, companyId, numbers, exceptLinkId),
    record: (change) => recordRequest(client, change),
  };
}

const paymentsOf = (client: PoolClient, { id, companyId, present }: LockedLink) =>
  findPayments(
    client,
    companyId,
    toLinkId(id),
    present?.quickbooks.payments.map((payment) => payment.id) ?? [],
  );

type DeadLetterRow = {
  readonly id: string;
  readonly company_id: string;
  readonly version: number;
  readonly status: LockedDeadLetter['status'];
  readonly facts: string;
  readonly event_id: string;
};

const letterOf = (row: DeadLetterRow, link: LockedLink, event: KnownEvent): LockedDeadLetter => ({
  id: row.id,
  companyId: toCompanyId(row.company_id),
  link,
  event,
  version: row.version,
  status: row.status,
  verdict: verdictOn(row.facts),
});

type EventRow = {
  readonly id: string;
  readonly company_id: string;
  readonly link_id: string | null;
  readonly kind: ChangeKind;
  readonly direction: Direction;
  readonly subject_side: 'INTERNAL' | 'QUICKBOOKS';
  readonly subject_kind: Subject['kind'];
  readonly subject_id: string;
  readonly subject_invoice_id: string | null;
  readonly ended: boolean;
};

const eventOf = (row: EventRow): KnownEvent => ({
  id: toEventId(row.id),
  companyId: toCompanyId(row.company_id),
  linkId: row.link_id,
  kind: row.kind,
  direction: row.direction,
  subject: {
    side: row.subject_side === 'INTERNAL' ? 'internal' : 'quickbooks',
    kind: row.subject_kind,
    id: row.subject_id,
    invoiceId: row.subject_invoice_id,
  },
  ended: row.ended,
});

type CompanyRow = {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly status: LockedCompany['status'];
  readonly paused_directions: readonly Direction[];
  readonly undo_window_seconds: number;
};

const companyOf = (row: CompanyRow): LockedCompany => ({
  id: toCompanyId(row.id),
  version: row.version,
  name: row.name,
  status: row.status,
  pausedDirections: row.paused_directions,
  undoWindowSeconds: row.undo_window_seconds,
});

type ReferenceRow = {
  readonly id: string;
  readonly company_id: string;
  readonly version: number;
  readonly kind: LockedReference['kind'];
  readonly status: LockedReference['status'];
  readonly internal_id: string | null;
  readonly internal_name: string | null;
  readonly quickbooks_id: string | null;
  readonly quickbooks_name: string | null;
  readonly candidates: LockedReference['candidates'];
  readonly request: LockedReference['request'];
};

const referenceOf = (row: ReferenceRow): LockedReference => ({
  id: row.id,
  companyId: toCompanyId(row.company_id),
  version: row.version,
  kind: row.kind,
  status: row.status,
  internalId: row.internal_id,
  internalName: row.internal_name,
  quickbooksId: row.quickbooks_id,
  quickbooksName: row.quickbooks_name,
  candidates: row.candidates,
  request: row.request,
});

type UndoRow = {
  readonly company_id: string;
  readonly caller: string;
  readonly subject_type: string;
  readonly subject_id: string;
  readonly label: string;
  readonly before: unknown;
  readonly state: LockedUndo['state'];
};

/** Written by `recordRequest` and nobody else. */
const storedBefore = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('discard'),
    statusReason: z.string(),
    base: z.object({ internal: storedInvoice, quickbooks: storedInvoice }).nullable(),
    baseAfter: z.object({ internal: storedInvoice, quickbooks: storedInvoice }).nullable(),
    acceptedPayments: storedAccepted.optional(),
  }),
  z.object({ kind: z.literal('bulk-decision') }),
  z.object({ kind: z.literal('decision'), eventIds: z.array(z.string()) }),
  z.object({
    kind: z.literal('field-policy'),
    companyId: z.string(),
    pattern: z.string(),
    version: z.int(),
  }),
]) satisfies z.ZodType<UndoBefore>;

const undoOf = (row: UndoRow): LockedUndo => ({
  companyId: toCompanyId(row.company_id),
  callerId: row.caller,
  subjectType: row.subject_type,
  subjectId: row.subject_id,
  label: row.label,
  before: storedBefore.parse(row.before),
  state: row.state,
});
