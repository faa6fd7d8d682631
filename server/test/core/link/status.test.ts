import { describe, expect, test } from 'vitest';
import { linkMoves, statusOf, type LinkFacts, type LinkStatus } from '#core/link/status.ts';

const facts = [
  'uncertain',
  'claimed',
  'paused',
  'deadLettered',
  'inConflict',
  'due',
  'onBothSides',
] as const satisfies readonly (keyof LinkFacts)[];

const factsOf = (bits: number): LinkFacts => ({
  uncertain: (bits & 64) !== 0,
  claimed: (bits & 32) !== 0,
  paused: (bits & 16) !== 0,
  deadLettered: (bits & 8) !== 0,
  inConflict: (bits & 4) !== 0,
  due: (bits & 2) !== 0,
  onBothSides: (bits & 1) !== 0,
});

const all: readonly LinkFacts[] = Array.from({ length: 128 }, (_, bits) => factsOf(bits));

/** The law's list: the first that holds. */
const inOrder: readonly (readonly [keyof LinkFacts, LinkStatus])[] = [
  ['uncertain', 'UNCERTAIN'],
  ['claimed', 'IN_FLIGHT'],
  ['paused', 'PAUSED'],
  ['deadLettered', 'DEAD_LETTERED'],
  ['inConflict', 'CONFLICT'],
  ['due', 'PENDING'],
];

describe('the status of a link', () => {
  test('is the first that holds, for all 128 combinations of its facts', () => {
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(128);
    for (const one of all) {
      const [, first] = inOrder.find(([fact]) => one[fact]) ?? [null, null];
      expect(statusOf(one)).toBe(first ?? (one.onBothSides ? 'IN_SYNC' : 'UNLINKED'));
    }
  });

  test('halves with each fact that comes earlier', () => {
    const counts = Map.groupBy(all, statusOf);

    expect(
      Object.fromEntries([...counts].map(([status, found]) => [status, found.length])),
    ).toEqual({
      UNCERTAIN: 64,
      IN_FLIGHT: 32,
      PAUSED: 16,
      DEAD_LETTERED: 8,
      CONFLICT: 4,
      PENDING: 2,
      IN_SYNC: 1,
      UNLINKED: 1,
    });
    expect(facts).toHaveLength(7);
  });
});

/** Everything that may happen to a link's facts, as the engine does it. */
function happenings(now: LinkFacts): readonly LinkFacts[] {
  const told = { ...now, due: true };
  const pausedOrNot = { ...now, paused: !now.paused };
  const claimable = now.due && !now.claimed && (now.uncertain || !now.paused);
  const replayed = now.deadLettered && !now.paused ? [{ ...told, deadLettered: false }] : [];
  const discarded = !now.claimed && !now.uncertain ? [{ ...now, deadLettered: false }] : [];
  const takenBack = !now.claimed ? [{ ...now, deadLettered: true }] : [];
  const claimed = claimable ? [{ ...now, claimed: true, due: false }] : [];
  const asked = [pausedOrNot, ...replayed, ...discarded, ...takenBack];
  return [told, ...asked, ...claimed, ...(now.claimed ? givenBack(now) : [])];
}

function givenBack(claimed: LinkFacts): readonly LinkFacts[] {
  const free = { ...claimed, claimed: false };
  const settled = { ...free, uncertain: false, deadLettered: false, onBothSides: true };
  const skipped = claimed.uncertain ? [] : [{ ...free, deadLettered: false }];
  return [
    { ...settled, inConflict: false },
    { ...settled, inConflict: true },
    ...skipped,
    { ...free, due: true, uncertain: false }, // tried again
    { ...free, due: true, uncertain: true }, // no answer, or taken over from a dead worker
    { ...free, due: true }, // taken over with nothing in doubt
    { ...free, deadLettered: true },
    { ...free, deadLettered: true, uncertain: false },
  ];
}

/** Every move between two statuses that a new link can ever make. */
function reachableMoves(): ReadonlySet<string> {
  const waiting: LinkFacts[] = [factsOf(0b0000010)]; // a link is born with a change waiting
  const known = new Set<string>();
  const moves = new Set<string>();
  for (let now = waiting.pop(); now !== undefined; now = waiting.pop()) {
    if (known.has(JSON.stringify(now))) continue;
    known.add(JSON.stringify(now));
    for (const next of happenings(now)) {
      if (statusOf(next) !== statusOf(now)) moves.add(`${statusOf(now)} ${statusOf(next)}`);
      waiting.push(next);
    }
  }
  return moves;
}

describe('the moves of a link', () => {
  const listed = Object.entries(linkMoves).flatMap(([from, tos]) =>
    tos.map((to) => `${from} ${to}`),
  );

  test('are exactly those that the engine can make, and the one that only the audit trail writes', () => {
    const expected = [...reachableMoves(), 'UNCERTAIN IN_FLIGHT'];

    expect(listed.toSorted()).toEqual(expected.toSorted());
  });

  test('never stay where they are, and say nothing twice', () => {
    expect(listed.filter((move) => new Set(move.split(' ')).size === 1)).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  });
});
