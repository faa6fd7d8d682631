import { expect, test } from 'vitest';
import type { SyncStage } from '../graphql/generated/graphql.ts';
import type { LiveCrossing } from '../stream/crossings.ts';
import { laneSlots, laneTokensMax, layoutLane } from './lanes.ts';
import { layoutCrossing } from './layout.ts';
import type { StageMark } from './layout.ts';
import { fittingSpeed, holdMs, playFromStart, replayLimits, stepBack, stepOn } from './replay.ts';
import { piers } from './stages.ts';
import { isSlow, usualTimes } from './usual-times.ts';

const mark = (stage: SyncStage, durationMs: number | null = 10): StageMark => ({
  stage,
  at: '2026-11-22T09:00:00.000Z',
  durationMs,
  note: null,
});

const marks = (...stages: SyncStage[]) => stages.map((stage) => mark(stage));

const statesOf = (history: readonly StageMark[], isUncertain = false) =>
  layoutCrossing(history, { isUncertain }).piers.map(({ state }) => state);

test('before anything is known every pier is ahead', () => {
  const layout = layoutCrossing([], { isUncertain: false });
  expect(layout.tokenIndex).toBe(-1);
  expect(new Set(layout.piers.map(({ state }) => state))).toEqual(new Set(['ahead']));
});

test.each(piers.slice(0, -1).map((stage, index) => [stage, index] as const))(
  'standing on %s, what is behind is passed and what is ahead is ahead',
  (_stage, index) => {
    const states = statesOf(marks(...piers.slice(0, index + 1)));
    expect(states.slice(0, index)).toEqual(Array.from({ length: index }, () => 'passed'));
    expect(states[index]).toBe('here');
    expect(new Set(states.slice(index + 1))).toEqual(new Set(['ahead']));
  },
);

test('a settled crossing has passed every pier and stands nowhere', () => {
  const layout = layoutCrossing(marks(...piers), { isUncertain: false });
  expect(new Set(layout.piers.map(({ state }) => state))).toEqual(new Set(['passed']));
  expect(layout).toMatchObject({ tokenIndex: 8, exit: null, returns: 0 });
});

test('a pier the way went past without a stop is jumped, not passed', () => {
  expect(statesOf(marks('DETECTED', 'QUEUED', 'CLAIMED', 'MAPPED', 'COMPARED', 'SETTLED'))).toEqual(
    [
      ...Array.from({ length: 5 }, () => 'passed'),
      ...Array.from({ length: 3 }, () => 'jumped'),
      'passed',
    ],
  );
});

test('what was written before both sides were looked at once more is passed when the crossing settles', () => {
  const again = ['CLAIMED', 'MAPPED', 'COMPARED', 'SETTLED'] as const;
  expect(new Set(statesOf(marks(...piers.slice(0, -1), ...again)))).toEqual(new Set(['passed']));
});

test.each(['RETRY_SCHEDULED', 'HELD', 'DEAD_LETTERED', 'SKIPPED'] as const)(
  '%s is a place beside the pier the change left from',
  (stage) => {
    const layout = layoutCrossing(marks('DETECTED', 'QUEUED', 'CLAIMED', 'MAPPED', stage), {
      isUncertain: false,
    });
    expect(layout.exit).toMatchObject({ stage, fromIndex: 3 });
    expect(layout.tokenIndex).toBe(3);
  },
);

test('a second try starts over: what the first one passed is ahead again, with its times kept', () => {
  const layout = layoutCrossing(
    [
      ...marks('DETECTED', 'QUEUED', 'CLAIMED', 'MAPPED', 'COMPARED'),
      mark('SENDING', 900),
      ...marks('RETRY_SCHEDULED', 'CLAIMED'),
    ],
    { isUncertain: false },
  );
  expect(layout.piers.map(({ state }) => state)).toEqual([
    'passed',
    'passed',
    'here',
    ...Array.from({ length: 6 }, () => 'ahead'),
  ]);
  expect(layout).toMatchObject({ exit: null, returns: 1 });
  expect(layout.piers[5]).toMatchObject({ visits: 1, mark: { durationMs: 900 } });
  expect(layout.piers[2]?.visits).toBe(2);
});

