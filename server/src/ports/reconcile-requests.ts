import type { CompanyId } from '#core/brand.ts';
import type { Actor } from '#core/event/event.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import type { DriftEvidence, DriftKind } from '#core/reconcile/drift.ts';
import type { ReconcileScope } from '#core/reconcile/run.ts';

/** A run as a request finds it, locked until the request is over. */
export type LockedRun = {
  readonly id: string;
  readonly companyId: CompanyId;
  readonly status: 'QUEUED' | 'RUNNING' | 'CLEAN' | 'DRIFT_FOUND' | 'CANCELLED' | 'FAILED';
};

export type LockedDrift = {
  readonly id: string;
  readonly companyId: CompanyId;
  readonly version: number;
  readonly kind: DriftKind;
  readonly status: 'OPEN' | 'REPAIRING' | 'REPAIRED' | 'ACCEPTED';
  readonly linkId: string | null;
  readonly internalId: string | null;
  readonly quickbooksId: string | null;
  readonly evidence: DriftEvidence;
};

/** A drift as it is chosen for a bulk repair. */
export type SelectedDrift = {
  readonly kind: DriftKind;
  readonly internalId: string | null;
  /** The QuickBooks document it is about, as it was seen. */
  readonly quickbooks: Invoice | null;
  readonly id: string;
  readonly companyId: CompanyId;
  readonly version: number;
};

/** What a request changes of reconciles. */
export type RequestedReconcile =
  | {
      readonly kind: 'start';
      readonly id: string;
      readonly scope: ReconcileScope;
      readonly from: string | null;
      readonly to: string | null;
    }
  | { readonly kind: 'cancel'; readonly id: string }
  | { readonly kind: 'repair'; readonly driftId: string; readonly eventId: string }
  | {
      readonly kind: 'accept';
      readonly driftId: string;
      readonly reason: string;
      readonly actor: Actor;
    };

/** Two documents that are to be one invoice from now on; nothing is written by that. */
export type RequestedLinking = { readonly internalId: string; readonly quickbooksId: string };

/** Reconciles as one request sees them; a drift's link is locked before it. */
export interface LockedReconciles {
  run(id: string): Promise<LockedRun | null>;
  /** Id of the run that is waiting or under way. */
  openRunId(companyId: CompanyId): Promise<string | null>;
  drift(id: string): Promise<LockedDrift | null>;
  /** Not locked: open drifts that the run found or saw again, largest amount first, at most `limit`. */
  openDrifts(
    runId: string,
    ids: readonly string[] | null,
    limit: number,
  ): Promise<readonly SelectedDrift[]>;
}
