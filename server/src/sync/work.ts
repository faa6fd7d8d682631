import type { CompanyId } from '#core/brand.ts';
import type { Doorbell } from '#ports/doorbell.ts';
import type { Engine } from './crossing.ts';
import { drainCompany } from './drain-company.ts';

/** Limits of one worker process. */
export const workLimits = {
  /** Companies drained at once. */
  parallelCompanies: 8,
  /** Between two sweeps; what a lost ring costs at most. */
  sweepMs: 2_500,
  sweepCompaniesMax: 1_000,
  /** Before asking again for a company whose lease somebody holds. */
  heldElsewhereMs: 1_000,
} as const;

/** Drains a company when its bell rings, and rings again for what is left or due later. */
export async function answerBell(
  engine: Engine,
  doorbell: Doorbell,
  holder: string,
  companyId: CompanyId,
  signal: AbortSignal,
): Promise<void> {
  const drained = await drainCompany(engine, companyId, holder, signal);
  if (signal.aborted) return;
  if (drained === 'work-left') return doorbell.ring(companyId);
  const dueInMs = await engine.store.nextDueInMs(companyId);
  if (dueInMs === null) return;
  doorbell.ring(
    companyId,
    drained === 'not-ours' ? Math.max(dueInMs, workLimits.heldElsewhereMs) : Math.max(dueInMs, 50),
  );
}

/**
 * Finds companies with anything due and drains those nobody holds. It leans on rows alone: an emptied queue, a lost ring
 * or a dead worker's job delays work by a sweep and loses none.
 */
async function sweep(
  engine: Engine,
  doorbell: Doorbell,
  holder: string,
  signal: AbortSignal,
): Promise<void> {
  const due = await engine.store.dueCompanies(workLimits.sweepCompaniesMax);
  for (const { companyId, overdue } of due) {
    if (signal.aborted) return;
    if (overdue) await answerBell(engine, doorbell, holder, companyId, signal);
    else doorbell.ring(companyId);
  }
}

/** Sweeps until told to stop; a sweep that fails is told and the next one comes. */
export async function keepSweeping(
  engine: Engine,
  doorbell: Doorbell,
  holder: string,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await sweep(engine, doorbell, holder, signal);
    } catch (error) {
      engine.log.warn('a sweep failed', { cause: String(error) });
    }
    await engine.clock.wait(workLimits.sweepMs, signal);
  }
}
