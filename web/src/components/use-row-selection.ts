import { useRef, useState } from 'react';
import type { RefObject } from 'react';
import { useKeys } from '../ui/keys.ts';

/** Rows of a list that were selected. Each row brings a checkbox with `data-select`. */
export type RowSelection<Row extends { readonly id: string }> = {
  readonly selected: ReadonlyMap<string, Row>;
  readonly select: (row: Row, isSelected: boolean) => void;
  readonly clear: () => void;
};

/** X selects the row with the focus, Shift X every row between the one selected before and it. */
export function useRowSelection<Row extends { readonly id: string }>(
  list: RefObject<HTMLElement | null>,
): RowSelection<Row> {
  const [selected, setSelected] = useState<ReadonlyMap<string, Row>>(new Map());
  const anchor = useRef(-1);
  const boxes = () => [
    ...(list.current?.querySelectorAll<HTMLInputElement>('input[data-select]') ?? []),
  ];
  const here = (all: readonly HTMLInputElement[]) =>
    all.findIndex((box) => box.closest('[role="row"]')?.contains(document.activeElement));
  const select = (row: Row, isSelected: boolean) =>
    setSelected((before) => {
      const next = new Map(before);
      if (isSelected) next.set(row.id, row);
      else next.delete(row.id);
      return next;
    });
  const toggle = () => {
    const all = boxes();
    anchor.current = here(all);
    all[anchor.current]?.click();
  };
  const extend = () => {
    const all = boxes();
    const to = here(all);
    if (to === -1) return;
    const from = Math.max(anchor.current, 0);
    for (const box of all.slice(Math.min(from, to), Math.max(from, to) + 1))
      if (!box.checked) box.click();
  };
  useKeys({ x: toggle, 'Shift x': extend });
  return { selected, select, clear: () => setSelected(new Map()) };
}
