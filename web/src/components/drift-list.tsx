import { useRef, useState } from 'react';
import { RunDriftsDocument } from '../graphql/generated/graphql.ts';
import type {
  ReconcileStatus,
  RunDriftsQuery,
  RunDriftsQueryVariables,
} from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatCount } from '../format/money.ts';
import type { ReconcileRunSearch } from '../search.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { useKeys } from '../ui/keys.ts';
import { DriftDialogs } from './drift-dialogs.tsx';
import type { DriftQuestion } from './drift-dialogs.tsx';
import { DriftNarrowing, NoDriftLeft } from './drift-narrowing.tsx';
import { DriftRow } from './drift-row.tsx';
import type { DriftRowActs } from './drift-row.tsx';
import { LiveList } from './live-list.tsx';
import { QueryView } from './query-view.tsx';
import { useChangedIds } from './use-changed-ids.ts';
import { useDriftActs } from './use-drift-acts.ts';
import { useWhyNot } from './use-right.ts';
import { useRowKeys } from './use-row-keys.ts';

const pageSize = 25;

type DriftListProps = {
  readonly runId: string;
  readonly runStatus: ReconcileStatus;
  readonly search: ReconcileRunSearch;
  readonly onBulk: (bulkId: string) => void;
};

function useDesk(runId: string, onBulk: (bulkId: string) => void) {
  const [question, setQuestion] = useState<DriftQuestion | null>(null);
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const acts = useDriftActs(runId, onBulk);
  const whyNot = useWhyNot('OPERATE');
  const ask = (asked: DriftQuestion | null) => {
    acts.forget();
    setQuestion(asked);
  };
  const toggle = (id: string) =>
    setIds(ids.has(id) ? new Set([...ids].filter((one) => one !== id)) : new Set([...ids, id]));
  const rowActs: DriftRowActs = {
    whyNot,
    toggle,
    isSelected: (id) => ids.has(id),
    repair: ({ id }) => ask({ kind: 'repair', wish: { driftIds: [id], expectedCount: 1 } }),
    accept: (drift) => ask({ kind: 'accept', drift }),
  };
  const clear = () => setIds(new Set());
  return { acts, question, ask, ids, clear, rowActs, whyNot };
}

/** What a run found, largest amount first; each can be repaired as proposed, or accepted with a reason. */
export function DriftList({ runId, runStatus, search, onBulk }: DriftListProps) {
  const list = useRef<HTMLUListElement>(null);
  const desk = useDesk(runId, onBulk);
  const { ids, clear } = desk;
  useRowKeys(list, ['r', 'a', 'x']);
  useKeys(ids.size > 0 ? { Escape: clear } : {});
  const variables = {
    id: runId,
    first: pageSize,
    kinds: search.kind === undefined ? null : [search.kind],
    statuses: search.status === undefined ? null : [search.status],
  };
  const asked = { query: RunDriftsDocument, variables };
  const result = useLiveQuery({
    ...asked,
    refetchOn: ({ detail }, shown) =>
      detail.__typename === 'Drift' && (shown?.reconcileRun?.drifts.nodes.length ?? 0) === 0,
  });
  const known = result.data?.reconcileRun?.drifts.nodes ?? [];
  const changed = useChangedIds(undefined, ({ detail }) =>
    // A drift that is shown tells its new state in its own row.
    detail.__typename === 'Drift' && !known.some(({ id }) => id === detail.id) ? detail.id : null,
  );
  const open = result.data?.reconcileRun?.open.totalCount ?? 0;
  const isOver = runStatus !== 'RUNNING' && runStatus !== 'QUEUED';
  return (
    <>
      <DriftNarrowing runId={runId} search={search} />
      <LiveList
        asked={asked}
        result={result}
        changed={changed}
        title={result.data ? titleOf(result.data) : 'Drifts'}
        what="drifts"
        skeletonRows={4}
        actions={<RepairButton desk={desk} open={open} />}
      >
        {({ reconcileRun }) =>
          reconcileRun === null || reconcileRun.drifts.nodes.length === 0 ? (
            <Nothing runId={runId} isOver={isOver} search={search} />
          ) : (
            <ul ref={list} aria-label="Drifts, largest amount first">
              <DriftRows page={reconcileRun.drifts} variables={variables} acts={desk.rowActs} />
            </ul>
          )
        }
      </LiveList>
      <DriftDialogs
        question={desk.question}
        acts={desk.acts}
        onDone={() => {
          desk.ask(null);
          clear();
        }}
        onClose={() => desk.ask(null)}
      />
    </>
  );
}

function titleOf({ reconcileRun }: RunDriftsQuery): string {
  const total = reconcileRun?.drifts.totalCount ?? 0;
  return `${formatCount(total)} ${total === 1 ? 'drift' : 'drifts'}`;
}

type RepairButtonProps = { readonly desk: ReturnType<typeof useDesk>; readonly open: number };

/** Those selected, or every open one. */
function RepairButton({ desk, open }: RepairButtonProps) {
  const { ids, clear, ask, whyNot } = desk;
  const wish =
    ids.size > 0
      ? { driftIds: [...ids], expectedCount: ids.size }
      : { driftIds: null, expectedCount: open };
  if (wish.expectedCount === 0) return null;
  return (
    <>
      {ids.size > 0 && (
        <Button kind="quiet" aria-keyshortcuts="Escape" onClick={clear}>
          Clear {formatCount(ids.size)} selected
        </Button>
      )}
      <Button
        disabled={whyNot !== null}
        title={whyNot ?? undefined}
        onClick={() => ask({ kind: 'repair', wish })}
      >
        Repair {formatCount(wish.expectedCount)}…
      </Button>
    </>
  );
}

type NothingProps = {
  readonly runId: string;
  readonly isOver: boolean;
  readonly search: ReconcileRunSearch;
};

function Nothing({ runId, isOver, search }: NothingProps) {
  if (search.kind !== undefined || search.status !== undefined)
    return <NoDriftLeft runId={runId} search={search} />;
  return isOver ? (
    <Empty title="No drift.">Whatever differs is on its way, or explained above.</Empty>
  ) : (
    <Empty title="No drift so far.">The run is still comparing.</Empty>
  );
}

type RowsProps = {
  readonly page: NonNullable<RunDriftsQuery['reconcileRun']>['drifts'];
  readonly variables: RunDriftsQueryVariables;
  readonly acts: DriftRowActs;
};

/** One page, and the next one below it once it is asked for. */
function DriftRows({ page, variables, acts }: RowsProps) {
  const [isMore, setMore] = useState(false);
  const { endCursor, hasNextPage } = page.pageInfo;
  return (
    <>
      {page.nodes.map((drift) => (
        <DriftRow key={drift.id} drift={drift} acts={acts} />
      ))}
      {hasNextPage && endCursor !== null && !isMore && (
        <li className="border-t border-line py-3 text-center">
          <Button onClick={() => setMore(true)}>Show {pageSize} more</Button>
        </li>
      )}
      {isMore && endCursor !== null && (
        <NextPage variables={{ ...variables, after: endCursor }} acts={acts} />
      )}
    </>
  );
}

function NextPage({ variables, acts }: Omit<RowsProps, 'page'>) {
  const result = useLiveQuery({ query: RunDriftsDocument, variables });
  const page = result.data?.reconcileRun?.drifts;
  if (page) return <DriftRows page={page} variables={variables} acts={acts} />;
  return (
    <li className="border-t border-line px-4 py-3">
      <QueryView result={result} what="More drifts">
        {() => null}
      </QueryView>
    </li>
  );
}
