import { toCorrelationId, toEventId } from '#core/brand.ts';
import type { IncomingEvent } from '#core/event/event.ts';
import {
  evidenceText,
  type DriftEvidence,
  type FoundDrift,
  type UntoldChange,
  type Verdict,
} from '#core/reconcile/drift.ts';
import { phaseAfter, progressOf } from '#core/reconcile/run.ts';
import type { DriftRecord, ReconcileRun, ReconcileSlice } from '#ports/reconciles.ts';
import type { Drain } from './crossing.ts';
import type { SliceOutcome } from './reconcile.ts';

/** What a slice found, ready to be stored: the drifts, and an event for each that the main path repairs at once. */
export type Findings = Pick<ReconcileSlice, 'drifts' | 'events' | 'held'>;

/** Turns verdicts into rows; a change nobody told of becomes an event of the run, so that a later run may tell it again. */
export function findingsIn(work: Drain, run: ReconcileRun, verdicts: readonly Verdict[]): Findings {
  const found = verdicts.map(({ drift, untold }) => {
    const event = untold === null ? null : eventOf(work, run, untold);
    return { event, drift: drift === null ? null : recordOf(work, drift, event) };
  });
  return {
    events: found.flatMap(({ event }) => event ?? []),
    drifts: found.flatMap(({ drift }) => drift ?? []),
    held: verdicts.flatMap(({ drift }) =>
      drift?.kind === 'SUSPECTED_DUPLICATE' && drift.linkId !== null ? [drift.linkId] : [],
    ),
  };
}

/** The key has the run: what an earlier run told in vain is told again (peers.md §1.1, P8). */
const eventOf = (
  { engine, company }: Drain,
  { id: runId }: ReconcileRun,
  { side, id, kind }: UntoldChange,
): IncomingEvent => ({
  id: toEventId(engine.ids.next()),
  companyId: company.id,
  source: 'RECONCILE',
  eventKey: [runId, side, id].join(':'),
  kind,
  subject: { side, kind: 'invoice', id, invoiceId: null },
  actor: { kind: 'system', name: 'reconciler' },
  occurredAt: null,
  correlationId: toCorrelationId(engine.ids.next()),
  payload: { reconcileRunId: runId, kind },
});

const recordOf = (
  { engine }: Drain,
  { name, ...drift }: FoundDrift,
  event: IncomingEvent | null,
): DriftRecord => ({
  ...drift,
  id: engine.ids.next(),
  fingerprint: fingerprintOf(engine, drift.evidence),
  eventId: event?.id ?? null,
  summary: `${name}: ${drift.proposedRepair}`,
});

/** What the sides showed, as what a person accepts is remembered. */
export const fingerprintOf = ({ digest }: Drain['engine'], evidence: DriftEvidence): string =>
  digest.sha256(evidenceText(evidence));

/** Nothing found, the run at the same place: what a slice adds to. */
export const emptySlice = ({ engine }: Drain, run: ReconcileRun): ReconcileSlice => ({
  items: [],
  judged: [],
  drifts: [],
  events: [],
  held: [],
  compared: 0,
  matched: 0,
  next: { phase: run.phase, cursor: run.cursor },
  progress: 0,
  seenAt: engine.clock.now(),
});

/** Stores a slice; with no cursor the phase is over and the next one begins. */
export async function storeSlice(
  work: Drain,
  run: ReconcileRun,
  slice: Omit<ReconcileSlice, 'next' | 'progress'>,
  cursor: string | null,
): Promise<SliceOutcome> {
  const next =
    cursor === null ? { phase: phaseAfter(run.phase), cursor: null } : { phase: run.phase, cursor };
  const seen = next.phase === run.phase ? run.staged + slice.items.length : 0;
  const progress = progressOf(next.phase, seen, run.expected);
  const stored = await work.engine.reconciles.store(work.lease, run, { ...slice, next, progress });
  return stored === 'stored' ? { kind: 'more' } : { kind: 'over' };
}
