import { choosable, columnChoices, groupsOf, isOwn, valueOfChoice } from './choices.ts';
import type { Choices, Chosen, ColumnChoice, DisputedField } from './choices.ts';

/** What differs between the conflict as it was looked at and as it is now. */
export type Moved = {
  /** Cells to outline, named by `cellOf`. */
  readonly cells: ReadonlySet<string>;
  /** What happened, in one sentence. */
  readonly sentence: string;
};

/** Name of one cell of the grid. */
export const cellOf = (path: string, choice: ColumnChoice): string => `${path} ${choice}`;

const textOf = (field: DisputedField, choice: ColumnChoice) =>
  JSON.stringify(valueOfChoice(field, choice));

const listed = new Intl.ListFormat('en', { type: 'conjunction' });

/** Compares what was looked at with what is there; null when every value and every field stayed. */
export function movedSince(
  before: readonly DisputedField[],
  now: readonly DisputedField[],
): Moved | null {
  const cells = new Set<string>();
  const labels = new Set<string>();
  for (const field of now) {
    const old = before.find(({ path }) => path === field.path);
    for (const choice of columnChoices) {
      if (old !== undefined && textOf(old, choice) === textOf(field, choice)) continue;
      cells.add(cellOf(field.path, choice));
      labels.add(field.label);
    }
  }
  const gone = before.filter((old) => now.every(({ path }) => path !== old.path));
  const parts = [
    ...(labels.size === 0 ? [] : [`${listed.format(labels)} changed while you were looking`]),
    ...(gone.length === 0
      ? []
      : [`${listed.format(gone.map(({ label }) => label))} is no longer in dispute`]),
  ];
  return parts.length === 0 ? null : { cells, sentence: `${parts.join('; ')}.` };
}

/** Choices that still mean what they meant: the field is still in dispute, its column may be taken and did not move. */
export function stillValid(
  choices: Choices,
  now: readonly DisputedField[],
  moved: Moved | null,
): Choices {
  const kept = choosable(groupsOf(now)).flatMap((group): (readonly [string, Chosen])[] => {
    const { lead, followers, allowed, own } = group;
    const chosen = choices.get(lead.path);
    if (chosen === undefined) return [];
    // What somebody typed stands on no column; it is theirs to keep or to change.
    if (isOwn(chosen)) return own === null ? [] : [[lead.path, chosen] as const];
    if (!allowed.includes(chosen)) return [];
    const hasMoved = [lead, ...followers].some(({ path }) =>
      moved?.cells.has(cellOf(path, chosen)),
    );
    return hasMoved ? [] : [[lead.path, chosen] as const];
  });
  return new Map(kept);
}
