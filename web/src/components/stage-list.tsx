import type { CrossingLayout, StageMark } from '../crossing/layout.ts';
import { isExit, isPier } from '../crossing/stages.ts';
import type { ExitStage } from '../crossing/stages.ts';
import { isSlow } from '../crossing/usual-times.ts';
import type { UsualTimes } from '../crossing/usual-times.ts';
import { formatDuration, formatTimeExact } from '../format/date.ts';
import { stageLabels } from '../state-labels.ts';

type StageListProps = {
  readonly history: readonly StageMark[];
  readonly layout: CrossingLayout;
  readonly usual: UsualTimes;
  readonly hereMs: number | null;
};

/** The same facts as the drawing, in order and in words: every stop of every try, then what is still ahead. */
export function StageList({ history, layout, usual, hereMs }: StageListProps) {
  const ahead = layout.piers.filter(({ state }) => state === 'ahead');
  const hasEnded = layout.exit?.stage === 'SKIPPED' || layout.exit?.stage === 'DEAD_LETTERED';
  return (
    <ol className="flex flex-col">
      {history.map((mark, index) => (
        <StageRow
          key={`${mark.at} ${mark.stage} ${index}`}
          mark={mark}
          usual={usual}
          spentMs={index === history.length - 1 ? (mark.durationMs ?? hereMs) : mark.durationMs}
          isHere={index === history.length - 1}
        />
      ))}
      {!hasEnded &&
        ahead.map(({ stage }) => (
          <li key={stage} className="flex items-center gap-3 py-1 text-ink-soft">
            <span aria-hidden="true" className="size-2 rounded-full border border-line-strong" />
            <span className="flex-1">{stageLabels[stage].label}</span>
            <span className="sr-only">still ahead</span>
          </li>
        ))}
    </ol>
  );
}

const exitDots = {
  RETRY_SCHEDULED: 'bg-us',
  HELD: 'bg-you',
  DEAD_LETTERED: 'bg-you',
  SKIPPED: 'bg-done',
} satisfies Record<ExitStage, string>;

type StageRowProps = {
  readonly mark: StageMark;
  readonly usual: UsualTimes;
  readonly spentMs: number | null;
  readonly isHere: boolean;
};

function StageRow({ mark, usual, spentMs, isHere }: StageRowProps) {
  const { stage, at, note } = mark;
  const usualHere = isPier(stage) ? usual.get(stage) : undefined;
  const slow = spentMs !== null && isSlow(spentMs, usualHere);
  return (
    <li className="py-1" aria-current={isHere ? 'step' : undefined}>
      <div className="flex items-center gap-3">
        <span
          aria-hidden="true"
          className={`size-2 rounded-full ${isExit(stage) ? exitDots[stage] : isHere ? 'bg-ink' : 'bg-line-strong'}`}
        />
        <span className={`flex-1 ${isHere ? 'font-semibold' : ''}`}>
          {stageLabels[stage].label}
        </span>
        {slow && <span className="text-xs font-medium text-us">slower than usual</span>}
        <span className="w-16 text-right">
          {spentMs !== null && stage !== 'SETTLED' && formatDuration(spentMs)}
        </span>
        <span className="hidden w-20 text-right text-xs text-ink-soft sm:inline">
          {usualHere && `usual ${formatDuration(usualHere.medianMs)}`}
        </span>
        <time dateTime={at} className="w-24 text-right text-xs text-ink-soft">
          {formatTimeExact(at)}
        </time>
      </div>
      {note && <p className="pl-5 text-[0.8125rem] text-ink-soft">{note}</p>}
    </li>
  );
}
