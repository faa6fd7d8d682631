import type { Lease } from '#ports/store.ts';
import { statusEntry } from './claim.ts';
import type { MemoryRows } from './rows.ts';

/** Takes the lease with the next epoch when nobody holds it, and takes over what the former holder left. */
export function acquireLease(rows: MemoryRows, holder: string, ttlMs: number): Lease | null {
  const { lease, nowMs } = rows;
  if (lease !== null && lease.holder !== null && lease.expiresAt >= nowMs) return null;
  const epoch = (lease?.epoch ?? 0n) + 1n;
  rows.lease = { epoch, holder, expiresAt: nowMs + ttlMs };
  rows.epochs.push({ epoch, holder, at: nowMs });
  takeOver(rows, epoch);
  return { companyId: rows.companyId, epoch, holder };
}

/** What a dead holder left: its claims get a crash mark, its attempts were cut off, its unsettled intents may have happened. */
function takeOver(rows: MemoryRows, epoch: bigint): void {
  const doubtful = new Set<string>();
  for (const intent of rows.intents.values()) {
    if (intent.epoch >= epoch || (intent.state !== 'PREPARED' && intent.state !== 'SENT')) continue;
    rows.saw(`intent ${intent.state} → UNCERTAIN`);
    rows.saw('takeover during a send');
    intent.state = 'UNCERTAIN';
    doubtful.add(intent.linkId);
  }
  const left = new Set<string>();
  for (const link of rows.links.values()) {
    const isClaimed = link.claimEpoch !== null && link.claimEpoch < epoch;
    if (!isClaimed && !doubtful.has(link.id)) continue;
    left.add(link.id);
    const before = rows.status(link);
    if (link.claimEpoch !== null) link.crashMarks += 1;
    if (link.claimEpoch !== null) rows.saw('takeover of a claimed link');
    link.claimEpoch = null;
    link.uncertain ||= doubtful.has(link.id);
    rows.makeDue(link);
    link.statusReason = 'The worker stopped in the middle; another one goes on.';
    const [event] = rows.openEvents(link.id);
    const told = ': the worker stopped in the middle; another one goes on.';
    rows.log([statusEntry(link, before, rows.status(link), told, event?.correlationId ?? '')]);
  }
  for (const attempt of rows.attempts.values()) {
    if (!left.has(attempt.linkId) || attempt.epoch >= epoch || attempt.endedAt !== null) continue;
    attempt.endedAt = rows.nowMs;
    attempt.outcome = 'UNKNOWN';
  }
}

/** False when the lease ran out or somebody else holds it. */
export function renewLease(rows: MemoryRows, lease: Lease, ttlMs: number): boolean {
  if (!rows.holds(lease, true) || rows.lease === null) return false;
  rows.lease.expiresAt = rows.nowMs + ttlMs;
  return true;
}

export function releaseLease(rows: MemoryRows, lease: Lease): void {
  if (!rows.holds(lease) || rows.lease === null) return;
  rows.lease.holder = null;
  rows.lease.expiresAt = rows.nowMs;
}
