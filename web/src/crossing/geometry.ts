import type { Direction, SyncStage } from '../graphql/generated/graphql.ts';
import type { CrossingLayout } from './layout.ts';
import { piers } from './stages.ts';

/** Heights of the drawing in pixels, from its top. */
export const level = { place: 40, gate: 58, token: 78, deck: 92, spring: 100, ground: 136 };

/** A point of the drawing. */
export type Point = { readonly x: number; readonly y: number };

/** Turns stages into pixels for one width and direction: internal is always left, whatever moves. */
export type Geometry = {
  readonly width: number;
  /** 1 when the data moves to the right, -1 when to the left. */
  readonly sign: 1 | -1;
  readonly pierX: (index: number) => number;
};

const edge = 44;

/** Where branches end, counted along the way from the pier they leave. */
const branch = { token: 62, end: 96 };

/** Pixels for a width; the ends of the deck stay inside it. */
export function geometryOf(width: number, direction: Direction): Geometry {
  const sign = direction === 'TO_QUICKBOOKS' ? 1 : -1;
  const inset = Math.min(edge, width / 12);
  const step = (width - 2 * inset) / (piers.length - 1);
  const pierX = (index: number) =>
    sign === 1 ? inset + index * step : width - inset - index * step;
  return { width, sign, pierX };
}

/** A branch turns back over the deck when there is no room ahead of it. */
function branchSign({ width, sign, pierX }: Geometry, fromIndex: number): 1 | -1 {
  const end = pierX(fromIndex) + sign * (branch.end + 8);
  if (end >= 0 && end <= width) return sign;
  return sign === 1 ? -1 : 1;
}

/** The track from a pier up to a place beside the way. */
export function branchPath(
  geometry: Geometry,
  fromIndex: number,
): { readonly path: string; readonly end: Point } {
  const x = geometry.pierX(fromIndex);
  const turn = branchSign(geometry, fromIndex);
  const end = { x: x + turn * branch.end, y: level.place };
  const bend = `C ${x + turn * 26} ${level.deck} ${x + turn * 14} ${level.place} ${x + turn * 44} ${level.place}`;
  return { path: `M ${x} ${level.deck} ${bend} H ${end.x}`, end };
}

const climbing = new Set<SyncStage>(['RETRY_SCHEDULED', 'DEAD_LETTERED', 'SKIPPED']);

/** Where the token stands: on its pier, past Sending when nobody knows, before a gate, or on a branch. */
export function tokenPoint(geometry: Geometry, layout: CrossingLayout): Point {
  const { exit, isUncertain, tokenIndex } = layout;
  const index = Math.max(tokenIndex, 0);
  if (isUncertain) {
    return { x: (geometry.pierX(index) + geometry.pierX(index + 1)) / 2, y: level.token };
  }
  if (exit !== null && climbing.has(exit.stage)) {
    const turn = branchSign(geometry, exit.fromIndex);
    return { x: geometry.pierX(exit.fromIndex) + turn * branch.token, y: level.place - 12 };
  }
  return { x: geometry.pierX(index), y: level.token };
}

/** Keeps a centred text of the given width inside the drawing. */
export function insideX({ width }: Geometry, x: number, textWidth: number): number {
  const half = textWidth / 2;
  return Math.min(Math.max(x, half), Math.max(width - half, half));
}
