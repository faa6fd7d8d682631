import type { StateNote } from '../state-note.ts';
import type { Stage } from './stage.ts';

const underWay = 'Only as long as the attempt runs; the entry in the history stays for ever.';

/** A paragraph for each stage; docs/state-machines.md is printed from it. */
export const stageNotes = {
  DETECTED: {
    entered: 'A verified webhook, a poll or a person told of a change.',
    left: 'The statement that stores the event queues it in the same breath.',
    kept: 'No time at all; the entry in the history stays for ever.',
    shown: 'Nothing by itself: the page shows the event from Queued on.',
  },
  QUEUED: {
    entered:
      'The event is committed under its key. A repeat of the key is counted on this event and enters nothing new.',
    left: 'The holder of the company’s lease places it on a link and claims that link; an event about nothing the bridge carries is skipped instead.',
    kept: 'Until the company is worked: usually milliseconds; longer while the company is throttled, paused, disconnected or its breaker is open.',
    shown: 'Queued: stored, it cannot be lost from here on.',
  },
  CLAIMED: {
    entered:
      'A worker took the link and all its open events under its lease. Also entered again when a record has to be made first, when payments of the invoice follow a write, when an earlier write was found done, and when a successor takes over from a dead worker.',
    left: 'The same attempt, by looking at both sides.',
    kept: underWay,
    shown: 'Claimed: a worker has taken it up.',
  },
  MAPPED: {
    entered:
      'Both sides were read, or known to be unchanged, and each is in the other’s terms as far as it has to go there.',
    left: 'The same attempt, by comparing.',
    kept: underWay,
    shown: 'Mapped: both sides are in the same terms.',
  },
  COMPARED: {
    entered: 'The plan is made from the base and both sides, with its sentence.',
    left: 'The same attempt: it sends, or settles because there is nothing to write, or holds, or stops.',
    kept: underWay,
    shown: 'Compared: decided what to write, and why.',
  },
  SENDING: {
    entered:
      'The intents are committed with their exact bytes, one for each side that is written to. From here on the writes may have happened, whatever becomes of this process.',
    left: 'The answers, or the lack of one: acknowledged, refused, tried again, or settled by evidence. A successor takes it up when the worker dies.',
    kept: 'At most the deadline of one call, 10 s, while its worker lives.',
    shown: 'Sending: the request is on the wire.',
  },
  ACKNOWLEDGED: {
    entered: 'Every side written to answered with success.',
    left: 'The same statement, which verifies what came back.',
    kept: underWay,
    shown: 'Acknowledged: the other side answered with success.',
  },
  VERIFIED: {
    entered:
      'The answers were compared with what was meant; what a side keeps in its own way is named.',
    left: 'The same statement: settled, held when other fields are disputed, or claimed again when payments of the invoice follow.',
    kept: underWay,
    shown: 'Verified: the answer holds what was meant.',
  },
  SETTLED: {
    entered: 'The base moved, and something was written for this event.',
    left: 'Nobody. A later change is a later event.',
    kept: 'For ever.',
    shown: 'Settled: both sides agree; the crossing is over.',
  },
  RETRY_SCHEDULED: {
    entered:
      'A temporary failure, a stale version, a request to slow down, a write whose outcome is unknown, or a record that another invoice is making.',
    left: 'The next claim of the link, once its moment has come.',
    kept: 'Until that moment: at once after a stale version, up to 15 min after failures, as long as a side asked, 2 s between two looks for a write without an answer.',
    shown: 'Waiting to retry, with what happened and when the next try is due.',
  },
  HELD: {
    entered: 'Both sides changed a field to different values; everything undisputed has crossed.',
    left: 'The next claim of the link, which a newer event brings.',
    kept: 'Until then; there is no time limit.',
    shown: 'Held: stopped by an open conflict.',
  },
  DEAD_LETTERED: {
    entered: 'The link stopped: refused for good, a hold of the plan, or tries used up.',
    left: 'Nobody by itself: the event has ended, and a replay or a newer event goes on for it.',
    kept: 'For ever.',
    shown: 'Dead letter: plain words, the fix, and whether a replay could do harm.',
  },
  SKIPPED: {
    entered:
      'Nothing was to be written: already equal, our own echo, a value the other side has no place for, not a document the bridge carries, dated before go-live, or only planned in shadow mode.',
    left: 'Nobody.',
    kept: 'For ever.',
    shown: 'Skipped, with the reason.',
  },
} as const satisfies Record<Stage, StateNote>;
