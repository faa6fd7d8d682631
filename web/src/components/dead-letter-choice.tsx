import { useState } from 'react';
import type { DeadLetterPartsFragment } from '../graphql/generated/graphql.ts';
import { Button } from '../ui/button.tsx';
import { useKeys } from '../ui/keys.ts';
import { deadLetterStatusLabels, replaySafetyLabels } from '../work-labels.ts';
import { DeadLetterDialogs } from './dead-letter-dialogs.tsx';
import type { DeadLetterQuestion } from './dead-letter-dialogs.tsx';
import { useDeadLetterActs } from './use-dead-letter-acts.ts';
import { useWhyNot } from './use-right.ts';
import { TimeText } from './values.tsx';
import { readable } from '../format/sentence.ts';

/** Replay or discard, by button or key, with the verdict that says what a replay may do. */
export function DeadLetterChoice({ letter }: { readonly letter: DeadLetterPartsFragment }) {
  const acts = useDeadLetterActs();
  const whyNot = useWhyNot('OPERATE');
  const [question, setQuestion] = useState<DeadLetterQuestion | null>(null);
  const state = acts.stateOf(letter.id);
  const isOpen = letter.status === 'OPEN';
  const isDisabled = state.kind === 'asking' || whyNot !== null;
  const replay = () => {
    if (letter.replaySafety.safety === 'RISKY') setQuestion({ kind: 'risky', letter });
    else void acts.replay(letter);
  };
  const discard = () => setQuestion({ kind: 'discard', letter });
  useKeys(isOpen && !isDisabled ? { r: replay, Backspace: discard } : {});
  const { help } = deadLetterStatusLabels[letter.status];
  return (
    <div className="flex flex-col gap-3">
      {isOpen ? (
        <p>
          <span className="font-medium">
            {replaySafetyLabels[letter.replaySafety.safety].label}.
          </span>{' '}
          {readable(letter.replaySafety.reason)}
        </p>
      ) : (
        <p role="status">{help}</p>
      )}
      {letter.discard !== null && (
        <p>
          {letter.discard.actor.displayName} discarded it, <TimeText instant={letter.discard.at} />:
          “{letter.discard.reason}”
        </p>
      )}
      {isOpen && (
        <p className="flex flex-wrap gap-2">
          <Button kind="strong" disabled={isDisabled} aria-keyshortcuts="r" onClick={replay}>
            {state.kind === 'asking' ? 'Asking…' : 'Replay (R)'}
          </Button>
          <Button disabled={isDisabled} aria-keyshortcuts="Backspace" onClick={discard}>
            Discard… (⌫)
          </Button>
        </p>
      )}
      {isOpen && whyNot !== null && <p className="text-ink-soft">{whyNot}</p>}
      {state.kind === 'refused' && question === null && (
        <p role="alert" className="rounded-md bg-you-soft px-3 py-2">
          {state.sentence}
        </p>
      )}
      <DeadLetterDialogs question={question} acts={acts} onClose={() => setQuestion(null)} />
    </div>
  );
}
