import type { AuditEntry } from '#core/audit/entry.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import type { JsonObject } from '#core/json.ts';
import { headerGroups, headerText, lineGroups, lineText } from '#core/merge/groups.ts';
import type { GroupMerge } from '#core/merge/merge-invoice.ts';
import { isRuled } from '#core/merge/rules.ts';
import type { BaseHalves } from '#core/plan/advance-base.ts';
import { taxDispute } from '#core/plan/tax-truth.ts';
import { wordsFor } from '#core/plan/words.ts';
import type { RuledConflict } from '#ports/store.ts';
import type { Basis } from './arrival.ts';
import { nameOf, type Crossing } from './crossing.ts';
import { auditOf } from './record.ts';

/** The three values of a disputed group, in each side's terms; each a JSON list in the order of the paths. */
export function disputeOf({ link }: Crossing, merge: GroupMerge, now: BaseHalves): JsonObject {
  return {
    group: merge.group,
    paths: merge.paths,
    lineKey: merge.lineKey,
    base: link.base === null ? null : groupText(link.base.internal, merge),
    internal: groupText(now.internal, merge),
    quickbooks: groupText(now.quickbooks, merge),
  };
}

/** A group's values on one document; null where it has no such line. */
function groupText(content: Invoice, { group: name, lineKey }: GroupMerge): string | null {
  if (name === taxDispute.group) return JSON.stringify([content.derived.taxTotal]);
  if (name === 'existence') return JSON.stringify([content.existence]);
  const header = headerGroups.find((group) => lineKey === null && group.name === name);
  if (header !== undefined) return headerText(content, header);
  const line = content.lines.find((other) => other.key === lineKey);
  if (line === undefined) return null;
  const group = lineGroups.find((other) => other.name === name);
  return group === undefined ? JSON.stringify([line]) : lineText(line, group);
}

/** What rules decided in a crossing, with the values both sides had then: the loser's is in no side any more. */
export function ruledBy(
  crossing: Crossing,
  { decision, internal, quickbooks }: Basis,
): { readonly ruledConflicts: readonly RuledConflict[]; readonly audit: readonly AuditEntry[] } {
  const ruled = decision.merges.filter(isRuled);
  if (ruled.length === 0 || quickbooks === null) return { ruledConflicts: [], audit: [] };
  const id = crossing.engine.ids.next();
  const fields = ruled.map((merge) => ({
    ...disputeOf(crossing, merge, { internal, quickbooks }),
    rule: merge.rule ?? null,
    outcome: merge.merge,
  }));
  const summary = `${nameOf(crossing)}: both sides changed ${wordsFor(ruled)}, and the rule for it decided.`;
  const entry = auditOf(crossing, 'CONFLICT_RESOLVED', summary);
  return {
    ruledConflicts: [{ id, fields }],
    audit: [{ ...entry, subject: { type: 'Conflict', id } }],
  };
}
