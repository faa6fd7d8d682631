import type { SyncStage } from '../graphql/generated/graphql.ts';
import { isExit, isPier, pierIndexOf, piers } from './stages.ts';
import type { ExitStage, PierStage } from './stages.ts';

/** Moment a stage was entered, as the API tells it. */
export type StageMark = {
  readonly stage: SyncStage;
  readonly at: string;
  readonly durationMs: number | null;
  readonly note: string | null;
};

/** One pier as the present try left it. `jumped`: the way went past it without a stop. */
export type Pier = {
  readonly stage: PierStage;
  readonly state: 'passed' | 'here' | 'ahead' | 'jumped';
  /** The latest stop there, of any try; null when there was none. */
  readonly mark: StageMark | null;
  /** Stops there over all tries. */
  readonly visits: number;
};

/** A place beside the way: where the token stands when it is not on the bridge. */
type Exit = {
  readonly stage: ExitStage;
  /** Pier it left the way from. */
  readonly fromIndex: number;
  readonly mark: StageMark;
};

/** Where everything stands, without a single pixel. */
export type CrossingLayout = {
  readonly piers: readonly Pier[];
  /** Pier the token stands on, or left last; -1 before the first. */
  readonly tokenIndex: number;
  readonly exit: Exit | null;
  /** No clear answer to a write: the token stands between Sending and Acknowledged until evidence settles it. */
  readonly isUncertain: boolean;
  /** Tries after the first, as the piers show them. */
  readonly returns: number;
};

/** The picture of a crossing from its stored history, or from any beginning of it when it is replayed. */
export function layoutCrossing(
  history: readonly StageMark[],
  { isUncertain }: { readonly isUncertain: boolean },
): CrossingLayout {
  const tokenIndex = lastPierIndex(history);
  // Once it is over, what counts is the whole way: a write, and the look afterwards that found nothing more to write.
  const hasSettled = tokenIndex === piers.length - 1;
  const stood = hasSettled
    ? new Set(history.map(({ stage }) => stage))
    : piersOfPresentTry(history);
  const uncertain = isUncertain && tokenIndex < pierIndexOf('ACKNOWLEDGED');
  return {
    piers: piers.map((stage, index) => {
      const marks = history.filter((mark) => mark.stage === stage);
      const state = pierState(index, tokenIndex, stood.has(stage));
      return { stage, state, mark: marks.at(-1) ?? null, visits: marks.length };
    }),
    tokenIndex,
    exit: exitOf(history, tokenIndex),
    isUncertain: uncertain,
    returns: history.filter(({ stage }) => stage === 'RETRY_SCHEDULED').length,
  };
}

function lastPierIndex(history: readonly StageMark[]): number {
  const last = history.findLast(({ stage }) => isPier(stage));
  return last === undefined ? -1 : pierIndexOf(last.stage);
}

/** A return from an exit starts the way anew, so piers behind the last step backwards do not count as passed. */
function piersOfPresentTry(history: readonly StageMark[]): ReadonlySet<SyncStage> {
  const stood = new Set<SyncStage>();
  let reached = -1;
  for (const { stage } of history) {
    if (!isPier(stage)) continue;
    const index = pierIndexOf(stage);
    if (index <= reached) for (const later of piers.slice(index)) stood.delete(later);
    stood.add(stage);
    reached = index;
  }
  return stood;
}

function pierState(index: number, tokenIndex: number, isStood: boolean): Pier['state'] {
  if (index > tokenIndex) return 'ahead';
  if (!isStood) return 'jumped';
  const isLastPier = index === piers.length - 1;
  return index === tokenIndex && !isLastPier ? 'here' : 'passed';
}

function exitOf(history: readonly StageMark[], tokenIndex: number): Exit | null {
  const mark = history.at(-1);
  if (mark === undefined || !isExit(mark.stage)) return null;
  return { stage: mark.stage, fromIndex: Math.max(tokenIndex, 0), mark };
}
