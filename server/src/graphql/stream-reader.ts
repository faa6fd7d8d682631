import type { Clock } from '#ports/clock.ts';
import { decodeCursor, encodeCursor } from './stream-cursor.ts';
import { gapBefore } from './stream-gap.ts';
import type { Published, StreamFilter, StreamHead, StreamSource } from './stream-source.ts';

/** What a reader of the stream is sent (api-and-web.md §2.3). */
export type StreamMessage =
  | {
      readonly kind: 'batch';
      readonly ids: readonly string[];
      readonly cursor: string;
      readonly backlog: number;
    }
  | {
      readonly kind: 'heartbeat';
      readonly cursor: string;
      readonly at: Date;
      readonly completeUntil: Date;
    }
  | { readonly kind: 'gap'; readonly reason: string; readonly resumeFrom: string };

export const streamLimits = {
  /** Floor under a lost notification. */
  pollMs: 1_000,
  heartbeatMs: 15_000,
  batchMax: 500,
  delayMsMax: 1_000,
  /** A reader that takes a message this late … */
  stallMs: 30_000,
  /** … and is this many events behind has lost touch: refetching is faster than catching up. */
  stallBacklogMin: 5_000,
  /** More than this waits on its connection: stage changes that were overtaken are left out … */
  coalesceBytes: 1024 * 1024,
  /** … and beyond this nothing more is put there than that it has to refetch. */
  gapBytes: 4 * 1024 * 1024,
  /** How many batches are looked over for what was overtaken. */
  coalesceBatches: 10,
} as const;

export type StreamReading = {
  readonly after: string | null;
  readonly filter: StreamFilter;
  readonly maxBatch: number;
  readonly maxDelayMs: number;
  /** What was sent to the reader and is not taken yet. */
  readonly bufferedBytes: () => number;
  readonly signal: AbortSignal;
};

type Reader = { readonly generation: string; readonly position: bigint };

const atHead = ({ generation, position }: StreamHead): Reader => ({ generation, position });

const gapAt = (reason: string, head: StreamHead): StreamMessage => ({
  kind: 'gap',
  reason,
  resumeFrom: encodeCursor(atHead(head)),
});

/** Why a reader cannot simply go on; null when it can. */
function lossOf(
  reader: Reader,
  head: StreamHead,
  { stalledMs, bufferedBytes }: { readonly stalledMs: number; readonly bufferedBytes: number },
): string | null {
  const behind = head.position - reader.position;
  const stalled =
    (stalledMs > streamLimits.stallMs && behind > BigInt(streamLimits.stallBacklogMin)) ||
    (bufferedBytes > streamLimits.gapBytes && behind > 0n);
  return gapBefore(reader, head) ?? (stalled ? 'You fell too far behind the stream.' : null);
}

/**
 * Everything after a cursor, in order: first what was missed, then live, from one loop, so there is no seam. Nothing is
 * read before the message before was taken, so a slow reader costs no memory; the database keeps its place. A reader
 * without a cursor is told at once where it stands, so that it can resume even if nothing happens before it drops.
 */
export async function* readStream(
  source: StreamSource,
  clock: Clock,
  { after, filter, maxBatch, maxDelayMs, bufferedBytes, signal }: StreamReading,
): AsyncGenerator<StreamMessage, void, undefined> {
  let reader: Reader | null = after === null ? atHead(await source.head()) : decodeCursor(after);
  let quietSinceMs = Number.NEGATIVE_INFINITY;
  let stalledMs = 0;
  while (!signal.aborted) {
    const rings = source.bell.rings();
    const head = await source.head();
    const pressure = { stalledMs, bufferedBytes: bufferedBytes() };
    const loss = reader === null ? gapBefore(null, head) : lossOf(reader, head, pressure);
    if (reader === null || loss !== null) {
      reader = atHead(head);
      stalledMs = 0;
      yield gapAt(loss ?? '', head);
      continue;
    }

    const isCoalesced = pressure.bufferedBytes > streamLimits.coalesceBytes;
    const until = isCoalesced ? windowAfter(reader, head, maxBatch) : head.position;
    const found = isCoalesced
      ? await source.readCoalesced(reader.position, until, maxBatch, filter)
      : await source.read(reader.position, until, maxBatch, filter);
    reader = placeAfter(found, { ...head, position: until }, maxBatch);
    if (found.length > 0) {
      const sentAtMs = clock.monotonicMs();
      yield batchOf(found, reader, head);
      quietSinceMs = clock.monotonicMs();
      stalledMs = quietSinceMs - sentAtMs;
      continue;
    }
    if (until < head.position) continue;

    const quietMs = clock.monotonicMs() - quietSinceMs;
    if (quietMs >= streamLimits.heartbeatMs) {
      quietSinceMs = clock.monotonicMs();
      yield heartbeatOf(head, clock);
      continue;
    }
    const restMs = Math.min(streamLimits.pollMs, streamLimits.heartbeatMs - quietMs);
    await source.bell.waitPast(rings, restMs, signal);
    // Events come in flocks: a short wait lets the flock fill one message.
    if (source.bell.rings() > rings && maxDelayMs > 0) await clock.wait(maxDelayMs, signal);
  }
}

/** Where the look for overtaken events ends. */
function windowAfter({ position }: Reader, head: StreamHead, maxBatch: number): bigint {
  const end = position + BigInt(maxBatch * streamLimits.coalesceBatches);
  return end < head.position ? end : head.position;
}

/** A full batch ends at its last event; any other has seen everything up to where it looked, filtered out or not. */
function placeAfter(found: readonly Published[], head: StreamHead, maxBatch: number): Reader {
  const last = found.at(-1);
  if (last === undefined || found.length < maxBatch) return atHead(head);
  return { generation: head.generation, position: last.position };
}

const batchOf = (found: readonly Published[], reader: Reader, head: StreamHead): StreamMessage => ({
  kind: 'batch',
  ids: found.map((event) => event.id),
  cursor: encodeCursor(reader),
  backlog: Number(head.position - reader.position),
});

const heartbeatOf = (head: StreamHead, clock: Clock): StreamMessage => ({
  kind: 'heartbeat',
  cursor: encodeCursor(atHead(head)),
  at: new Date(clock.now()),
  completeUntil: head.completeUntil,
});
