import { useRef, useState } from 'react';
import type { KeyboardEvent, MouseEvent } from 'react';
import type { InvoiceSort } from '../invoice-views.ts';
import type { InvoiceList } from '../invoices/use-invoice-list.ts';

/** What a reader does with a row, or with the order of all. */
export type GridActs = {
  /** Shows the row beside the list; null closes what is shown. */
  readonly show: (id: string | null) => void;
  /** Leaves the list for the page of the row. */
  readonly open: (id: string) => void;
  readonly sort: (by: InvoiceSort) => void;
  readonly select: (ids: ReadonlySet<string>) => void;
};

/** The row of the column heads, above row 0. */
export const headRow = -1;

/** The id of a row's element, by place: a row that moves away must not take the focus along into nowhere. */
export const rowId = (row: number) => `invoice-row-${row}`;

/** The id of the head of a column. */
export const headId = (column: number) => `invoice-head-${column}`;

/** Where the focus is: a row, which it follows when rows move, or the head of a column. */
type Place = { readonly row: number; readonly id: string | undefined; readonly column: number };

type GridInput = {
  readonly list: InvoiceList;
  readonly columns: readonly { readonly sort?: InvoiceSort }[];
  readonly selected: ReadonlySet<string>;
  readonly acts: GridActs;
  /** The invoice shown beside the list. */
  readonly showing: string | undefined;
};

/** Where the reader is in the grid, and the moves from there. */
export type GridState = ReturnType<typeof useGridState>;

/** The grid as keys and pointer move through it. */
export function useGridState({ list, columns, selected, acts, showing }: GridInput) {
  const [place, setPlace] = useState<Place>({ row: 0, id: showing, column: 0 });
  const latest = useRef(place);
  const anchor = useRef(0);
  const total = list.total ?? 0;
  const followed = followedRow(list, place);

  const put = (next: Place) => {
    latest.current = next;
    setPlace(next);
  };
  const move = (row: number) => {
    const to = Math.min(Math.max(row, headRow), total - 1);
    const id = list.at(to)?.id;
    put({ row: to, id, column: 0 });
    if (showing !== undefined && id !== undefined) acts.show(id);
  };
  const toggle = (row: number, isRange: boolean) => {
    const from = isRange ? Math.min(anchor.current, row) : row;
    const to = isRange ? Math.max(anchor.current, row) : row;
    acts.select(withToggled(list, selected, { from, to, isRange }));
    anchor.current = row;
  };
  return {
    row: followed,
    column: place.column,
    /** The row as the last key left it, also before the next drawing. */
    latestRow: () => (latest.current === place ? followed : latest.current.row),
    isShowing: showing !== undefined,
    lastRow: total - 1,
    move,
    moveHead: (by: 1 | -1) => {
      const column = Math.min(Math.max(place.column + by, 0), columns.length - 1);
      put({ ...place, row: headRow, column });
    },
    toggle,
    show: () => acts.show(list.at(followed)?.id ?? null),
    close: () => (showing === undefined ? acts.select(new Set()) : acts.show(null)),
    open: () => {
      const id = list.at(followed)?.id;
      if (id !== undefined) acts.open(id);
    },
    sortByHead: () => {
      const sort = columns[place.column]?.sort;
      if (sort !== undefined) acts.sort(sort);
    },
    press: (row: number, event: MouseEvent) => {
      if (!(event.target instanceof Element) || event.target.closest('a')) return;
      const id = list.at(row)?.id;
      put({ row, id, column: 0 });
      if (event.target.closest('[data-select]') || event.shiftKey) toggle(row, event.shiftKey);
      else if (id !== undefined) acts.show(id);
    },
  };
}

/** Rows searched for the one under the focus when others came before it. */
const searchedMax = 400;

function followedRow(list: InvoiceList, { row, id }: Place): number {
  if (id === undefined || row === headRow || list.at(row)?.id === id) return row;
  for (let at = 0; at < Math.min(list.total ?? 0, searchedMax); at += 1)
    if (list.at(at)?.id === id) return at;
  return Math.min(row, (list.total ?? 1) - 1);
}

type Toggled = { readonly from: number; readonly to: number; readonly isRange: boolean };

/** One row turns over; a range is selected whole. */
function withToggled(
  list: InvoiceList,
  selected: ReadonlySet<string>,
  { from, to, isRange }: Toggled,
): ReadonlySet<string> {
  const next = new Set(selected);
  for (let row = from; row <= to; row += 1) {
    const id = list.at(row)?.id;
    if (id === undefined) continue;
    if (isRange || !next.has(id)) next.add(id);
    else next.delete(id);
  }
  return next;
}

/** Does what a key means inside the grid; false when it means nothing there. */
export function pressInGrid(grid: GridState, event: KeyboardEvent, rowsPerPage: number): boolean {
  if (event.altKey) return false;
  const { key, shiftKey, metaKey, ctrlKey } = event;
  const row = grid.latestRow();
  const inHead = row === headRow;
  const acts: Record<string, () => void> = {
    ArrowDown: () => grid.move(row + 1),
    ArrowUp: () => grid.move(row - 1),
    PageDown: () => grid.move(Math.max(row, 0) + rowsPerPage),
    PageUp: () => grid.move(Math.max(row - rowsPerPage, 0)),
    Home: () => grid.move(0),
    End: () => grid.move(grid.lastRow),
    ArrowRight: () => (inHead ? grid.moveHead(1) : grid.show()),
    ArrowLeft: () => (inHead ? grid.moveHead(-1) : grid.close()),
    Escape: () => grid.close(),
    Enter: () => (inHead ? grid.sortByHead() : metaKey || ctrlKey ? grid.open() : grid.show()),
    ' ': () => (inHead ? grid.sortByHead() : grid.toggle(row, shiftKey)),
  };
  const act = acts[key];
  const isForeign = (metaKey || ctrlKey) && key !== 'Enter' && key !== 'Home' && key !== 'End';
  if (act === undefined || isForeign) return false;
  act();
  return true;
}
