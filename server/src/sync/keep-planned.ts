import type { StageMark } from '#core/event/stage.ts';
import type { LinkPlan } from '#core/onboarding/planned-entry.ts';
import { advanceBase } from '#core/plan/advance-base.ts';
import type { StoredSeen } from '#ports/store.ts';
import type { Crossing } from './crossing.ts';
import type { Decided } from './decide.ts';
import { finish } from './finish.ts';
import { keptIn } from './link-plan.ts';
import type { Observed } from './observe.ts';
import type { StepParts } from './record.ts';
import { skip } from './skip.ts';

/** What an attempt decided, with what of it is kept or was approved. */
export type Planned = Extract<Decided, { kind: 'planned' }> & {
  /** What the link would write, where that is kept or was approved. */
  readonly linkPlan?: LinkPlan | null;
};

/** What an attempt has seen of both sides. */
export type Looked = {
  readonly observed: Observed;
  readonly internal: StoredSeen;
  readonly marks: readonly StageMark[];
};

/** Said where nothing is written: the company is in shadow mode. */
export const plannedOnly = ({ plan, wanting }: Planned): string =>
  ['Planned, not written:', plan.explanation, ...wanting.map(({ words }) => words)].join(' ');

/** What is disputed beside what is planned can be decided before the company goes live; what was decided waits for that. */
export function keepPlanned(
  crossing: Crossing,
  { observed, internal, marks }: Looked,
  planned: Planned,
  parts: StepParts,
): Promise<void> {
  const { plan } = planned;
  const { quickbooks } = observed;
  const kept = keptIn(planned, parts);
  const isDisputed = plan.merges.some(({ merge }) => merge === 'conflict');
  if (quickbooks === null || !isDisputed || plan.decision?.kind === 'taken')
    return skip(crossing, marks, plannedOnly(planned), kept);
  const now = { internal: internal.invoice, quickbooks: quickbooks.invoice };
  const ending = {
    base: advanceBase(crossing.link.base, now.internal, now.quickbooks, plan.merges, []),
    now,
    merges: plan.merges,
    decided: plan.decision,
    wrote: false,
    isPlanned: true,
    explanation: plannedOnly(planned),
    changedPaths: [],
    disputes: [],
    moreFollows: false,
  };
  return finish(crossing, ending, { ...kept, link: { quickbooksFresh: true } });
}
