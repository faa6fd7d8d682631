import type { AuditEntry } from '#core/audit/entry.ts';
import type { BaseHalves } from '#core/plan/advance-base.ts';
import { baseChanges } from '#core/plan/base-changes.ts';
import { nameOf, type Crossing } from './crossing.ts';
import { auditOf } from './record.ts';

/** The audit entry of a base that moved, part by part; none where nothing did. */
export function baseAudit(
  crossing: Crossing,
  after: BaseHalves,
  summary = `${nameOf(crossing)}: what both sides agree on moved.`,
): readonly AuditEntry[] {
  const changes = baseChanges(crossing.link.base, after);
  return changes.length === 0 ? [] : [auditOf(crossing, 'BASE_ADVANCED', summary, changes)];
}
