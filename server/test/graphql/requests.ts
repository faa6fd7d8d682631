import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Bridge } from './bridge.ts';
import { companyDocuments, onError } from './company-documents.ts';
import { seedDrift, seedRun } from './drifted-books.ts';
import { planningInputs } from './planned-books.ts';
import { seedConflict } from './seed-conflict.ts';
import { reasonOf, seedCompany, seedDeadLetter, seedInvoice } from './seed.ts';

export const globalId = (type: string, id: string): string =>
  Buffer.from(`${type}:${id}`).toString('base64');

let seeded = 0;

/** A company with one settled invoice and its event. */
export async function seedBooks({ prisma }: Bridge, name = `Books ${randomUUID()}`) {
  seeded += 1;
  const companyId = await seedCompany(prisma, name);
  return { companyId, ...(await seedInvoice(prisma, companyId, seeded)) };
}

/** The same with an open dead letter; a RISKY one needs its number as confirmation. */
export async function seedDeadBooks(
  bridge: Bridge,
  safety: 'SAFE' | 'RISKY' | 'POINTLESS' = 'SAFE',
) {
  const books = await seedBooks(bridge);
  const deadLetterId = await seedDeadLetter(bridge.prisma, books);
  const data = { reason: reasonOf[safety] };
  await bridge.prisma.deadLetter.update({ where: { id: deadLetterId }, data });
  return { ...books, deadLetterId };
}

/** A customer of a company of its own that waits for its counterpart; the candidates are 58 and 59. */
export async function seedReference(bridge: Bridge, more: object = {}) {
  const { companyId, linkId, eventId } = await seedBooks(bridge);
  const id = randomUUID();
  await bridge.prisma.reference.create({
    data: {
      id,
      companyId,
      kind: 'CUSTOMER',
      status: 'AMBIGUOUS',
      internalId: 'cus_1',
      internalName: 'Kestrel Boat Yard',
      candidates: [
        { id: '58', name: 'Kestrel Boats' },
        { id: '59', name: 'Kestrel Yard' },
      ],
      ...more,
    },
  });
  return { companyId, linkId, eventId, id };
}

/** The same with a conflict about the note and the due date, or about a note that a rule settled. */
export async function seedConflictBooks(
  bridge: Bridge,
  options: { isRuled?: boolean; amountAtStake?: string } = {},
) {
  const books = await seedBooks(bridge);
  return { ...books, conflictId: await seedConflict(bridge, books, options) };
}

/** One choice for both disputed fields of a seeded conflict. */
export const keepAll = (choice: string) =>
  ['customerMemo', 'dueDate'].map((path) => ({ path, choice }));

