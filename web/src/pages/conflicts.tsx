import { getRouteApi } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import type { RefObject } from 'react';
import { AppLink } from '../components/app-link.tsx';
import { BulkProgress } from '../components/bulk-progress.tsx';
import { ConflictBulkBar } from '../components/conflict-bulk-bar.tsx';
import { ConflictRow, ConflictTable } from '../components/conflict-table.tsx';
import { LiveList, Pages } from '../components/live-list.tsx';
import { useChangedIds } from '../components/use-changed-ids.ts';
import { useRowSelection } from '../components/use-row-selection.ts';
import { ViewPills } from '../components/view-pills.tsx';
import {
  conflictOrderOf,
  conflictOrders,
  conflictViewOf,
  conflictViews,
} from '../conflict-views.ts';
import { ConflictsDocument } from '../graphql/generated/graphql.ts';
import type {
  ConflictPartsFragment,
  ConflictsQueryVariables,
} from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatCount } from '../format/money.ts';
import { paths } from '../paths.ts';
import type { ConflictsSearch } from '../search.ts';
import { isAboutConflicts } from '../stream/event-kinds.ts';
import type { StreamEvent } from '../stream/stream-store.ts';
import { Empty } from '../ui/empty.tsx';
import { useKeys } from '../ui/keys.ts';

const route = getRouteApi('/conflicts');
const pageSize = 25;

/** What both sides changed differently, most money first. */
export function ConflictsPage() {
  const search = route.useSearch();
  const [bulkIds, setBulkIds] = useState<readonly string[]>([]);
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold tracking-tight">Conflicts</h1>
      <Narrowing search={search} />
      {bulkIds.map((id) => (
        <BulkProgress
          key={id}
          id={id}
          onClose={() => setBulkIds(bulkIds.filter((other) => other !== id))}
        />
      ))}
      <ConflictList
        key={JSON.stringify(search)}
        search={search}
        onBulk={(id) => setBulkIds([...bulkIds, id])}
      />
    </div>
  );
}

function Narrowing({ search }: { readonly search: ConflictsSearch }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <ViewPills
        label="Views"
        pills={conflictViews.map((view) => ({
          href: paths.conflicts({ ...search, view }),
          label: conflictViewOf[view].label,
          isHere: view === search.view,
        }))}
      />
      {search.path !== undefined && (
        <p>
          Only {search.field ?? search.path}{' '}
          <AppLink
            href={paths.conflicts({ view: search.view, by: search.by })}
            className="underline underline-offset-4"
          >
            clear
          </AppLink>
        </p>
      )}
      <ViewPills
        label="Order"
        pills={conflictOrders.map((by) => ({
          href: paths.conflicts({ ...search, by }),
          label: conflictOrderOf[by].label,
          isHere: by === search.by,
        }))}
      />
    </div>
  );
}

function variablesOf({ view, by, path, company }: ConflictsSearch): ConflictsQueryVariables {
  return {
    first: pageSize,
    filter: {
      statuses: conflictViewOf[view].statuses,
      ...(company === undefined ? {} : { companyIds: [company] }),
      ...(path === undefined ? {} : { path }),
    },
    orderBy: conflictOrderOf[by].order,
  };
}

type ListProps = {
  readonly search: ConflictsSearch;
  readonly onBulk: (bulkOperationId: string) => void;
};

/** The list under one filter. */
function ConflictList({ search, onBulk }: ListProps) {
  const asked = { query: ConflictsDocument, variables: variablesOf(search) };
  const list = useRef<HTMLDivElement>(null);
  const result = useLiveQuery({
    ...asked,
    // An empty list has no places that could jump, so it fills by itself.
    refetchOn: (event, shown) => isAboutConflicts(event) && shown?.conflicts.nodes.length === 0,
  });
  const changed = useChangedIds(search.company, changedConflict);
  const selection = useRowSelection<ConflictPartsFragment>(list);
  useRowKeys(list);
  const total = result.data?.conflicts.totalCount;
  return (
    <LiveList
      asked={asked}
      result={result}
      changed={changed}
      title={total === undefined ? 'Conflicts' : countTitle(total)}
      what="conflicts"
      skeletonRows={6}
    >
      {({ conflicts }) =>
        conflicts.nodes.length === 0 ? (
          <NothingFound search={search} />
        ) : (
          <div ref={list}>
            <ConflictTable order={conflictOrderOf[search.by].label}>
              <Pages
                asked={asked}
                page={conflicts}
                pageOf={(data) => data.conflicts}
                pageSize={pageSize}
                what="conflicts"
              >
                {(conflict) => (
                  <ConflictRow
                    key={conflict.id}
                    conflict={conflict}
                    isSelected={selection.selected.has(conflict.id)}
                    onSelect={selection.select}
                  />
                )}
              </Pages>
            </ConflictTable>
            <ConflictBulkBar
              selected={[...selection.selected.values()]}
              onClear={selection.clear}
              onStarted={(id) => {
                selection.clear();
                onBulk(id);
              }}
            />
          </div>
        )
      }
    </LiveList>
  );
}

const countTitle = (total: number) =>
  `${formatCount(total)} ${total === 1 ? 'conflict' : 'conflicts'}`;

const changedConflict = ({ detail }: StreamEvent) =>
  detail.__typename === 'Conflict' ? detail.id : null;

/** J and K walk the rows; Enter opens the one with the focus, as it does for every link. */
function useRowKeys(list: RefObject<HTMLDivElement | null>) {
  const step = (by: 1 | -1) => {
    const links = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const at = links.findIndex((link) => link === document.activeElement);
    links[at === -1 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
  };
  useKeys({ j: () => step(1), k: () => step(-1) });
}

function NothingFound({ search }: { readonly search: ConflictsSearch }) {
  const { nothing, label } = conflictViewOf[search.view];
  if (search.path !== undefined) {
    return (
      <Empty title={`Nothing in “${label}” is about ${search.field ?? search.path}.`}>
        <AppLink
          href={paths.conflicts({ view: search.view, by: search.by })}
          className="underline underline-offset-4"
        >
          Show all fields
        </AppLink>
      </Empty>
    );
  }
  return (
    <Empty title={nothing}>
      {search.view === 'open' &&
        'One appears as soon as both sides change the same field and no rule decides.'}
    </Empty>
  );
}
