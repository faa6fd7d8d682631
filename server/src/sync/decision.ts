import type { Invoice, InvoiceContent } from '#core/invoice/invoice.ts';
import { pathsOf, valueAt } from '#core/invoice/value-at.ts';
import { labelFor } from '#core/mapping/field-map.ts';
import type { Plan, PlanInputs, PlannedWrite } from '#core/plan/plan.ts';
import { unreachable } from '#core/unreachable.ts';
import type { FieldWrite, StoredDecision } from '#ports/store.ts';
import type { Observed } from './observe.ts';

/** A decision as it is stored: all it rests on, so that deciding again gives the same, and what it came to. */
export function decisionOf(
  observed: Observed,
  inputs: PlanInputs,
  { explanation, merges, next, decision }: Plan,
  context: string,
): StoredDecision {
  const { internal, quickbooks } =
    next.kind === 'write' ? next : { internal: null, quickbooks: null };
  return {
    explanation,
    internalObservationId: observed.internal?.observationId ?? null,
    quickbooksObservationId: observed.quickbooks?.observationId ?? null,
    baseInternal: inputs.base?.internal ?? null,
    baseQuickbooks: inputs.base?.quickbooks ?? null,
    wanted: wantedOf(quickbooks),
    wantedInternal: wantedOf(internal),
    translated: inputs.translated === inputs.internal ? null : inputs.translated,
    translatedBack: inputs.translatedBack === inputs.quickbooks ? null : inputs.translatedBack,
    merges,
    taxVariance: inputs.taxVariance,
    edits: editsKept(inputs),
    context,
    quickbooksWrites: writesOf(inputs.quickbooks, quickbooks, inputs.internal),
    internalWrites: writesOf(inputs.internal, internal, inputs.internal),
    ...(inputs.standing == null ? {} : { standing: inputs.standing }),
    ...(decision === undefined ? {} : { decided: decision }),
    ...(inputs.numberThere === undefined ? {} : { numberThere: inputs.numberThere }),
    policyVersion: inputs.rules?.version ?? 1,
    reference: null,
  };
}

/** The decision to make a QuickBooks invoice in internal invoicing, or why not; `translatedBack` where it is made. */
export function importDecisionOf(
  { quickbooks }: Observed,
  explanation: string,
  translatedBack: InvoiceContent | null,
): StoredDecision {
  return {
    explanation,
    internalObservationId: null,
    quickbooksObservationId: quickbooks?.observationId ?? null,
    baseInternal: null,
    baseQuickbooks: null,
    wanted: null,
    wantedInternal: translatedBack,
    translated: null,
    translatedBack,
    merges: [],
    quickbooksWrites: [],
    taxVariance: null,
    context: null,
    edits: null,
    internalWrites: translatedBack === null ? [] : fieldsOf(translatedBack),
    policyVersion: 1,
    reference: null,
  };
}

/** Derived, so that no content holds it: what internal invoicing computes is stated. */
const taxTotal = 'taxTotal';

/** Clocks are kept where a rule goes by them, and nowhere else. */
const editsKept = ({ rules, edits }: PlanInputs): StoredDecision['edits'] =>
  rules?.policies.some(({ rule }) => rule === 'LATEST_WINS') === true ? (edits ?? null) : null;

const wantedOf = (write: PlannedWrite | null) =>
  write === null || write.operation === 'VOIDED' ? null : write.wanted;

const fieldsOf = (wanted: InvoiceContent): readonly FieldWrite[] =>
  [...pathsOf(wanted)]
    .filter(([, after]) => after !== null)
    .map(([path, after]) => ({ path, label: labelFor(path, wanted), before: null, after }));

/** The fields written to a side, before and after, for the person who reads the attempt. */
export function writesOf(
  held: Invoice | null,
  write: PlannedWrite | null,
  internal: Invoice,
): readonly FieldWrite[] {
  if (write === null) return [];
  switch (write.operation) {
    case 'VOIDED':
      return [
        {
          path: 'existence',
          label: labelFor('existence', { lines: [] }),
          before: held?.existence ?? null,
          after: 'void',
        },
      ];
    case 'CREATED':
      return fieldsOf(write.wanted);
    case 'UPDATED':
      // A coupled group is written as one; what the person reads is what differs in it.
      return write.paths
        .map((path) => ({
          path,
          label: labelFor(path, write.wanted),
          ...(path === taxTotal
            ? { before: held?.derived.taxTotal ?? null, after: internal.derived.taxTotal }
            : {
                before: held === null ? null : valueAt(held, path),
                after: valueAt(write.wanted, path),
              }),
        }))
        .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
    default:
      return unreachable(write);
  }
}
