import { ArrowDown, ArrowUp } from 'lucide-react';
import type { InvoicesSearch } from '../search.ts';
import type { InvoiceColumn } from './invoice-columns.tsx';
import { headId, headRow } from './use-grid-state.ts';
import type { GridActs, GridState } from './use-grid-state.ts';

type GridHeadProps = {
  readonly columns: readonly InvoiceColumn[];
  readonly template: string;
  readonly search: InvoicesSearch;
  readonly grid: GridState;
  readonly acts: GridActs;
};

/** The heads of the columns; those that the server can sort by are buttons, reached by the arrow up from the first row. */
export function GridHead({ columns, template, search, grid, acts }: GridHeadProps) {
  return (
    <div role="rowgroup" className="sticky top-0 z-10 border-b border-line bg-surface">
      <div
        role="row"
        aria-rowindex={1}
        style={{ gridTemplateColumns: template }}
        className="grid items-center gap-x-3 px-4 text-xs text-ink-soft"
      >
        <span role="columnheader">
          <span className="sr-only">Selected</span>
        </span>
        {columns.map((column, index) => (
          <span
            key={column.name}
            id={headId(index)}
            role="columnheader"
            aria-sort={sortWord(column, search)}
            className={`min-w-0 rounded py-1 ${headLook(column)} ${
              grid.row === headRow && grid.column === index
                ? 'group-focus-visible:outline-2 group-focus-visible:outline-ink'
                : ''
            }`}
          >
            <HeadFace column={column} search={search} onSort={acts.sort} />
          </span>
        ))}
      </div>
    </div>
  );
}

const headLook = ({ look }: InvoiceColumn) =>
  look
    .split(' ')
    .filter((part) => part.startsWith('text-'))
    .join(' ');

function sortWord({ sort }: InvoiceColumn, search: InvoicesSearch) {
  if (sort === undefined) return undefined;
  if (sort !== search.sort) return 'none' as const;
  return search.way === 'up' ? ('ascending' as const) : ('descending' as const);
}

type HeadFaceProps = {
  readonly column: InvoiceColumn;
  readonly search: InvoicesSearch;
  readonly onSort: GridActs['sort'];
};

function HeadFace({ column: { sort, label }, search, onSort }: HeadFaceProps) {
  if (sort === undefined) return label;
  const Arrow = search.way === 'up' ? ArrowUp : ArrowDown;
  return (
    <button
      type="button"
      tabIndex={-1}
      onClick={() => onSort(sort)}
      className="inline-flex min-h-6 items-center gap-1 font-medium hover:text-ink"
    >
      {label}
      {sort === search.sort && <Arrow aria-hidden="true" className="size-3" />}
    </button>
  );
}
