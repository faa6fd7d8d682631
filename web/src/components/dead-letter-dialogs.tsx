import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import type { DeadLetterPartsFragment } from '../graphql/generated/graphql.ts';
import { Dialog } from '../ui/dialog.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { useSubmitKey } from '../ui/keys.ts';
import type { DeadLetterActs } from './use-dead-letter-acts.ts';
import { readable } from '../format/sentence.ts';

/** What a page asks for before it acts on one dead letter. */
export type DeadLetterQuestion =
  | { readonly kind: 'discard'; readonly letter: DeadLetterPartsFragment }
  | { readonly kind: 'risky'; readonly letter: DeadLetterPartsFragment };

type DialogsProps = {
  readonly question: DeadLetterQuestion | null;
  readonly acts: DeadLetterActs;
  readonly onClose: () => void;
};

/** The reason of a discard, or the number that a risky replay has to repeat. */
export function DeadLetterDialogs({ question, acts, onClose }: DialogsProps) {
  const number = question?.letter.event.invoice?.number ?? 'this invoice';
  const isDiscard = question?.kind === 'discard';
  return (
    <Dialog
      title={isDiscard ? `Discard the dead letter of ${number}` : `Replay ${number}?`}
      isOpen={question !== null}
      onClose={onClose}
    >
      {question?.kind === 'discard' && (
        <DiscardForm letter={question.letter} acts={acts} onClose={onClose} />
      )}
      {question?.kind === 'risky' && (
        <RiskyForm letter={question.letter} acts={acts} onClose={onClose} />
      )}
    </Dialog>
  );
}

type FormProps = {
  readonly letter: DeadLetterPartsFragment;
  readonly acts: DeadLetterActs;
  readonly onClose: () => void;
};

/** Longest reason the API takes, in characters. */
const reasonLengthMax = 1_000;

function DiscardForm({ letter, acts, onClose }: FormProps) {
  const [reason, setReason] = useState('');
  const send = async () => {
    if (reason.trim() !== '' && (await acts.discard(letter, reason.trim()))) onClose();
  };
  return (
    <QuestionForm
      letter={letter}
      acts={acts}
      verb="Discard"
      isReady={reason.trim() !== ''}
      onSend={() => void send()}
      onClose={onClose}
    >
      <p>
        Nothing is sent. What both sides show now counts as agreed, and only a later change crosses.
        You can take it back for as long as the undo window lasts.
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
    </QuestionForm>
  );
}

function RiskyForm({ letter, acts, onClose }: FormProps) {
  const [typed, setTyped] = useState('');
  const number = letter.event.invoice?.number ?? '';
  const isSame = number !== '' && typed.trim() === number;
  const send = async () => {
    if (isSame && (await acts.replay(letter, typed.trim()))) onClose();
  };
  return (
    <QuestionForm
      letter={letter}
      acts={acts}
      verb="Replay all the same"
      isReady={isSame}
      onSend={() => void send()}
      onClose={onClose}
    >
      <p>
        {readable(letter.replaySafety.reason)} Look in QuickBooks first whether the document is
        there.
      </p>
      <label className="mt-3 block font-medium">
        Type {number} to go on
        <input
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          className="mt-1 block h-8 w-full rounded-md border border-line-strong bg-surface px-2.5 font-normal"
        />
      </label>
    </QuestionForm>
  );
}

type QuestionFormProps = FormProps & {
  readonly verb: string;
  readonly isReady: boolean;
  readonly onSend: () => void;
  readonly children: ReactNode;
};

function QuestionForm({
  letter,
  acts,
  verb,
  isReady,
  onSend,
  onClose,
  children,
}: QuestionFormProps) {
  const state = acts.stateOf(letter.id);
  const errorId = useId();
  useSubmitKey(onSend);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
    >
      {children}
      {state.kind === 'refused' && (
        <p id={errorId} role="alert" className="mt-3 rounded-md bg-you-soft px-3 py-2">
          {state.sentence}
        </p>
      )}
      <DialogEnd verb={verb} isReady={isReady && state.kind !== 'asking'} onClose={onClose} />
    </form>
  );
}
