import { Fragment } from 'react';
import type { ReactNode } from 'react';
import { groupsOf } from '../conflicts/choices.ts';
import { shownLabel } from '../conflicts/plain-words.ts';
import type { ConflictPartsFragment } from '../graphql/generated/graphql.ts';
import { paths } from '../paths.ts';
import { AppLink } from './app-link.tsx';
import { ConflictStatusChip } from './state-chips.tsx';
import { AgoText, ApartText } from './values.tsx';

/** On a narrow screen a row keeps number, customer, fields, money and status. */
const columns =
  'grid grid-cols-[1.5rem_minmax(0,1fr)_auto] gap-x-3 px-4 md:grid-cols-[1.5rem_minmax(0,14rem)_minmax(0,1fr)_8rem_9rem_6.5rem] md:gap-x-4';
const wide = 'hidden md:block';

type TableProps = { readonly order: string; readonly children: ReactNode };

/** The table around the pages of conflicts. */
export function ConflictTable({ order, children }: TableProps) {
  return (
    <div role="table" aria-label={`Conflicts, ${order.toLowerCase()}`}>
      <div role="rowgroup" className="border-b border-line text-xs text-ink-soft">
        <div role="row" className={`${columns} py-1.5`}>
          <span role="columnheader">
            <span className="sr-only">Selected</span>
          </span>
          <span role="columnheader">Invoice</span>
          <span role="columnheader" className={wide}>
            Fields in dispute
          </span>
          <span role="columnheader" className="text-right">
            Apart
          </span>
          <span role="columnheader" className={wide}>
            Status
          </span>
          <span role="columnheader" className={`${wide} text-right`}>
            Found
          </span>
        </div>
      </div>
      <div role="rowgroup">{children}</div>
    </div>
  );
}

type RowProps = {
  readonly conflict: ConflictPartsFragment;
  readonly isSelected: boolean;
  readonly onSelect: (conflict: ConflictPartsFragment, isSelected: boolean) => void;
};

/** One conflict: what it is about, and how much money hangs on it. */
export function ConflictRow({ conflict, isSelected, onSelect }: RowProps) {
  const { invoice } = conflict;
  const side = invoice.internal ?? invoice.quickbooks;
  return (
    <div
      role="row"
      className={`${columns} min-h-13 items-center border-b border-line py-1.5 transition-colors hover:bg-raised ${isSelected ? 'bg-raised' : ''}`}
    >
      <div role="cell">
        {conflict.status === 'OPEN' && (
          <label className="flex size-8 items-center">
            <span className="sr-only">Select {invoice.number ?? 'this conflict'}</span>
            <input
              type="checkbox"
              data-select
              checked={isSelected}
              onChange={({ target }) => onSelect(conflict, target.checked)}
              className="size-4 accent-ink"
            />
          </label>
        )}
      </div>
      <div role="cell" className="min-w-0">
        <AppLink
          data-row
          href={paths.conflict(conflict.id)}
          className="font-medium underline-offset-4 hover:underline"
        >
          {invoice.number ?? 'No number'}
        </AppLink>
        <p className="truncate text-[0.8125rem] text-ink-soft">{side?.customer.name}</p>
        <p className="text-[0.8125rem] md:hidden">
          <FieldWords conflict={conflict} />
        </p>
      </div>
      <div role="cell" className={`${wide} min-w-0`}>
        <FieldWords conflict={conflict} />
      </div>
      <div role="cell" className="text-right font-medium">
        <ApartText value={conflict.amountAtStake} />
        <p className="md:hidden">
          <ConflictStatusChip status={conflict.status} />
        </p>
      </div>
      <div role="cell" className={wide}>
        <ConflictStatusChip status={conflict.status} />
      </div>
      <div role="cell" className={`${wide} text-right text-ink-soft`}>
        <AgoText instant={conflict.detectedAt} />
      </div>
    </div>
  );
}

/** Each field narrows the list to conflicts about it; the path of a line is its own, so it cannot. */
function FieldWords({ conflict }: Pick<RowProps, 'conflict'>) {
  return groupsOf(conflict.fields).map(({ lead }, index) => (
    <Fragment key={lead.path}>
      {index > 0 && ', '}
      {lead.path.includes('[') ? (
        lead.label
      ) : (
        <AppLink
          href={paths.conflicts({ path: lead.path, field: shownLabel(lead) })}
          title={`Only conflicts about ${shownLabel(lead)}`}
          className="underline-offset-4 hover:underline"
        >
          {shownLabel(lead)}
        </AppLink>
      )}
    </Fragment>
  ));
}
