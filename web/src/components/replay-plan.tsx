import { useRef, useState } from 'react';
import { useMutation } from 'urql';
import { createRequestKeys } from '../conflicts/request-key.ts';
import { ReplayDeadLettersDocument, ReplayPlanDocument } from '../graphql/generated/graphql.ts';
import type { DeadLetterSelection, ReplayPlanQuery } from '../graphql/generated/graphql.ts';
import { refusalSentence } from '../graphql/refusal.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatDuration } from '../format/date.ts';
import { formatCount, formatMoneyList } from '../format/money.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { replaySafetyInBulk } from '../work-labels.ts';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';

/** What a page asks to replay, in the words it goes by there. */
export type ReplayWish = { readonly selection: DeadLetterSelection; readonly words: string };

type ReplayPlanProps = {
  readonly wish: ReplayWish | null;
  /** Hands over the id of the operation that was started. */
  readonly onStarted: (bulkId: string) => void;
  readonly onClose: () => void;
};

/** What a replay of many would do, before anything is done. */
export function ReplayPlan({ wish, onStarted, onClose }: ReplayPlanProps) {
  return (
    <Dialog title={`Replay ${wish?.words ?? ''}`} isOpen={wish !== null} onClose={onClose}>
      {wish !== null && (
        <Planned selection={wish.selection} onStarted={onStarted} onClose={onClose} />
      )}
    </Dialog>
  );
}

type PlannedProps = Omit<ReplayPlanProps, 'wish'> & { readonly selection: DeadLetterSelection };

function Planned({ selection, onStarted, onClose }: PlannedProps) {
  const asked = { query: ReplayPlanDocument, variables: { selection } };
  const result = useLiveQuery(asked);
  return (
    <>
      <QueryView result={result} what="The plan" skeleton={<Skeleton what="the plan" rows={4} />}>
        {({ previewReplay }) => (
          <PlanForm
            // A plan read anew is another plan: its count is what a start is locked to.
            key={previewReplay.count}
            plan={previewReplay}
            selection={selection}
            onStarted={onStarted}
            onClose={onClose}
            onLookAgain={result.retry}
          />
        )}
      </QueryView>
      <p className="mt-3 flex justify-end">
        <PanelGraphql {...asked} />
      </p>
    </>
  );
}

type Plan = ReplayPlanQuery['previewReplay'];

/** Replays a minute on offer; QuickBooks is asked at its own pace besides (http.md §1). */
const rates = [10, 60, 300] as const;
const ratePlanned = 60;
const minuteMs = 60_000;

const sentOf = ({ bySafety }: Plan): number =>
  bySafety
    .filter(({ safety }) => safety === 'SAFE' || safety === 'RECHECKED')
    .reduce((sum, { count }) => sum + count, 0);

type PlanFormProps = PlannedProps & { readonly plan: Plan; readonly onLookAgain: () => void };

function PlanForm({ plan, selection, onStarted, onClose, onLookAgain }: PlanFormProps) {
  const [ratePerMinute, setRate] = useState<number>(ratePlanned);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [{ fetching }, execute] = useMutation(ReplayDeadLettersDocument);
  const keys = useRef(createRequestKeys());
  const sent = sentOf(plan);
  const start = async () => {
    const wanted = { selection, expectedCount: plan.count, ratePerMinute };
    const { data, error } = await execute({
      input: { ...wanted, idempotencyKey: keys.current(wanted) },
    });
    const answer = data?.replayDeadLetters;
    if (error === undefined && answer?.__typename === 'ReplayDeadLettersSuccess')
      return onStarted(answer.bulkOperation.id);
    setRefusal(refusalSentence('Nothing was started.', { data: answer, error }));
    return onLookAgain();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <PlanFacts plan={plan} ratePerMinute={ratePerMinute} />
      <label className="mt-3 flex items-center gap-2">
        At most
        <select
          value={ratePerMinute}
          onChange={(event) => setRate(Number(event.target.value))}
          className="h-8 rounded-md border border-line-strong bg-surface px-2"
        >
          {rates.map((rate) => (
            <option key={rate} value={rate}>
              {rate}
            </option>
          ))}
        </select>
        a minute
      </label>
      {refusal !== null && (
        <p role="alert" className="mt-3 rounded-md bg-you-soft px-3 py-2">
          {refusal}
        </p>
      )}
      <div className="mt-4 flex justify-end gap-2">
        <Button kind="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button autoFocus type="submit" kind="strong" disabled={sent === 0 || fetching}>
          {sent === 0 ? 'Nothing to replay' : `Replay ${formatCount(sent)}`}
        </Button>
      </div>
    </form>
  );
}

type PlanFactsProps = { readonly plan: Plan; readonly ratePerMinute: number };

function PlanFacts({ plan, ratePerMinute }: PlanFactsProps) {
  const sent = sentOf(plan);
  const lastsMs =
    ratePerMinute === ratePlanned
      ? plan.estimatedSeconds * 1_000
      : Math.ceil((sent * minuteMs) / ratePerMinute);
  const rows: (readonly [string, string])[] = [
    ['Chosen', formatCount(plan.count)],
    ['Money', formatMoneyList(plan.amounts) ?? 'none'],
    ...plan.bySafety.map(
      ({ safety, count }) => [replaySafetyInBulk[safety], formatCount(count)] as const,
    ),
    ['Takes about', formatDuration(lastsMs)],
  ];
  return (
    <>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1">
        {rows.map(([name, value]) => (
          <div key={`${name} ${value}`} className="contents">
            <dt className="text-ink-soft">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-3 text-ink-soft">
        Exactly these are taken. If another number matches by then, nothing is started. You can stop
        it at any time; what is finished stays finished.
      </p>
    </>
  );
}
