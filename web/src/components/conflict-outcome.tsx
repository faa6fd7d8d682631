import { useEffect, useRef } from 'react';
import { existenceText, shownLabel } from '../conflicts/plain-words.ts';
import { ReopenConflictDocument } from '../graphql/generated/graphql.ts';
import type { ConflictDetailFragment } from '../graphql/generated/graphql.ts';
import { useAct } from '../graphql/use-act.ts';
import { paths } from '../paths.ts';
import { conflictStatusLabels, fieldChoiceLabels } from '../state-labels.ts';
import { Button } from '../ui/button.tsx';
import { ActRefusal } from './act-refusal.tsx';
import { AppLink } from './app-link.tsx';
import { useIsUndoable, useRecentActions } from './recent-actions.tsx';
import { FieldValueText, TimeText } from './values.tsx';

type OutcomeProps = {
  readonly conflict: ConflictDetailFragment;
  readonly next: { readonly href: string; readonly number: string | null } | undefined;
  /** True when it was decided on this very page: the focus goes on to the next conflict. */
  readonly isOwnAct: boolean;
  readonly mayDecide: boolean;
  readonly onActed: (conflict: ConflictDetailFragment) => void;
};

/** What was decided, by whom, and where it stands. */
export function ConflictOutcome({ conflict, next, isOwnAct, mayDecide, onActed }: OutcomeProps) {
  const { resolution, status, fields, invoice } = conflict;
  const undo = resolution?.undo ?? null;
  const { remember } = useRecentActions();
  const isUndoable = useIsUndoable(undo);
  const onward = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (isOwnAct) onward.current?.focus();
  }, [isOwnAct]);
  useEffect(() => {
    if (undo !== null && isUndoable) remember(undo, 'Settled');
    // Once for each handle: a line that was dismissed stays away.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [undo?.token]);
  return (
    <section
      aria-label="Outcome"
      className="arrive flex flex-col gap-3 rounded-lg border border-line bg-surface p-4 shadow-panel"
    >
      <p>
        {resolution === null ? (
          undecidedHelp(conflict)
        ) : (
          <>
            {resolution.actor.displayName} decided at <TimeText instant={resolution.decidedAt} />.{' '}
            {conflictStatusLabels[status].help}
          </>
        )}
      </p>
      {resolution !== null && <Decided fields={fields} choices={resolution.choices} />}
      {resolution?.note && <p className="text-ink-soft">Note: {resolution.note}</p>}
      <p className="flex flex-wrap gap-x-6 gap-y-1">
        <AppLink
          ref={onward}
          href={next === undefined ? paths.conflicts() : next.href}
          className="font-medium underline underline-offset-4"
        >
          {next === undefined
            ? 'No other conflict waits: back to the list'
            : `Next conflict: ${next.number ?? 'no number'}`}{' '}
          <span aria-hidden="true">→</span>
        </AppLink>
        <AppLink
          href={paths.invoice(invoice.id, { tab: 'crossing' })}
          className="underline underline-offset-4"
        >
          Watch it cross
        </AppLink>
      </p>
      {isRuled(conflict) && <Reopen conflict={conflict} mayDecide={mayDecide} onActed={onActed} />}
    </section>
  );
}

const undecidedHelp = (conflict: ConflictDetailFragment): string =>
  isRuled(conflict)
    ? 'A rule decided it without a person. What each side had is kept.'
    : conflictStatusLabels[conflict.status].help;

type DecidedProps = Pick<ConflictDetailFragment, 'fields'> &
  Pick<NonNullable<ConflictDetailFragment['resolution']>, 'choices'>;

/** Each field with what both sides hold of it from now on. */
function Decided({ fields, choices }: DecidedProps) {
  const nameOf = (path: string) => {
    const field = fields.find((one) => one.path === path);
    return field === undefined ? path : shownLabel(field);
  };
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1">
      {choices.map(({ path, choice, value }) => (
        <div key={path} className="contents">
          <dt className="text-ink-soft">{nameOf(path)}</dt>
          <dd>
            {path === 'existence' ? existenceText(value.display) : <FieldValueText value={value} />}{' '}
            <span className="text-ink-soft">({fieldChoiceLabels[choice]})</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Settled, and by no person: a rule decided. */
const isRuled = ({ status, resolution }: ConflictDetailFragment): boolean =>
  status === 'RESOLVED' && resolution === null;

type ReopenProps = Pick<OutcomeProps, 'conflict' | 'mayDecide' | 'onActed'>;

/** What a rule decided can be asked of a person after all; the values it chose between are still there. */
function Reopen({ conflict, mayDecide, onActed }: ReopenProps) {
  const { state, act, isActing } = useAct(
    ReopenConflictDocument,
    ({ reopenConflict }) => reopenConflict,
  );
  const { id, version } = conflict;
  const reopen = async () => {
    const done = await act((idempotencyKey) => ({
      input: { conflictId: id, expectedVersion: version, idempotencyKey },
    }));
    if (done !== null) onActed(done.conflict);
  };
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button disabled={!mayDecide || isActing} onClick={() => void reopen()}>
          {isActing ? 'Opening…' : 'Open it again and decide yourself'}
        </Button>
        <span className="text-[0.8125rem] text-ink-soft">
          {mayDecide
            ? 'Nothing is written by opening it; your decision is.'
            : 'Needs the right OPERATE.'}
        </span>
      </p>
      <ActRefusal state={state} />
    </>
  );
}
