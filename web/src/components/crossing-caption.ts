import type { CrossingLayout, StageMark } from '../crossing/layout.ts';
import type { ExitStage } from '../crossing/stages.ts';
import { formatDuration } from '../format/date.ts';
import { stageLabels } from '../state-labels.ts';

const placeNames: Record<ExitStage, string> = {
  RETRY_SCHEDULED: 'Waiting bay',
  HELD: 'Gate: a conflict needs a decision',
  DEAD_LETTERED: 'Siding: stopped until someone acts',
  SKIPPED: 'Turned back: nothing to do',
};

type CaptionInput = {
  readonly layout: CrossingLayout;
  /** Milliseconds until the next try; null when none is due or the picture is a replay. */
  readonly nextTryMs: number | null;
};

/** What stands over the token: where it is, in words. */
export function crossingCaption({ layout, nextTryMs }: CaptionInput): string {
  if (layout.isUncertain) return 'checking with QuickBooks whether it arrived';
  if (layout.exit !== null) {
    const name = placeNames[layout.exit.stage];
    if (layout.exit.stage !== 'RETRY_SCHEDULED' || nextTryMs === null) return name;
    return nextTryMs > 0
      ? `${name} · next try in ${formatDuration(nextTryMs)}`
      : `${name} · next try is due`;
  }
  const pier = layout.piers[layout.tokenIndex];
  return pier === undefined ? 'Not seen yet' : stageLabels[pier.stage].label;
}

/** Time from the first mark to the end of the last. */
export function totalMs(history: readonly StageMark[], endedAt: string | null): number | null {
  const [first] = history;
  if (first === undefined || endedAt === null) return null;
  return Date.parse(endedAt) - Date.parse(first.at);
}
