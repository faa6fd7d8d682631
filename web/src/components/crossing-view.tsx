import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type {
  CrossingDetailFragment,
  SnapshotPartsFragment,
} from '../graphql/generated/graphql.ts';
import { layoutCrossing } from '../crossing/layout.ts';
import type { StageMark } from '../crossing/layout.ts';
import { hasEnded } from '../crossing/stages.ts';
import type { UsualTimes } from '../crossing/usual-times.ts';
import { formatDate, formatDuration } from '../format/date.ts';
import { paths } from '../paths.ts';
import {
  changeKindLabels,
  directionLabels,
  eventSourceLabels,
  stageLabels,
} from '../state-labels.ts';
import { useStream } from '../stream/stream-context.tsx';
import { Chip } from '../ui/chip.tsx';
import { Panel } from '../ui/panel.tsx';
import { useNow } from '../ui/use-now.ts';
import { AppLink } from './app-link.tsx';
import { AttemptList } from './attempt-list.tsx';
import { crossingCaption, totalMs } from './crossing-caption.ts';
import { CrossingDrawing } from './crossing-drawing.tsx';
import { ReplayBar, useReplay } from './replay-bar.tsx';
import { StageList } from './stage-list.tsx';
import { StageChip } from './state-chips.tsx';
import { Absent, MoneyText } from './values.tsx';
import { WhatMoves } from './what-moves.tsx';

type CrossingViewProps = {
  readonly invoice: {
    readonly internal: SnapshotPartsFragment | null;
    readonly quickbooks: SnapshotPartsFragment | null;
    readonly openConflict: { readonly id: string } | null;
    readonly openDeadLetter: { readonly id: string } | null;
  };
  readonly change: CrossingDetailFragment;
  readonly usual: UsualTimes;
  /** It began while the page was open, so it is shown walking from its first stage. */
  readonly isArriving: boolean;
  readonly actions: ReactNode;
};

/** One crossing: the drawing, its list, what moves and every try. */
export function CrossingView({ invoice, change, usual, isArriving, actions }: CrossingViewProps) {
  const history = change.stageHistory;
  const replay = useReplay(history);
  const followedCount = useFollowed(history.length, isArriving);
  const shown = history.slice(0, replay.shownCount ?? followedCount);
  const isNow = replay.shownCount === null;
  const isOpen = isNow && !hasEnded(change.stage);
  const isPaused = useStream((stream) => stream.isPaused);
  const nowMs = useNow(200, isOpen && !isPaused);
  const told = isNow ? history : shown;
  const uncertain = { isUncertain: isNow && isUncertain(change) };
  const layout = layoutCrossing(shown, uncertain);
  const hereMs = isOpen ? sinceMs(told.at(-1), nowMs) : null;
  const nextTryMs = isOpen ? Date.parse(change.availableAt) - nowMs : null;
  return (
    <>
      <Panel title={<Title change={change} />} actions={actions}>
        <div className="grid grid-cols-2 items-center gap-x-3 gap-y-4 lg:grid-cols-[9.5rem_minmax(0,1fr)_9.5rem]">
          <SideCard
            title="Internal"
            look="border-t-internal text-internal"
            snapshot={invoice.internal}
          />
          <div className="order-last col-span-2 flex lg:order-none lg:col-span-1">
            <CrossingDrawing
              layout={layout}
              direction={change.direction}
              usual={usual}
              caption={crossingCaption({ layout, nextTryMs })}
              hereMs={hereMs}
            />
          </div>
          <SideCard
            title="QuickBooks"
            look="border-t-quickbooks text-quickbooks"
            snapshot={invoice.quickbooks}
          />
        </div>
        <div className="mt-4 flex flex-wrap items-center justify-between gap-3 border-t border-line pt-3">
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Sentence change={change} isUncertain={layout.isUncertain} />
            {isNow && <WayOn change={change} invoice={invoice} />}
          </div>
          <ReplayBar controls={replay} length={history.length} />
        </div>
      </Panel>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Panel title={isNow ? 'Stages' : 'Stages, as they were then'}>
          <StageList
            history={told}
            layout={layoutCrossing(told, uncertain)}
            usual={usual}
            hereMs={hereMs}
          />
        </Panel>
        <div className="flex min-w-0 flex-col gap-4">
          <Panel title="What moves">
            <WhatMoves change={change} />
          </Panel>
          <Panel title="Attempts">
            <AttemptList attempts={change.attempts.nodes} isOver={hasEnded(change.stage)} />
          </Panel>
        </div>
      </div>
    </>
  );
}

