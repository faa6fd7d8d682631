import { planningPhaseAfter } from '#core/onboarding/planning-pass.ts';
import type { PlanningPass, PlanningPlace } from '#ports/planning.ts';
import type { FailedSlice } from './failed-slice.ts';

/** What a slice came to: more to do at once, nothing before the main path is through, or a side could not be read. */
export type PlanningOutcome = { readonly kind: 'more' } | { readonly kind: 'waits' } | FailedSlice;

/** With no cursor the phase is over and the next one begins. */
export const placeAfter = ({ phase }: PlanningPass, cursor: string | null): PlanningPlace =>
  cursor === null ? { phase: planningPhaseAfter(phase), cursor } : { phase, cursor };
