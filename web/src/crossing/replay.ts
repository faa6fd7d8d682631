import type { StageMark } from './layout.ts';

/** Speeds offered: a crossing often takes less than a second, so slower than life is the useful one. */
export const replaySpeeds = [0.1, 1, 4] as const;

/** Multiple of real time. */
export type ReplaySpeed = (typeof replaySpeeds)[number];

/** A stop is shown at least this long, so that the eye sees it, and a wait of hours at most this long. */
export const replayLimits = { holdMsMin: 120, holdMsMax: 3_000 };

/** State of a replay: how many marks of the history are shown. */
export type Replay = {
  readonly shownCount: number;
  readonly isPlaying: boolean;
  readonly speed: ReplaySpeed;
};

/** How long to stand on the last mark shown before the next one, in milliseconds of the reader's time. */
export function holdMs(history: readonly StageMark[], { shownCount, speed }: Replay): number {
  const spentMs = history[shownCount - 1]?.durationMs ?? 0;
  return Math.min(Math.max(spentMs / speed, replayLimits.holdMsMin), replayLimits.holdMsMax);
}

/** One step on; stands still at the end. */
export function stepOn(history: readonly StageMark[], replay: Replay): Replay {
  const shownCount = Math.min(replay.shownCount + 1, history.length);
  return { ...replay, shownCount, isPlaying: replay.isPlaying && shownCount < history.length };
}

/** One step back; the first mark always stays. */
export function stepBack(replay: Replay): Replay {
  return { ...replay, shownCount: Math.max(replay.shownCount - 1, 1), isPlaying: false };
}

/** From the first mark, playing. */
export function playFromStart(speed: ReplaySpeed): Replay {
  return { shownCount: 1, isPlaying: true, speed };
}

/** The slow speed for a crossing that would be over before it is seen, else real time. */
export function fittingSpeed(history: readonly StageMark[]): ReplaySpeed {
  const totalMs = history.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
  return totalMs < 3_000 ? 0.1 : 1;
}
