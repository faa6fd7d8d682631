import type { DeadLetterPartsFragment } from '../graphql/generated/graphql.ts';
import { paths } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import {
  deadLetterReasonLabels,
  deadLetterStatusLabels,
  replaySafetyLabels,
} from '../work-labels.ts';
import { AppLink } from './app-link.tsx';
import { DirectionText } from './state-chips.tsx';
import type { ActState } from './use-dead-letter-acts.ts';
import { AgoText, MoneyText } from './values.tsx';

/** What a row may do; the page binds the same acts to keys. */
export type DeadLetterRowActs = {
  readonly stateOf: (id: string) => ActState;
  readonly replay: (letter: DeadLetterPartsFragment) => void;
  readonly discard: (letter: DeadLetterPartsFragment) => void;
  readonly toggle: (letter: DeadLetterPartsFragment) => void;
  readonly isSelected: (id: string) => boolean;
  /** Why nothing may be done now; null when it may. */
  readonly whyNot: string | null;
};

type RowProps = {
  readonly letter: DeadLetterPartsFragment;
  readonly acts: DeadLetterRowActs;
  /** Said where the rows around it have other causes. */
  readonly withReason?: boolean;
};

/** One dead letter: the invoice, the money, whether a replay could do harm, and what can be done. */
export function DeadLetterRow({ letter, acts, withReason = false }: RowProps) {
  const { id, status, reason, diedAt, event } = letter;
  const { invoice } = event;
  const side = invoice?.internal ?? invoice?.quickbooks;
  const state = acts.stateOf(id);
  const number = invoice?.number ?? 'No number';
  return (
    <li
      data-row-id={id}
      className="border-t border-line px-4 py-2.5 transition-colors focus-within:bg-raised/60 hover:bg-raised/60"
    >
      <div className="grid grid-cols-[1.5rem_minmax(0,1fr)_auto] items-start gap-x-2 gap-y-1.5 lg:grid-cols-[1.5rem_minmax(0,15rem)_8rem_minmax(0,1fr)_auto] lg:gap-x-4">
        <label className="flex size-6 items-center justify-center">
          <span className="sr-only">Select {number}</span>
          <input
            type="checkbox"
            aria-keyshortcuts="x"
            checked={acts.isSelected(id)}
            disabled={status !== 'OPEN'}
            onChange={() => acts.toggle(letter)}
            className="size-4 accent-ink"
          />
        </label>
        <div className="min-w-0">
          <AppLink
            data-row
            href={paths.deadLetter(id)}
            className="font-medium underline-offset-4 hover:underline"
          >
            {number}
          </AppLink>
          <p className="truncate text-[0.8125rem] text-ink-soft">{side?.customer.name}</p>
        </div>
        <div className="text-right">
          <span className="font-medium">
            <MoneyText value={side?.total} />
          </span>
          <p className="text-xs text-ink-soft">
            <AgoText instant={diedAt} />
          </p>
        </div>
        <div className="col-span-3 min-w-0 pl-8 lg:col-span-1 lg:pl-0">
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <StandingChip letter={letter} />
            <span className="text-[0.8125rem]">
              <DirectionText direction={event.direction} />
            </span>
            {withReason && (
              <span className="text-[0.8125rem] text-ink-soft">
                {deadLetterReasonLabels[reason]}
              </span>
            )}
          </p>
          <p className="mt-0.5 text-[0.8125rem] text-ink-soft">{standingWords(letter)}</p>
        </div>
        <div className="col-span-3 pl-8 lg:col-span-1 lg:pl-0">
          <RowActions letter={letter} acts={acts} isAsking={state.kind === 'asking'} />
        </div>
      </div>
      {state.kind === 'refused' && (
        <p role="alert" className="mt-2 ml-8 rounded-md bg-you-soft px-3 py-2">
          {state.sentence}
        </p>
      )}
    </li>
  );
}

/** While it is open the verdict matters, afterwards how it stands. */
export function StandingChip({ letter }: { readonly letter: DeadLetterPartsFragment }) {
  const { label, tone, help } =
    letter.status === 'OPEN'
      ? replaySafetyLabels[letter.replaySafety.safety]
      : deadLetterStatusLabels[letter.status];
  return (
    <Chip tone={tone} help={help}>
      {label}
    </Chip>
  );
}

function standingWords({ status, replaySafety, discard }: DeadLetterPartsFragment): string {
  if (status === 'OPEN') return replaySafety.reason;
  if (discard !== null) return `${discard.actor.displayName}: “${discard.reason}”`;
  return deadLetterStatusLabels[status].help;
}

type RowActionsProps = {
  readonly letter: DeadLetterPartsFragment;
  readonly acts: DeadLetterRowActs;
  readonly isAsking: boolean;
};

function RowActions({ letter, acts, isAsking }: RowActionsProps) {
  const { status, event } = letter;
  const number = event.invoice?.number ?? 'no number';
  const isDisabled = isAsking || acts.whyNot !== null;
  if (status !== 'OPEN')
    return (
      event.invoice && (
        <AppLink
          href={paths.invoice(event.invoice.id, { tab: 'crossing' })}
          className="text-[0.8125rem] whitespace-nowrap underline underline-offset-4"
        >
          {status === 'REPLAYING' ? 'Watch it cross' : 'The crossing'}
        </AppLink>
      )
    );
  return (
    <span className="flex gap-1">
      <Button
        disabled={isDisabled}
        title={acts.whyNot ?? undefined}
        aria-keyshortcuts="r"
        aria-label={`Replay ${number}`}
        onClick={() => acts.replay(letter)}
      >
        {isAsking ? 'Asking…' : 'Replay'}
      </Button>
      <Button
        kind="quiet"
        disabled={isDisabled}
        title={acts.whyNot ?? undefined}
        aria-keyshortcuts="Backspace"
        aria-label={`Discard ${number}…`}
        onClick={() => acts.discard(letter)}
      >
        Discard…
      </Button>
    </span>
  );
}
