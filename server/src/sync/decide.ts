import { isGone, type InvoiceContent } from '#core/invoice/invoice.ts';
import { labelFor } from '#core/mapping/field-map.ts';
import { pathsOf, valueAt } from '#core/invoice/value-at.ts';
import { neededReferences, translateToQuickbooks } from '#core/mapping/translate.ts';
import type { NeededReference, Reference } from '#core/mapping/reference.ts';
import { planInvoice, type Plan, type PlanInputs } from '#core/plan/plan.ts';
import { unreachable } from '#core/unreachable.ts';
import type { CallFailure } from '#core/attempt/failure.ts';
import type { FieldWrite, StoredDecision, StoredSeen } from '#ports/store.ts';
import type { Crossing } from './crossing.ts';
import type { Observed } from './observe.ts';
import { resolveReferences } from './references.ts';

/** What looking and planning came to. */
export type Decided =
  | {
      readonly kind: 'failed';
      readonly failure: CallFailure;
      readonly matched: readonly Reference[];
    }
  | {
      readonly kind: 'waiting';
      readonly references: readonly Reference[];
      readonly waiting: readonly Reference[];
    }
  | {
      readonly kind: 'make';
      readonly toMake: readonly NeededReference[];
      readonly references: readonly Reference[];
    }
  | {
      readonly kind: 'planned';
      readonly plan: Plan;
      readonly decision: StoredDecision;
      readonly references: readonly Reference[];
    };

/** Puts both sides in the same terms and plans; QuickBooks is asked only for records met for the first time. */
export async function decide(
  crossing: Crossing,
  observed: Observed,
  internal: StoredSeen,
): Promise<Decided> {
  const inputs = inputsOf(crossing, observed, internal);
  const untranslated = planInvoice({ ...inputs, translated: internal.invoice });
  // What is gone, too old or in closed books needs no counterparts of its customer and items.
  const early = observed.quickbooks === null || isGone(internal.invoice);
  if (early && untranslated.next.kind !== 'write')
    return planned(observed, inputs, untranslated, null, []);
  if (isGone(internal.invoice)) return planned(observed, inputs, untranslated, null, []);
  if (crossing.company.mode === 'SHADOW') return planned(observed, inputs, untranslated, null, []);
  const needed = neededReferences(internal.invoice);
  const stored = await crossing.engine.store.references(crossing.company.id, needed);
  const first = translateToQuickbooks(internal.invoice, stored);
  if (first.kind === 'translated')
    return planned(
      observed,
      inputs,
      planInvoice({ ...inputs, translated: first.content }),
      first.content,
      [],
    );
  const resolved = await resolveReferences(crossing, first.needed);
  if (resolved.kind === 'failed') return resolved;
  const { matched, waiting, toMake } = resolved;
  if (waiting.length > 0) return { kind: 'waiting', references: [...matched, ...waiting], waiting };
  if (toMake.length > 0) return { kind: 'make', toMake, references: matched };
  const second = translateToQuickbooks(internal.invoice, [...stored, ...matched]);
  if (second.kind === 'missing')
    throw new Error(`references matched and yet missing: ${JSON.stringify(second.needed)}`);
  return planned(
    observed,
    inputs,
    planInvoice({ ...inputs, translated: second.content }),
    second.content,
    matched,
  );
}

type Untranslated = Omit<PlanInputs, 'translated'>;

const inputsOf = (
  { link, company, facts }: Crossing,
  observed: Observed,
  internal: StoredSeen,
): Untranslated => ({
  base: link.base,
  internal: internal.invoice,
  quickbooks: observed.quickbooks?.invoice ?? null,
  settings: company.settings,
  facts,
});

function planned(
  observed: Observed,
  inputs: Untranslated,
  plan: Plan,
  translated: InvoiceContent | null,
  references: readonly Reference[],
): Decided {
  const write = plan.next.kind === 'write' ? plan.next.write : null;
  const wanted = write !== null && write.operation !== 'VOIDED' ? write.wanted : null;
  return {
    kind: 'planned',
    plan,
    references,
    decision: {
      explanation: plan.explanation,
      internalObservationId: observed.internal?.observationId ?? null,
      quickbooksObservationId: observed.quickbooks?.observationId ?? null,
      baseInternal: inputs.base?.internal ?? null,
      baseQuickbooks: inputs.base?.quickbooks ?? null,
      wanted,
      translated,
      merges: plan.merges,
      quickbooksWrites: writesOf(inputs, plan),
      internalWrites: [],
      policyVersion: 1,
      reference: null,
    },
  };
}

/** The fields the plan writes to QuickBooks, before and after, for the person who reads the attempt. */
function writesOf({ quickbooks }: Untranslated, plan: Plan): readonly FieldWrite[] {
  if (plan.next.kind !== 'write') return [];
  const { write } = plan.next;
  switch (write.operation) {
    case 'VOIDED':
      return [
        {
          path: 'existence',
          label: labelFor('existence', { lines: [] }),
          before: quickbooks?.existence ?? null,
          after: 'void',
        },
      ];
    case 'CREATED':
      return [...pathsOf(write.wanted)]
        .filter(([, after]) => after !== null)
        .map(([path, after]) => ({
          path,
          label: labelFor(path, write.wanted),
          before: null,
          after,
        }));
    case 'UPDATED':
      // A coupled group is written as one; what the person reads is what differs in it.
      return write.paths
        .map((path) => ({
          path,
          label: labelFor(path, write.wanted),
          before: quickbooks === null ? null : valueAt(quickbooks, path),
          after: valueAt(write.wanted, path),
        }))
        .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
    default:
      return unreachable(write);
  }
}
