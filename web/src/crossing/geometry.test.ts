import { expect, test } from 'vitest';
import type { SyncStage } from '../graphql/generated/graphql.ts';
import { branchPath, geometryOf, insideX, level, tokenPoint } from './geometry.ts';
import { layoutCrossing } from './layout.ts';
import { piers } from './stages.ts';

const layout = (isUncertain: boolean, ...stages: SyncStage[]) =>
  layoutCrossing(
    stages.map((stage) => ({ stage, at: '2026-11-22T09:00:00Z', durationMs: 1, note: null })),
    { isUncertain },
  );

test.each([320, 700, 1_100])(
  'at %d px the deck stays inside and runs the way the data moves',
  (width) => {
    const right = geometryOf(width, 'TO_QUICKBOOKS');
    const left = geometryOf(width, 'TO_INTERNAL');
    const xs = piers.map((_, index) => Math.round(right.pierX(index)));
    expect(Math.min(...xs)).toBeGreaterThan(0);
    expect(Math.max(...xs)).toBeLessThan(width);
    expect(xs).toEqual(xs.toSorted((a, b) => a - b));
    expect(piers.map((_, index) => Math.round(left.pierX(index)))).toEqual(xs.toReversed());
  },
);

test.each(piers.map((_, index) => index))(
  'a branch from pier %d ends inside the drawing, both ways',
  (index) => {
    for (const direction of ['TO_QUICKBOOKS', 'TO_INTERNAL'] as const) {
      const { end } = branchPath(geometryOf(700, direction), index);
      expect(end.x).toBeGreaterThanOrEqual(0);
      expect(end.x).toBeLessThanOrEqual(700);
    }
  },
);

test('without a clear answer the token stands between Sending and Acknowledged', () => {
  const geometry = geometryOf(900, 'TO_QUICKBOOKS');
  const point = tokenPoint(geometry, layout(true, 'DETECTED', 'SENDING'));
  expect(point.x).toBeGreaterThan(geometry.pierX(5));
  expect(point.x).toBeLessThan(geometry.pierX(6));
});

test('a waiting change stands above the deck, a held one before its gate on the deck', () => {
  const geometry = geometryOf(900, 'TO_QUICKBOOKS');
  expect(tokenPoint(geometry, layout(false, 'SENDING', 'RETRY_SCHEDULED')).y).toBeLessThan(
    level.place,
  );
  expect(tokenPoint(geometry, layout(false, 'COMPARED', 'HELD')).y).toBe(level.token);
});

test('a caption never leaves the drawing', () => {
  const geometry = geometryOf(300, 'TO_QUICKBOOKS');
  expect(insideX(geometry, 10, 200)).toBe(100);
  expect(insideX(geometry, 290, 200)).toBe(200);
  expect(insideX(geometry, 150, 200)).toBe(150);
});
