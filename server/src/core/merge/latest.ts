import type { Instant } from '../brand.ts';
import { sideNames, sides, type Side } from '../side.ts';

/** What is known of a side's last edit and of its clock. */
export type SideEdit = {
  /** That side's time of the last edit a person made there; null when the last change was the bridge's own. */
  readonly editedAt: Instant | null;
  /** That side's clock minus database time at its last answer, in ms; null when it did not say. */
  readonly clockOffMs: number | null;
};

export type Edits = Readonly<Record<Side, SideEdit>>;

/** Nothing is known of either clock. */
export const unknownEdits: Edits = {
  internal: { editedAt: null, clockOffMs: null },
  quickbooks: { editedAt: null, clockOffMs: null },
};

/** Clocks within the first count as right, edits further apart than the second as ordered (architecture.md §4). */
const limits = { clockOffMsMax: 2_000, apartMsMin: 5_000 } as const;

/** The side that was edited later, or why nobody can tell. */
export type Latest = { readonly side: Side } | { readonly why: string };

/** The one place where clocks decide, by a rule that a person switched on; in doubt they decide nothing. */
export function latestOf(edits: Edits): Latest {
  for (const side of sides) {
    const why = whyUnfit(side, edits[side]);
    if (why !== null) return { why };
  }
  const [internal, quickbooks] = [edits.internal.editedAt ?? 0, edits.quickbooks.editedAt ?? 0];
  if (Math.abs(internal - quickbooks) <= limits.apartMsMin)
    return { why: 'the two edits are less than 5 seconds apart' };
  return { side: internal > quickbooks ? 'internal' : 'quickbooks' };
}

function whyUnfit(side: Side, { editedAt, clockOffMs }: SideEdit): string | null {
  if (clockOffMs === null) return `${sideNames[side]} did not say what time it is there`;
  if (Math.abs(clockOffMs) > limits.clockOffMsMax)
    return `the clock of ${sideNames[side]} is more than 2 seconds off`;
  return editedAt === null
    ? `the last change in ${sideNames[side]} was the bridge’s own, so the time of the edit before is not known`
    : null;
}