/** Every mutation about something that is there, with a selection that tells what was done. */
export const documents = {
  replayDeadLetter: `mutation Do($input: ReplayDeadLetterInput!) { result: replayDeadLetter(input: $input) { __typename
    ... on ReplayDeadLetterSuccess { replayed
      deadLetter { id version status replays { requestedAt actor { displayName } event { id } } }
      event { id stage source derivedFrom { id } stageHistory { stage note } } } ${onError} } }`,
  discardDeadLetter: `mutation Do($input: DiscardDeadLetterInput!) { result: discardDeadLetter(input: $input) { __typename
    ... on DiscardDeadLetterSuccess { replayed deadLetter { id version status discard { reason at actor { displayName } } }
      undo { token label expiresAt } } ${onError} } }`,
  syncInvoiceNow: `mutation Do($input: SyncInvoiceNowInput!) { result: syncInvoiceNow(input: $input) { __typename
    ... on SyncInvoiceNowSuccess { replayed invoice { id version status statusReason } event { id source stage } }
    ... on MutationError { code message retryable } ... on IdempotencyError { firstUsedAt } } }`,
  replayEvent: `mutation Do($input: ReplayEventInput!) { result: replayEvent(input: $input) { __typename
    ... on ReplayEventSuccess { replayed event { id source derivedFrom { id } invoice { id } } }
    ... on IllegalStateError { retryAt } ... on MutationError { code message retryable } ... on IdempotencyError { firstUsedAt } } }`,
  mapReference: `mutation Do($input: MapReferenceInput!) { result: mapReference(input: $input) { __typename
    ... on MapReferenceSuccess { replayed reference { id version status internalId internalName quickbooksId quickbooksName waitingInvoiceCount } }
    ${onError} } }`,
  undo: `mutation Do($input: UndoInput!) { result: undo(input: $input) { __typename
    ... on UndoSuccess { replayed subject { __typename id ... on DeadLetter { status discard { reason } } ... on Conflict { conflictStatus: status version } } }
    ... on MutationError { code message retryable } ... on IdempotencyError { firstUsedAt } } }`,
  resolveConflict: `mutation Do($input: ResolveConflictInput!) { result: resolveConflict(input: $input) { __typename
    ... on ResolveConflictSuccess { replayed undo { token label expiresAt }
      conflict { id version status fields { path choice } resolution { actor { displayName } note decidedAt
        choices { path choice value { display } } events { id source direction } undo { token } } invoice { id status statusReason } } } ${onError} } }`,
  reopenConflict: `mutation Do($input: ReopenConflictInput!) { result: reopenConflict(input: $input) { __typename
    ... on ReopenConflictSuccess { replayed conflict { id version status fields { path allowedChoices } invoice { id status statusReason } } } ${onError} } }`,
  replayDeadLetters: `mutation Do($input: ReplayDeadLettersInput!) { result: replayDeadLetters(input: $input) { __typename
    ... on ReplayDeadLettersSuccess { replayed bulkOperation { id label status total succeeded failed skipped finishedAt } }
    ... on IllegalStateError { currentCount } ... on ValidationError { issues { path message } }
    ... on MutationError { code message retryable } ... on IdempotencyError { firstUsedAt } } }`,
  upsertFieldPolicy: `mutation Do($input: UpsertFieldPolicyInput!) { result: upsertFieldPolicy(input: $input) { __typename
    ... on UpsertFieldPolicySuccess { replayed fieldPolicy { id version pattern rule tolerance builtIn }
      bulkOperation { id label total } undo { token label expiresAt } } ${onError} } }`,
  deleteFieldPolicy: `mutation Do($input: DeleteFieldPolicyInput!) { result: deleteFieldPolicy(input: $input) { __typename
    ... on DeleteFieldPolicySuccess { replayed deletedFieldPolicyId } ${onError} } }`,
  resolveConflicts: `mutation Do($input: ResolveConflictsInput!) { result: resolveConflicts(input: $input) { __typename
    ... on ResolveConflictsSuccess { replayed bulkOperation { id label status total } undo { token label expiresAt } }
    ... on IllegalStateError { currentCount } ... on ValidationError { issues { path message } }
    ... on MutationError { code message retryable } ... on IdempotencyError { firstUsedAt } } }`,
  cancelBulkOperation: `mutation Do($input: CancelBulkOperationInput!) { result: cancelBulkOperation(input: $input) { __typename
    ... on CancelBulkOperationSuccess { replayed bulkOperation { id status total succeeded failed skipped } }
    ... on MutationError { code message retryable } ... on IdempotencyError { firstUsedAt } } }`,
  startReconcile: `mutation Do($input: StartReconcileInput!) { result: startReconcile(input: $input) { __typename
    ... on StartReconcileSuccess { replayed reconcileRun { id version scope status progress from to startedBy { displayName } } }
    ... on MutationError { code message retryable } ... on ValidationError { issues { path message } } ... on IdempotencyError { firstUsedAt } } }`,
  cancelReconcile: `mutation Do($input: CancelReconcileInput!) { result: cancelReconcile(input: $input) { __typename
    ... on CancelReconcileSuccess { replayed reconcileRun { id version status finishedAt } }
    ... on MutationError { code message retryable } ... on IdempotencyError { firstUsedAt } } }`,
  acceptDrift: `mutation Do($input: AcceptDriftInput!) { result: acceptDrift(input: $input) { __typename
    ... on AcceptDriftSuccess { replayed drift { id version status acceptedReason fields { path } } } ${onError} } }`,
  repairDrifts: `mutation Do($input: RepairDriftsInput!) { result: repairDrifts(input: $input) { __typename
    ... on RepairDriftsSuccess { replayed bulkOperation { id label status total } }
    ... on MutationError { code message retryable } ... on IllegalStateError { currentCount } ... on IdempotencyError { firstUsedAt } } }`,
  createApiClient: `mutation Do($input: CreateApiClientInput!) { result: createApiClient(input: $input) { __typename
    ... on CreateApiClientSuccess { replayed apiClient { id displayName scopes revokedAt } }
    ... on MutationError { code message retryable } ... on ValidationError { issues { path message } } ... on IdempotencyError { firstUsedAt } } }`,
  revokeApiClient: `mutation Do($input: RevokeApiClientInput!) { result: revokeApiClient(input: $input) { __typename
    ... on RevokeApiClientSuccess { replayed apiClient { id revokedAt } }
    ... on MutationError { code message retryable } ... on IdempotencyError { firstUsedAt } } }`,
  ...companyDocuments,
} as const;
export type Mutation = keyof typeof documents;

