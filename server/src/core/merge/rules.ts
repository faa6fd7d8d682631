import type { FieldRule } from '../mapping/field-entry.ts';
import { unreachable } from '../unreachable.ts';
import { latestOf, unknownEdits, type Edits } from './latest.ts';
import type { Merge } from './merge-field.ts';
import type { GroupMerge } from './merge-invoice.ts';
import { builtInRules, patternsOver, policyOver, ruleFor, type RuleBook } from './policy.ts';

/** The rule of a group: that of its fields where all have the same, else a person decides. */
export function ruleOfGroup(book: RuleBook, { paths }: Pick<GroupMerge, 'paths'>): FieldRule {
  const [first = 'ASK', ...others] = new Set(paths.map((path) => ruleFor(book, path)));
  return others.length === 0 ? first : 'ASK';
}

/** Decides conflicts by rule; what a rule decided says so, since the losing value is kept (invariant I11). */
export function decideByRules(
  merges: readonly GroupMerge[],
  book: RuleBook = builtInRules,
  edits: Edits = unknownEdits,
): readonly GroupMerge[] {
  return merges.map((merge) => decided(merge, book, edits));
}

function decided(merge: GroupMerge, book: RuleBook, edits: Edits): GroupMerge {
  if (merge.merge === 'unchanged' || merge.merge === 'agreed') return merge;
  const rule = ruleOfGroup(book, merge);
  // What a company declared read-only is not written even where one side alone moved: each keeps its own.
  if (rule === 'READ_ONLY') return ruledAs(merge, book, 'unchanged', rule);
  if (merge.merge !== 'conflict') return isHalfReadOnly(merge, book) ? asked(merge) : merge;
  switch (rule) {
    case 'ASK':
      return merge;
    case 'INTERNAL_WINS':
      return ruledAs(merge, book, 'take-internal', rule);
    case 'QUICKBOOKS_WINS':
      return ruledAs(merge, book, 'take-quickbooks', rule);
    case 'LATEST_WINS': {
      const latest = latestOf(edits);
      if ('why' in latest) return { ...merge, fallback: latest.why };
      return ruledAs(merge, book, `take-${latest.side}`, rule);
    }
    default:
      return unreachable(rule);
  }
}

const ruledAs = (
  merge: GroupMerge,
  book: RuleBook,
  outcome: Merge,
  rule: FieldRule,
): GroupMerge => ({
  ...merge,
  merge: outcome,
  rule,
  patterns: [...new Set(merge.paths.map((path) => patternOver(book, path)))],
});

/** The pattern of the rule that covers a path: the company's, else the field's own. */
const patternOver = (book: RuleBook, path: string): string =>
  policyOver(book, path)?.pattern ?? patternsOver(path)[0] ?? path;

/** Fields that are written as one, of which some must never be written: neither writing nor leaving it is right. */
const isHalfReadOnly = ({ paths }: GroupMerge, book: RuleBook): boolean =>
  paths.some((path) => policyOver(book, path)?.rule === 'READ_ONLY');

const asked = (merge: GroupMerge): GroupMerge => ({
  ...merge,
  merge: 'conflict',
  fallback: 'a field that is written together with it must never be written',
});

/** Whether a rule, not a person, chose between two values, so that one of them is in no side any more. */
export const isRuled = ({ merge, rule }: GroupMerge): boolean =>
  rule !== undefined && (merge === 'take-internal' || merge === 'take-quickbooks');
