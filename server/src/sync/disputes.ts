import type { AuditEntry } from '#core/audit/entry.ts';
import { isSamePlace } from '#core/merge/group-value.ts';
import type { Actor } from '#core/event/event.ts';
import type { GroupMerge } from '#core/merge/merge-invoice.ts';
import { isRuled } from '#core/merge/rules.ts';
import type { BaseHalves } from '#core/plan/advance-base.ts';
import type { NumberThere } from '#core/plan/plan-again.ts';
import { wordsFor } from '#core/plan/words.ts';
import { disputeOf, isAboutInvoice, type Dispute } from '#core/resolution/dispute.ts';
import type { RuledConflict } from '#ports/store.ts';
import type { Basis } from './arrival.ts';
import { nameOf, type Crossing } from './crossing.ts';
import { auditOf } from './record.ts';

/** The three values of every disputed group; what was opened again keeps the values it had when a rule decided. */
export function disputesOf(
  { link }: Crossing,
  merges: readonly GroupMerge[],
  now: BaseHalves,
  numberThere: NumberThere | undefined,
): readonly Dispute[] {
  const known = (link.conflict?.disputes ?? []).filter(isAboutInvoice);
  return merges
    .filter(({ merge }) => merge === 'conflict')
    .map((merge) => {
      const before = known.find((dispute) => isSamePlace(dispute, merge));
      if (before?.since !== undefined) return before;
      const dispute = disputeOf(link.base ?? now, merge, now, before);
      return merge.group === 'existence' && numberThere !== undefined
        ? { ...dispute, numberThere }
        : dispute;
    });
}

/** What rules decided in a crossing, with the values both sides had then: the loser's is in no side any more. */
export function ruledBy(
  crossing: Crossing,
  { decision, internal, quickbooks }: Basis,
): { readonly ruledConflicts: readonly RuledConflict[]; readonly audit: readonly AuditEntry[] } {
  const ruled = decision.merges.filter(isRuled);
  if (ruled.length === 0 || internal === null || quickbooks === null)
    return { ruledConflicts: [], audit: [] };
  const id = crossing.engine.ids.next();
  const now = { internal, quickbooks };
  const fields = ruled.map((merge) => ({
    ...disputeOf(crossing.link.base ?? now, merge, now, undefined),
    rule: merge.rule ?? null,
    patterns: merge.patterns ?? [],
    outcome: merge.merge,
  }));
  const summary = `${nameOf(crossing)}: both sides changed ${wordsFor(ruled)}, and the rule for it decided.`;
  const entry = auditOf(crossing, 'CONFLICT_RESOLVED', summary);
  return {
    ruledConflicts: [{ id, fields }],
    audit: [{ ...entry, actor: ruledActor(crossing, ruled), subject: { type: 'Conflict', id } }],
  };
}

/** The worker, acting by the first of the rules that decided. */
function ruledActor({ company }: Crossing, [first]: readonly GroupMerge[]): Actor {
  const [pattern] = first?.patterns ?? [];
  const actor = { kind: 'system', name: 'worker' } as const;
  return pattern === undefined ? actor : { ...actor, policy: `${company.id}/${pattern}` };
}
