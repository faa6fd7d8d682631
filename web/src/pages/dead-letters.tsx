import { getRouteApi } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useGo } from '../components/app-link.tsx';
import { BulkProgress } from '../components/bulk-progress.tsx';
import { DeadLetterDialogs } from '../components/dead-letter-dialogs.tsx';
import type { DeadLetterQuestion } from '../components/dead-letter-dialogs.tsx';
import { DeadLetterGroup } from '../components/dead-letter-group.tsx';
import { DeadLetterList } from '../components/dead-letter-list.tsx';
import { DeadLetterNarrowing } from '../components/dead-letter-narrowing.tsx';
import type { DeadLetterRowActs } from '../components/dead-letter-row.tsx';
import { NoDeadLetters } from '../components/no-dead-letters.tsx';
import { PanelGraphql } from '../components/panel-graphql.tsx';
import { QueryView } from '../components/query-view.tsx';
import { ReplayPlan } from '../components/replay-plan.tsx';
import type { ReplayWish } from '../components/replay-plan.tsx';
import { useChangedIds } from '../components/use-changed-ids.ts';
import { useDeadLetterActs } from '../components/use-dead-letter-acts.ts';
import { useWhyNot } from '../components/use-right.ts';
import { useRowKeys } from '../components/use-row-keys.ts';
import { DeadLetterGroupsDocument } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatCount } from '../format/money.ts';
import { paths } from '../paths.ts';
import type { DeadLettersSearch } from '../search.ts';
import { mayChangeDeadLetters } from '../stream/event-kinds.ts';
import type { StreamEvent } from '../stream/stream-store.ts';
import { Button } from '../ui/button.tsx';
import { useKeys } from '../ui/keys.ts';
import { Skeleton } from '../ui/skeleton.tsx';

const route = getRouteApi('/dead-letters');

/** What the bridge stopped trying, by cause, with what to do about it. */
export function DeadLettersPage() {
  const search = route.useSearch();
  const go = useGo();
  const list = useRef<HTMLDivElement>(null);
  const { acts, question, setQuestion, ...selection } = usePageActs();
  const [wish, setWish] = useState<ReplayWish | null>(null);
  const single = useDeadLetterQuestionActs(acts, setQuestion, selection);
  useRowKeys(list, ['r', 'Backspace', 'x']);
  useKeys(selection.ids.size > 0 ? { Escape: selection.clear } : {});
  const { bulk } = search;
  const openBulk = (id: string | undefined) => {
    const { bulk: _closed, ...rest } = search;
    go(paths.deadLetters(id === undefined ? rest : { ...rest, bulk: id }), 'replace');
  };
  const isNarrowed =
    search.safety !== undefined || search.direction !== undefined || search.cause !== undefined;
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold tracking-tight">Dead letters</h1>
      <DeadLetterNarrowing search={search} />
      {bulk !== undefined && (
        <BulkProgress key={bulk} id={bulk} onClose={() => openBulk(undefined)} />
      )}
      <SelectionBar ids={selection.ids} onReplay={setWish} onClear={selection.clear} />
      <div ref={list}>
        {search.view === 'open' && !isNarrowed ? (
          <Groups key={search.company} search={search} acts={single} onReplayAll={setWish} />
        ) : (
          <DeadLetterList
            key={JSON.stringify({ ...search, bulk: null })}
            search={search}
            acts={single}
            onReplayAll={setWish}
          />
        )}
      </div>
      <DeadLetterDialogs question={question} acts={acts} onClose={() => setQuestion(null)} />
      <ReplayPlan
        wish={wish}
        onClose={() => setWish(null)}
        onStarted={(id) => {
          setWish(null);
          selection.clear();
          openBulk(id);
        }}
      />
    </div>
  );
}

function usePageActs() {
  const acts = useDeadLetterActs();
  const [question, setQuestion] = useState<DeadLetterQuestion | null>(null);
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) =>
    setIds(ids.has(id) ? new Set([...ids].filter((one) => one !== id)) : new Set([...ids, id]));
  return { acts, question, setQuestion, ids, toggle, clear: () => setIds(new Set()) };
}

type Selection = { readonly ids: ReadonlySet<string>; readonly toggle: (id: string) => void };

