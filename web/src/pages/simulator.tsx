import { Lanes } from '../components/lanes.tsx';
import { BookkeeperPanel } from '../simulator/bookkeeper-panel.tsx';
import { ProofPanel } from '../simulator/proof-panel.tsx';
import { ScenarioPanel } from '../simulator/scenario-panel.tsx';
import { SwitchPanel } from '../simulator/switch-panel.tsx';
import { useEvidence } from '../simulator/use-evidence.ts';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

/** Break what stands around LedgerBridge, and watch from the books of both sides that nothing breaks. */
export function SimulatorPage() {
  const { evidence, hasFailed } = useEvidence();
  return (
    <div className="flex flex-col gap-4">
      <header>
        <h1 className="text-xl font-semibold tracking-tight">Try to break it</h1>
        <p className="max-w-prose text-ink-soft">
          Both books here are simulators, and these are their levers. Lose answers, shuffle the
          news, kill the worker; the proof is read from the two books themselves, not from
          LedgerBridge.
        </p>
      </header>
      {hasFailed && (
        <p role="alert" className="rounded-md bg-you-soft p-3">
          <span className="font-medium">The simulators could not be read.</span> They are there in
          the demo only, and need the right OPERATE. It is tried again every second; what was read
          before stays.
        </p>
      )}
      {evidence === null ? (
        !hasFailed && <Skeleton what="both books" rows={3} rowClass="h-24" />
      ) : (
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
          <div className="flex flex-col gap-4 lg:sticky lg:top-18 lg:order-2">
            <ProofPanel evidence={evidence} />
            <Panel title="On the bridge now" className="pb-2">
              <Lanes />
            </Panel>
          </div>
          <div className="flex min-w-0 flex-col gap-4">
            <ScenarioPanel evidence={evidence} />
            <BookkeeperPanel evidence={evidence} />
            <SwitchPanel evidence={evidence} />
          </div>
        </div>
      )}
    </div>
  );
}
