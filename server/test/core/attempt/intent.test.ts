import { describe, expect, test } from 'vitest';
import { intentMoves, type IntentState } from '#core/attempt/intent.ts';

describe('the moves of an intent', () => {
  const states: readonly IntentState[] = [
    'PREPARED',
    'SENT',
    'UNCERTAIN',
    'ACKNOWLEDGED',
    'REFUSED',
  ];
  const movesFrom = (state: IntentState): readonly IntentState[] => intentMoves[state];

  test('never go back to what was only written down', () => {
    for (const state of states) expect(movesFrom(state)).not.toContain('PREPARED');
  });

  test('let every open intent be acknowledged or refused', () => {
    for (const state of ['PREPARED', 'SENT', 'UNCERTAIN'] as const) {
      expect(movesFrom(state)).toContain('ACKNOWLEDGED');
      expect(movesFrom(state)).toContain('REFUSED');
    }
  });

  test('end with the acknowledgement, and let a refusal be found done after all', () => {
    expect(movesFrom('ACKNOWLEDGED')).toEqual([]);
    expect(movesFrom('REFUSED')).toEqual(['ACKNOWLEDGED']);
  });

  test('send again only what is uncertain', () => {
    expect(states.filter((state) => movesFrom(state).includes('SENT'))).toEqual([
      'PREPARED',
      'UNCERTAIN',
    ]);
  });

  test('never stay, and name no state twice', () => {
    for (const state of states) {
      expect(movesFrom(state)).not.toContain(state);
      expect(new Set(movesFrom(state)).size).toBe(movesFrom(state).length);
    }
  });
});
