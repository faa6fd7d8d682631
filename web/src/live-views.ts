import { pierIndexOf } from './crossing/stages.ts';
import type { StreamEvent } from './stream/stream-store.ts';

/** Which way a change travels, as an address says it. */
export const liveWays = ['both', 'to-quickbooks', 'to-internal'] as const;

/** One of them. */
export type LiveWay = (typeof liveWays)[number];

/** Which steps the tail shows. */
export const liveSteps = ['all', 'settled', 'needs-you', 'waiting'] as const;

/** One of them. */
export type LiveStep = (typeof liveSteps)[number];

/** What each is called. */
export const liveStepLabels: Record<LiveStep, string> = {
  all: 'Every step',
  settled: 'Settled',
  'needs-you': 'Needs you',
  waiting: 'Waiting',
};

/** What each way is called. */
export const liveWayLabels: Record<LiveWay, string> = {
  both: 'Both ways',
  'to-quickbooks': '→ To QuickBooks',
  'to-internal': '← To internal',
};

/** Narrowing of the tail, as the address has it. */
export type LiveNarrowing = {
  readonly way: LiveWay;
  readonly only: LiveStep;
  readonly text?: string;
};

const needing = new Set<StreamEvent['type']>(['CONFLICT_OPENED', 'DEAD_LETTERED']);

function isStep({ type, detail }: StreamEvent, only: LiveStep): boolean {
  const to = detail.__typename === 'StageChange' ? detail.to : null;
  switch (only) {
    case 'all':
      return true;
    case 'settled':
      return to !== null && pierIndexOf(to) === pierIndexOf('SETTLED');
    case 'needs-you':
      return needing.has(type) || to === 'HELD' || to === 'DEAD_LETTERED';
    case 'waiting':
      return to === 'RETRY_SCHEDULED';
    default:
      return only satisfies never;
  }
}

function isWay({ detail }: StreamEvent, way: LiveWay): boolean {
  if (way === 'both') return true;
  if (detail.__typename !== 'StageChange') return false;
  return (detail.event.direction === 'TO_QUICKBOOKS') === (way === 'to-quickbooks');
}

/** Whether the tail shows an event. */
export function isShownLive(event: StreamEvent, { way, only, text }: LiveNarrowing): boolean {
  if (!isWay(event, way) || !isStep(event, only)) return false;
  if (text === undefined) return true;
  const words = `${event.invoice?.number ?? ''} ${event.summary}`.toLowerCase();
  return words.includes(text.toLowerCase());
}
