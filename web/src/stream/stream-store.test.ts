import { expect, test } from 'vitest';
import type { SyncStage } from '../graphql/generated/graphql.ts';
import { lingerMs } from './crossings.ts';
import { describeFreshness } from './freshness.ts';
import { StreamStore, tailMax } from './stream-store.ts';
import type { StreamEvent, StreamMessage } from './stream-store.ts';

const at = (n: number) => new Date(Date.UTC(2026, 10, 22, 9, 0, 0, n)).toISOString();

function stageEvent(n: number, to: SyncStage = 'QUEUED', changeId = `change-${n}`): StreamEvent {
  return {
    id: `event-${n}`,
    at: at(n),
    type: 'STAGE_CHANGED',
    summary: `Event ${n}`,
    company: { id: 'company-1', name: 'Acme Books' },
    invoice: {
      id: 'invoice-1',
      version: n,
      number: 'INV-1',
      status: 'IN_FLIGHT',
      statusReason: 'On its way.',
    },
    detail: {
      __typename: 'StageChange',
      from: null,
      to,
      note: null,
      event: {
        id: changeId,
        version: n,
        direction: 'TO_QUICKBOOKS',
        kind: 'UPDATED',
        stage: to,
        changedPaths: [],
        receivedAt: at(0),
        availableAt: at(0),
        endedAt: null,
        stageHistory: [],
      },
    },
  };
}

const batchOf = (events: StreamEvent[], cursor: string, backlog = 0): StreamMessage => ({
  __typename: 'SyncEventBatch',
  cursor,
  backlog,
  events,
});

const batch = (numbers: readonly number[], backlog = 0): StreamMessage =>
  batchOf(
    numbers.map((n) => stageEvent(n)),
    `cursor-${numbers.at(-1) ?? 0}`,
    backlog,
  );

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