const result = z.looseObject({ __typename: z.string() });
export type Result = z.infer<typeof result>;

/** Asks for a mutation and answers its result; top-level errors fail. */
export async function request(
  bridge: Bridge,
  mutation: Mutation,
  input: object,
  headers?: Record<string, string>,
): Promise<Result> {
  const { data, errors } = await bridge.ask(documents[mutation], { input }, headers);
  if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join());
  return result.parse(data?.['result']);
}

/** A fresh target and the input that changes it, for every mutation; a key must be added. */
export const inputs: Readonly<
  Record<Mutation, (bridge: Bridge) => Promise<{ companyId: string; input: object; other: object }>>
> = {
  replayDeadLetter: async (bridge) => {
    const { companyId, deadLetterId } = await seedDeadBooks(bridge);
    const input = { deadLetterId: globalId('DeadLetter', deadLetterId), expectedVersion: 1 };
    return { companyId, input, other: { ...input, confirmInvoiceNumber: 'INV-1' } };
  },
  discardDeadLetter: async (bridge) => {
    const { companyId, deadLetterId } = await seedDeadBooks(bridge);
    const id = globalId('DeadLetter', deadLetterId);
    const input = { deadLetterId: id, expectedVersion: 1, reason: 'Not needed.' };
    return { companyId, input, other: { ...input, reason: 'Another reason.' } };
  },
  syncInvoiceNow: async (bridge) => {
    const { companyId, linkId } = await seedBooks(bridge);
    const other = await seedBooks(bridge);
    return {
      companyId,
      input: { invoiceId: globalId('Invoice', linkId) },
      other: { invoiceId: globalId('Invoice', other.linkId) },
    };
  },
  setInvoicePaused: async (bridge) => {
    const { companyId, linkId } = await seedBooks(bridge);
    const input = { invoiceId: globalId('Invoice', linkId), expectedVersion: 1, paused: true };
    return { companyId, input, other: { ...input, paused: false } };
  },
  linkInvoices: async (bridge) => {
    const { companyId } = await seedBooks(bridge);
    const ids = { internalId: 'inv_by_hand', quickbooksId: '90001' };
    const input = { companyId: globalId('Company', companyId), ...ids, note: 'Same paper.' };
    return { companyId, input, other: { ...input, quickbooksId: '90002' } };
  },
  unlinkInvoice: async (bridge) => {
    const { companyId, linkId } = await seedBooks(bridge);
    const id = globalId('Invoice', linkId);
    const input = { invoiceId: id, expectedVersion: 1, note: 'Not the same.' };
    return { companyId, input, other: { ...input, note: 'Another reason.' } };
  },
  setCompanyPaused: async (bridge) => {
    const { companyId } = await seedBooks(bridge);
    const place = { companyId: globalId('Company', companyId), expectedVersion: 1 };
    const input = { ...place, directions: ['TO_QUICKBOOKS'] };
    return { companyId, input, other: { ...place, directions: [] } };
  },
  replayEvent: async (bridge) => {
    const { companyId, eventId } = await seedBooks(bridge);
    const input = { eventId: globalId('OutboxEvent', eventId) };
    return { companyId, input, other: { ...input, note: 'Once more.' } };
  },
  mapReference: async (bridge) => {
    const { companyId, id } = await seedReference(bridge);
    const input = {
      referenceId: globalId('Reference', id),
      expectedVersion: 1,
      counterpartId: '58',
    };
    return { companyId, input, other: { ...input, counterpartId: '59' } };
  },
  resolveConflict: async (bridge) => {
    const { companyId, conflictId } = await seedConflictBooks(bridge);
    const id = globalId('Conflict', conflictId);
    const input = { conflictId: id, expectedVersion: 1, choices: keepAll('KEEP_INTERNAL') };
    return { companyId, input, other: { ...input, choices: keepAll('KEEP_BASE') } };
  },
  resolveConflicts: async (bridge) => {
    const { companyId, conflictId } = await seedConflictBooks(bridge);
    const selection = { ids: [globalId('Conflict', conflictId)] };
    const input = { selection, choice: 'KEEP_INTERNAL', expectedCount: 1, note: 'Ours is right.' };
    return { companyId, input, other: { ...input, choice: 'KEEP_QUICKBOOKS' } };
  },
  reopenConflict: async (bridge) => {
    const { companyId, conflictId } = await seedConflictBooks(bridge, { isRuled: true });
    const input = { conflictId: globalId('Conflict', conflictId), expectedVersion: 1 };
    return { companyId, input, other: { ...input, note: 'They were right.' } };
  },
  undo: async (bridge) => {
    const { companyId, input } = await inputs.discardDeadLetter(bridge);
    const idempotencyKey = randomUUID();
    const { undo } = discarded.parse(
      await request(bridge, 'discardDeadLetter', { ...input, idempotencyKey }),
    );
    await bridge.pool.query('DELETE FROM idempotency_key WHERE key = $1', [idempotencyKey]);
    const other = { token: globalId('Undo', randomUUID()) };
    return { companyId, input: { token: undo.token }, other };
  },
  replayDeadLetters: async (bridge) => {
    const { companyId, deadLetterId } = await seedDeadBooks(bridge);
    const input = { selection: { ids: [globalId('DeadLetter', deadLetterId)] }, expectedCount: 1 };
    return { companyId, input, other: { ...input, ratePerMinute: 5 } };
  },
  upsertFieldPolicy: async (bridge) => {
    const { companyId } = await seedBooks(bridge);
    const id = globalId('Company', companyId);
    const input = { companyId: id, pattern: 'dueDate', rule: 'INTERNAL_WINS', expectedVersion: 1 };
    return { companyId, input, other: { ...input, rule: 'QUICKBOOKS_WINS' } };
  },
  deleteFieldPolicy: async (bridge) => {
    const { companyId, input } = await inputs.upsertFieldPolicy(bridge);
    const idempotencyKey = randomUUID();
    await request(bridge, 'upsertFieldPolicy', { ...input, idempotencyKey });
    await bridge.pool.query('DELETE FROM idempotency_key WHERE key = $1', [idempotencyKey]);
    const place = { fieldPolicyId: globalId('FieldPolicy', `${companyId}/dueDate`) };
    return {
      companyId,
      input: { ...place, expectedVersion: 2 },
      other: { ...place, expectedVersion: 3 },
    };
  },
  cancelBulkOperation: async (bridge) => {
    const { companyId, input } = await inputs.replayDeadLetters(bridge);
    const idempotencyKey = randomUUID();
    const { bulkOperation } = z
      .object({ bulkOperation: z.object({ id: z.string() }) })
      .parse(await request(bridge, 'replayDeadLetters', { ...input, idempotencyKey }));
    await bridge.pool.query('DELETE FROM idempotency_key WHERE key = $1', [idempotencyKey]);
    const other = { bulkOperationId: globalId('BulkOperation', randomUUID()) };
    return { companyId, input: { bulkOperationId: bulkOperation.id }, other };
  },
  startReconcile: async (bridge) => {
    const { companyId } = await seedBooks(bridge);
    const input = { companyId: globalId('Company', companyId), scope: 'FULL' };
    return { companyId, input, other: { ...input, scope: 'INCREMENTAL' } };
  },
  cancelReconcile: async (bridge) => {
    const { companyId } = await seedBooks(bridge);
    const id = await seedRun(bridge.prisma, companyId);
    const place = (run: string) => ({ reconcileRunId: globalId('ReconcileRun', run) });
    return { companyId, input: place(id), other: place(randomUUID()) };
  },
  acceptDrift: async (bridge) => {
    const books = await seedBooks(bridge);
    const { driftId } = await seedDrift(bridge.prisma, books);
    const place = { driftId: globalId('Drift', driftId), expectedVersion: 1 };
    const input = { ...place, reason: 'The customer agreed.' };
    return { companyId: books.companyId, input, other: { ...input, reason: 'Another one.' } };
  },
  repairDrifts: async (bridge) => {
    const books = await seedBooks(bridge);
    const { runId } = await seedDrift(bridge.prisma, books);
    const input = { reconcileRunId: globalId('ReconcileRun', runId), expectedCount: 1 };
    return { companyId: books.companyId, input, other: { ...input, expectedCount: 2 } };
  },
  createApiClient: async (bridge) => {
    const { companyId } = await seedBooks(bridge);
    const companyIds = [globalId('Company', companyId)];
    const input = { companyIds, displayName: 'Reports', scopes: ['READ'] };
    return { companyId: systemChain, input, other: { ...input, displayName: 'Others' } };
  },
  revokeApiClient: async (bridge) => {
    const { companyId } = await seedBooks(bridge);
    const id = await makeClient(bridge, ['READ'], [companyId]);
    const other = await makeClient(bridge, ['READ'], [companyId]);
    const place = (client: string) => ({ apiClientId: globalId('ApiClient', client) });
    return { companyId: systemChain, input: place(id), other: place(other) };
  },
  updateCompanySettings: async (bridge) => {
    const { companyId } = await seedBooks(bridge);
    const id = globalId('Company', companyId);
    const input = { companyId: id, expectedVersion: 1, undoWindowSeconds: 5 };
    return { companyId, input, other: { ...input, undoWindowSeconds: 6 } };
  },
  updateInvoicingEndpoint: async (bridge) => {
    const { companyId } = await seedBooks(bridge);
    const place = { companyId: globalId('Company', companyId), expectedVersion: 1 };
    const input = { ...place, token: 'a-new-token' };
    return { companyId, input, other: { ...place, token: 'another-token' } };
  },
  setNotifications: async (bridge) => {
    const { companyId } = await seedBooks(bridge);
    const place = { companyId: globalId('Company', companyId), expectedVersion: 1 };
    const input = { ...place, emails: ['ops@globex.example'] };
    return { companyId, input, other: { ...place, emails: [] } };
  },
  ...planningInputs,
  startCompanyAuthorization: async (bridge) => {
    const { companyId } = await seedBooks(bridge);
    const input = { companyId: globalId('Company', companyId), returnPath: '/companies' };
    return { companyId, input, other: { ...input, returnPath: '/elsewhere' } };
  },
  disconnectCompany: async (bridge) => {
    const name = `Books ${randomUUID()}`;
    const { companyId } = await seedBooks(bridge, name);
    const id = globalId('Company', companyId);
    const input = { companyId: id, expectedVersion: 1, confirmName: name };
    return { companyId, input, other: { ...input, expectedVersion: 2 } };
  },
};

