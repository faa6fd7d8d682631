import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { KeyboardEvent, RefObject } from 'react';
import type { InvoiceList, ListedInvoice } from '../invoices/use-invoice-list.ts';
import type { InvoicesSearch } from '../search.ts';
import { useKeys } from '../ui/keys.ts';
import { takeSlots } from '../ui/row-slots.ts';
import type { RowSlots } from '../ui/row-slots.ts';
import { useWidth } from '../ui/use-width.ts';
import { GridHead } from './invoice-grid-head.tsx';
import { mediumColumns, narrowColumns, wideColumns } from './invoice-columns.tsx';
import type { InvoiceColumn } from './invoice-columns.tsx';
import { headId, headRow, pressInGrid, rowId, useGridState } from './use-grid-state.ts';
import type { GridActs, GridState } from './use-grid-state.ts';

type InvoiceGridProps = {
  readonly list: InvoiceList;
  readonly search: InvoicesSearch;
  readonly selected: ReadonlySet<string>;
  readonly acts: GridActs;
};

/** Wide rows take one line, narrow ones two. */
const shapes = {
  wide: { columns: wideColumns, rowHeight: 40 },
  medium: { columns: mediumColumns, rowHeight: 56 },
  narrow: { columns: narrowColumns, rowHeight: 56 },
};

/** Before the first layout the width is 0, and most lists are wide. */
function shapeOf(width: number) {
  if (width === 0 || width >= 940) return shapes.wide;
  return width >= 640 ? shapes.medium : shapes.narrow;
}

const overscan = 8;

/** Every invoice in one scroll, drawn only where it is looked at: one stop of the tab key, moved through by arrows (api-and-web.md §3.6). */
export function InvoiceGrid({ list, search, selected, acts }: InvoiceGridProps) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const scroller = useRef<HTMLDivElement>(null);
  const { columns, rowHeight } = shapeOf(width);
  const count = list.total ?? 0;
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan,
  });
  const drawn = rows.getVirtualItems();
  const first = drawn[0]?.index ?? 0;
  const last = drawn.at(-1)?.index ?? 0;
  const grid = useGridState({ list, columns, selected, acts, showing: search.row });
  useWanted(list, first, last);
  useRemeasured(rows.measure, rowHeight);
  const reveal = () => rows.scrollToIndex(Math.max(grid.latestRow(), 0));
  useRowKeys(scroller, grid, reveal);
  const press = (event: KeyboardEvent) => {
    const page = Math.max(Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1, 1);
    if (!pressInGrid(grid, event, page)) return;
    event.preventDefault();
    event.stopPropagation();
    reveal();
  };
  const slots = useRowSlots(drawn.map(({ index }) => index));
  const onPress = useLatest(grid.press);
  const template = `1.25rem ${columns.map(({ track }) => track).join(' ')}`;
  const active = grid.row >= first && grid.row <= last ? rowId(grid.row) : undefined;
  return (
    <div ref={frame}>
      <div
        ref={scroller}
        role="grid"
        aria-label="Invoices"
        aria-rowcount={list.isCapped ? -1 : count + 1}
        aria-multiselectable="true"
        aria-activedescendant={grid.row === headRow ? headId(grid.column) : active}
        tabIndex={0}
        onKeyDown={press}
        className="group h-[calc(100dvh-17.5rem)] min-h-80 overflow-y-auto overscroll-contain outline-none [scrollbar-gutter:stable] focus-visible:shadow-none md:h-[calc(100dvh-13rem)]"
      >
        <GridHead columns={columns} template={template} search={search} grid={grid} acts={acts} />
        <div role="rowgroup" className="relative" style={{ height: rows.getTotalSize() }}>
          {drawn.map(({ index, start }) => (
            <GridRow
              key={slots.get(index)}
              index={index}
              start={start}
              height={rowHeight}
              template={template}
              columns={columns}
              invoice={list.at(index)}
              isActive={index === grid.row}
              isSelected={selected.has(list.at(index)?.id ?? '')}
              onPress={onPress}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

/** Places are handed on from one drawing to the next; they are the same again however often one is repeated. */
function useRowSlots(rows: readonly number[]): RowSlots {
  const before = useRef<RowSlots>(new Map());
  const slots = takeSlots(before.current, rows);
  useEffect(() => {
    before.current = slots;
  });
  return slots;
}

/** The same function at each drawing, which does what the newest one does: a row is drawn anew for its own sake alone. */
function useLatest(press: GridState['press']): GridState['press'] {
  const latest = useRef(press);
  useEffect(() => {
    latest.current = press;
  });
  const [stable] = useState((): GridState['press'] => (row, event) => latest.current(row, event));
  return stable;
}

/** Tells the list which rows are looked at. */
function useWanted({ want, total }: InvoiceList, first: number, last: number) {
  const tell = useEffectEvent(() => want(first, last));
  useEffect(() => {
    if (total !== null) tell();
  }, [first, last, total]);
}

function useRemeasured(measure: () => void, rowHeight: number) {
  const again = useEffectEvent(measure);
  useEffect(() => again(), [rowHeight]);
}

/** J, K, X and ⇧X work wherever the focus is, and bring it into the grid. */
function useRowKeys(
  scroller: RefObject<HTMLDivElement | null>,
  grid: GridState,
  reveal: () => void,
) {
  const within = (act: () => void) => () => {
    scroller.current?.focus();
    act();
    reveal();
  };
  useKeys({
    j: within(() => grid.move(grid.latestRow() + 1)),
    k: within(() => grid.move(grid.latestRow() - 1)),
    x: within(() => grid.toggle(grid.latestRow(), false)),
  });
}

type GridRowProps = {
  readonly index: number;
  readonly start: number;
  readonly height: number;
  readonly template: string;
  readonly columns: readonly InvoiceColumn[];
  /** Undefined while it is being read. */
  readonly invoice: ListedInvoice | undefined;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly onPress: GridState['press'];
};

const rowLook =
  'absolute inset-x-0 grid cursor-default items-center gap-x-3 border-b border-line px-4';

const GridRow = memo(function GridRow(props: GridRowProps) {
  const { index, start, height, template, columns, invoice, isActive, isSelected } = props;
  const style = { height, transform: `translateY(${start}px)`, gridTemplateColumns: template };
  const hue = isSelected ? 'bg-raised' : 'hover:bg-raised/60';
  const ring = isActive
    ? 'shadow-[inset_3px_0_0_var(--color-ink)] group-focus-visible:outline-2 group-focus-visible:-outline-offset-2 group-focus-visible:outline-ink'
    : '';
  return (
    <div
      role="row"
      id={rowId(index)}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      style={style}
      className={`${rowLook} ${hue} ${ring}`}
      onClick={(event) => props.onPress(index, event)}
    >
      <span role="gridcell" data-select className="flex h-full items-center">
        <input
          type="checkbox"
          tabIndex={-1}
          checked={isSelected}
          readOnly
          aria-label={`Select ${invoice?.number ?? 'this invoice'}`}
          className="size-4 accent-ink"
        />
      </span>
      {columns.map(({ name, look, cell }) => (
        <span key={name} role="gridcell" className={`min-w-0 ${look}`}>
          {invoice === undefined ? <Waiting /> : cell(invoice)}
        </span>
      ))}
    </div>
  );
});

/** Stands where a value will be. */
function Waiting() {
  return <span className="block h-3 w-3/5 rounded bg-raised" />;
}