test('no clear answer stands between sending and acknowledged, until there is one', () => {
  const sent = marks('DETECTED', 'QUEUED', 'CLAIMED', 'MAPPED', 'COMPARED', 'SENDING');
  expect(layoutCrossing(sent, { isUncertain: true }).isUncertain).toBe(true);
  expect(layoutCrossing([...sent, mark('ACKNOWLEDGED')], { isUncertain: true }).isUncertain).toBe(
    false,
  );
});

test('what is usual is a time that was really seen, and needs five crossings', () => {
  const crossing = (ms: number) => [mark('SENDING', ms)];
  expect(usualTimes([1, 2, 3, 4].map(crossing)).get('SENDING')).toBeUndefined();
  const usual = usualTimes([100, 300, 200, 5_000, 250].map(crossing)).get('SENDING');
  expect(usual).toEqual({ medianMs: 250, p95Ms: 5_000 });
  expect(isSlow(5_000, usual)).toBe(false);
  expect(isSlow(5_001, usual)).toBe(true);
  expect(isSlow(1_000_000, undefined)).toBe(false);
  expect(isSlow(1, { medianMs: 0, p95Ms: 0 })).toBe(false);
});

test('a replay walks from the first mark to the last and stops there', () => {
  const history = marks(...piers);
  let replay = playFromStart(1);
  const shown = [replay.shownCount];
  while (replay.isPlaying) {
    replay = stepOn(history, replay);
    shown.push(replay.shownCount);
  }
  expect(shown).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(stepOn(history, replay).shownCount).toBe(9);
  expect(stepBack(replay)).toMatchObject({ shownCount: 8, isPlaying: false });
  expect(stepBack({ ...replay, shownCount: 1 }).shownCount).toBe(1);
});

test('a replay keeps real proportions, but no stop is too short to see or too long to wait for', () => {
  const at = (ms: number, speed: 0.1 | 1 | 4) =>
    holdMs([mark('SENDING', ms)], { shownCount: 1, isPlaying: true, speed });
  expect(at(600, 1)).toBe(600);
  expect(at(100, 0.1)).toBe(1_000);
  expect(at(8, 4)).toBe(replayLimits.holdMsMin);
  expect(at(3_600_000, 1)).toBe(replayLimits.holdMsMax);
  expect(fittingSpeed([mark('SENDING', 600)])).toBe(0.1);
  expect(fittingSpeed([mark('SENDING', 6_000)])).toBe(1);
});

const crossing = (
  n: number,
  stage: SyncStage,
  direction: LiveCrossing['direction'],
): LiveCrossing => ({
  eventId: `change-${n}`,
  invoiceId: `invoice-${n}`,
  invoiceNumber: `INV-${n}`,
  companyId: 'company-1',
  direction,
  stage,
  sinceMs: 0,
  endedMs: null,
});

test('each direction has its own lane and a token stands as far across as its stage', () => {
  const all = [crossing(1, 'DETECTED', 'TO_QUICKBOOKS'), crossing(2, 'SETTLED', 'TO_INTERNAL')];
  expect(layoutLane(all, 'TO_QUICKBOOKS').tokens).toMatchObject([{ share: 0, isOut: false }]);
  expect(layoutLane(all, 'TO_INTERNAL').tokens).toMatchObject([{ share: 1 }]);
});

test('a crowd is counted instead of drawn, and nobody is lost', () => {
  const crowd = Array.from({ length: 40 }, (_, n) =>
    crossing(n, piers[n % piers.length] ?? 'QUEUED', 'TO_QUICKBOOKS'),
  );
  const lane = layoutLane(crowd, 'TO_QUICKBOOKS');
  expect(lane.tokens.length).toBeLessThanOrEqual(laneTokensMax);
  expect(Math.max(...lane.tokens.map(({ slot }) => slot))).toBeLessThan(laneSlots);
  expect(lane.tokens.length + lane.moreCount).toBe(40);
});
