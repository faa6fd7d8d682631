import { useEffect, useState } from 'react';
import { announce } from '../announcements.ts';
import { ActionButton } from '../components/action-button.tsx';
import { useWhyNot } from '../components/use-rights.ts';
import { Chip } from '../ui/chip.tsx';
import { Panel } from '../ui/panel.tsx';
import { lab } from './lab.ts';
import type { Evidence } from './proof.ts';
import { honest } from './scenarios.ts';

/** A lever that stays where it is put. */
type Lever = {
  readonly id: string;
  readonly label: string;
  readonly on: () => Promise<unknown>;
  readonly off: () => Promise<unknown>;
};

const both = (knobs: object) =>
  Promise.all([lab.setWebhooks('quickbooks', knobs), lab.setWebhooks('invoicing', knobs)]);

const everyFault = (effect: string, params: Readonly<Record<string, string | number>> = {}) =>
  lab.setFaults('quickbooks', [{ match: { probability: 0.3 }, effect, params }]);

const noFaults = () => lab.setFaults('quickbooks', []);

const levers: readonly Lever[] = [
  {
    id: 'duplicate',
    label: 'Webhooks come three times',
    on: () => both({ duplicate: 2 }),
    off: () => both({ duplicate: honest.duplicate }),
  },
  {
    id: 'shuffle',
    label: 'Webhooks come out of order',
    on: () => both({ shuffle: 1 }),
    off: () => both({ shuffle: honest.shuffle }),
  },
  {
    id: 'drop',
    label: 'A third of the webhooks never come',
    on: () => both({ drop: 0.34 }),
    off: () => both({ drop: honest.drop }),
  },
  {
    id: 'lost',
    label: 'QuickBooks loses answers after writing',
    on: () => everyFault('drop-after'),
    off: noFaults,
  },
  {
    id: 'slow',
    label: 'QuickBooks takes two seconds for everything',
    on: () =>
      lab.setFaults('quickbooks', [{ match: {}, effect: 'latency', params: { ms: 2_000 } }]),
    off: noFaults,
  },
  {
    id: 'fails',
    label: 'QuickBooks fails now and then',
    on: () => everyFault('status', { status: 503 }),
    off: noFaults,
  },
];

/** Of these only one holds at a time: each replaces the rules of the others. */
const faultLevers = new Set(['lost', 'slow', 'fails']);

/** Levers that stay where they are put, and the worker's own. */
export function SwitchPanel({ evidence }: { readonly evidence: Evidence }) {
  const [on, setOn] = useState<ReadonlySet<string>>(new Set());
  const whyNot = useWhyNot('OPERATE');
  const move = async (lever: Lever, isOn: boolean) => {
    await (isOn ? lever.on() : lever.off());
    setOn((before) => {
      const rest = [...before].filter(
        (id) => id !== lever.id && !(faultLevers.has(id) && faultLevers.has(lever.id)),
      );
      return new Set(isOn ? [...rest, lever.id] : rest);
    });
    announce(`${lever.label}: ${isOn ? 'on' : 'off'}.`);
  };
  return (
    <Panel title="Levers that stay">
      <ul className="grid gap-x-6 sm:grid-cols-2">
        {levers.map((lever) => (
          <li key={lever.id}>
            <label className="flex min-h-9 items-center gap-2" title={whyNot ?? undefined}>
              <input
                type="checkbox"
                role="switch"
                checked={on.has(lever.id)}
                disabled={whyNot !== null}
                onChange={({ target }) => void move(lever, target.checked)}
                className="size-4 accent-ink"
              />
              {lever.label}
            </label>
          </li>
        ))}
      </ul>
      <Activity />
      <WorkerControls evidence={evidence} />
    </Panel>
  );
}

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
