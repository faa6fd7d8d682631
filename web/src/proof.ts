import { isZeroDecimal } from './format/decimal.ts';
import type { ProofRunFragment } from './graphql/generated/graphql.ts';

/** What one company's reconcile runs prove. */
export type CompanyProof = {
  readonly companyId: string;
  readonly companyName: string;
  /** The newest run that counted both sides; null before the first. */
  readonly counted: ProofRunFragment | null;
  /** When the totals of every currency were last found equal. */
  readonly equalAt: string | null;
  /** The newest run, whatever became of it. */
  readonly newestId: string | null;
  /** A run under way. */
  readonly running: ProofRunFragment | null;
};

const isOver = ({ status }: ProofRunFragment) => status === 'CLEAN' || status === 'DRIFT_FOUND';

/** Whether a run found both sides to hold the same money, currency by currency. */
export function isEqual({ controlTotals }: ProofRunFragment): boolean {
  return controlTotals.every(({ difference }) => isZeroDecimal(difference.amount));
}

/** Reasons that need nobody: decided so, or on its way. Money that is missing or disputed is never among them. */
const settledReasons: ReadonlySet<string> = new Set([
  'matched',
  'in flight',
  'being repaired',
  'tax variance',
  'accepted',
  'before go-live',
  'shadow mode',
  'paused',
]);

/** Whether all that keeps the totals apart is meant to, or is on its way. */
export function isExplained({ residual }: Pick<ProofRunFragment, 'residual'>): boolean {
  return residual.length > 0 && residual.every(({ reason }) => settledReasons.has(reason));
}

/** The proof of each company, from the newest runs first. */
export function proofsOf(
  companies: readonly { readonly id: string; readonly name: string }[],
  newestFirst: readonly ProofRunFragment[],
): CompanyProof[] {
  return companies.map(({ id, name }) => {
    const runs = newestFirst.filter(({ company }) => company.id === id);
    const counted = runs.filter((run) => isOver(run) && run.controlTotals.length > 0);
    return {
      companyId: id,
      companyName: name,
      counted: counted[0] ?? null,
      equalAt: counted.find(isEqual)?.finishedAt ?? null,
      newestId: runs[0]?.id ?? null,
      running: runs.find(({ status }) => status === 'QUEUED' || status === 'RUNNING') ?? null,
    };
  });
}
