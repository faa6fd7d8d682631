import { intentNotes } from '#core/attempt/intent-notes.ts';
import { intentMoves } from '#core/attempt/intent.ts';
import { stageNotes } from '#core/event/stage-notes.ts';
import { isEnded, stageMoves, stages } from '#core/event/stage.ts';
import { statusNotes } from '#core/link/status-notes.ts';
import { linkMoves } from '#core/link/status.ts';
import type { StateNote } from '#core/state-note.ts';

/** A machine as it is printed: its states in reading order, where it begins, and which states are final. */
type Machine<State extends string> = {
  readonly title: string;
  readonly about: readonly string[];
  readonly source: string;
  readonly states: readonly State[];
  readonly first: State;
  readonly isFinal: (state: State) => boolean;
  readonly moves: Readonly<Record<State, readonly State[]>>;
  readonly notes: Readonly<Record<State, StateNote>>;
};

function diagram<State extends string>(machine: Machine<State>): readonly string[] {
  const { states, moves, first, isFinal } = machine;
  return [
    '```mermaid',
    'stateDiagram-v2',
    `  [*] --> ${first}`,
    ...states.flatMap((state) => moves[state].map((to) => `  ${state} --> ${to}`)),
    ...states.filter(isFinal).map((state) => `  ${state} --> [*]`),
    '```',
  ];
}

function paragraph(state: string, { entered, left, kept, shown }: StateNote): readonly string[] {
  return [
    `### ${state}`,
    '',
    `**How in:** ${entered} **Who moves it out:** ${left} **How long kept:** ${kept} **What the operator sees:** ${shown}`,
    '',
  ];
}

function section<State extends string>(machine: Machine<State>): readonly string[] {
  return [
    `## ${machine.title}`,
    '',
    ...machine.about,
    '',
    `Moves and paragraphs: \`${machine.source}\`.`,
    '',
    ...diagram(machine),
    '',
    ...machine.states.flatMap((state) => paragraph(state, machine.notes[state])),
  ];
}

const event = section({
  title: 'Event: its stage',
  about: [
    'One thing the bridge was told, on its way across. Several events of one invoice are carried by one attempt: the oldest',
    'carries, the others say which one carried them. Every stage entered is kept on the event with its moment and note.',
  ],
  source: 'server/src/core/event/stage.ts, stage-notes.ts',
  states: stages,
  first: 'DETECTED',
  isFinal: isEnded,
  moves: stageMoves,
  notes: stageNotes,
});

const link = section({
  title: 'Link: its status',
  about: [
    'Where one invoice stands as a whole. The status is derived from seven facts, the first that holds in the order',
    'uncertain, claimed, paused, dead-lettered, in conflict, due, on both sides; the column in the database is computed from',
    'the same facts. An uncertain link that is taken up stays `UNCERTAIN`; the audit trail writes that as `IN_FLIGHT`.',
  ],
  source: 'server/src/core/link/status.ts, status-notes.ts',
  states: [
    'UNCERTAIN',
    'IN_FLIGHT',
    'PAUSED',
    'DEAD_LETTERED',
    'CONFLICT',
    'PENDING',
    'UNLINKED',
    'IN_SYNC',
  ],
  first: 'PENDING',
  isFinal: () => false,
  moves: linkMoves,
  notes: statusNotes,
});

const intent = section({
  title: 'Intent: its state',
  about: [
    'One write, recorded with its exact bytes before it is sent; its id is the request id. `PREPARED`, `SENT` and `UNCERTAIN`',
    'are open, and a unique index allows one open intent for each object.',
  ],
  source: 'server/src/core/attempt/intent.ts, intent-notes.ts',
  states: ['PREPARED', 'SENT', 'UNCERTAIN', 'ACKNOWLEDGED', 'REFUSED'],
  first: 'SENT',
  isFinal: (state) => state === 'ACKNOWLEDGED' || state === 'REFUSED',
  moves: intentMoves,
  notes: intentNotes,
});

/** The state machines as a page for people; docs/state-machines.md is this text. */
export function stateMachinesDocument(): string {
  const lines = [
    '# State machines',
    '',
    'Printed from the tables of moves in `server/src/core` by `node server/src/main/print-state-machines.ts`; a test compares them.',
    '',
    ...event,
    ...link,
    ...intent,
  ];
  return lines.join('\n');
}
