import { Check, CircleDashed } from 'lucide-react';
import { useState } from 'react';
import { announce } from '../announcements.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Panel } from '../ui/panel.tsx';
import { LabRefusal } from './lab.ts';
import type { Evidence } from './proof.ts';
import { scenarios } from './scenarios.ts';
import type { Begun, Scenario } from './scenarios.ts';

type EvidenceProps = { readonly evidence: Evidence };

/** One press each: what goes wrong, what to expect, and a check mark once it came true. */
export function ScenarioPanel({ evidence }: EvidenceProps) {
  const [running, setRunning] = useState<string | null>(null);
  return (
    <Panel title="Break it, with one press">
      <ol className="divide-y divide-line">
        {scenarios.map((scenario) => (
          <ScenarioRow
            key={scenario.id}
            scenario={scenario}
            evidence={evidence}
            isOtherRunning={running !== null && running !== scenario.id}
            onRunning={(isRunning) => setRunning(isRunning ? scenario.id : null)}
          />
        ))}
      </ol>
    </Panel>
  );
}

type RowProps = EvidenceProps & {
  readonly scenario: Scenario;
  readonly isOtherRunning: boolean;
  readonly onRunning: (isRunning: boolean) => void;
};

type Trial = { readonly before: Evidence; readonly begun: Begun | null };

function ScenarioRow({ scenario, evidence, isOtherRunning, onRunning }: RowProps) {
  const [trial, setTrial] = useState<Trial | null>(null);
  const [isOver, setOver] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = async () => {
    setTrial({ before: evidence, begun: null });
    setOver(false);
    setProblem(null);
    onRunning(true);
    try {
      await scenario.start(evidence, (begun) => setTrial({ before: evidence, begun }));
      setOver(true);
      return `${scenario.title}: done. The levers are back where they were.`;
    } catch (error) {
      if (!(error instanceof LabRefusal || error instanceof TypeError)) throw error;
      setProblem(`It could not be done: ${error.message}`);
      return null;
    } finally {
      onRunning(false);
    }
  };
  return (
    <li data-scenario={scenario.id} className="flex flex-col gap-1.5 py-3 first:pt-0 last:pb-0">
      <div className="flex items-start justify-between gap-3">
        <div>
          <h3 className="font-medium">{scenario.title}</h3>
          <p className="mt-0.5 max-w-prose text-[0.8125rem] text-ink-soft">{scenario.expect}</p>
        </div>
        <ActionButton
          needs="OPERATE"
          act={run}
          whyNot={isOtherRunning ? 'One thing at a time: another one is still running.' : null}
        >
          Break it<span className="sr-only">: {scenario.title}</span>
        </ActionButton>
      </div>
      {problem !== null && (
        <p role="alert" className="text-you">
          {problem}
        </p>
      )}
      {trial !== null && problem === null && (
        <Steps scenario={scenario} trial={trial} now={evidence} isOver={isOver} />
      )}
    </li>
  );
}

type StepsProps = {
  readonly scenario: Scenario;
  readonly trial: Trial;
  readonly now: Evidence;
  readonly isOver: boolean;
};

function Steps({ scenario, trial: { before, begun }, now, isOver }: StepsProps) {
  const [isTold, setTold] = useState(false);
  if (begun === null) return <p className="text-[0.8125rem]">Setting it up…</p>;
  const steps = scenario.progress({ before, now, begun });
  const isTrue = isOver && steps.every((step) => step.isTrue);
  if (isTrue && !isTold) {
    setTold(true);
    queueMicrotask(() => announce(`${scenario.title}: it came true. Nothing broke.`));
  }
  return (
    <ul className="arrive flex flex-col gap-0.5 text-[0.8125rem]">
      {steps.map(({ sentence, isTrue: isDone }) => {
        const Icon = isDone ? Check : CircleDashed;
        return (
          <li key={sentence.replaceAll(/\d/g, '')} className="flex items-center gap-2">
            <Icon aria-hidden="true" className={`size-3.5 ${isDone ? '' : 'text-us'}`} />
            {sentence}
            <span className="sr-only">{isDone ? ', true' : ', not yet'}</span>
          </li>
        );
      })}
      <li data-came-true={isTrue} className="pt-1">
        {isTrue ? (
          <Chip tone="done">It came true. Nothing broke.</Chip>
        ) : (
          <Chip tone="waiting-on-us">{isOver ? 'Healing' : 'Breaking'}</Chip>
        )}
      </li>
    </ul>
  );
}
