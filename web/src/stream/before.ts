import type { LiveBeforeQuery } from '../graphql/generated/graphql.ts';
import { stageLabels } from '../state-labels.ts';
import type { StreamEvent } from './stream-store.ts';

type Change = LiveBeforeQuery['outboxEvents']['nodes'][number];

/** The last step of a change, told as the stream would have told it. */
function lastStep(change: Change): StreamEvent {
  const { id, company, invoice, stage, stageHistory, receivedAt } = change;
  const mark = stageHistory.at(-1);
  const note = mark?.note ?? null;
  return {
    id: `before ${id}`,
    at: mark?.at ?? receivedAt,
    type: 'STAGE_CHANGED',
    summary: note ?? stageLabels[stage].help,
    company,
    invoice,
    detail: { __typename: 'StageChange', event: change, from: null, to: stage, note: null },
  };
}

const stepOf = ({ detail }: StreamEvent): string | null =>
  detail.__typename === 'StageChange' ? `${detail.event.id} ${detail.to}` : null;

/** The tail with what came before it, newest first; a step that the stream told too is left to the stream. */
export function withBefore(tail: readonly StreamEvent[], before: readonly Change[]): StreamEvent[] {
  const told = new Set(tail.map(stepOf));
  const older = before
    .map(lastStep)
    .filter((event) => !told.has(stepOf(event)))
    .toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at));
  return [...tail, ...older];
}
