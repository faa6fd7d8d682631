import { useState } from 'react';
import { useQuery } from 'urql';
import { fieldOf } from '../conflicts/bulk.ts';
import type { SameField } from '../conflicts/bulk.ts';
import { groupsOf, inputOf, valueOfChoice } from '../conflicts/choices.ts';
import type { ColumnChoice } from '../conflicts/choices.ts';
import { isZeroDecimal } from '../format/decimal.ts';
import { formatCount } from '../format/money.ts';
import { failureOf } from '../graphql/failure.ts';
import { useRefetchWhileFailing } from '../graphql/use-live-query.ts';
import { ConflictPreviewDocument, ResolveConflictsDocument } from '../graphql/generated/graphql.ts';
import type { ConflictPartsFragment } from '../graphql/generated/graphql.ts';
import { useAct } from '../graphql/use-act.ts';
import { fieldChoiceLabels } from '../state-labels.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ActRefusal } from './act-refusal.tsx';
import { useRecentActions } from './recent-actions.tsx';
import { FieldValueText, MoneyText } from './values.tsx';
import { readable } from '../format/sentence.ts';

const noteMax = 1_000;

type BulkSettleProps = {
  readonly conflicts: readonly ConflictPartsFragment[];
  readonly same: SameField;
  readonly choice: ColumnChoice;
  readonly onClose: () => void;
  readonly onStarted: (bulkOperationId: string) => void;
};

function useBulkSettle(
  conflicts: readonly ConflictPartsFragment[],
  choice: ColumnChoice,
  onStarted: (bulkOperationId: string) => void,
) {
  const { remember } = useRecentActions();
  const { state, act, isActing } = useAct(
    ResolveConflictsDocument,
    ({ resolveConflicts }) => resolveConflicts,
  );
  const settle = async (note: string) => {
    const ids = conflicts.map(({ id }) => id);
    const done = await act((idempotencyKey) => ({
      input: { selection: { ids }, choice, expectedCount: ids.length, note, idempotencyKey },
    }));
    if (done === null) return;
    remember(done.undo, 'Settled');
    onStarted(done.bulkOperation.id);
  };
  return { state, isActing, settle };
}

/** What one decision would do to each of many conflicts, asked of the engine; then all of them, each with its own window. */
export function BulkSettle(props: BulkSettleProps) {
  const { same, choice, onClose, onStarted } = props;
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  const [note, setNote] = useState('');
  const conflicts = props.conflicts.filter(({ id }) => !leftOut.has(id));
  const { state, isActing, settle } = useBulkSettle(conflicts, choice, onStarted);
  const count = formatCount(conflicts.length);
  return (
    <Dialog
      isOpen
      title={`${fieldChoiceLabels[choice]} for ${same.words} on ${count}`}
      onClose={onClose}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void settle(note.trim());
        }}
      >
        <ul className="max-h-[45dvh] divide-y divide-line overflow-y-auto rounded-md border border-line">
          {conflicts.map((conflict) => (
            <PreviewRow
              key={conflict.id}
              conflict={conflict}
              choice={choice}
              onLeaveOut={() => setLeftOut(new Set([...leftOut, conflict.id]))}
            />
          ))}
        </ul>
        <label className="text-[0.8125rem] text-ink-soft">
          Reason, kept in the audit trail
          <input
            required
            value={note}
            maxLength={noteMax}
            onChange={({ target }) => setNote(target.value)}
            className="mt-1 block h-8 w-full rounded-md border border-line-strong/60 bg-surface px-2.5 text-ink"
          />
        </label>
        <ActRefusal state={state} />
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="text-[0.8125rem] text-ink-soft">
            Each can be taken back until its own window ends.
          </p>
          <Button
            type="submit"
            kind="strong"
            disabled={isActing || conflicts.length === 0 || note.trim() === ''}
          >
            {isActing ? 'Settling…' : `Settle ${count}`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type RowProps = {
  readonly conflict: ConflictPartsFragment;
  readonly choice: ColumnChoice;
  readonly onLeaveOut: () => void;
};

function PreviewRow({ conflict, choice, onLeaveOut }: RowProps) {
  const { id, invoice, fields, amountAtStake } = conflict;
  const groups = groupsOf(fields);
  const choices = inputOf(groups, new Map(groups.map(({ lead }) => [lead.path, choice] as const)));
  const [{ data, error, fetching }, execute] = useQuery({
    query: ConflictPreviewDocument,
    variables: { id, choices },
    requestPolicy: 'network-only',
  });
  const refetch = () => execute({ requestPolicy: 'network-only' });
  useRefetchWhileFailing({ refetch, error, isFetching: fetching });
  const field = fieldOf(conflict);
  const problems = data?.previewResolution.problems ?? [];
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-1.5">
      <span className="font-medium">{invoice.number ?? 'No number'}</span>
      <span>
        <span className="text-ink-soft">both get </span>
        {field !== null && <FieldValueText value={valueOfChoice(field, choice)} />}
      </span>
      <span className="text-[0.8125rem] text-ink-soft">
        {data === undefined ? (
          error === undefined ? (
            'looking…'
          ) : (
            failureOf(error).sentence
          )
        ) : (
          <>
            total <MoneyText value={data.previewResolution.result.total} />
          </>
        )}
        {!isZeroDecimal(amountAtStake.amount) && (
          <>
            , <MoneyText value={amountAtStake} /> apart
          </>
        )}
      </span>
      <Button
        kind="quiet"
        className="ml-auto"
        aria-label={`Leave out ${invoice.number ?? 'this one'}`}
        onClick={onLeaveOut}
      >
        Leave out
      </Button>
      {problems.map((problem) => (
        <p key={problem} className="w-full text-you">
          {readable(problem)}
        </p>
      ))}
    </li>
  );
}
