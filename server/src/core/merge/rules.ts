import type { FieldRule } from '../mapping/field-entry.ts';
import { fieldFor } from '../mapping/field-map.ts';
import type { Merge } from './merge-field.ts';
import type { GroupMerge } from './merge-invoice.ts';

/** What a rule makes of a conflict; null where a person decides. */
const outcomes = {
  ASK: null,
  // Falls back to ASK until both clocks are known to agree (architecture.md §4).
  LATEST_WINS: null,
  INTERNAL_WINS: 'take-internal',
  QUICKBOOKS_WINS: 'take-quickbooks',
  READ_ONLY: 'unchanged',
} as const satisfies Record<FieldRule, Merge | null>;

/** The rule of a group: that of its fields where all have the same, else a person decides. */
function defaultRule({ paths }: Pick<GroupMerge, 'paths'>): FieldRule {
  const [first = 'ASK', ...others] = new Set(paths.map((path) => fieldFor(path)?.rule ?? 'ASK'));
  return others.length === 0 ? first : 'ASK';
}

/** Decides conflicts by rule; what a rule decided says so, since the losing value is kept (invariant I11). */
export function decideByRules(
  merges: readonly GroupMerge[],
  ruleOf: (merge: GroupMerge) => FieldRule = defaultRule,
): readonly GroupMerge[] {
  return merges.map((merge) => {
    if (merge.merge !== 'conflict') return merge;
    const rule = ruleOf(merge);
    const outcome = outcomes[rule];
    return outcome === null ? merge : { ...merge, merge: outcome, rule };
  });
}

/** Whether a rule, not a person, chose between two values. */
export const isRuled = (merge: GroupMerge): boolean => merge.rule !== undefined;
