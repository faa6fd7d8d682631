import { History } from 'lucide-react';
import { createContext, use, useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useMutation } from 'urql';
import { announce } from '../announcements.ts';
import { createRequestKeys } from '../conflicts/request-key.ts';
import { formatTime } from '../format/date.ts';
import { failureOf } from '../graphql/failure.ts';
import { UndoDecisionDocument } from '../graphql/generated/graphql.ts';
import type { ConflictDetailFragment } from '../graphql/generated/graphql.ts';
import { Button } from '../ui/button.tsx';
import { useKeys } from '../ui/keys.ts';
import { keyLabel, shownKeyOf } from '../ui/key-map.ts';
import { useNow } from '../ui/use-now.ts';

/** What can be taken back, and until when; every reversible mutation answers with one. */
export type UndoHandle = NonNullable<NonNullable<ConflictDetailFragment['resolution']>['undo']>;

type RecentAction = {
  readonly undo: UndoHandle;
  /** What happened, in a word that fits before a full stop: "Settled", "Discarded". */
  readonly done: string;
  readonly state:
    | { readonly kind: 'standing' | 'taking-back' | 'taken-back' }
    | { readonly kind: 'kept'; readonly sentence: string };
};

type RecentActionsAccess = {
  readonly actions: readonly RecentAction[];
  /** The newest one, unless it was dismissed. */
  readonly shown: RecentAction | null;
  /** Puts an act where Z finds it, on every page. */
  readonly remember: (undo: UndoHandle, done?: string) => void;
  readonly takeBack: (undo: UndoHandle) => void;
  readonly dismiss: () => void;
};

const RecentActionsContext = createContext<RecentActionsAccess | null>(null);

/** Acts that stay in the list after their window has closed. */
const actionsMax = 12;

/** Where a page hands over what was done on it. */
export function useRecentActions(): RecentActionsAccess {
  const access = use(RecentActionsContext);
  if (access === null) throw new Error('The recent actions are missing above this component.');
  return access;
}

const windowTickMs = 500;

/** Whether the window of an act is still open, by this browser's clock; the server has the last word. */
export function useIsUndoable(undo: UndoHandle | null): boolean {
  const nowMs = useNow(windowTickMs, undo !== null);
  return undo !== null && nowMs < Date.parse(undo.expiresAt);
}

/** Remembers every reversible act of this tab for as long as it can be taken back, and a little longer. */
export function RecentActions({ children }: { readonly children: ReactNode }) {
  const [actions, setActions] = useState<readonly RecentAction[]>([]);
  const [dismissed, setDismissed] = useState<string | null>(null);
  const isSame = (undo: UndoHandle) => (action: RecentAction) => action.undo.token === undo.token;
  const move = (undo: UndoHandle, state: RecentAction['state']) =>
    setActions((before) =>
      before.map((action) => (isSame(undo)(action) ? { ...action, state } : action)),
    );
  const takeBack = useTakeBack(move);
  const [newest] = actions;
  const access = {
    actions,
    shown: newest !== undefined && newest.undo.token !== dismissed ? newest : null,
    remember: (undo: UndoHandle, done = 'Done') =>
      setActions((before) =>
        before.some(isSame(undo))
          ? before
          : [{ undo, done, state: { kind: 'standing' as const } }, ...before].slice(0, actionsMax),
      ),
    takeBack,
    dismiss: () => setDismissed(newest?.undo.token ?? null),
  };
  return <RecentActionsContext value={access}>{children}</RecentActionsContext>;
}

const takenBack = 'Taken back. Nothing was sent to either side; it is as it was before.';

function useTakeBack(move: (undo: UndoHandle, state: RecentAction['state']) => void) {
  const [, execute] = useMutation(UndoDecisionDocument);
  const keys = useRef(createRequestKeys());
  const keep = (undo: UndoHandle, sentence: string) => {
    move(undo, { kind: 'kept', sentence });
    announce(sentence);
  };
  const takeBack = async (undo: UndoHandle) => {
    move(undo, { kind: 'taking-back' });
    const { token } = undo;
    const { data, error } = await execute({
      input: { token, idempotencyKey: keys.current(token) },
    });
    if (error) return keep(undo, `It was not taken back. ${failureOf(error).sentence}`);
    if (data?.undo.__typename !== 'UndoSuccess')
      return keep(undo, data?.undo.message ?? 'It was not taken back. Try again.');
    move(undo, { kind: 'taken-back' });
    return announce(takenBack);
  };
  return (undo: UndoHandle) => void takeBack(undo);
}

