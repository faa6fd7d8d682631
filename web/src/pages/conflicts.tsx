import { getRouteApi } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import type { RefObject } from 'react';
import { AppLink } from '../components/app-link.tsx';
import { ConflictRow, ConflictTable } from '../components/conflict-table.tsx';
import { PanelGraphql } from '../components/panel-graphql.tsx';
import { QueryView } from '../components/query-view.tsx';
import {
  conflictOrderOf,
  conflictOrders,
  conflictViewOf,
  conflictViews,
} from '../conflict-views.ts';
import { ConflictsDocument } from '../graphql/generated/graphql.ts';
import type { ConflictsQuery, ConflictsQueryVariables } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatCount } from '../format/money.ts';
import { paths } from '../paths.ts';
import type { ConflictsSearch } from '../search.ts';
import { useStream, useStreamEvents } from '../stream/stream-context.tsx';
import { isAboutConflicts } from '../stream/event-kinds.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { useKeys } from '../ui/keys.ts';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

const route = getRouteApi('/conflicts');
const pageSize = 25;

/** What both sides changed differently, most money first. */
export function ConflictsPage() {
  const search = route.useSearch();
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold tracking-tight">Conflicts</h1>
      <Narrowing search={search} />
      <ConflictList key={JSON.stringify(search)} search={search} />
    </div>
  );
}

const pill = (isHere: boolean) =>
  `rounded-full px-3 py-1 text-[0.8125rem] font-medium whitespace-nowrap transition-colors ${
    isHere ? 'bg-ink text-paper' : 'text-ink-soft hover:bg-raised hover:text-ink'
  }`;

function Narrowing({ search }: { readonly search: ConflictsSearch }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <nav aria-label="Views" className="-mx-1 flex gap-1 overflow-x-auto px-1 py-1">
        {conflictViews.map((view) => (
          <AppLink
            key={view}
            href={paths.conflicts({ ...search, view })}
            aria-current={view === search.view ? 'page' : undefined}
            className={pill(view === search.view)}
          >
            {conflictViewOf[view].label}
          </AppLink>
        ))}
      </nav>
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
      <nav aria-label="Order" className="-mx-1 flex gap-1 px-1 py-1">
        {conflictOrders.map((by) => (
          <AppLink
            key={by}
            href={paths.conflicts({ ...search, by })}
            aria-current={by === search.by ? 'true' : undefined}
            className={pill(by === search.by)}
          >
            {conflictOrderOf[by].label}
          </AppLink>
        ))}
      </nav>
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

/** The list under one filter. Its order holds still; what changed meanwhile waits behind a button. */
function ConflictList({ search }: { readonly search: ConflictsSearch }) {
  const variables = variablesOf(search);
  const list = useRef<HTMLDivElement>(null);
  const result = useLiveQuery({
    query: ConflictsDocument,
    variables,
    // An empty list has no places that could jump, so it fills by itself.
    refetchOn: (event, shown) => isAboutConflicts(event) && shown?.conflicts.nodes.length === 0,
  });
  const { changedCount, forget } = useChangedConflicts(search.company);
  useRowKeys(list);
  const total = result.data?.conflicts.totalCount;
  const showNow = () => {
    forget();
    result.retry();
  };
  return (
    <Panel
      title={total === undefined ? 'Conflicts' : countTitle(total)}
      isPadded={false}
      actions={
        <>
          {changedCount > 0 && (
            <Button onClick={showNow}>{formatCount(changedCount)} changed · show</Button>
          )}
          <PanelGraphql query={ConflictsDocument} variables={variables} />
        </>
      }
    >
      <QueryView
        result={result}
        what="The conflicts"
        skeleton={
          <div className="px-4 pb-4">
            <Skeleton what="conflicts" rows={6} />
          </div>
        }
      >
        {({ conflicts }) =>
          conflicts.nodes.length === 0 ? (
            <NothingFound search={search} />
          ) : (
            <div ref={list}>
              <ConflictTable order={conflictOrderOf[search.by].label}>
                <ConflictRows page={conflicts} variables={variables} />
              </ConflictTable>
            </div>
          )
        }
      </QueryView>
    </Panel>
  );
}

const countTitle = (total: number) =>
  `${formatCount(total)} ${total === 1 ? 'conflict' : 'conflicts'}`;

/** Conflicts that the stream spoke of since the list was read. */
function useChangedConflicts(companyId: string | undefined) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const isPaused = useStream((stream) => stream.isPaused);
  useStreamEvents((events) => {
    const changed = events
      .filter(({ company }) => companyId === undefined || company.id === companyId)
      .flatMap(({ detail }) => (detail.__typename === 'Conflict' ? [detail.id] : []));
    if (changed.some((id) => !ids.has(id)) && !isPaused) setIds(new Set([...ids, ...changed]));
  });
  return { changedCount: ids.size, forget: () => setIds(new Set()) };
}

/** J and K walk the rows; Enter opens the one with the focus, as it does for every link. */
function useRowKeys(list: RefObject<HTMLDivElement | null>) {
  const step = (by: 1 | -1) => {
    const links = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const at = links.findIndex((link) => link === document.activeElement);
    links[at === -1 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
  };
  useKeys({ j: () => step(1), k: () => step(-1) });
}

type RowsProps = {
  readonly page: ConflictsQuery['conflicts'];
  readonly variables: ConflictsQueryVariables;
};

/** One page, and the next one below it once it is asked for. */
function ConflictRows({ page, variables }: RowsProps) {
  const [isMore, setMore] = useState(false);
  const { endCursor, hasNextPage } = page.pageInfo;
  return (
    <>
      {page.nodes.map((conflict) => (
        <ConflictRow key={conflict.id} conflict={conflict} />
      ))}
      {hasNextPage && endCursor !== null && !isMore && (
        <div role="row" className="py-3 text-center">
          <div role="cell">
            <Button onClick={() => setMore(true)}>Show {pageSize} more</Button>
          </div>
        </div>
      )}
      {isMore && endCursor !== null && <NextPage variables={{ ...variables, after: endCursor }} />}
    </>
  );
}

function NextPage({ variables }: { readonly variables: ConflictsQueryVariables }) {
  const result = useLiveQuery({ query: ConflictsDocument, variables });
  if (result.data) return <ConflictRows page={result.data.conflicts} variables={variables} />;
  return (
    <div role="row" className="px-4 py-3">
      <div role="cell">
        <QueryView result={result} what="More conflicts">
          {() => null}
        </QueryView>
      </div>
    </div>
  );
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