/** Where what concerns no company is told. */
const systemChain = 'system';

export const discarded = z.object({
  undo: z.object({ token: z.string(), label: z.string(), expiresAt: z.string() }),
});

/** Audit entries of a chain, which is a company or the system, by the action, oldest first. */
export async function actionsOf({ pool }: Bridge, chain: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ action: string }>(
    'SELECT action FROM audit_entry WHERE chain = $1 ORDER BY sequence',
    [chain],
  );
  return rows.map(({ action }) => action);
}

export async function countOf({ pool }: Bridge, sql: string, values: unknown[] = []) {
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(*)::int AS count ${sql}`,
    values,
  );
  return rows[0]?.count;
}

/** The same under a key of its own. */
export const askAnew = (
  bridge: Bridge,
  mutation: Mutation,
  input: object,
  headers?: Record<string, string>,
): Promise<Result> =>
  request(bridge, mutation, { ...input, idempotencyKey: randomUUID() }, headers);

/** A new API client with a key of its own. */
async function makeClient(
  { prisma }: Bridge,
  scopes: string[],
  companyIds: string[] | null,
  key: string = `lb_${randomUUID()}`,
): Promise<string> {
  const id = randomUUID();
  await prisma.apiClient.create({
    data: {
      id,
      displayName: 'Dana',
      scopes,
      companyIds: companyIds ?? [],
      allCompanies: companyIds === null,
      keyPrefix: key.slice(0, 10),
      keyHash: createHash('sha256').update(key).digest('hex'),
    },
  });
  return id;
}

/** A new API key as headers. */
export async function makeKey(bridge: Bridge, scopes: string[], companyIds: string[] | null) {
  const key = `lb_${randomUUID()}`;
  await makeClient(bridge, scopes, companyIds, key);
  return { authorization: `Bearer ${key}` };
}
