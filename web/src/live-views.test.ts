import { expect, test } from 'vitest';
import { isShownLive, liveSteps, liveWays } from './live-views.ts';
import type { StreamEvent } from './stream/stream-store.ts';

const step = (direction: 'TO_QUICKBOOKS' | 'TO_INTERNAL', to: 'SETTLED' | 'HELD'): StreamEvent => ({
  id: `${direction} ${to}`,
  at: '2026-11-30T09:00:00Z',
  type: 'STAGE_CHANGED',
  summary: 'INV-7 moved.',
  company: { id: 'acme', name: 'Acme' },
  invoice: { id: 'i', version: 1, number: 'INV-7', status: 'IN_SYNC', statusReason: '' },
  detail: {
    __typename: 'StageChange',
    from: null,
    to,
    note: null,
    event: {
      id: 'change',
      version: 1,
      direction,
      kind: 'UPDATED',
      stage: to,
      changedPaths: [],
      receivedAt: '2026-11-30T09:00:00Z',
      availableAt: '2026-11-30T09:00:00Z',
      endedAt: null,
      stageHistory: [],
    },
  },
});

const events = [step('TO_QUICKBOOKS', 'SETTLED'), step('TO_INTERNAL', 'HELD')];

test.each(liveWays.flatMap((way) => liveSteps.map((only) => ({ way, only }))))(
  'narrowed to $way and $only, the tail shows what it names',
  ({ way, only }) => {
    const shown = events.filter((event) => isShownLive(event, { way, only }));
    const expected = events.filter(
      (_, index) =>
        (way === 'both' || (way === 'to-quickbooks') === (index === 0)) &&
        (only === 'all' || only === (index === 0 ? 'settled' : 'needs-you')),
    );
    expect(shown).toEqual(expected);
  },
);

test('words are looked for in number and sentence, whatever their case', () => {
  const [event] = events;
  const found = (text: string) =>
    event !== undefined && isShownLive(event, { way: 'both', only: 'all', text });
  expect([found('inv-7'), found('MOVED'), found('other')]).toEqual([true, true, false]);
});
