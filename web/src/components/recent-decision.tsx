import { createContext, use, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useMutation } from 'urql';
import { createRequestKeys } from '../conflicts/request-key.ts';
import { formatTime } from '../format/date.ts';
import { failureOf } from '../graphql/failure.ts';
import { UndoDecisionDocument } from '../graphql/generated/graphql.ts';
import type { ConflictDetailFragment } from '../graphql/generated/graphql.ts';
import { Button } from '../ui/button.tsx';
import { useKeys } from '../ui/keys.ts';
import { useNow } from '../ui/use-now.ts';

/** What can be taken back, and until when. */
export type UndoHandle = NonNullable<NonNullable<ConflictDetailFragment['resolution']>['undo']>;

type RecentDecisionAccess = {
  /** Puts a decision where Z finds it, on every page. */
  readonly remember: (undo: UndoHandle) => void;
};

type Line =
  | { readonly kind: 'none' }
  | { readonly kind: 'settled'; readonly undo: UndoHandle }
  | { readonly kind: 'taking-back'; readonly undo: UndoHandle }
  | { readonly kind: 'said'; readonly sentence: string; readonly isFailure: boolean };

const RecentDecisionContext = createContext<RecentDecisionAccess>({ remember: () => undefined });

/** Where a page hands over what was decided on it. */
export const useRecentDecision = (): RecentDecisionAccess => use(RecentDecisionContext);

const windowTickMs = 500;

/** Whether the window of a decision is still open, by this browser's clock; the server has the last word. */
export function useIsUndoable(undo: UndoHandle | null): boolean {
  const nowMs = useNow(windowTickMs, undo !== null);
  return undo !== null && nowMs < Date.parse(undo.expiresAt);
}

/** The status line of the last decision, with the way back for as long as there is one (WCAG 2.2.1: never only a toast). */
export function RecentDecision({ children }: { readonly children: ReactNode }) {
  const [line, setLine] = useState<Line>({ kind: 'none' });
  const [access] = useState(() => ({
    remember: (undo: UndoHandle) => setLine({ kind: 'settled', undo }),
  }));
  const takeBack = useTakeBack(setLine);
  const undo = line.kind === 'settled' || line.kind === 'taking-back' ? line.undo : null;
  const isUndoable = useIsUndoable(undo);
  const isOffered = line.kind === 'settled' && isUndoable;
  useKeys(isOffered ? { z: () => takeBack(line.undo) } : {});
  return (
    <RecentDecisionContext value={access}>
      <div
        role="status"
        data-recent-decision
        className="sticky top-16 z-10 mb-4 rounded-md border border-line bg-surface px-3 py-1.5 shadow-panel empty:hidden"
      >
        {(isOffered || line.kind === 'taking-back') && undo !== null && (
          <span className="flex flex-wrap items-center gap-2">
            Settled. {undo.label} leaves at {formatTime(undo.expiresAt)}.{' '}
            <Button
              onClick={() => takeBack(undo)}
              disabled={line.kind === 'taking-back'}
              aria-keyshortcuts="z"
            >
              Undo (Z) until {formatTime(undo.expiresAt)}
            </Button>
          </span>
        )}
        {line.kind === 'said' && (
          <span className="flex flex-wrap items-center gap-2">
            <span className={line.isFailure ? 'text-you' : ''}>{line.sentence}</span>
            <Button kind="quiet" onClick={() => setLine({ kind: 'none' })}>
              Dismiss
            </Button>
          </span>
        )}
      </div>
      {children}
    </RecentDecisionContext>
  );
}

const takenBack = 'Taken back. Nothing was sent to either side; the conflict is open again.';

function useTakeBack(setLine: (line: Line) => void): (undo: UndoHandle) => void {
  const [, execute] = useMutation(UndoDecisionDocument);
  const keys = useRef(createRequestKeys());
  const say = (sentence: string, isFailure: boolean) =>
    setLine({ kind: 'said', sentence, isFailure });
  const takeBack = async (undo: UndoHandle) => {
    setLine({ kind: 'taking-back', undo });
    const { token } = undo;
    const { data, error } = await execute({
      input: { token, idempotencyKey: keys.current(token) },
    });
    if (error) return say(`It was not taken back. ${failureOf(error).sentence}`, true);
    if (data?.undo.__typename === 'UndoSuccess') return say(takenBack, false);
    return say(data?.undo.message ?? 'It was not taken back. Try again.', true);
  };
  return (undo) => void takeBack(undo);
}
