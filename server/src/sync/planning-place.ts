import type { CallFailure } from '#core/attempt/failure.ts';
import { planningPhaseAfter } from '#core/onboarding/planning-pass.ts';
import type { Side } from '#core/side.ts';
import type { PlanningPass, PlanningPlace } from '#ports/planning.ts';

/** What a slice came to: more to do at once, nothing before the main path is through, or a side could not be read. */
export type PlanningOutcome =
  | { readonly kind: 'more' }
  | { readonly kind: 'waits' }
  | { readonly kind: 'failed'; readonly failure: CallFailure; readonly side: Side };

/** With no cursor the phase is over and the next one begins. */
export const placeAfter = ({ phase }: PlanningPass, cursor: string | null): PlanningPlace =>
  cursor === null ? { phase: planningPhaseAfter(phase), cursor } : { phase, cursor };
