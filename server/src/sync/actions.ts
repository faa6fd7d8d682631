import type { Caller } from '#ports/access.ts';
import type { DeadLetterSelection } from '#ports/bulk.ts';
import type { RequestOutcome } from '#ports/change-requests.ts';
import { acceptDrift, type AcceptDrift } from './accept-drift.ts';
import { cancelBulkOperation, type CancelBulkOperation } from './cancel-bulk-operation.ts';
import { cancelReconcile, type CancelReconcile } from './cancel-reconcile.ts';
import type { Ask, Desk } from './change-request.ts';
import { createApiClient, type CreateApiClient } from './create-api-client.ts';
import { createCompany, type CreateCompany } from './create-company.ts';
import { deleteFieldPolicy, type DeleteFieldPolicy } from './delete-field-policy.ts';
import { discardDeadLetter, type DiscardDeadLetter } from './discard-dead-letter.ts';
import { disconnectCompany, type DisconnectCompany } from './disconnect-company.ts';
import { goLive, type GoLive } from './go-live.ts';
import { linkInvoices, type LinkInvoices } from './link-invoices.ts';
import { mapReference, type MapReference } from './map-reference.ts';
import { refreshPlan, type RefreshPlan } from './refresh-plan.ts';
import { repairDrifts, type RepairDrifts } from './repair-drifts.ts';
import { replayDeadLetter, type ReplayDeadLetter } from './replay-dead-letter.ts';
import {
  previewReplay,
  replayDeadLetters,
  type ReplayDeadLetters,
  type ReplayPlan,
} from './replay-dead-letters.ts';
import { replayEvent, type ReplayEvent } from './replay-event.ts';
import { revokeApiClient, type RevokeApiClient } from './revoke-api-client.ts';
import { setCompanyPaused, type SetCompanyPaused } from './set-company-paused.ts';
import { setInvoicePaused, type SetInvoicePaused } from './set-invoice-paused.ts';
import { setNotifications, type SetNotifications } from './set-notifications.ts';
import {
  startCompanyAuthorization,
  type StartCompanyAuthorization,
  type StartedAuthorization,
} from './start-company-authorization.ts';
import { startReconcile, type StartReconcile } from './start-reconcile.ts';
import { syncInvoiceNow, type SyncInvoiceNow } from './sync-invoice-now.ts';
import {
  previewResolution,
  type PreviewResolution,
  type ResolutionPreview,
} from './preview-resolution.ts';
import { reopenConflict, type ReopenConflict } from './reopen-conflict.ts';
import { resolveConflict, type ResolveConflict } from './resolve-conflict.ts';
import { previewFieldPolicy, type PreviewFieldPolicy } from './preview-field-policy.ts';
import { resolveConflicts, type ResolveConflicts } from './resolve-conflicts.ts';
import { undo, type Undo } from './undo.ts';
import { updateCompanySettings, type UpdateCompanySettings } from './update-company-settings.ts';
import {
  updateInvoicingEndpoint,
  type UpdateInvoicingEndpoint,
} from './update-invoicing-endpoint.ts';
import { unlinkInvoice, type UnlinkInvoice } from './unlink-invoice.ts';
import { upsertFieldPolicy, type UpsertFieldPolicy } from './upsert-field-policy.ts';

type Action<Input> = (ask: Ask<Input>) => Promise<RequestOutcome>;

