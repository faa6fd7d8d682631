import type { StreamEvent } from './stream-store.ts';

const some = (count: number, one: string, many: string) =>
  count === 0 ? [] : [count === 1 ? `1 ${one}` : `${count} ${many}`];

/** One sentence for a reader over several seconds of events; null when nothing worth saying happened. */
export function summariseEvents(events: readonly StreamEvent[]): string | null {
  const settled = events.filter(
    ({ detail }) => detail.__typename === 'StageChange' && detail.to === 'SETTLED',
  ).length;
  const conflicts = events.filter(({ type }) => type === 'CONFLICT_OPENED').length;
  const deadLetters = events.filter(({ type }) => type === 'DEAD_LETTERED').length;
  const parts = [
    ...some(settled, 'change settled', 'changes settled'),
    ...some(conflicts, 'conflict', 'conflicts'),
    ...some(deadLetters, 'dead letter', 'dead letters'),
  ];
  return parts.length === 0 ? null : `${parts.join(', ')}.`;
}
