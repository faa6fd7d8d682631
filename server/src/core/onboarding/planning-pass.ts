/** How far a planning pass is; the phases follow each other (architecture.md §5, "Shadow mode"). */
export type PlanningPhase =
  /** The internal list is read page by page. */
  | 'internal'
  /** QuickBooks is read page by page. */
  | 'quickbooks'
  /** Customers of documents that may be one are matched, since only then two documents can be. */
  | 'customers'
  /** Documents that are one are linked. */
  | 'matching'
  /** Documents that look alike become suggestions, and wait for a person. */
  | 'suggestions'
  /** Everything that may cross is handed to the main path, which plans and writes nothing. */
  | 'planning'
  /** The main path works; then what it planned is kept as a snapshot. */
  | 'snapshot';

export const planningPhases = [
  'internal',
  'quickbooks',
  'customers',
  'matching',
  'suggestions',
  'planning',
  'snapshot',
] as const satisfies readonly PlanningPhase[];

/** The phase that follows; the last one follows itself, since it ends the pass. */
export const planningPhaseAfter = (phase: PlanningPhase): PlanningPhase =>
  planningPhases[planningPhases.indexOf(phase) + 1] ?? phase;

/** Why nothing is planned for a document. */
export type LeftOut =
  | 'cancelled'
  | 'before go-live'
  | 'made in QuickBooks'
  | 'not understood'
  | 'looks like another document'
  | 'kept apart by a person'
  | 'paused'
  | 'conflict'
  | 'dead letter';

/** How many documents were left out for one reason. */
export type LeftOutCount = { readonly reason: LeftOut; readonly count: number };

const leftOutWords = {
  cancelled: 'cancelled',
  'before go-live': 'dated before go-live',
  'made in QuickBooks': 'made in QuickBooks, from where nothing is imported',
  'not understood': 'not understood',
  'looks like another document': 'held because they look like a document of the other side',
  'kept apart by a person': 'kept apart by a person',
  paused: 'paused',
  conflict: 'waiting for a person to choose',
  'dead letter': 'stopped until a person acts',
} as const satisfies Record<LeftOut, string>;

/** What a whole pass came to, in one sentence. */
export function wordsForPass(writeCount: number, leftOut: readonly LeftOutCount[]): string {
  const planned = `${writeCount} ${writeCount === 1 ? 'write is' : 'writes are'} planned and none was made.`;
  if (leftOut.length === 0) return planned;
  const rest = leftOut.map(({ reason, count }) => `${count} ${leftOutWords[reason]}`).join('; ');
  return `${planned} Left out: ${rest}.`;
}
