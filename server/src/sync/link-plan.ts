import type { Invoice } from '#core/invoice/invoice.ts';
import { waitingFor, type NeededReference, type Reference } from '#core/mapping/reference.ts';
import {
  planText,
  type LinkPlan,
  type PlannedEntry,
  type PlannedField,
} from '#core/onboarding/planned-entry.ts';
import { isCarried } from '#core/plan/carried.ts';
import type { Plan, PlannedWrite } from '#core/plan/plan.ts';
import { otherSide, sideNames, type Side } from '#core/side.ts';
import { unreachable } from '#core/unreachable.ts';
import type { StoredDecision, StoredSeen } from '#ports/store.ts';
import type { Crossing } from './crossing.ts';
import type { Wanting } from './decide.ts';
import type { DecidedPayments } from './decide-payments.ts';
import { writesOf } from './decision.ts';
import type { Observed } from './observe.ts';
import { paymentsOfNew } from './payments-of-new.ts';
import { paymentEntries } from './planned-payments.ts';
import type { StepParts } from './record.ts';

type Decided = {
  readonly plan: Plan;
  readonly decision: StoredDecision;
  readonly wanting: readonly Wanting[];
};

type Looked = { readonly observed: Observed; readonly internal: StoredSeen };

/**
 * What the link would write: kept in shadow mode, and looked at again when it goes out, so that a plan which is not the one a
 * person saw is said to be another (architecture.md §5, "Shadow mode"). Null where nobody asks.
 */
export async function linkPlanIn(
  crossing: Crossing,
  looked: Looked,
  decided: Decided,
  payments: DecidedPayments | null,
): Promise<LinkPlan | null> {
  const { company, link } = crossing;
  if (company.mode !== 'SHADOW' && link.approvedPlan === null) return null;
  const plan = await linkPlanOf(crossing, looked, decided, payments);
  if (company.mode !== 'SHADOW') await settleApproved(crossing, plan, decided.plan.explanation);
  return plan;
}

/** The parts of a step with what the link would write; a record that would be made for it is known from then on. */
export const keptIn = (
  {
    linkPlan,
    wanting,
  }: { readonly linkPlan?: LinkPlan | null; readonly wanting: readonly Wanting[] },
  parts: StepParts,
): StepParts => {
  if (linkPlan == null) return parts;
  const missing = wanting.flatMap(({ toMake }) => toMake).map(missingNow);
  return { ...parts, references: [...(parts.references ?? []), ...missing], linkPlan };
};

/** A record without a counterpart, as its page shows it until one is made. */
export const missingNow = (needed: NeededReference): Reference =>
  waitingFor(needed, 'MISSING', [], undefined);

/** Says whether what goes out now is what a person approved; once, whatever becomes of it. */
export async function settleApproved(
  { engine, lease, link, correlationId }: Crossing,
  plan: LinkPlan,
  explanation: string,
): Promise<void> {
  const { approvedPlan } = link;
  if (approvedPlan === null) return;
  const isSame = engine.digest.sha256(planText(plan)) === approvedPlan;
  const because = `It moved since its plan was approved, and was planned anew: ${explanation}`;
  await engine.planning.settleApproved(
    lease,
    link.id,
    isSame ? { kind: 'as-approved' } : { kind: 'anew', because },
    correlationId,
  );
}

async function linkPlanOf(
  crossing: Crossing,
  looked: Looked,
  decided: Decided,
  payments: DecidedPayments | null,
): Promise<LinkPlan> {
  const { plan, wanting } = decided;
  const documents = documentEntries(crossing, looked, decided);
  const isCreate = plan.next.kind === 'write' && plan.next.quickbooks?.operation === 'CREATED';
  const { invoice } = looked.internal;
  const money = isCreate
    ? await paymentsOfNew(crossing, 'internal', invoice)
    : paymentEntries(payments, invoice.currency);
  const made = wanting
    .flatMap(({ toMake }) => toMake)
    .map((needed) => referenceEntry(crossing, needed));
  const entries = [...made, ...documents, ...money];
  return { entries, leftOut: whyLeftOut(plan, entries) };
}

function whyLeftOut({ next, merges }: Plan, entries: readonly PlannedEntry[]): string | null {
  if (next.kind === 'leave') return 'before go-live';
  const isDisputed = merges.some(({ merge }) => merge === 'conflict');
  return entries.length === 0 && isDisputed ? 'conflict' : null;
}

