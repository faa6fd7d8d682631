import { useEffect, useState } from 'react';
import { announce } from '../announcements.ts';
import { ActionButton } from '../components/action-button.tsx';
import { useWhyNot } from '../components/use-rights.ts';
import { Chip } from '../ui/chip.tsx';
import { Panel } from '../ui/panel.tsx';
import { lab, LabRefusal } from './lab.ts';
import { habitsOf, levers } from './levers.ts';
import type { Lever } from './levers.ts';
import type { Evidence } from './proof.ts';

type Asked = {
  readonly lever: Lever;
  readonly isOn: boolean;
  /** What was read last, and how often more that may still be from before. */
  readonly seen: Evidence;
  readonly looksLeft: number;
};

/** A look that was under way when the lever was put tells of before. */
const looksMax = 2;

/** Levers that stay where they are put, and the worker's own. */
export function SwitchPanel({ evidence }: { readonly evidence: Evidence }) {
  // Until the simulators are read again, a lever stands where it was put.
  const [asked, setAsked] = useState<Asked | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const whyNot = useWhyNot('OPERATE');
  if (asked !== null && asked.seen !== evidence) {
    const isOver = asked.lever.isOn(evidence) === asked.isOn || asked.looksLeft === 0;
    setAsked(isOver ? null : { ...asked, seen: evidence, looksLeft: asked.looksLeft - 1 });
  }
  const move = async (lever: Lever, isOn: boolean) => {
    setAsked({ lever, isOn, seen: evidence, looksLeft: looksMax });
    setProblem(null);
    try {
      await lever.put(isOn);
      announce(`${lever.label}: ${isOn ? 'on' : 'off'}.`);
    } catch (error) {
      setAsked(null);
      if (!(error instanceof LabRefusal || error instanceof TypeError)) throw error;
      setProblem(`The lever could not be moved: ${error.message}`);
    }
  };
  const habits = habitsOf(evidence.faults);
  return (
    <Panel title="Levers that stay">
      <ul className="grid gap-x-6 sm:grid-cols-2">
        {levers.map((lever) => (
          <li key={lever.id}>
            <label className="flex min-h-9 items-center gap-2" title={whyNot ?? undefined}>
              <input
                type="checkbox"
                role="switch"
                checked={asked?.lever === lever ? asked.isOn : lever.isOn(evidence)}
                disabled={whyNot !== null}
                onChange={({ target }) => void move(lever, target.checked)}
                className="size-4 accent-ink"
              />
              {lever.label}
            </label>
          </li>
        ))}
      </ul>
      {problem !== null && (
        <p role="alert" className="mt-1 text-you">
          {problem}
        </p>
      )}
      {habits.length > 0 && (
        <p data-habits className="mt-1 text-[0.8125rem] text-ink-soft">
          Besides, as in life, QuickBooks {listed(habits)}.
        </p>
      )}
      <Activity />
      <WorkerControls evidence={evidence} />
    </Panel>
  );
}

const listed = (words: readonly string[]): string =>
  new Intl.ListFormat('en', { type: 'conjunction' }).format(words);

/** How busy the people of the demo are. */
function Activity() {
  const [perMinute, setPerMinute] = useState<number | null>(null);
  useEffect(() => {
    let isOver = false;
    void lab.activity().then(
      (activity) => isOver || setPerMinute(activity.perMinute),
      () => undefined, // The page says that the simulators cannot be read.
    );
    return () => {
      isOver = true;
    };
  }, []);
  return (
    <label className="mt-3 flex flex-wrap items-center gap-3 border-t border-line pt-3">
      <span>People at work</span>
      <input
        type="range"
        min={0}
        max={300}
        step={10}
        disabled={perMinute === null}
        value={perMinute ?? 0}
        onChange={({ target }) => {
          setPerMinute(Number(target.value));
          void lab.setActivity(Number(target.value));
        }}
        className="min-w-24 flex-1 accent-ink"
      />
      <span data-figures className="w-24 text-right whitespace-nowrap text-ink-soft">
        {perMinute ?? '…'} a minute
      </span>
    </label>
  );
}

function WorkerControls({ evidence: { worker } }: { readonly evidence: Evidence }) {
  const signal = (name: 'KILL' | 'STOP' | 'CONT', sentence: string) => async () => {
    await lab.signal(name);
    return sentence;
  };
  const state = worker.isFrozen ? 'Frozen' : worker.isRunning ? 'Running' : 'Starting again';
  return (
    <div className="mt-3 flex flex-wrap items-center gap-2 border-t border-line pt-3">
      <span className="mr-auto flex items-center gap-2">
        Worker <Chip tone={state === 'Running' ? 'done' : 'waiting-on-us'}>{state}</Chip>
        <span data-worker-starts className="text-xs text-ink-soft">
          started {worker.startedCount} {worker.startedCount === 1 ? 'time' : 'times'}
        </span>
      </span>
      <span className="flex gap-2">
        <ActionButton needs="OPERATE" act={signal('KILL', 'The worker was killed.')}>
          Kill
        </ActionButton>
        {worker.isFrozen ? (
          <ActionButton needs="OPERATE" act={signal('CONT', 'The worker thawed.')}>
            Thaw
          </ActionButton>
        ) : (
          <ActionButton needs="OPERATE" act={signal('STOP', 'The worker is frozen.')}>
            Freeze
          </ActionButton>
        )}
      </span>
    </div>
  );
}
