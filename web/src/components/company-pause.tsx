import { useState } from 'react';
import { SetCompanyPausedDocument } from '../graphql/generated/graphql.ts';
import type { CompanyCardPartsFragment, Direction } from '../graphql/generated/graphql.ts';
import { useAct } from '../graphql/use-act.ts';
import { directionLabels } from '../state-labels.ts';
import { useStream } from '../stream/stream-context.tsx';
import { Button } from '../ui/button.tsx';
import { ActRefusal } from './act-refusal.tsx';
import { DirectionText } from './state-chips.tsx';

const directions = ['TO_QUICKBOOKS', 'TO_INTERNAL'] as const satisfies readonly Direction[];
const noteMax = 1_000;

type PauseProps = { readonly company: CompanyCardPartsFragment; readonly mayPause: boolean };

/** Each direction stops and goes by itself; what comes in meanwhile is kept and crosses afterwards. */
export function CompanyPause({ company, mayPause }: PauseProps) {
  const { id, version, pausedDirections } = company;
  const [note, setNote] = useState('');
  const { state, act, isActing } = useAct(
    SetCompanyPausedDocument,
    ({ setCompanyPaused }) => setCompanyPaused,
  );
  const isOffline = useStream((stream) => stream.connection === 'offline');
  const isOff = !mayPause || isOffline || isActing;
  const set = async (wanted: readonly Direction[]) => {
    const reason = note.trim() === '' ? null : note.trim();
    const done = await act((idempotencyKey) => ({
      input: {
        companyId: id,
        expectedVersion: version,
        directions: [...wanted],
        note: reason,
        idempotencyKey,
      },
    }));
    if (done !== null) setNote('');
  };
  return (
    <div className="flex flex-col gap-3">
      <ul className="flex flex-col gap-2">
        {directions.map((direction) => {
          const isPaused = pausedDirections.includes(direction);
          const others = pausedDirections.filter((one) => one !== direction);
          return (
            <li key={direction} className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span className="min-w-36">
                <DirectionText direction={direction} />
              </span>
              <span className={isPaused ? 'text-us' : 'text-ink-soft'}>
                {isPaused ? 'paused' : 'running'}
              </span>
              <Button
                className="ml-auto"
                disabled={isOff}
                aria-label={`${isPaused ? 'Resume' : 'Pause'} ${directionLabels[direction].within}`}
                onClick={() => void set(isPaused ? others : [...others, direction])}
              >
                {isPaused ? 'Resume' : 'Pause'}
              </Button>
            </li>
          );
        })}
      </ul>
      <label className="text-[0.8125rem] text-ink-soft">
        Reason, kept in the audit trail (optional)
        <input
          value={note}
          maxLength={noteMax}
          disabled={isOff}
          onChange={({ target }) => setNote(target.value)}
          className="mt-1 block h-8 w-full rounded-md border border-line-strong/60 bg-surface px-2.5 text-ink"
        />
      </label>
      <p className="text-[0.8125rem] text-ink-soft">
        {mayPause
          ? 'Nothing is lost while paused: changes are kept and cross once it runs again.'
          : 'Pausing needs the right OPERATE.'}
      </p>
      <ActRefusal state={state} />
    </div>
  );
}
