import type { LiveCrossing } from '../stream/crossings.ts';
import { isExit, pierIndexOf, piers } from './stages.ts';
import type { ExitStage, PierStage } from './stages.ts';

/** A token in a lane; `share` is how far across it is, 0 to 1 in the direction of travel. */
export type LaneToken = {
  readonly crossing: LiveCrossing;
  readonly share: number;
  /** Which of several tokens at the same pier, from 0. */
  readonly slot: number;
  readonly isOut: boolean;
};

/** One direction: the tokens drawn, and how many more there are. */
export type Lane = { readonly tokens: readonly LaneToken[]; readonly moreCount: number };

/** Tokens drawn over both lanes; more would be noise, so they are counted instead (api-and-web.md §3.2). */
export const laneTokensMax = 15;

/** Rows of tokens above one pier before they are counted instead of drawn. */
export const laneSlots = 3;

/** The newest crossings of one direction, placed by stage. */
export function layoutLane(
  crossings: readonly LiveCrossing[],
  direction: LiveCrossing['direction'],
): Lane {
  const mine = crossings.filter((crossing) => crossing.direction === direction);
  const atPier = new Map<number, number>();
  const tokens: LaneToken[] = [];
  for (const crossing of mine.toReversed()) {
    const pier = placeOf(crossing);
    const slot = atPier.get(pier) ?? 0;
    if (tokens.length >= laneTokensMax || slot >= laneSlots) continue;
    atPier.set(pier, slot + 1);
    const isOut = pierIndexOf(crossing.stage) < 0;
    tokens.push({ crossing, share: pier / (piers.length - 1), slot, isOut });
  }
  return { tokens, moreCount: mine.length - tokens.length };
}

/** Beside the way, a token stands where such changes usually leave it. */
const leavesAt: Record<ExitStage, PierStage> = {
  RETRY_SCHEDULED: 'SENDING',
  DEAD_LETTERED: 'SENDING',
  HELD: 'COMPARED',
  SKIPPED: 'COMPARED',
};

function placeOf({ stage }: LiveCrossing): number {
  return pierIndexOf(isExit(stage) ? leavesAt[stage] : stage);
}
