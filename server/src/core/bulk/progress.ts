import type { CompanyId } from '../brand.ts';
import { unreachable } from '../unreachable.ts';

/** Where a bulk operation stands; the last three are ends. */
export type BulkStatus = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'PARTIAL' | 'CANCELLED';

/** How far a bulk operation is. */
export type BulkProgress = {
  readonly id: string;
  /** What it does, in words: 'Replay of 12 dead letters'. */
  readonly label: string;
  readonly status: BulkStatus;
  readonly companyIds: readonly CompanyId[];
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
};

type Counts = Pick<BulkProgress, 'total' | 'succeeded' | 'failed' | 'skipped'>;

/** Items nothing has become of yet. */
export const itemsLeft = ({ total, succeeded, failed, skipped }: Counts): number =>
  total - succeeded - failed - skipped;

/** Status of an operation that nobody cancelled, by its counts; QUEUED until an item was looked at. */
export function statusByCounts(counts: Counts, started: boolean): BulkStatus {
  if (itemsLeft(counts) > 0) return started ? 'RUNNING' : 'QUEUED';
  return counts.failed > 0 ? 'PARTIAL' : 'SUCCEEDED';
}

/**
 * One sentence for the live page. Over several companies it names no figures: whoever sees one of them only must not learn
 * of the others (architecture.md §7).
 */
export function describeBulk(progress: BulkProgress): string {
  if (progress.companyIds.length > 1) return `A bulk operation ${vague[progress.status]}.`;
  const { label, status } = progress;
  switch (status) {
    case 'QUEUED':
      return `${label} was accepted.`;
    case 'RUNNING':
      return `${label}: ${figures(progress)}, ${itemsLeft(progress)} to go.`;
    case 'SUCCEEDED':
    case 'PARTIAL':
      return `${label} has ended: ${figures(progress)}.`;
    case 'CANCELLED':
      return `${label} was stopped: ${figures(progress)}, ${itemsLeft(progress)} left as they were.`;
    default:
      return unreachable(status);
  }
}

const vague = {
  QUEUED: 'was accepted',
  RUNNING: 'moved on',
  SUCCEEDED: 'has ended',
  PARTIAL: 'has ended',
  CANCELLED: 'was stopped',
} as const satisfies Record<BulkStatus, string>;

const figures = ({ succeeded, failed, skipped }: BulkProgress): string =>
  `${succeeded} done, ${failed} failed, ${skipped} left out`;
