import { isUnreached, type CallOutcome } from '#core/attempt/failure.ts';
import type { Company, QuickBooksFacts } from '#core/company/company.ts';
import type { AccountingSystem } from '#ports/accounting-system.ts';
import type { Lease } from '#ports/store.ts';
import type { Crossing, Engine } from './crossing.ts';
import { workerLimits } from './limits.ts';
import { callOptions } from './observe.ts';
import { causeOf } from './stop.ts';

/** What QuickBooks says of the company: as stored for an hour, then read anew; old facts serve while it cannot be read. */
export async function factsOf(
  engine: Engine,
  lease: Lease,
  company: Company,
  accounting: AccountingSystem,
  signal: AbortSignal,
): Promise<QuickBooksFacts | null> {
  const age =
    company.facts === null ? Number.POSITIVE_INFINITY : engine.clock.now() - company.facts.readAt;
  if (age < workerLimits.factsAgeMs) return company.facts;
  if (await engine.store.isResting(company.id)) return company.facts;
  const read = await readAndSave(engine, lease, accounting, signal);
  if (read.ok) return read.value;
  engine.log.warn('company facts could not be read', {
    companyId: company.id,
    cause: causeOf(read.failure),
  });
  if (read.failure.kind === 'access-lapsed')
    await engine.store.markNeedsReconnect(lease, read.failure.cause);
  else if (read.failure.kind === 'throttled')
    await engine.store.throttle(lease, read.failure.retryAfterMs);
  else if (isUnreached(read.failure)) await engine.store.noteReachability(lease, false);
  return read.failure.kind === 'access-lapsed' ? null : company.facts;
}

async function readAndSave(
  engine: Engine,
  lease: Lease,
  accounting: AccountingSystem,
  signal: AbortSignal,
): Promise<CallOutcome<QuickBooksFacts>> {
  const read = await accounting.readFacts(callOptions({ signal }));
  if (!read.ok) return read;
  const facts = { ...read.value, readAt: engine.clock.now() };
  await engine.store.saveFacts(lease, facts);
  return { ok: true, value: facts };
}

/**
 * How old a closing date may be for a hold to rest on it. Whoever sends an invoice round again may have moved the date just
 * before: what was read earlier than that does not count, but for the moment in which many go round together.
 */
function ageMsMax({ link, engine, startedAt }: Crossing): number {
  const asked = link.events.flatMap(({ askedAgoMs }) => askedAgoMs ?? []);
  if (asked.length === 0) return workerLimits.closingDateAgeMs;
  const sinceAskedMs = Math.min(...asked) + engine.clock.now() - startedAt;
  return Math.min(
    workerLimits.closingDateAgeMs,
    Math.max(sinceAskedMs, workerLimits.closingDateSharedMs),
  );
}

/**
 * The crossing with facts as they are now, for a hold that rests on the closing date: a person may have moved it a moment
 * ago. What another crossing has just read serves this one too; null when nothing newer could be had.
 */
export async function withNewerFacts(crossing: Crossing): Promise<Crossing | null> {
  const { engine, company, facts, lease, accounting, signal } = crossing;
  const isRecent = (readAt: number): boolean => engine.clock.now() - readAt < ageMsMax(crossing);
  if (isRecent(facts.readAt)) return null;
  const stored = (await engine.store.company(company.id))?.facts ?? null;
  if (stored !== null && isRecent(stored.readAt)) return { ...crossing, facts: stored };
  const read = await readAndSave(engine, lease, accounting, signal);
  return read.ok ? { ...crossing, facts: read.value } : null;
}
