import { intentMoves } from '#core/attempt/intent.ts';
import { stageMoves } from '#core/event/stage.ts';
import { linkMoves } from '#core/link/status.ts';

/** What needs somebody or something that the memory world does not have; each with what has it instead. */
const elsewhere: readonly (readonly [RegExp, string])[] = [
  [
    /link UNCERTAIN → IN_SYNC/,
    'what a write is found to have done gives the link back first: it goes by PENDING',
  ],
  [/link CONFLICT → DEAD_LETTERED/, 'found by reconcile'],
  [/PAUSED/, 'pauses are an operator’s: engine/operators.sim.test.ts'],
  [/event HELD → SKIPPED/, 'decisions and discards are an operator’s'],
  [/event DETECTED → QUEUED/, 'one step with the arrival, in memory as in the database'],
  [/intent PREPARED/, 'a committed write counts as sent: no row is ever left as prepared'],
  [
    /link UNCERTAIN → IN_FLIGHT/,
    'of the audit trail alone: an uncertain link stays so while it is worked',
  ],
  [/link UNLINKED → DEAD_LETTERED/, 'an operator’s'],
  [/link (IN_SYNC|PENDING) → DEAD_LETTERED/, 'found by reconcile'],
  [
    /link DEAD_LETTERED → (CONFLICT|UNLINKED|IN_SYNC|PENDING)/,
    'a discard or a replay is an operator’s',
  ],
];

const movesOf = (what: string, moves: Readonly<Record<string, readonly string[]>>): string[] =>
  Object.entries(moves).flatMap(([from, to]) => to.map((next) => `${what} ${from} → ${next}`));

/** Every move of an invoice, an event and a write that the engine allows. */
export const definedMoves: readonly string[] = [
  ...movesOf('link', linkMoves),
  ...movesOf('event', stageMoves),
  ...movesOf('intent', intentMoves),
];

export const whereElse = (move: string): string | null =>
  elsewhere.find(([form]) => form.test(move))?.[1] ?? null;

/** Paths that happen only now and then; a run that never meets one has not looked there. */
export const rarePaths = [
  'timed out, then adopted (ACKNOWLEDGED)',
  'refused, and yet done (ACKNOWLEDGED)',
  'an earlier create had arrived (REFUSED)',
  'sent again under its id, and answered (ACKNOWLEDGED)',
  'overtaken by somebody else (REFUSED)',
  'refused before it was looked at (REFUSED)',
  'takeover during a send',
  'takeover of a claimed link',
  'a link that a dead worker left was taken up',
  'news came before the answer of our own create',
  'two links turned out to be one',
  'a conflict was opened or changed',
  'a conflict was superseded',
  'a dead letter was healed',
  'dead letter VALIDATION',
  'dead letter PERIOD_CLOSED',
  'dead letter DUPLICATE_NUMBER',
  'books were opened, and what waited went on',
  'the breaker opened',
  'a probe closed the breaker',
  'access lapsed, until a person connected again',
  'a payment was taken back',
] as const;

/** What of the moves and rare paths was never met; empty when a run has looked everywhere it can. */
export const neverMet = (seen: ReadonlyMap<string, number>): readonly string[] =>
  [...definedMoves.filter((move) => whereElse(move) === null), ...rarePaths].filter(
    (what) => !seen.has(what),
  );
