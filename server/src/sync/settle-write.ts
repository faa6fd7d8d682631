import { labelFor } from '#core/mapping/field-map.ts';
import type { Intent } from '#core/attempt/intent.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import type { BaseHalves } from '#core/plan/advance-base.ts';
import type { Seen, Written } from '#ports/accounting-system.ts';
import type { StoredDecision } from '#ports/store.ts';
import { acknowledged } from './apply.ts';
import type { Crossing } from './crossing.ts';
import { finish } from './finish.ts';
import { observationOf } from './observe.ts';
import { auditOf, markNow, record, statusMoved } from './record.ts';
import {
  baseAfter,
  baseAfterAdoption,
  differences,
  returnedInvoice,
  writeAudit,
} from './write-invoice.ts';

type Settled = {
  readonly intent: Intent;
  readonly decision: StoredDecision;
  readonly internal: Invoice;
};

/** Ends a crossing whose write was answered: one step from the answer to Settled. */
export async function settleWritten(
  crossing: Crossing,
  { intent, decision, internal }: Settled,
  written: Written,
  seen: Seen,
): Promise<void> {
  const returned = returnedInvoice(seen, decision.wanted);
  const paths = decision.quickbooksWrites.map((write) => write.path);
  const differing = differences(decision.wanted, returned, paths);
  const note =
    differing.length === 0
      ? null
      : `QuickBooks keeps ${differing.map((path) => labelFor(path, returned)).join(', ')} in its own way.`;
  const base = baseAfter(crossing.link.base, internal, returned, decision.merges);
  const ending = {
    base,
    now: { internal, quickbooks: returned },
    merges: decision.merges,
    wrote: true,
    explanation: decision.explanation,
    changedPaths: paths,
  };
  await finish(crossing, ending, {
    marks: [markNow(crossing, 'ACKNOWLEDGED'), markNow(crossing, 'VERIFIED', note)],
    observations: [observationOf(crossing, { raw: seen.raw, invoice: returned }, 'quickbooks')],
    intentChanges: [acknowledged(crossing, intent, written, null)],
    link: { quickbooksId: written.id, quickbooksFresh: true },
    audit: [writeAudit(crossing, intent, decision, written, null)],
  });
}

/**
 * Adopts what an earlier write without an answer turned out to have done, and gives the link back at once: what the
 * events want beyond it is planned anew.
 */
export async function adopt(
  crossing: Crossing,
  settled: Settled,
  found: Seen,
  evidence: string,
): Promise<void> {
  const { decision, internal } = settled;
  const returned = returnedInvoice(found, decision.wanted);
  const base =
    decision.wanted === null
      ? baseAfter(crossing.link.base, internal, returned, decision.merges)
      : baseAfterAdoption(crossing.link.base, internal, decision.wanted, returned, decision);
  const written = { id: found.invoice.id, httpStatus: 200, traceId: null, raw: found.raw };
  await giveBack(crossing, settled, { written, raw: found.raw, returned, base }, evidence);
}

/**
 * Takes the answer to an earlier write that was sent again, and gives the link back at once: its bytes are of then, and an
 * event that came since may want more.
 */
export async function acceptRepeat(
  crossing: Crossing,
  settled: Settled,
  written: Written,
  seen: Seen,
): Promise<void> {
  const { decision, internal } = settled;
  const returned = returnedInvoice(seen, decision.wanted);
  const base = baseAfter(crossing.link.base, internal, returned, decision.merges);
  const evidence = 'it was sent again under the same request id and answered';
  await giveBack(crossing, settled, { written, raw: seen.raw, returned, base }, evidence);
}

type Outcome = {
  readonly written: Pick<Written, 'id' | 'httpStatus' | 'traceId' | 'raw'>;
  readonly raw: Seen['raw'];
  readonly returned: Invoice;
  readonly base: BaseHalves;
};

async function giveBack(
  crossing: Crossing,
  { intent, decision }: Settled,
  { written, raw, returned, base }: Outcome,
  evidence: string,
): Promise<void> {
  await record(crossing, {
    marks: [markNow(crossing, 'CLAIMED', evidence)],
    attempt: {
      endedAt: crossing.engine.clock.now(),
      outcome: 'SUCCEEDED',
      decision: { ...decision, explanation: evidence },
    },
    observations: [observationOf(crossing, { raw, invoice: returned }, 'quickbooks')],
    intentChanges: [acknowledged(crossing, intent, written, evidence)],
    link: {
      quickbooksId: written.id,
      quickbooksFresh: true,
      base,
      uncertain: false,
      crashMarks: 0,
      statusReason: evidence,
      release: { dueInMs: 0 },
    },
    audit: [
      writeAudit(crossing, intent, decision, written, evidence),
      auditOf(crossing, 'BASE_ADVANCED', evidence, [
        { path: 'base', side: null, before: null, after: base },
      ]),
      statusMoved(crossing, 'PENDING', evidence),
    ],
  });
}
