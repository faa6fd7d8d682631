import { unreachable } from '../unreachable.ts';

/** What a run covers. */
export type ReconcileScope = 'FULL' | 'INCREMENTAL' | 'WINDOW';

/** How far a run is; the phases follow each other. */
export type ReconcilePhase =
  /** The internal list is read page by page. */
  | 'internal'
  /** QuickBooks is read page by page, and every linked invoice in it judged. */
  | 'quickbooks'
  /** Linked invoices that a page did not show are read by id before they count as gone. */
  | 'links'
  /** Internal invoices without a counterpart. */
  | 'unlinked-internal'
  /** QuickBooks invoices without a counterpart. */
  | 'unlinked-quickbooks'
  /** Control totals and what explains their difference. */
  | 'totals';

export const reconcilePhases = [
  'internal',
  'quickbooks',
  'links',
  'unlinked-internal',
  'unlinked-quickbooks',
  'totals',
] as const satisfies readonly ReconcilePhase[];

/** The phase that follows; the last one follows itself, since it ends the run. */
export const phaseAfter = (phase: ReconcilePhase): ReconcilePhase =>
  reconcilePhases[reconcilePhases.indexOf(phase) + 1] ?? phase;

/** Why money of an invoice stands on one side and not, or not the same, on the other (architecture.md §5). */
export type ResidualReason =
  | 'matched'
  | 'in flight'
  | 'conflict'
  | 'dead letter'
  | 'closed period'
  | 'paused'
  | 'tax variance'
  | 'accepted'
  | 'unlinked'
  | 'before go-live'
  | 'shadow mode'
  | 'suspected duplicate'
  | 'broken link'
  | 'not understood'
  | 'being repaired'
  | 'unexplained';

/** Share of the run that is done when a phase begins, and how much of it the phase makes up. */
const shares = {
  internal: [0, 0.25],
  quickbooks: [0.25, 0.5],
  links: [0.75, 0.1],
  'unlinked-internal': [0.85, 0.07],
  'unlinked-quickbooks': [0.92, 0.07],
  totals: [0.99, 0.01],
} as const satisfies Record<ReconcilePhase, readonly [number, number]>;

/** Share done, 0 to 1; `seen` of about `expected` rows of the phase were looked at. It never reaches the next phase's start early. */
export function progressOf(phase: ReconcilePhase, seen: number, expected: number): number {
  const [start, length] = shares[phase];
  switch (phase) {
    case 'internal':
    case 'quickbooks':
      return start + length * Math.min(1, seen / Math.max(1, expected));
    case 'links':
    case 'unlinked-internal':
    case 'unlinked-quickbooks':
    case 'totals':
      return start;
    default:
      return unreachable(phase);
  }
}