/** The record that is made before the invoice that names it. */
function referenceEntry({ engine }: Crossing, needed: NeededReference): PlannedEntry {
  const { kind, side, id, name, email, sku } = needed;
  const to = otherSide(side);
  const problems = to === 'quickbooks' ? engine.sides.spelling.referenceProblems(needed) : [];
  const fields = { name, email, sku };
  return {
    side: to,
    change: 'CREATED',
    reference: { kind, side, id },
    fields: Object.entries(fields).flatMap(([path, after]): readonly PlannedField[] =>
      after === null ? [] : [{ path, label: recordLabels[path] ?? path, before: null, after }],
    ),
    reason: `${name} has no counterpart in ${sideNames[to]} and is named by an invoice that is written there; it is made there first.`,
    problem: problems.length === 0 ? null : problems.join(' '),
    amount: null,
    currency: null,
  };
}

const recordLabels: Readonly<Record<string, string>> = {
  name: 'Name',
  email: 'E-mail address',
  sku: 'SKU',
};

function documentEntries(
  crossing: Crossing,
  { observed, internal }: Looked,
  { plan, decision, wanting }: Decided,
): readonly PlannedEntry[] {
  const { next, explanation } = plan;
  const there = observed.quickbooks?.invoice ?? null;
  const money = { amount: internal.invoice.derived.total, currency: internal.invoice.currency };
  const held = wanting.filter(({ isHeld }) => isHeld).map(({ words }) => words);
  const entry = (
    side: Side,
    change: PlannedEntry['change'],
    fields: readonly PlannedField[],
    problems: readonly string[] = [],
  ): PlannedEntry => {
    const all = [...held, ...problems];
    const problem = all.length === 0 ? null : all.join(' ');
    return { side, change, reference: null, fields, reason: explanation, problem, ...money };
  };
  switch (next.kind) {
    case 'nothing':
    case 'leave':
      return [];
    case 'stop':
      return stoppedWrites(crossing, plan).map(({ side, change }) =>
        entry(side, change, [], [next.stop.explanation]),
      );
    case 'write': {
      const { quickbooks, internal: here, follows = null } = next;
      const later = follows === null ? [] : writesOf(there, follows, internal.invoice);
      return [
        ...(here === null ? [] : [entry('internal', here.operation, decision.internalWrites)]),
        ...(quickbooks === null
          ? []
          : [
              entry(
                'quickbooks',
                quickbooks.operation,
                decision.quickbooksWrites,
                unacceptable(crossing, quickbooks),
              ),
            ]),
        ...(follows === null
          ? []
          : [entry('quickbooks', follows.operation, later, unacceptable(crossing, follows))]),
        ...(next.held === null
          ? []
          : [entry('quickbooks', 'UPDATED', [], [next.held.explanation])]),
      ];
    }
    default:
      return unreachable(next);
  }
}

/** What QuickBooks could not hold, in words. */
const unacceptable = ({ engine, facts }: Crossing, write: PlannedWrite): readonly string[] =>
  write.operation === 'VOIDED' ? [] : engine.sides.spelling.problems(write.wanted, facts);

/** A stop keeps back what is not said in full any more: which document, and what would have happened to it. */
function stoppedWrites(
  { link }: Crossing,
  { merges }: Plan,
): readonly { readonly side: Side; readonly change: PlannedEntry['change'] }[] {
  if (link.quickbooksId === null) return [{ side: 'quickbooks', change: 'CREATED' }];
  const change = merges.some(
    ({ group, merge }) => group === 'existence' && merge.startsWith('take'),
  )
    ? 'VOIDED'
    : 'UPDATED';
  const written = (['internal', 'quickbooks'] as const).filter((side) =>
    merges.some((merge) => isCarried(merge, otherSide(side))),
  );
  return (written.length === 0 ? (['quickbooks'] as const) : written).map((side) => ({
    side,
    change,
  }));
}

/** The plan to make an invoice of QuickBooks in internal invoicing. */
export async function importPlanOf(
  crossing: Crossing,
  { invoice, explanation, fields, wanting, problem }: ImportToPlan,
): Promise<LinkPlan> {
  const held = wanting.filter(({ isHeld }) => isHeld).map(({ words }) => words);
  const problems = [...(problem === null ? [] : [problem]), ...held];
  const made = wanting
    .flatMap(({ toMake }) => toMake)
    .map((needed) => referenceEntry(crossing, needed));
  const document: PlannedEntry = {
    side: 'internal',
    change: 'CREATED',
    reference: null,
    fields,
    reason: explanation,
    problem: problems.length === 0 ? null : problems.join(' '),
    amount: invoice.derived.total,
    currency: invoice.currency,
  };
  const money = problems.length > 0 ? [] : await paymentsOfNew(crossing, 'quickbooks', invoice);
  return { entries: [...made, document, ...money], leftOut: null };
}

export type ImportToPlan = {
  readonly invoice: Invoice;
  readonly explanation: string;
  readonly fields: readonly PlannedField[];
  readonly wanting: readonly Wanting[];
  /** What stops it altogether. */
  readonly problem: string | null;
};
