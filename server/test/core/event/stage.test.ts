import { describe, expect, test } from 'vitest';
import { isEnded, stageMoves, stages, type Stage } from '#core/event/stage.ts';

const movesFrom = (stage: Stage): readonly Stage[] => stageMoves[stage];

/** Every stage that can follow from one, however late. */
function reachableFrom(stage: Stage): ReadonlySet<Stage> {
  const found = new Set<Stage>();
  const waiting = [...movesFrom(stage)];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    waiting.push(...movesFrom(next));
  }
  return found;
}

describe('the moves of an event', () => {
  test('lead from the first stage to every other', () => {
    expect([...reachableFrom('DETECTED')].toSorted()).toEqual(
      stages.filter((stage) => stage !== 'DETECTED').toSorted(),
    );
  });

  test('let a stage be a dead end exactly where the crossing has ended', () => {
    expect(stages.filter((stage) => movesFrom(stage).length === 0)).toEqual(stages.filter(isEnded));
  });

  test('lead from every stage to an end that needs nothing more', () => {
    for (const stage of stages)
      expect(isEnded(stage) || [...reachableFrom(stage)].some(isEnded), stage).toBe(true);
  });

  test('never return to where an event is only known and stored', () => {
    for (const stage of stages) {
      expect(movesFrom(stage)).not.toContain('DETECTED');
      if (stage !== 'DETECTED') expect(movesFrom(stage)).not.toContain('QUEUED');
    }
  });

  test('repeat nothing but the claim, and name no stage twice', () => {
    for (const stage of stages) {
      expect(new Set(movesFrom(stage)).size).toBe(movesFrom(stage).length);
      if (stage !== 'CLAIMED') expect(movesFrom(stage)).not.toContain(stage);
    }
  });

  test('go through a clean crossing in the order the live view draws', () => {
    const clean = stages.slice(0, stages.indexOf('SETTLED') + 1);

    clean.slice(1).forEach((stage, place) => {
      const before = clean[place];
      expect(before === undefined ? [] : movesFrom(before)).toContain(stage);
    });
  });

  test('call a crossing ended that is settled, skipped or stopped', () => {
    expect(stages.filter(isEnded)).toEqual(['SETTLED', 'DEAD_LETTERED', 'SKIPPED']);
  });
});
