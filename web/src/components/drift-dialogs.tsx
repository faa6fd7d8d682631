import { useState } from 'react';
import type { DriftPartsFragment } from '../graphql/generated/graphql.ts';
import { formatCount } from '../format/money.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import type { DriftActs, RepairWish } from './use-drift-acts.ts';

/** What the page of a run asks before it acts. */
export type DriftQuestion =
  | { readonly kind: 'accept'; readonly drift: DriftPartsFragment }
  | { readonly kind: 'repair'; readonly wish: RepairWish };

type DialogsProps = {
  readonly question: DriftQuestion | null;
  readonly acts: DriftActs;
  readonly onDone: () => void;
  readonly onClose: () => void;
};

const titleOf = (question: DriftQuestion | null): string => {
  if (question?.kind === 'accept') return 'Accept the difference';
  return `Repair ${formatCount(question?.wish.expectedCount ?? 0)}`;
};

/** The reason of an acceptance, or the plan of a repair. */
export function DriftDialogs({ question, acts, onDone, onClose }: DialogsProps) {
  return (
    <Dialog title={titleOf(question)} isOpen={question !== null} onClose={onClose}>
      {question?.kind === 'accept' && (
        <AcceptForm drift={question.drift} acts={acts} onDone={onDone} onClose={onClose} />
      )}
      {question?.kind === 'repair' && (
        <RepairForm wish={question.wish} acts={acts} onDone={onDone} onClose={onClose} />
      )}
    </Dialog>
  );
}

type FormProps = Omit<DialogsProps, 'question'>;

/** Longest reason the API takes, in characters. */
const reasonLengthMax = 1_000;

function AcceptForm({ drift, acts, onDone, onClose }: FormProps & { drift: DriftPartsFragment }) {
  const [reason, setReason] = useState('');
  const send = async () => {
    if (reason.trim() !== '' && (await acts.accept(drift, reason.trim()))) onDone();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p>
        Nothing is written. Both sides stay as they are, the difference stays visible as accepted,
        and only a later change crosses.
      </p>
      <label className="mt-3 block font-medium">
        Reason, kept in the audit trail
        <textarea
          required
          rows={2}
          maxLength={reasonLengthMax}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          className="mt-1 block w-full rounded-md border border-line-strong bg-surface px-2.5 py-1.5 font-normal"
        />
      </label>
      <Refusal acts={acts} />
      <Buttons
        verb="Accept the difference"
        isDisabled={reason.trim() === '' || acts.isAsking}
        onClose={onClose}
      />
    </form>
  );
}

function RepairForm({ wish, acts, onDone, onClose }: FormProps & { wish: RepairWish }) {
  const send = async () => {
    if (await acts.repair(wish)) onDone();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p>
        {wish.driftIds === null
          ? `${wish.expectedCount === 1 ? 'The one open drift of this run is' : `All ${formatCount(wish.expectedCount)} open drifts of this run are`} sent across as proposed`
          : `${wish.expectedCount === 1 ? 'This drift is' : `These ${formatCount(wish.expectedCount)} drifts are`} sent across as proposed`}
        {wish.expectedCount === 1
          ? ', compared again first.'
          : ', one by one, each compared again first.'}{' '}
        If another number is open by then, nothing is started. You can stop it at any time; what is
        repaired stays repaired.
      </p>
      <Refusal acts={acts} />
      <Buttons
        verb={`Repair ${formatCount(wish.expectedCount)}`}
        isDisabled={acts.isAsking}
        onClose={onClose}
      />
    </form>
  );
}

function Refusal({ acts }: { readonly acts: DriftActs }) {
  if (acts.refusal === null) return null;
  return (
    <p role="alert" className="mt-3 rounded-md bg-you-soft px-3 py-2">
      {acts.refusal}
    </p>
  );
}

type ButtonsProps = {
  readonly verb: string;
  readonly isDisabled: boolean;
  readonly onClose: () => void;
};

function Buttons({ verb, isDisabled, onClose }: ButtonsProps) {
  return (
    <div className="mt-4 flex justify-end gap-2">
      <Button kind="quiet" onClick={onClose}>
        Cancel
      </Button>
      <Button type="submit" kind="strong" disabled={isDisabled}>
        {verb}
      </Button>
    </div>
  );
}
