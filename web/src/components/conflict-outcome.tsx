import { useEffect, useRef } from 'react';
import type { ConflictDetailFragment } from '../graphql/generated/graphql.ts';
import { paths } from '../paths.ts';
import { conflictStatusLabels, fieldChoiceLabels } from '../state-labels.ts';
import { AppLink } from './app-link.tsx';
import { useIsUndoable, useRecentActions } from './recent-actions.tsx';
import { FieldValueText, TimeText } from './values.tsx';

type OutcomeProps = {
  readonly conflict: ConflictDetailFragment;
  readonly next: { readonly href: string; readonly number: string | null } | undefined;
  /** True when it was decided on this very page: the focus goes on to the next conflict. */
  readonly isOwnAct: boolean;
};

/** What was decided, by whom, and where it stands. */
export function ConflictOutcome({ conflict, next, isOwnAct }: OutcomeProps) {
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
  const labelOf = (path: string) => fields.find((field) => field.path === path)?.label ?? path;
  return (
    <section
      aria-label="Outcome"
      className="arrive flex flex-col gap-3 rounded-lg border border-line bg-surface p-4 shadow-panel"
    >
      <p>
        {resolution === null ? (
          conflictStatusLabels[status].help
        ) : (
          <>
            {resolution.actor.displayName} decided at <TimeText instant={resolution.decidedAt} />.{' '}
            {conflictStatusLabels[status].help}
          </>
        )}
      </p>
      {resolution !== null && (
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1">
          {resolution.choices.map(({ path, choice, value }) => (
            <div key={path} className="contents">
              <dt className="text-ink-soft">{labelOf(path)}</dt>
              <dd>
                <FieldValueText value={value} />{' '}
                <span className="text-ink-soft">({fieldChoiceLabels[choice]})</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
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
    </section>
  );
}