/** The status line of the last act, with the way back for as long as there is one (WCAG 2.2.1: never only a toast). */
export function RecentActionLine() {
  const { shown, takeBack, dismiss } = useRecentActions();
  const isUndoable = useIsUndoable(shown?.undo ?? null);
  const isOffered = shown?.state.kind === 'standing' && isUndoable;
  useKeys(isOffered && shown !== null ? { z: () => takeBack(shown.undo) } : {});
  if (shown === null) return null;
  const { undo, done, state } = shown;
  if (state.kind === 'standing' && !isUndoable) return null;
  const until = formatTime(undo.expiresAt);
  return (
    <div
      data-recent-decision
      className="sticky top-16 z-10 mb-4 flex flex-wrap items-center gap-2 rounded-md border border-line bg-surface px-3 py-1.5 shadow-panel"
    >
      {state.kind === 'standing' || state.kind === 'taking-back' ? (
        <>
          {done}. {undo.label} leaves at {until}.{' '}
          <Button
            onClick={() => takeBack(undo)}
            disabled={state.kind === 'taking-back'}
            aria-keyshortcuts={shownKeyOf('z')}
          >
            Undo ({keyLabel(shownKeyOf('z'))}) until {until}
          </Button>
        </>
      ) : (
        <>
          <span className={state.kind === 'kept' ? 'text-you' : ''}>
            {state.kind === 'kept' ? state.sentence : takenBack}
          </span>
          <Button kind="quiet" onClick={dismiss}>
            Dismiss
          </Button>
        </>
      )}
    </div>
  );
}

/** Every act of this tab that can or could be taken back, in the header for the whole of its window. */
export function RecentActionsMenu() {
  const { actions } = useRecentActions();
  const listId = useId();
  const nowMs = useNow(windowTickMs, actions.length > 0);
  if (actions.length === 0) return null;
  const openCount = actions.filter(
    ({ undo, state }) => state.kind === 'standing' && nowMs < Date.parse(undo.expiresAt),
  ).length;
  return (
    <>
      <Button popoverTarget={listId} aria-label={menuLabel(openCount)} title="Recent actions">
        <History aria-hidden="true" className="size-3.5" />
        {openCount > 0 && <span data-figures>{openCount}</span>}
      </Button>
      <section
        id={listId}
        popover="auto"
        aria-label="Recent actions"
        className="fixed inset-auto top-14 right-2 m-0 w-[min(26rem,calc(100vw-1rem))] rounded-lg border border-line bg-surface p-2 text-ink shadow-xl"
      >
        <h2 className="px-2 py-1 text-[0.8125rem] font-semibold">Recent actions</h2>
        <ul>
          {actions.map((action) => (
            <RecentActionRow key={action.undo.token} action={action} nowMs={nowMs} />
          ))}
        </ul>
      </section>
    </>
  );
}

const menuLabel = (openCount: number) =>
  openCount === 0 ? 'Recent actions' : `Recent actions, ${openCount} can be taken back`;

type RowProps = { readonly action: RecentAction; readonly nowMs: number };

function RecentActionRow({ action: { undo, done, state }, nowMs }: RowProps) {
  const { takeBack } = useRecentActions();
  const isOpen = nowMs < Date.parse(undo.expiresAt);
  const stands = isOpen ? `Leaves at ${formatTime(undo.expiresAt)}` : 'Can no longer be taken back';
  return (
    <li className="flex min-h-10 items-center gap-3 rounded-md px-2 py-1 hover:bg-raised">
      <span className="min-w-0 flex-1">
        <span className="block">
          {done}: {undo.label}
        </span>
        <span className="block text-xs text-ink-soft">
          {state.kind === 'taken-back' && 'Taken back'}
          {state.kind === 'kept' && state.sentence}
          {(state.kind === 'standing' || state.kind === 'taking-back') && stands}
        </span>
      </span>
      {isOpen && (state.kind === 'standing' || state.kind === 'taking-back') && (
        <Button disabled={state.kind === 'taking-back'} onClick={() => takeBack(undo)}>
          Undo
        </Button>
      )}
    </li>
  );
}
