import { ChevronLeft, ChevronRight, Play, Square } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { StageMark } from '../crossing/layout.ts';
import {
  fittingSpeed,
  holdMs,
  playFromStart,
  replaySpeeds,
  stepBack,
  stepOn,
} from '../crossing/replay.ts';
import type { Replay, ReplaySpeed } from '../crossing/replay.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { useKeys } from '../ui/keys.ts';

/** What a replay offers; `shownCount` is null while the picture is the present one. */
export type ReplayControls = {
  readonly shownCount: number | null;
  readonly isPlaying: boolean;
  readonly speed: ReplaySpeed;
  readonly play: () => void;
  readonly stop: () => void;
  readonly forward: () => void;
  readonly back: () => void;
  readonly setSpeed: (speed: ReplaySpeed) => void;
};

/** Replays a stored history; the present picture comes back with Stop. */
export function useReplay(history: readonly StageMark[]): ReplayControls {
  const [replay, setReplay] = useState<Replay | null>(null);
  const [speed, setSpeed] = useState<ReplaySpeed>(() => fittingSpeed(history));
  const present: Replay = { shownCount: history.length, isPlaying: false, speed };

  useEffect(() => {
    if (replay === null || !replay.isPlaying) return undefined;
    const timer = setTimeout(() => setReplay(stepOn(history, replay)), holdMs(history, replay));
    return () => clearTimeout(timer);
  }, [replay, history]);

  return {
    shownCount: replay?.shownCount ?? null,
    isPlaying: replay?.isPlaying ?? false,
    speed,
    play: () => setReplay(playFromStart(speed)),
    stop: () => setReplay(null),
    forward: () => setReplay({ ...stepOn(history, replay ?? present), isPlaying: false }),
    back: () => setReplay(stepBack(replay ?? present)),
    setSpeed: (chosen) => {
      setSpeed(chosen);
      if (replay !== null) setReplay({ ...replay, speed: chosen });
    },
  };
}

const speedLabels = { 0.1: '⅒×', 1: '1×', 4: '4×' } satisfies Record<ReplaySpeed, string>;

type ReplayBarProps = { readonly controls: ReplayControls; readonly length: number };

/** Play, step and speed of a replay; the picture is then marked as past. */
export function ReplayBar({ controls, length }: ReplayBarProps) {
  const { shownCount, isPlaying, speed, play, stop, forward, back, setSpeed } = controls;
  useKeys({ '[': back, ']': forward });
  return (
    <div role="group" aria-label="Replay" className="flex flex-wrap items-center gap-1.5">
      <IconButton label="One step back" aria-keyshortcuts="[" onClick={back}>
        <ChevronLeft aria-hidden="true" className="size-4" />
      </IconButton>
      {shownCount === null || !isPlaying ? (
        <Button onClick={play}>
          <Play aria-hidden="true" className="size-3.5" />
          Replay
        </Button>
      ) : (
        <Button onClick={forward}>
          <Square aria-hidden="true" className="size-3" />
          Hold
        </Button>
      )}
      <IconButton label="One step on" aria-keyshortcuts="]" onClick={forward}>
        <ChevronRight aria-hidden="true" className="size-4" />
      </IconButton>
      <fieldset className="ml-1 flex items-center rounded-md border border-line">
        <legend className="sr-only">Speed</legend>
        {replaySpeeds.map((offered) => (
          <label
            key={offered}
            className="flex h-7.5 cursor-pointer items-center rounded-md px-2 text-xs font-medium text-ink-soft has-checked:bg-raised has-checked:text-ink has-focus-visible:outline-2"
          >
            <input
              type="radio"
              name="speed"
              className="sr-only"
              checked={offered === speed}
              onChange={() => setSpeed(offered)}
            />
            {speedLabels[offered]}
          </label>
        ))}
      </fieldset>
      {shownCount !== null && (
        <>
          <span className="ml-1 text-[0.8125rem] text-ink-soft">
            Past, step {shownCount} of {length}
          </span>
          <Button kind="quiet" onClick={stop}>
            Back to now
          </Button>
        </>
      )}
    </div>
  );
}
