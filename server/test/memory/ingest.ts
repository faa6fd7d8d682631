import { directionOf, type IncomingEvent } from '#core/event/event.ts';
import { keyOf, mark, type MemoryRows } from './rows.ts';

/** Stores events under their keys; a repeat collapses into the first. Answers how many are new. */
export function ingestEvents(rows: MemoryRows, events: readonly IncomingEvent[]): number {
  let accepted = 0;
  for (const { companyId: _company, ...event } of events) {
    const known = rows.eventByKey.get(keyOf(event));
    if (known !== undefined) {
      known.duplicates += 1;
      continue;
    }
    accepted += 1;
    const row = {
      ...event,
      place: rows.nextPlace(),
      direction: directionOf(event.subject),
      receivedAt: rows.nowMs,
      derivedFromId: null,
      availableAt: rows.nowMs,
      stage: 'QUEUED' as const,
      history: [mark('DETECTED', rows.nowMs, null), mark('QUEUED', rows.nowMs, null)],
      duplicates: 0,
      linkId: null,
      sequence: null,
      endedAt: null,
    };
    rows.events.set(row.id, row);
    rows.eventByKey.set(keyOf(row), row);
  }
  return accepted;
}
