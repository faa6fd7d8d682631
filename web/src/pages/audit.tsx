import { getRouteApi } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { auditFilterOf } from '../audit-filter.ts';
import { AppLink } from '../components/app-link.tsx';
import { AuditEntry } from '../components/audit-entry.tsx';
import { AuditExport } from '../components/audit-export.tsx';
import { AuditNarrowing } from '../components/audit-narrowing.tsx';
import { PanelGraphql } from '../components/panel-graphql.tsx';
import { QueryView } from '../components/query-view.tsx';
import { useRowKeys } from '../components/use-row-keys.ts';
import { VerifyChain } from '../components/verify-chain.tsx';
import { AuditEntriesDocument } from '../graphql/generated/graphql.ts';
import type {
  AuditEntriesQuery,
  AuditEntriesQueryVariables,
} from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatCount } from '../format/money.ts';
import { paths } from '../paths.ts';
import type { AuditQuery } from '../paths.ts';
import { useStream, useStreamEvents } from '../stream/stream-context.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

const route = getRouteApi('/audit');
const pageSize = 50;

/** Who did what, when, before and after, why: a chain that can be checked. */
export function AuditPage() {
  const search = route.useSearch();
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold tracking-tight">Audit</h1>
      <VerifyChain key={search.company} companyId={search.company} />
      <AuditNarrowing search={search} />
      <EntryList key={JSON.stringify(search)} search={search} />
    </div>
  );
}

/** Nearly everything the stream tells has an entry in the trail. */
function useMayHaveGrown(companyId: string | undefined) {
  const [hasGrown, setGrown] = useState(false);
  const isPaused = useStream((stream) => stream.isPaused);
  useStreamEvents((events) => {
    if (isPaused || hasGrown) return;
    if (events.some(({ company }) => companyId === undefined || company.id === companyId))
      setGrown(true);
  });
  return { hasGrown, forget: () => setGrown(false) };
}

const countingStopsAt = 10_001;

function countTitle(total: number): string {
  if (total >= countingStopsAt) return `More than ${formatCount(countingStopsAt - 1)} entries`;
  return `${formatCount(total)} ${total === 1 ? 'entry' : 'entries'}`;
}

function EntryList({ search }: { readonly search: AuditQuery }) {
  const list = useRef<HTMLOListElement>(null);
  useRowKeys(list);
  const filter = auditFilterOf(search);
  const variables = { first: pageSize, filter };
  const asked = { query: AuditEntriesDocument, variables };
  const result = useLiveQuery({
    ...asked,
    refetchOn: (_event, shown) => shown?.auditEntries.nodes.length === 0,
    refetchMs: 1_000,
  });
  const { hasGrown, forget } = useMayHaveGrown(search.company);
  const total = result.data?.auditEntries.totalCount;
  return (
    <Panel
      title={total === undefined ? 'Entries' : countTitle(total)}
      isPadded={false}
      actions={
        <>
          {hasGrown && (
            <Button
              onClick={() => {
                forget();
                result.retry();
              }}
            >
              New entries · show
            </Button>
          )}
          <AuditExport filter={filter} />
          <PanelGraphql {...asked} />
        </>
      }
    >
      <QueryView
        result={result}
        what="The audit trail"
        skeleton={
          <div className="px-4 pb-4">
            <Skeleton what="entries" rows={8} rowClass="h-14" />
          </div>
        }
      >
        {({ auditEntries }) =>
          auditEntries.nodes.length === 0 ? (
            <NothingFound search={search} />
          ) : (
            <ol ref={list} aria-label="Entries, newest first">
              <Entries page={auditEntries} variables={variables} />
            </ol>
          )
        }
      </QueryView>
    </Panel>
  );
}

function NothingFound({ search }: { readonly search: AuditQuery }) {
  const { company, ...narrowed } = search;
  if (Object.keys(narrowed).length === 0)
    return (
      <Empty title="No entries yet.">Every write and decision will stand here, for good.</Empty>
    );
  return (
    <Empty title="No entry is left by what you chose.">
      <AppLink
        href={paths.audit(company === undefined ? {} : { company })}
        className="underline underline-offset-4"
      >
        Show all entries
      </AppLink>
    </Empty>
  );
}

type EntriesProps = {
  readonly page: AuditEntriesQuery['auditEntries'];
  readonly variables: AuditEntriesQueryVariables;
};

/** One page, and the next one below it once it is asked for. */
function Entries({ page, variables }: EntriesProps) {
  const [isMore, setMore] = useState(false);
  const { endCursor, hasNextPage } = page.pageInfo;
  return (
    <>
      {page.nodes.map((entry) => (
        <AuditEntry key={entry.id} entry={entry} />
      ))}
      {hasNextPage && endCursor !== null && !isMore && (
        <li className="border-t border-line py-3 text-center">
          <Button onClick={() => setMore(true)}>Show {pageSize} more</Button>
        </li>
      )}
      {isMore && endCursor !== null && <NextPage variables={{ ...variables, after: endCursor }} />}
    </>
  );
}

function NextPage({ variables }: { readonly variables: AuditEntriesQueryVariables }) {
  const result = useLiveQuery({ query: AuditEntriesDocument, variables });
  if (result.data) return <Entries page={result.data.auditEntries} variables={variables} />;
  return (
    <li className="border-t border-line px-4 py-3">
      <QueryView result={result} what="More entries">
        {() => null}
      </QueryView>
    </li>
  );
}
