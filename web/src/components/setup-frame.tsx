import type { ReactNode } from 'react';
import { neighboursOf, setupNames } from '../companies/setup.ts';
import { paths, setupSteps } from '../paths.ts';
import type { SetupStep } from '../paths.ts';
import { AppLink } from './app-link.tsx';

type FrameProps = {
  /** Null while there is no company yet. */
  readonly companyId: string | null;
  readonly title: string;
  readonly here: SetupStep;
  /** The furthest step that can be opened. */
  readonly reached: SetupStep;
  /** Once live, the promise below would be false. */
  readonly isLive?: boolean;
  readonly children: ReactNode;
};

/** The steps in order, where one is, and the promise that holds until the last of them. */
export function SetupFrame(props: FrameProps) {
  const { companyId, title, here, reached, isLive = false, children } = props;
  const at = setupSteps.indexOf(here);
  const canGo = (step: SetupStep) =>
    companyId !== null && setupSteps.indexOf(step) <= setupSteps.indexOf(reached);
  return (
    <div className="flex flex-col gap-4">
      <header className="flex flex-col gap-1">
        <p className="text-[0.8125rem] text-ink-soft">
          <AppLink href={paths.companies()} className="underline-offset-4 hover:underline">
            Companies
          </AppLink>
        </p>
        <h1 className="text-xl font-semibold tracking-tight md:text-2xl">{title}</h1>
        <p className="text-ink-soft">
          Step {at + 1} of {setupSteps.length}: {setupNames[here]}.{' '}
          {!isLive && (
            <strong className="font-medium text-ink">
              Nothing is written to either side before the last step.
            </strong>
          )}
        </p>
      </header>
      <nav
        aria-label="Steps"
        // Before there is a company no step is a link, and keys could not scroll what no focus reaches.
        tabIndex={companyId === null ? 0 : undefined}
        className="relative -mx-1 overflow-x-auto px-1 py-1"
      >
        <ol className="flex gap-1">
          {setupSteps.map((step, index) => (
            <li key={step} ref={step === here ? intoSight : undefined}>
              <Step
                name={`${index + 1} ${setupNames[step]}`}
                href={
                  canGo(step) && companyId !== null ? paths.companySetup(companyId, { step }) : null
                }
                isHere={step === here}
              />
            </li>
          ))}
        </ol>
      </nav>
      <section
        aria-label={setupNames[here]}
        className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-4 shadow-panel"
      >
        {children}
      </section>
      {companyId !== null && <Neighbours companyId={companyId} here={here} canGo={canGo} />}
    </div>
  );
}

type NeighboursProps = {
  readonly companyId: string;
  readonly here: SetupStep;
  readonly canGo: (step: SetupStep) => boolean;
};

function Neighbours({ companyId, here, canGo }: NeighboursProps) {
  const { before, after } = neighboursOf(here);
  return (
    <nav aria-label="Before and after" className="flex justify-between gap-4">
      {before !== undefined && canGo(before) ? (
        <AppLink
          href={paths.companySetup(companyId, { step: before })}
          className="underline underline-offset-4"
        >
          ← {setupNames[before]}
        </AppLink>
      ) : (
        <span />
      )}
      {after !== undefined && canGo(after) && (
        <AppLink
          href={paths.companySetup(companyId, { step: after })}
          className="rounded-md border border-ink bg-ink px-2.5 py-1.5 text-[0.8125rem] font-medium text-paper hover:opacity-90"
        >
          Next: {setupNames[after]} →
        </AppLink>
      )}
    </nav>
  );
}

/** On a narrow screen the steps scroll sideways; the page itself stays where it is. */
function intoSight(item: HTMLElement | null): void {
  const strip = item?.closest('nav');
  if (item && strip)
    strip.scrollLeft = item.offsetLeft - (strip.clientWidth - item.clientWidth) / 2;
}

type StepProps = { readonly name: string; readonly href: string | null; readonly isHere: boolean };

function Step({ name, href, isHere }: StepProps) {
  const look = 'block rounded-full px-3 py-1 text-[0.8125rem] font-medium whitespace-nowrap';
  if (href === null)
    return (
      <span
        aria-current={isHere ? 'step' : undefined}
        className={`${look} ${isHere ? 'bg-ink text-paper' : 'text-ink-soft'}`}
      >
        {name}
      </span>
    );
  return (
    <AppLink
      href={href}
      aria-current={isHere ? 'step' : undefined}
      className={`${look} ${isHere ? 'bg-ink text-paper' : 'text-ink-soft hover:bg-raised hover:text-ink'}`}
    >
      {name}
    </AppLink>
  );
}
