import { hasEnded } from '../crossing/stages.ts';
import type {
  CrossingPartsFragment,
  StreamEventPartsFragment,
} from '../graphql/generated/graphql.ts';

/** One change on its way, as the lanes draw it. */
export type LiveCrossing = {
  readonly eventId: string;
  readonly invoiceId: string | null;
  readonly invoiceNumber: string | null;
  readonly companyId: string;
  readonly direction: CrossingPartsFragment['direction'];
  readonly stage: CrossingPartsFragment['stage'];
  readonly sinceMs: number;
  /** When it ended by this browser's clock; it lingers for a moment so that the eye can follow it. */
  readonly endedMs: number | null;
};

/** All changes on their way, by event id. */
export type LiveCrossings = ReadonlyMap<string, LiveCrossing>;

/** How long an ended crossing stays in its lane. */
export const lingerMs = 2_500;

/** The map after a batch of stream events, copied once for all of them; the same map when none is a stage change. */
export function trackCrossings(
  crossings: LiveCrossings,
  events: readonly StreamEventPartsFragment[],
  nowMs: number,
): LiveCrossings {
  const tracked = events.flatMap((event) => crossingOf(event, nowMs) ?? []);
  if (tracked.length === 0) return crossings;
  const next = new Map(crossings);
  for (const crossing of tracked) next.set(crossing.eventId, crossing);
  return next;
}

function crossingOf(event: StreamEventPartsFragment, nowMs: number): LiveCrossing | null {
  if (event.detail.__typename !== 'StageChange') return null;
  const { event: change, to } = event.detail;
  return {
    eventId: change.id,
    invoiceId: event.invoice?.id ?? null,
    invoiceNumber: event.invoice?.number ?? null,
    companyId: event.company.id,
    direction: change.direction,
    stage: to,
    sinceMs: Date.parse(event.at),
    endedMs: hasEnded(to) ? nowMs : null,
  };
}

/** Drops what ended long enough ago; the same map when nothing is due. */
export function dropEnded(crossings: LiveCrossings, nowMs: number): LiveCrossings {
  const isDue = (crossing: LiveCrossing) =>
    crossing.endedMs !== null && crossing.endedMs + lingerMs <= nowMs;
  if (![...crossings.values()].some(isDue)) return crossings;
  return new Map([...crossings].filter(([, crossing]) => !isDue(crossing)));
}
