import type { ConflictPartsFragment } from '../graphql/generated/graphql.ts';
import { columnChoices, groupsOf } from './choices.ts';
import type { ColumnChoice, FieldGroup } from './choices.ts';
import { canBeRuled, fieldWords, patternOfPath, pickWords } from './plain-words.ts';

/** Conflicts that are about one and the same field, and nothing else. */
export type SameField = {
  /** The field with every line meant. */
  readonly pattern: string;
  /** The field within a sentence: "due date". */
  readonly words: string;
  /** Columns that every one of them may take. */
  readonly choices: readonly ColumnChoice[];
  readonly canBeRuled: boolean;
};

const onlyGroup = ({ fields }: ConflictPartsFragment): FieldGroup | null => {
  const [first, ...others] = groupsOf(fields);
  return first === undefined || others.length > 0 ? null : first;
};

const within = (words: string): string => words.slice(0, 1).toLowerCase() + words.slice(1);

/** What many conflicts have in common, so that one decision can serve them all; null when it cannot. */
export function sameFieldOf(conflicts: readonly ConflictPartsFragment[]): SameField | null {
  const groups = conflicts.map(onlyGroup);
  const [first] = groups;
  if (!first) return null;
  const pattern = patternOfPath(first.lead.path);
  const isSame = groups.every(
    (group) => group !== null && patternOfPath(group.lead.path) === pattern,
  );
  if (!isSame || pickWords(first, 'KEEP_INTERNAL') !== null) return null;
  return {
    pattern,
    words: within(fieldWords(first.lead)),
    choices: columnChoices.filter((choice) =>
      groups.every((group) => group?.allowed.includes(choice) === true),
    ),
    canBeRuled: canBeRuled(first.lead),
  };
}

/** The one field of such a conflict. */
export const fieldOf = (conflict: ConflictPartsFragment) => onlyGroup(conflict)?.lead ?? null;