/** What people may ask for; every one takes effect at most once for its key. */
export type Actions = {
  readonly replayDeadLetter: Action<ReplayDeadLetter>;
  readonly discardDeadLetter: Action<DiscardDeadLetter>;
  readonly replayEvent: Action<ReplayEvent>;
  readonly syncInvoiceNow: Action<SyncInvoiceNow>;
  readonly setInvoicePaused: Action<SetInvoicePaused>;
  readonly setCompanyPaused: Action<SetCompanyPaused>;
  readonly linkInvoices: Action<LinkInvoices>;
  readonly unlinkInvoice: Action<UnlinkInvoice>;
  readonly mapReference: Action<MapReference>;
  readonly resolveConflict: Action<ResolveConflict>;
  readonly reopenConflict: Action<ReopenConflict>;
  readonly previewResolution: (
    caller: Caller,
    input: PreviewResolution,
  ) => Promise<ResolutionPreview | null>;
  readonly undo: Action<Undo>;
  readonly createApiClient: Action<CreateApiClient>;
  readonly revokeApiClient: Action<RevokeApiClient>;
  readonly createCompany: Action<CreateCompany>;
  readonly updateCompanySettings: Action<UpdateCompanySettings>;
  readonly updateInvoicingEndpoint: Action<UpdateInvoicingEndpoint>;
  readonly setNotifications: Action<SetNotifications>;
  readonly startCompanyAuthorization: (
    ask: Ask<StartCompanyAuthorization>,
  ) => Promise<StartedAuthorization>;
  readonly disconnectCompany: Action<DisconnectCompany>;
  readonly refreshPlan: Action<RefreshPlan>;
  readonly goLive: Action<GoLive>;
  readonly replayDeadLetters: Action<ReplayDeadLetters>;
  readonly previewReplay: (caller: Caller, selection: DeadLetterSelection) => Promise<ReplayPlan>;
  readonly cancelBulkOperation: Action<CancelBulkOperation>;
  readonly startReconcile: Action<StartReconcile>;
  readonly cancelReconcile: Action<CancelReconcile>;
  readonly acceptDrift: Action<AcceptDrift>;
  readonly repairDrifts: Action<RepairDrifts>;
  readonly resolveConflicts: Action<ResolveConflicts>;
  readonly previewFieldPolicy: (
    wanted: PreviewFieldPolicy,
  ) => ReturnType<typeof previewFieldPolicy>;
  readonly upsertFieldPolicy: Action<UpsertFieldPolicy>;
  readonly deleteFieldPolicy: Action<DeleteFieldPolicy>;
};

/** The actions of one process. */
export const createActions = (desk: Desk): Actions => ({
  replayDeadLetter: (ask) => replayDeadLetter(desk, ask),
  discardDeadLetter: (ask) => discardDeadLetter(desk, ask),
  replayEvent: (ask) => replayEvent(desk, ask),
  syncInvoiceNow: (ask) => syncInvoiceNow(desk, ask),
  setInvoicePaused: (ask) => setInvoicePaused(desk, ask),
  setCompanyPaused: (ask) => setCompanyPaused(desk, ask),
  linkInvoices: (ask) => linkInvoices(desk, ask),
  unlinkInvoice: (ask) => unlinkInvoice(desk, ask),
  mapReference: (ask) => mapReference(desk, ask),
  resolveConflict: (ask) => resolveConflict(desk, ask),
  reopenConflict: (ask) => reopenConflict(desk, ask),
  previewResolution: (caller, input) =>
    desk.requests.look((rows) => previewResolution(rows, caller, input)),
  undo: (ask) => undo(desk, ask),
  createApiClient: (ask) => createApiClient(desk, ask, desk.keys.issue()),
  revokeApiClient: (ask) => revokeApiClient(desk, ask),
  createCompany: (ask) => createCompany(desk, ask),
  updateCompanySettings: (ask) => updateCompanySettings(desk, ask),
  updateInvoicingEndpoint: (ask) => updateInvoicingEndpoint(desk, ask),
  setNotifications: (ask) => setNotifications(desk, ask),
  startCompanyAuthorization: (ask) => startCompanyAuthorization(desk, ask),
  disconnectCompany: (ask) => disconnectCompany(desk, ask),
  refreshPlan: (ask) => refreshPlan(desk, ask),
  goLive: (ask) => goLive(desk, ask),
  replayDeadLetters: (ask) => replayDeadLetters(desk, ask),
  previewReplay: (caller, selection) => previewReplay(desk, caller, selection),
  cancelBulkOperation: (ask) => cancelBulkOperation(desk, ask),
  startReconcile: (ask) => startReconcile(desk, ask),
  cancelReconcile: (ask) => cancelReconcile(desk, ask),
  acceptDrift: (ask) => acceptDrift(desk, ask),
  repairDrifts: (ask) => repairDrifts(desk, ask),
  resolveConflicts: (ask) => resolveConflicts(desk, ask),
  previewFieldPolicy: (wanted) => previewFieldPolicy(desk, wanted),
  upsertFieldPolicy: (ask) => upsertFieldPolicy(desk, ask),
  deleteFieldPolicy: (ask) => deleteFieldPolicy(desk, ask),
});
