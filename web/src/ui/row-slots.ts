/** Which element of the document shows which row: those rows keep that are still drawn, and new ones take over what is free. */
export type RowSlots = ReadonlyMap<number, number>;

/**
 * Places for the rows drawn next. A row that scrolls in takes over the element of one that scrolled out, so that a frame
 * changes texts and makes no elements.
 */
export function takeSlots(before: RowSlots, rows: readonly number[]): RowSlots {
  const kept = rows.flatMap((row) => {
    const slot = before.get(row);
    return slot === undefined ? [] : [[row, slot] as const];
  });
  const taken = new Set(kept.map(([, slot]) => slot));
  const free = [...before.values()].filter((slot) => !taken.has(slot));
  const next = new Map(kept);
  let unused = Math.max(-1, ...before.values()) + 1;
  for (const row of rows) {
    if (next.has(row)) continue;
    next.set(row, free.pop() ?? unused++);
  }
  return next;
}