function openStore() {
  const frames: (() => void)[] = [];
  let nowMs = 0;
  const store = new StreamStore({
    nowMs: () => nowMs,
    scheduleFlush: (flush) => frames.push(flush),
  });
  const frame = () => {
    for (const flush of frames.splice(0)) flush();
    return store.getSnapshot();
  };
  return {
    store,
    frame,
    frames,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

test('the cursor is the newest position handled, whatever brought it', () => {
  const { store } = openStore();
  store.begin('head');
  expect(store.cursor()).toBe('head');
  store.handleMessage(batch([1, 2]));
  expect(store.cursor()).toBe('cursor-2');
  store.handleMessage({
    __typename: 'StreamHeartbeat',
    cursor: 'beat-9',
    at: at(9),
    completeUntil: at(9),
  });
  expect(store.cursor()).toBe('beat-9');
  store.begin('too late');
  expect(store.cursor()).toBe('beat-9');
});

test('an event delivered twice is shown once', () => {
  const { store, frame } = openStore();
  store.handleMessage(batch([1, 2, 3]));
  store.handleMessage(batch([2, 3, 4]));
  expect(frame().tail.map(({ id }) => id)).toEqual(['event-4', 'event-3', 'event-2', 'event-1']);
  expect(store.getSnapshot().handledCount).toBe(4);
});

test('many messages between two frames are one change of the screen', () => {
  const { store, frame, frames } = openStore();
  let changes = 0;
  store.subscribe(() => (changes += 1));
  for (const n of range(1, 50)) store.handleMessage(batch([n]));
  expect(frames).toHaveLength(1);
  expect(frame().tail).toHaveLength(50);
  expect(changes).toBe(1);
});

test('the tail keeps the newest 2,000 events', () => {
  const { store, frame } = openStore();
  store.handleMessage(batch(range(1, tailMax + 500)));
  const { tail } = frame();
  expect(tail).toHaveLength(tailMax);
  expect(tail[0]?.id).toBe(`event-${tailMax + 500}`);
  expect(tail.at(-1)?.id).toBe('event-501');
});

test('a gap moves the cursor and tells everyone to ask again', () => {
  const { store, frame } = openStore();
  store.handleMessage(batch([1]));
  const before = frame().generation;
  store.handleMessage({ __typename: 'StreamGap', reason: 'Too old.', resumeFrom: 'cursor-900' });
  expect(store.cursor()).toBe('cursor-900');
  expect(frame()).toMatchObject({ generation: before + 1, gapReason: 'Too old.' });
});

test('while paused the tail and lanes hold still and the wait is counted; resuming jumps to now', () => {
  const { store, frame } = openStore();
  store.handleMessage(batch([1]));
  const before = frame();
  store.setPaused(true);
  frame();
  store.handleMessage(batch([2, 3]));
  store.handleMessage(batch([4]));
  expect(frame()).toMatchObject({
    tail: before.tail,
    crossings: before.crossings,
    waitingCount: 3,
  });
  store.setPaused(false);
  expect(frame()).toMatchObject({ waitingCount: 0, isPaused: false });
  expect(store.getSnapshot().tail[0]?.id).toBe('event-4');
});

test('listeners for events hear each one once, in order, also while paused', () => {
  const { store, frame } = openStore();
  const heard: string[] = [];
  store.onEvents((events) => heard.push(...events.map(({ id }) => id)));
  store.setPaused(true);
  store.handleMessage(batch([1, 2]));
  store.handleMessage(batch([2, 3]));
  frame();
  expect(heard).toEqual(['event-1', 'event-2', 'event-3']);
});

test('after a lost connection the number of events caught up on is the news', () => {
  const { store, frame } = openStore();
  store.setConnection('open');
  store.setConnection('lost');
  store.markLostForLong();
  expect(frame()).toMatchObject({ lostForLong: true });
  store.setConnection('open');
  store.handleMessage(batch(range(1, 40), 8));
  expect(frame()).toMatchObject({ backlog: 8, caughtUpCount: null, lostForLong: false });
  store.handleMessage(batch(range(41, 48)));
  expect(frame()).toMatchObject({ backlog: 0, caughtUpCount: 48, connectionCount: 2 });
});

test('a crossing that ended lingers for a moment, then leaves its lane', () => {
  const { store, frame, pass } = openStore();
  store.handleMessage(batchOf([stageEvent(1, 'SENDING', 'change')], 'cursor-1'));
  expect(frame().crossings.get('change')).toMatchObject({ stage: 'SENDING', endedMs: null });
  store.handleMessage(batchOf([stageEvent(2, 'SETTLED', 'change')], 'cursor-2'));
  expect(frame().crossings.get('change')).toMatchObject({ stage: 'SETTLED', endedMs: 0 });
  pass(lingerMs);
  store.refresh();
  expect(frame().crossings.size).toBe(0);
});

test('a crossing seeded from a query never replaces what the stream said', () => {
  const { store, frame } = openStore();
  store.handleMessage(batchOf([stageEvent(5, 'SENDING', 'change')], 'cursor-5'));
  const seeded = frame().crossings.get('change');
  expect(seeded).toBeDefined();
  if (seeded === undefined) return;
  store.seedCrossings([
    { ...seeded, stage: 'QUEUED' },
    { ...seeded, eventId: 'older', stage: 'QUEUED' },
  ]);
  expect([...frame().crossings.values()].map(({ eventId, stage }) => [eventId, stage])).toEqual([
    ['older', 'QUEUED'],
    ['change', 'SENDING'],
  ]);
});

test.each([
  [{ connection: 'connecting' }, 'connecting'],
  [{ connection: 'open' }, 'live'],
  [{ connection: 'open', backlog: 312 }, 'catching-up'],
  [{ connection: 'lost' }, 'live'],
  [{ connection: 'lost', lostForLong: true }, 'reconnecting'],
  [{ connection: 'offline' }, 'offline'],
] as const)('%o reads as %s', (part, kind) => {
  const input = { backlog: 0, completeUntil: at(7), lostForLong: false, ...part };
  expect(describeFreshness(input).kind).toBe(kind);
});
