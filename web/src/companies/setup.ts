import type { CompanyMode, CompanyStatus } from '../graphql/generated/graphql.ts';
import { setupSteps } from '../paths.ts';
import type { SetupStep } from '../paths.ts';

/** What each step is called. */
export const setupNames: Record<SetupStep, string> = {
  connect: 'Connect both sides',
  checks: 'Look at both sides',
  start: 'From when on',
  matching: 'What belongs together',
  rules: 'Who decides',
  plan: 'What would be written',
  live: 'Go live',
};

type Standing = { readonly status: CompanyStatus; readonly mode: CompanyMode };

const isConnected = (status: CompanyStatus): boolean => status === 'ACTIVE' || status === 'PAUSED';

/** The furthest step that can be opened: nothing can be looked at before both sides are connected. */
export const reachable = ({ status }: Standing): SetupStep =>
  isConnected(status) ? 'live' : 'connect';

/** The step to show: the one asked for as far as it can be opened, else where the company stands. */
export function stepFor(company: Standing, asked: SetupStep | undefined): SetupStep {
  if (!isConnected(company.status)) return 'connect';
  if (asked !== undefined) return asked;
  return company.mode === 'LIVE' ? 'live' : 'checks';
}

/** The steps beside one; undefined at the ends. */
export function neighboursOf(step: SetupStep): {
  readonly before: SetupStep | undefined;
  readonly after: SetupStep | undefined;
} {
  const at = setupSteps.indexOf(step);
  return { before: setupSteps[at - 1], after: setupSteps[at + 1] };
}