function sinceMs(mark: StageMark | undefined, nowMs: number): number | null {
  return mark === undefined ? null : Math.max(nowMs - Date.parse(mark.at), 0);
}

/** A write whose outcome nobody knows yet. */
function isUncertain({ stage, attempts }: CrossingDetailFragment): boolean {
  const last = attempts.nodes.at(-1);
  if (hasEnded(stage) || last === undefined) return false;
  return last.outcome === 'UNKNOWN' || last.intents.some(({ state }) => state === 'UNCERTAIN');
}

const strideMs = 140;

/** Stages often arrive several at once; the picture walks through them so that the eye can follow. The words do not wait. */
function useFollowed(length: number, isArriving: boolean): number {
  const [count, setCount] = useState(isArriving ? 1 : length);
  useEffect(() => {
    if (count === length) return undefined;
    const isCalm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const next = isCalm || count > length ? length : count + 1;
    const timer = setTimeout(() => setCount(next), isCalm ? 0 : strideMs);
    return () => clearTimeout(timer);
  }, [count, length]);
  return Math.min(count, length);
}

function Title({ change }: { readonly change: CrossingDetailFragment }) {
  const source = eventSourceLabels[change.source];
  const repeats =
    change.duplicateCount > 0 ? ` · told ${change.duplicateCount + 1} times, counted once` : '';
  return (
    <>
      {changeKindLabels[change.kind]} by {change.actor.displayName},{' '}
      {directionLabels[change.direction].within}{' '}
      <span className="font-normal text-ink-soft">
        · {source}
        {repeats}
      </span>
    </>
  );
}

type WayOnProps = Pick<CrossingViewProps, 'change' | 'invoice'>;

/** A gate opens, and a siding is left, only by a person: this is where they go. */
function WayOn({ change: { stage }, invoice: { openConflict, openDeadLetter } }: WayOnProps) {
  const look =
    'inline-flex h-8 items-center rounded-md border border-ink bg-ink px-2.5 text-[0.8125rem] font-medium text-paper hover:opacity-90';
  if (stage === 'HELD' && openConflict !== null) {
    return (
      <AppLink href={paths.conflict(openConflict.id)} className={look}>
        Open the gate: settle the conflict
      </AppLink>
    );
  }
  if (stage === 'DEAD_LETTERED' && openDeadLetter !== null) {
    return (
      <AppLink href={paths.work({ item: openDeadLetter.id })} className={look}>
        See what mends it
      </AppLink>
    );
  }
  return null;
}

type SentenceProps = { readonly change: CrossingDetailFragment; readonly isUncertain: boolean };

function Sentence({ change, isUncertain }: SentenceProps) {
  const spentMs = totalMs(change.stageHistory, change.endedAt);
  const words = change.coalescedInto
    ? 'Crossed together with a later change.'
    : (change.stageHistory.at(-1)?.note ?? stageLabels[change.stage].help);
  return (
    <p data-crossing-stage={change.stage} className="flex flex-wrap items-center gap-2">
      {isUncertain ? (
        <Chip tone="waiting-on-us">Checking</Chip>
      ) : (
        <StageChip stage={change.stage} />
      )}
      <span>{words}</span>
      {spentMs !== null && <span className="text-ink-soft">{formatDuration(spentMs)} in all.</span>}
    </p>
  );
}

type SideCardProps = {
  readonly title: string;
  readonly look: string;
  readonly snapshot: SnapshotPartsFragment | null;
};

function SideCard({ title, look, snapshot }: SideCardProps) {
  return (
    <section
      aria-label={title}
      className={`rounded-lg border border-t-3 border-line bg-surface p-3 ${look}`}
    >
      <p className="text-xs font-semibold">{title}</p>
      {snapshot === null ? (
        <p className="text-ink-soft">Not there yet.</p>
      ) : (
        <div className="text-ink">
          <p className="truncate font-medium">{snapshot.number ?? <Absent words="no number" />}</p>
          <p className="text-base font-semibold">
            <MoneyText value={snapshot.total} />
          </p>
          <p className="truncate text-xs text-ink-soft">
            {snapshot.dueDate ? `due ${formatDate(snapshot.dueDate)}` : 'no due date'}
          </p>
          <p className="truncate text-xs text-ink-soft">
            {snapshot.side === 'QUICKBOOKS' ? 'SyncToken' : 'revision'} {snapshot.externalVersion}
          </p>
        </div>
      )}
    </section>
  );
}
