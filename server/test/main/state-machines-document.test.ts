import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { intentMoves } from '#core/attempt/intent.ts';
import { stageMoves } from '#core/event/stage.ts';
import { linkMoves } from '#core/link/status.ts';
import { stateMachinesDocument } from '../../src/main/state-machines-document.ts';

test('docs/state-machines.md is what the code prints', () => {
  const checkedIn = readFileSync(
    new URL('../../../docs/state-machines.md', import.meta.url),
    'utf8',
  );

  expect(checkedIn).toBe(stateMachinesDocument());
});

test('every move of every table is an arrow in a diagram', () => {
  const text = stateMachinesDocument();
  const tables: readonly Readonly<Record<string, readonly string[]>>[] = [
    stageMoves,
    linkMoves,
    intentMoves,
  ];
  const moves = tables.flatMap((table) =>
    Object.entries(table).flatMap(([from, tos]) => tos.map((to) => `  ${from} --> ${to}\n`)),
  );

  expect(moves.filter((move) => !text.includes(move))).toEqual([]);
  expect(text.match(/^ {2}[A-Z_]+ --> [A-Z_]+$/gm)).toHaveLength(moves.length);
});

test('every paragraph says its four things in sentences', () => {
  const paragraphs = stateMachinesDocument()
    .split('\n')
    .filter((line) => line.startsWith('**How in:**'));

  expect(paragraphs).toHaveLength(26);
  for (const paragraph of paragraphs)
    expect(paragraph).toMatch(
      /^\*\*How in:\*\* .+\. \*\*Who moves it out:\*\* .+\. \*\*How long kept:\*\* .+\. \*\*What the operator sees:\*\* .+\.$/,
    );
});