/** The acts of one row: a risky replay and a discard are asked about first. */
function useDeadLetterQuestionActs(
  acts: ReturnType<typeof useDeadLetterActs>,
  ask: (question: DeadLetterQuestion) => void,
  { ids, toggle }: Selection,
): DeadLetterRowActs {
  const whyNot = useWhyNot('OPERATE');
  return {
    whyNot,
    stateOf: acts.stateOf,
    replay: (letter) => {
      if (letter.replaySafety.safety === 'RISKY') ask({ kind: 'risky', letter });
      else void acts.replay(letter);
    },
    discard: (letter) => ask({ kind: 'discard', letter }),
    toggle: ({ id }) => toggle(id),
    isSelected: (id) => ids.has(id),
  };
}

type SelectionBarProps = {
  readonly ids: ReadonlySet<string>;
  readonly onReplay: (wish: ReplayWish) => void;
  readonly onClear: () => void;
};

function SelectionBar({ ids, onReplay, onClear }: SelectionBarProps) {
  if (ids.size === 0) return null;
  return (
    <div
      role="region"
      aria-label="Selection"
      className="sticky top-16 z-10 flex flex-wrap items-center gap-2 rounded-md border border-line bg-surface px-3 py-1.5 shadow-panel"
    >
      <span role="status" data-figures>
        {formatCount(ids.size)} selected
      </span>
      <Button
        onClick={() =>
          onReplay({
            selection: { ids: [...ids] },
            words: `${formatCount(ids.size)} selected`,
          })
        }
      >
        Replay {formatCount(ids.size)}…
      </Button>
      <Button kind="quiet" aria-keyshortcuts="Escape" onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}

/** Only the first causes show their invoices at once: each asks for its own. */
const openAtFirst = 3;

const deadLetterOf = (event: StreamEvent): string | null =>
  mayChangeDeadLetters(event) && 'id' in event.detail ? event.detail.id : null;

/** How many there are and of how many causes; nothing before that is known or where there are none. */
function causesOf(groups: readonly { readonly count: number }[] = []): string {
  if (groups.length === 0) return '';
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const letters = `${formatCount(count)} ${count === 1 ? 'change' : 'changes'} stopped`;
  return `${letters}, of ${formatCount(groups.length)} ${groups.length === 1 ? 'cause' : 'causes'}`;
}

type GroupsProps = {
  readonly search: DeadLettersSearch;
  readonly acts: DeadLetterRowActs;
  readonly onReplayAll: (wish: ReplayWish) => void;
};

function Groups({ search, acts, onReplayAll }: GroupsProps) {
  const { company } = search;
  const [round, setRound] = useState(0);
  const asked = {
    query: DeadLetterGroupsDocument,
    variables: { companyIds: company === undefined ? null : [company] },
  };
  const result = useLiveQuery({
    ...asked,
    // An empty page has no places that could jump, so it fills by itself.
    refetchOn: (event, shown) =>
      mayChangeDeadLetters(event) && (shown === undefined || shown.deadLetterGroups.length === 0),
  });
  const { changedCount, forget } = useChangedIds(company, deadLetterOf);
  const showNow = () => {
    forget();
    result.retry();
    setRound(round + 1);
  };
  return (
    <section aria-label="Open dead letters by cause" className="flex flex-col gap-4">
      <p className="flex min-h-8 flex-wrap items-center justify-end gap-2">
        <span className="mr-auto text-ink-soft">{causesOf(result.data?.deadLetterGroups)}</span>
        {changedCount > 0 && (
          <Button onClick={showNow}>{formatCount(changedCount)} changed · show</Button>
        )}
        <PanelGraphql {...asked} />
      </p>
      <QueryView
        result={result}
        what="The dead letters"
        skeleton={<Skeleton what="dead letters" rows={4} rowClass="h-24" />}
      >
        {({ deadLetterGroups }) =>
          deadLetterGroups.length === 0 ? (
            <NoDeadLetters companyId={company} />
          ) : (
            deadLetterGroups.map((group, index) => (
              <DeadLetterGroup
                key={`${group.fingerprint} ${round}`}
                group={group}
                companyId={company}
                isOpenAtFirst={index < openAtFirst}
                acts={acts}
                onReplayAll={onReplayAll}
              />
            ))
          )
        }
      </QueryView>
    </section>
  );
}
