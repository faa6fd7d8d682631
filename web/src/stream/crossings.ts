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

/** The map after one stream event; the same map when the event is no stage change. */
export function trackCrossing(
  crossings: LiveCrossings,
  event: StreamEventPartsFragment,
  nowMs: number,
): LiveCrossings {
  if (event.detail.__typename !== 'StageChange') return crossings;
  const { event: change, to } = event.detail;
  const next = new Map(crossings);
  next.set(change.id, {
    eventId: change.id,
    invoiceId: event.invoice?.id ?? null,
    invoiceNumber: event.invoice?.number ?? null,
    companyId: event.company.id,
    direction: change.direction,
    stage: to,
    sinceMs: Date.parse(event.at),
    endedMs: hasEnded(to) ? nowMs : null,
  });
  return next;
}

/** Drops what ended long enough ago; the same map when nothing is due. */
export function dropEnded(crossings: LiveCrossings, nowMs: number): LiveCrossings {
  const isDue = (crossing: LiveCrossing) =>
    crossing.endedMs !== null && crossing.endedMs + lingerMs <= nowMs;
  if (![...crossings.values()].some(isDue)) return crossings;
  return new Map([...crossings].filter(([, crossing]) => !isDue(crossing)));
}
